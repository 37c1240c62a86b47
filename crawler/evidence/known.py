"""Gives captures in files to the rows by which the store knows them already, so that a file read before counts for no second archive."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from crawler.errors import NoCaptureError, UnexpectedReplyError
from crawler.model import Archive, Capture, Snapshot, StoredCapture


class KnownPart:
    """What files hold of one archive, with what the store knows by that archive's rows; see `crawler.model.Archive`.

    Args:
        name: Name of the archive.
        files: The files, as the archives that their captures name.
        owner: Tells whose a capture is: its row in the store, or itself.

    Attributes:
        name: Name of the archive.
        remote: False: reading a file again costs nobody anything.
    """

    remote = False

    def __init__(self, name: str, files: Sequence[Archive], owner: "Known") -> None:
        self.name, self._files, self._owner = name, files, owner

    def captures(
        self, url: str, *, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Capture]:
        """Yield the captures of one page that are this archive's, oldest first by the archive that the file names.

        Raises:
            NoCaptureError: There is none.
        """
        found = False
        for files in self._files:
            try:
                for capture in files.captures(url, since=since, until=until):
                    own = self._owner.row_of(capture)
                    if own.archive == self.name:
                        found = True
                        yield own
            except NoCaptureError:
                continue
        if not found:
            raise NoCaptureError(f"The files hold no capture of {url} from {self.name}.")

    def fetch(self, capture: Capture) -> Snapshot:
        """Return the bytes of one capture, which are an import where the file does not name the archive.

        Raises:
            UnexpectedReplyError: They are given to another archive's row, and its digest does not prove them.
        """
        held = self._owner.held(capture)
        files = next(each for each in self._files if each.name == held.archive)
        snapshot = files.fetch(held)
        if held == capture:
            return snapshot
        if not snapshot.digest_fits:
            raise UnexpectedReplyError(
                f"{capture.url} at {capture.timestamp}: the files hold other bytes than {capture.archive} has a digest of."
            )
        return replace(snapshot, capture=capture, imported=True)

    def link(self, capture: Capture) -> str | None:
        """Files have no public address."""

    def complaints(self) -> tuple[str, ...]:
        """Return what could not be read of the files that name this archive."""
        return tuple(line for files in self._files if files.name == self.name for line in files.complaints())

    def close(self) -> None:
        """Files are open only while they are read."""


class Known:
    """Which rows of the store captures in files are: those of equal address, time and digest.

    A row of a remote archive that nobody fetched yet is not answered for by a file that names none: address, time and digest are public,
    and what the file says of headers and character set would be read and signed as that archive's.

    Args:
        files: The files, as the archives that their captures name.
        apart: The archive of captures that name none; a row of another is preferred to it.
        rows: The captures of one target.
        local: Archives that are files too.
    """

    def __init__(
        self, files: Sequence[Archive], apart: str, rows: Iterable[StoredCapture], local: Collection[str] = ()
    ) -> None:
        self._apart = apart
        named = {each.name for each in files}
        known = [
            row.capture
            for row in rows
            if row.capture.archive != apart and (row.sha256 is not None or row.capture.archive in local)
        ]
        self._rows = {row.act: row for row in known if row.act}
        self._held: dict[Capture, Capture] = {}
        self._listed: set[tuple[str, datetime]] = set()
        names = dict.fromkeys((*(each.name for each in files), *sorted({c.archive for c in known} - named)))
        self.parts = [KnownPart(name, files, self) for name in names]

    def row_of(self, capture: Capture) -> Capture:
        """Return a capture in the files as the store's row of it, or itself where it has none."""
        row = self._rows.get(capture.act) if capture.act and capture.archive == self._apart else None
        own = row or capture
        self._held[own] = capture
        self._listed.add((own.archive, own.at))
        return own

    def held(self, capture: Capture) -> Capture:
        """Return a row's capture as the files have it."""
        return self._held.get(capture, capture)

    def holds(self, capture: Capture) -> bool:
        """Return whether the files hold what a row of the store is about."""
        return (capture.archive, capture.at) in self._listed

    def __len__(self) -> int:
        """How many captures the files were found to hold."""
        return len(self._held)
