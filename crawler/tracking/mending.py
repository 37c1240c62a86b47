"""Fetches captures again whose kept bytes are damaged, and puts the same bytes in place of those."""

from dataclasses import dataclass
from datetime import datetime

from crawler.errors import ArchiveError, PenaltyError, RateLimitError
from crawler.model import Target
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


def mend_damaged(pipeline: Pipeline, target: Target, *, now: datetime) -> Mended:
    """Ask the archives at hand for each capture of a target whose kept bytes are damaged; reads all that are kept.

    Args:
        pipeline: What fetches, and the store.
        target: Whose captures.
        now: The time (aware UTC).

    Raises:
        RateLimitError: The archive asked us to slow down.
        PenaltyError: The archive refuses us for now.
    """
    captures = pipeline.store.captures
    mended = left = 0
    for seen in captures.of(target):
        if not captures.is_damaged(seen):
            continue
        try:
            good = pipeline.serves(seen.capture) and captures.mend(
                seen, pipeline.archives[seen.capture.archive].fetch(seen.capture), now=now
            )
        except (RateLimitError, PenaltyError):
            raise
        except ArchiveError:
            good = False
        mended, left = mended + good, left + (not good)
    return Mended(captures=mended, left=left)
