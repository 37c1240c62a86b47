"""Captures that findings cite, asked for again later: whether the archive still serves what it served."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from diffs.model.citations import Citation


class Verdict(StrEnum):
    """What became of a capture since it was kept."""

    SAME_BYTES = "same_bytes"  # every byte is as it was
    SAME_ARTICLE = "same_article"  # other bytes, in which the same article is read
    GONE = "gone"  # the archive says that it does not have it, or that it is excluded
    ALTERED = "altered"  # it is served, and another article or none is read in it

    @property
    def words(self) -> str:
        """The same in English, behind a number of captures."""
        return {
            Verdict.SAME_BYTES: "with the same bytes",
            Verdict.SAME_ARTICLE: "with the same article in other bytes",
            Verdict.GONE: "no longer served",
            Verdict.ALTERED: "altered",
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessed:
    """A capture that was fetched again.

    Attributes:
        capture: Which one.
        verdict: What became of it, or None where the archive gave no clear answer yet.
        asked: When it was last asked for (aware UTC).
        answered: When the archive last gave a clear answer (aware UTC), or None.
        since: Since when the verdict is this one (aware UTC), or None.
        times: How many answers in a row came to this verdict.
        sha256: SHA-256 of the bytes served last, in hex, or None where none were.
        reason: Why, where the verdict wants one, or why there was no clear answer; or None.
    """

    capture: Citation
    verdict: Verdict | None
    asked: datetime
    answered: datetime | None = None
    since: datetime | None = None
    times: int = 0
    sha256: str | None = None
    reason: str | None = None

    @property
    def is_answered(self) -> bool:
        """Whether the archive gave a clear answer when it was last asked."""
        return self.answered == self.asked

    @property
    def is_lost(self) -> bool:
        """Whether the archive no longer serves what it served."""
        return self.verdict in (Verdict.GONE, Verdict.ALTERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFinding:
    """A finding about a capture, not about its page: the archive no longer serves what it served.

    It is no change of the publisher's and is counted among none. One that is resolved stays: a capture that is lost
    again later is another finding.

    Attributes:
        id: `evidence-` and 16 hexadecimal digits, made of the capture, of what became of it and of when that was found.
        type: What became of it: `gone` or `altered`.
        capture: Which capture.
        appeared: When it was found (aware UTC).
        resolved: When the archive served it as kept again, or something else became of it (aware UTC); None while it stands.
        sha256: SHA-256 of the bytes served instead, in hex, or None where none were.
        reason: Why, in words, or None.
        changes: The ids of the changes that rest on the capture, in order of time.
    """

    id: str
    type: Verdict
    capture: Citation
    appeared: datetime
    resolved: datetime | None = None
    sha256: str | None = None
    reason: str | None = None
    changes: tuple[str, ...] = ()
