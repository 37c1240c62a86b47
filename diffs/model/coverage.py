"""How well an archive covers a page or an outlet, and why it has gaps."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from diffs.model.citations import Citation


class GapCause(StrEnum):
    """Why an archive has no usable capture of a time."""

    NEVER = "never"  # nothing says otherwise: not captured
    BLOCKED = "blocked"  # the outlet's archived robots.txt keeps the archive's crawler out
    REFUSED = "refused"  # what was captured is the outlet's refusal: 401, 403, 429, 451 or 5xx
    EXCLUDED = "excluded"  # taken out of the archive's index
    LATE = "late"  # perhaps not listed yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The captures of one calendar month (UTC).

    Attributes:
        month: Such as `2025-05`.
        captures: How many are listed.
        articles: How many of these can be used: of a page its own, of a host those of articles.
        unusable: How many were refused by the outlet or could not be read.
        more: Whether the listing was cut off, so that the counts are lower bounds.
    """

    month: str
    captures: int
    articles: int
    unusable: int
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A time without a usable capture.

    Attributes:
        since: The last usable capture before it (aware UTC), or the time from which was looked; None without a beginning.
        until: The first usable capture after it, or None where it lasts.
        cause: Why.
        certain: Whether the proof shows the cause; else it only makes it likely.
        proof: The capture that shows it: a robots.txt, a refusal, the home page of an outlet without articles; or None.
        rule: The user agent that robots.txt keeps out, or what the archive answered; or None.
        in_force: From when robots.txt is known to keep it out (aware UTC), or None.
        allowed: The last robots.txt before that allowed it, or None.
    """

    since: datetime | None
    until: datetime | None
    cause: GapCause
    certain: bool = True
    proof: Citation | None = None
    rule: str | None = None
    in_force: datetime | None = None
    allowed: Citation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How well one archive covers a page or a host.

    Attributes:
        scope: The page's address, or the host.
        archive: Name of the archive.
        looked: When it was asked (aware UTC).
        since: From when on captures were asked for (aware UTC), or None for all.
        months: The months with captures asked for, oldest first.
        last_article: The last usable capture (aware UTC), or None.
        gaps: Times without a usable capture, in order of time.
        remarks: What could not be asked or read, a sentence each.
    """

    scope: str
    archive: str
    looked: datetime
    since: datetime | None = None
    months: tuple[Month, ...] = ()
    last_article: datetime | None = None
    gaps: tuple[Gap, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def captures(self) -> int:
        """How many captures are listed in all."""
        return sum(month.captures for month in self.months)

    @property
    def unusable_share(self) -> float | None:
        """The share of captures that were refused or could not be read; None where there is no capture."""
        return sum(month.unusable for month in self.months) / self.captures if self.captures else None
