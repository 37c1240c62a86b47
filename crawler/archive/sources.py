"""Archives as the configuration names them, each opened by its dialect."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.address import masked
from crawler.archive.cdx import CaptureQuery, Quarantine
from crawler.archive.dialects import DIALECTS, Dialect
from crawler.archive.public import PublicArchive, operator_of, public_archives
from crawler.archive.replay import Replay
from crawler.archive.session import PoliteSession
from crawler.errors import ConfigError, NoCaptureError, UnexpectedReplyError
from crawler.model import Capture, RequestKind, Snapshot

if TYPE_CHECKING:
    from crawler.archive.warc import WarcArchive

# Two parsers that read one address differently are a hole (CVE-2026-27696): no user name, backslash, escape or query.
PLAIN = re.compile(r"https?://[^\s\\@?#%/]+(?:/[^\s\\?#]*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSource:
    """An archive as the configuration names it.

    Attributes:
        name: How the store and reports call it.
        dialect: How it is spoken to.
        url: The host for `wayback`, the collection for `pywb`, a path to a file or folder for `warc`.
        operator: Who runs it: archives of one operator are one witness.
        index: Path of its index, where it is not that of the dialect.
        replay: Path of its replay, where it is not that of the dialect.
        is_listed: Whether it is of the list of public archives, so that its collection is known to be there.
    """

    name: str
    dialect: Dialect
    url: str
    operator: str = ""
    index: str | None = None
    replay: str | None = None
    is_listed: bool = False

    @classmethod
    def of(cls, name: str, *, dialect: str, url: str, operator: str | None = None) -> "ArchiveSource":
        """Return a source whose dialect is named in words; without an operator, that of its host or its own name.

        Raises:
            ConfigError: There is no such dialect, or the address is not of its kind.
        """
        spoken = DIALECTS.get(dialect)
        if spoken is None:
            raise ConfigError(f"archive.dialect {dialect!r} is none of {', '.join(DIALECTS)}.")
        if not spoken.is_remote and "://" in url:
            raise ConfigError(
                f"archive.dialect is {dialect}, so archive.url must be the path of a file or folder of WARCs."
            )
        known = operator_of(url) if spoken.is_remote else None
        return cls(name=name, dialect=spoken, url=url, operator=operator or known or name)

    @classmethod
    def public(cls, name: str) -> "ArchiveSource":
        """Return a public archive by the name under which the list has it.

        Raises:
            ConfigError: The list does not have it, or it cannot be asked; the message says which can.
        """
        archive = public_archives().get(name)
        readable = ", ".join(each.name for each in public_archives().values() if each.is_readable)
        if archive is None:
            raise ConfigError(f"archives.also names {name!r}, which is none of {readable}.")
        if archive.dialect is None or archive.url is None or not archive.is_readable:
            raise ConfigError(f"archives.also names {name!r}, which cannot be asked: {_why_not(archive)}")
        return cls(
            name=name,
            dialect=DIALECTS[archive.dialect],
            url=archive.url,
            operator=archive.operator,
            index=archive.index,
            replay=archive.replay,
            is_listed=True,
        )


def _why_not(archive: PublicArchive) -> str:
    return " ".join(archive.quirks) or "no dialect speaks to it."


class RemoteArchive:
    """An archive behind HTTP: the Wayback Machine, or a pywb collection.

    Attributes:
        name: Name of the source.
        remote: True.
        source: The source.
        quarantine: Index rows that could not be read.
    """

    remote = True

    def __init__(self, source: ArchiveSource, *, session: PoliteSession) -> None:
        base = source.url.rstrip("/")
        self._check(base)
        self.name = source.name
        self.source = source
        self.quarantine = Quarantine()
        self._session = session
        self._base = base
        dialect = source.dialect
        self._endpoint = f"{base}{dialect.index if source.index is None else source.index}"
        self._replay = Replay(
            archive=self.name,
            base=f"{base}{dialect.replay if source.replay is None else source.replay}",
            session=session,
            writes_original_headers=dialect.writes_original_headers,
        )

    @staticmethod
    def _check(base: str) -> None:
        try:
            parts = urlsplit(base)
            fine = bool(PLAIN.fullmatch(base) and parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            fine = False
        if not fine:
            said = re.sub(r"//[^/\s]*@", "//***@", masked(base))
            raise ConfigError(f"archive.url {said!r} is no address; write it like https://web.archive.org.")

    def captures(
        self, url: str, *, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Capture]:
        """Yield the captures of one page, oldest first, lazily; see `crawler.model.Archive`."""
        return self._listed(CaptureQuery(url=url, since=since, until=until))

    def captures_under(
        self, prefix: str, *, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Capture]:
        """Yield the captures of every page whose address begins so, page by page, each oldest first.

        One such query serves many targets of one site. Raises as `captures`.
        """
        return self._listed(CaptureQuery(url=prefix, since=since, until=until, prefix=True))

    def _listed(self, query: CaptureQuery) -> Iterator[Capture]:
        try:
            yield from self.source.dialect.list_captures(
                query,
                archive=self.name,
                endpoint=self._endpoint,
                session=self._session,
                quarantine=self.quarantine,
            )
        except NoCaptureError:
            if self.source.dialect.denies_no_collection and not self.source.is_listed:
                self._check_collection()
            raise

    def _check_collection(self) -> None:
        """A pywb 2.10 answers for a collection that it does not have as for an empty one."""
        reply = self._session.get(f"{self._base}/", kind=RequestKind.CDX)
        if reply.status >= 400:
            raise UnexpectedReplyError(
                f"There is no collection at {self._base} ({reply.status}); check archive.url."
            )

    def fetch(self, capture: Capture) -> Snapshot:
        """Return the bytes of one capture; see `crawler.model.Archive`."""
        return self._replay.fetch(capture)

    def link(self, capture: Capture) -> str | None:
        """Return the address at which a reader sees the capture."""
        return self._replay.address(capture.timestamp, capture.url, raw=False)

    def complaints(self) -> tuple[str, ...]:
        """Return how many index rows could not be read, and how many were other pages', each with an example."""
        unfit = self._replay.unfit
        said = f"{self.name}: {unfit} captures were served with bytes that the index's digest is not of; it counts for nothing"
        return (*self.quarantine.complaints(self.name), *((said,) if unfit else ()))

    def close(self) -> None:
        """Nothing is held here; the session is its owner's to close."""


def open_archive(source: ArchiveSource, *, session: PoliteSession) -> "RemoteArchive | WarcArchive":
    """Open an archive.

    Args:
        source: Which.
        session: How to ask it; the caller closes it. WARC files only take their size limit from it.

    Raises:
        ConfigError: The address or path cannot be one; the message says how it should look.
    """
    if not source.dialect.is_remote:
        limit = session.limits_for(source.url).body_bytes
        path = Path(source.url).expanduser()
        from crawler.archive.warc import WarcArchive  # noqa: PLC0415  with all of warcio, which no other dialect needs

        return WarcArchive(source.name, path, body_bytes=limit, now=session.now)
    return RemoteArchive(source, session=session)
