"""Fetches captures again whose kept bytes are damaged, and puts the same bytes in place of those."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from crawler.errors import ArchiveError, PenaltyError, RateLimitError
from crawler.model import Capture, Target
from crawler.tracking.pipeline import Pipeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """What became of the captures of a target whose kept bytes were damaged.

    Attributes:
        captures: How many have their bytes again.
        left: How many do not: no archive at hand has them, or has other bytes now.
    """

    captures: int
    left: int


def mend_damaged(
    pipeline: Pipeline,
    target: Target,
    *,
    now: datetime,
    like: Callable[[Capture], Capture | None] = lambda _: None,
) -> Mended:
    """Ask the archives at hand for each capture of a target whose kept bytes are damaged; reads all that are kept.

    Whoever has the bytes may give them back: they are taken by the SHA-256 that is kept, and nothing but them.

    Args:
        pipeline: What fetches, and the store.
        target: Whose captures.
        now: The time (aware UTC).
        like: Returns a capture at hand that is to show the same bytes, where the archive of a row is not.

    Raises:
        RateLimitError: The archive asked us to slow down.
        PenaltyError: The archive refuses us for now.
    """
    captures = pipeline.store.captures
    mended, left = 0, []
    for seen in captures.of(target):
        if not captures.is_damaged(seen):
            continue
        row = seen.capture if pipeline.serves(seen.capture) else like(seen.capture)
        try:
            good = row is not None and captures.mend(
                seen, pipeline.archives[row.archive].fetch(row), now=now, source=row.archive
            )
        except (RateLimitError, PenaltyError):
            raise
        except ArchiveError:
            good = False
        mended += good
        if not good:
            left.append(seen)
    # What is built on a body that came back later stands again.
    still = sum(captures.is_damaged(seen) for seen in left)
    return Mended(captures=mended + len(left) - still, left=still)
