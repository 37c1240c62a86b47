"""One capture of an archive, as it is cited."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One capture as a report cites it.

    Attributes:
        at: When the archive captured it (aware UTC).
        url: The address captured.
        archive: Name of the source in the configuration, such as `wayback`.
        link: Where a reader can see it, or None where the archive has no public address.
        digest: The archive's digest of the stored bytes, or None.
        sha256: SHA-256 of the bytes we keep, in hex, or None where none are kept.
        operator: Who runs the archive, or None where each archive runs itself; captures of one operator are one
            witness.
        source: Who captured it for the archive, as the archive names its file (`x-archive-src`), or None.
        imported: Whether its bytes are from a file that named the archive, which nobody asked.
    """

    at: datetime
    url: str
    archive: str
    link: str | None = None
    digest: str | None = None
    sha256: str | None = None
    operator: str | None = None
    source: str | None = None
    imported: bool = False

    @property
    def witness(self) -> str:
        """Whose word this capture is: the operator's, or the archive's own."""
        return self.operator or self.archive
