"""The captures in files that are from one archive, as that archive: so that an export read back counts for no second one."""

from collections.abc import Callable, Iterator
from datetime import datetime

from crawler.archive.warc.local import WarcArchive
from crawler.errors import NoCaptureError
from crawler.model import Capture, Snapshot


class Part:
    """What files hold of one archive.

    Args:
        name: Name of the archive, as the records have it.
        files: The files, opened by origin.
        noted: Is told each capture that is listed.
        speaks: Whether this part tells what could not be read of the files; one of several is enough.

    Attributes:
        name: Name of the archive.
        remote: False: reading a file again costs nobody anything.
    """

    remote = False

    def __init__(
        self, name: str, files: WarcArchive, *, noted: Callable[[Capture], None], speaks: bool
    ) -> None:
        self.name = name
        self._files = files
        self._noted = noted
        self._speaks = speaks

    def captures(
        self, url: str, *, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Capture]:
        """Yield the captures of one page that are from this archive; see `crawler.model.Archive`."""
        found = False
        for capture in self._files.captures(url, since=since, until=until):
            if capture.archive == self.name:
                found = True
                self._noted(capture)
                yield capture
        if not found:
            raise NoCaptureError(f"The files hold no capture of {url} from {self.name}.")

    def fetch(self, capture: Capture) -> Snapshot:
        """Return the bytes of one capture; see `crawler.model.Archive`."""
        return self._files.fetch(capture)

    def link(self, capture: Capture) -> str | None:
        """Files have no public address."""

    def complaints(self) -> tuple[str, ...]:
        """Return what could not be read, where this part speaks for the files."""
        return self._files.complaints() if self._speaks else ()

    def close(self) -> None:
        """Files are open only while they are read."""


def parts_of(files: WarcArchive, noted: Callable[[Capture], None] = lambda _: None) -> list[Part]:
    """Return the files as the archives that their captures are from, the files themselves first.

    Args:
        files: The files, opened by origin.
        noted: Is told each capture that is listed.
    """
    names = dict.fromkeys((files.name, *sorted({capture.archive for _, capture in files.pages()})))
    return [Part(name, files, noted=noted, speaks=name == files.name) for name in names]
