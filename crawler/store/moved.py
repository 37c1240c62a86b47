"""Pairs findings that say the same under another id, as where a new release reads a page differently."""

from collections import deque
from collections.abc import Iterable

from diffs.model import Change, Claim


def moved_between(gone: Iterable[Change], appeared: Iterable[Change]) -> tuple[tuple[Change, Change], ...]:
    """Return which of the findings that appeared say what one that is gone said: that one, and it."""
    left: dict[tuple[object, ...], deque[Change]] = {}
    for old in gone:
        left.setdefault(_content(old), deque()).append(old)
    pairs = []
    for new in appeared:
        same = left.get(_content(new))
        if same:
            pairs.append((same.popleft(), new))
    return tuple(pairs)


def _content(change: Change) -> tuple[object, ...]:
    """Return what a finding says, whatever its place and id."""
    claims = (change.claim_before, change.claim_after)
    if any(claims):
        return (change.kind, change.type, *map(_figure, claims))
    texts = (each and " ".join(each.text.split()) for each in (change.before, change.after))
    return (change.kind, change.type, *texts)


def _figure(claim: Claim | None) -> tuple[object, ...] | None:
    if claim is None:
        return None
    return (claim.kind, claim.value, claim.low, claim.high, claim.qualifier, claim.attribution)
