"""Which captures to fetch next, so that every change is found with the fewest requests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from math import log2

# So short a history is read whole: that costs no more than its probes may.
_SHORT = 11
# Requests that are not ours to spend: the index's first page, and one for each of a few aliases.
_ASIDE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What is known of one capture when the next request is chosen.

    Attributes:
        at: When it was captured (aware UTC).
        digest: The archive's digest of the stored bytes, or None. Captures of equal digest show equal bytes.
        fingerprint: `Article.fingerprint` of what it shows, or None where it was not read yet.
        usable: False where it has no article to compare or will never give one: a redirect, an
            archived error, a suspect page, a capture that the archive could not serve.
    """

    at: datetime
    digest: str | None = None
    fingerprint: str | None = None
    usable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """How many captures a plan will fetch.

    Attributes:
        fewest: Where no unread capture shows a text that its neighbours do not.
        most: Where every unread digest is another text.
    """

    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class _Gap:
    """Neighbouring captures of known text (indices into the samples) and the unread ones between."""

    like: bool
    unread: tuple[int, ...]


def next_captures(samples: Sequence[Sample], *, every: bool = False) -> tuple[int, ...]:
    """Return the captures to fetch next, the most telling first; empty when nothing is worth a request.

    The plan keeps no state of its own: call it, fetch the first or all of what it gives, note what
    each showed, call it again. It can be dropped and taken up at any point. In order:

    1. the newest and the oldest capture;
    2. the middle between neighbours whose text differs, the newest such pair first;
    3. probes into stretches between equal neighbours, always the longest, as a text that came and went in
       between can be seen only there, until `k (log2(n / k) + 2) + 2 log2(n)` requests are spent on k
       revisions in n captures, the index included;
    4. with `every`, all that is left, the newest first.

    Where no text returns, steps 1 and 2 alone find every revision and stay within that sum. A history of up
    to eleven captures is read whole.

    Args:
        samples: The captures of one page in order of time.
        every: Whether to read every capture, rather than only those that can pin a change down.

    Returns:
        Indices into `samples`, each unread and usable, no two with the same digest.
    """
    known = _spread(samples)
    unread = [i for i, sample in enumerate(known) if sample.usable and sample.fingerprint is None]
    if not unread:
        return ()
    if every:
        chosen = [*_ends(known, unread), *_most_telling(known), *reversed(unread)]
    else:
        chosen = _ends(known, unread) or list(_most_telling(known))
    return tuple(_one_per_digest(known, chosen))


def estimate(samples: Sequence[Sample], *, every: bool = False) -> Estimate:
    """Return how many captures `next_captures` will ask for, without asking for any.

    Args:
        samples: The captures of one page in order of time.
        every: As for `next_captures`.
    """
    known = list(_spread(samples))
    unread = [i for i, sample in enumerate(known) if sample.usable and sample.fingerprint is None]
    most = sum(1 for _ in _one_per_digest(known, unread))
    if every:
        return Estimate(fewest=most, most=most)
    fewest = 0
    while chosen := next_captures(known):
        fewest += len(chosen)
        for index in chosen:
            known[index] = replace(known[index], fingerprint=_text_before(known, index))
    return Estimate(fewest=fewest, most=most)


def _spread(samples: Sequence[Sample]) -> list[Sample]:
    """Return every capture the text of a capture with the same digest."""
    texts = {s.digest: s.fingerprint for s in samples if s.digest and s.fingerprint and s.usable}
    return [
        replace(s, fingerprint=texts[s.digest])
        if s.usable and s.fingerprint is None and s.digest in texts
        else s
        for s in samples
    ]


def _ends(known: Sequence[Sample], unread: Sequence[int]) -> list[int]:
    """Return the newest and the oldest usable capture where they are unread."""
    usable = [i for i, sample in enumerate(known) if sample.usable]
    return [i for i in dict.fromkeys((usable[-1], usable[0])) if i in {unread[-1], unread[0]}]


def _most_telling(known: Sequence[Sample]) -> Iterator[int]:
    """Yield the middles between unlike neighbours, then the probes between like ones."""
    gaps = list(_gaps(known))
    for gap in reversed(gaps):
        if not gap.like:
            yield gap.unread[(len(gap.unread) - 1) // 2]
    if all(gap.like for gap in gaps):
        longest = sorted(gaps, key=lambda gap: (-len(gap.unread), -gap.unread[0]))
        for gap in longest[: max(_to_spend(known), 0)]:
            yield gap.unread[(len(gap.unread) - 1) // 2]


def _to_spend(known: Sequence[Sample]) -> int:
    """Return how many requests the captures read so far leave for probes."""
    usable = [sample for sample in known if sample.usable]
    texts = [sample.fingerprint for sample in usable if sample.fingerprint is not None]
    revisions = 1 + sum(a != b for a, b in pairwise(texts))
    read = len({sample.digest or str(i) for i, sample in enumerate(usable) if sample.fingerprint is not None})
    worth = revisions * (log2(len(usable) / revisions) + 2) + 2 * log2(len(usable))
    return int(worth) - read - (1 if len(usable) <= _SHORT else _ASIDE)


def _gaps(known: Sequence[Sample]) -> Iterator[_Gap]:
    """Yield the stretches of unread captures that have a known text on both sides, in order of time."""
    before: str | None = None
    unread: list[int] = []
    for index, sample in enumerate(known):
        if not sample.usable:
            continue
        if sample.fingerprint is None:
            unread.append(index)
            continue
        if before is not None and unread:
            yield _Gap(before == sample.fingerprint, tuple(unread))
        before, unread = sample.fingerprint, []


def _one_per_digest(known: Sequence[Sample], chosen: Sequence[int]) -> Iterator[int]:
    """Yield the chosen captures but those that equal an earlier one."""
    seen: set[str | int] = set()
    for index in chosen:
        key = known[index].digest or index
        if key not in seen and index not in seen:
            seen |= {key, index}
            yield index


def _text_before(known: Sequence[Sample], index: int) -> str:
    """Return the nearest known text at or before a capture, for want of one any text."""
    earlier = (s.fingerprint for s in reversed(known[:index]) if s.usable and s.fingerprint is not None)
    later = (s.fingerprint for s in known[index:] if s.usable and s.fingerprint is not None)
    return next(earlier, None) or next(later, None) or "one text"
