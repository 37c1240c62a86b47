"""What came back: whole texts, headlines, figures."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from diffs.changes.casualty import NUMBER_TYPES, casualty_id, same_count
from diffs.changes.identity import address_of, id_of
from diffs.changes.weigh import heaviest
from diffs.model import Change, ChangeKind, ChangeType, Claim, Revision, Transition
from diffs.text import folded

_MOST = 200  # sources and groups of one figure that are looked through: bounds the work (benchmarks/bench_growth.py)


class Past:
    """The steps of a history so far, by what they left behind."""

    def __init__(self) -> None:
        self._headlines: dict[str, int] = {}
        self._figures: defaultdict[_Figure, dict[_Manner, tuple[int, Claim]]] = defaultdict(dict)

    def add(self, step: Transition) -> None:
        """Remember what a step left: its headline and every figure that it changed."""
        self._headlines[folded(step.before.article.headline or "")] = step.before.number
        for change in step.changes:
            left = change.claim_before
            if change.kind is ChangeKind.CASUALTY and change.type in NUMBER_TYPES and left is not None:
                known = self._figures[_figure_of(left)]
                known.pop(_manner(left), None)
                known[_manner(left)] = (step.before.number, left)

    def headline(self, folded_headline: str) -> int | None:
        """Return the number of the last revision before the steps so far that had a headline, or None."""
        return self._headlines.get(folded_headline)

    def figure(self, claim: Claim) -> int | None:
        """Return the number of the last revision that had the very figure of a claim and lost it, or None."""
        latest = islice(reversed(self._figures.get(_figure_of(claim), {}).values()), _MOST)
        return next((number for number, left in latest if same_count(left, claim)), None)


_Figure = tuple[str | int | None, ...]
_Manner = tuple[str | bool | None, ...]


def _figure_of(claim: Claim) -> _Figure:
    """Return what a figure must share to be the very same one."""
    return claim.kind, claim.qualifier, claim.value, claim.low, claim.high


def _manner(claim: Claim) -> _Manner:
    """Return whatever else decides whether two claims tell one count (`same_count`)."""
    return claim.attribution, claim.who, claim.scope, claim.polarity


def reversions_in(
    before: Revision,
    after: Revision,
    changes: Sequence[Change],
    past: Past,
    *,
    text: int | None,
) -> Iterator[Change]:
    """Yield a change of type `reverted` for each thing of the past that a step brought back.

    Args:
        before: The revision before the step.
        after: The revision after it.
        changes: What `changes_between` says of the step.
        past: The steps before it.
        text: Number of the earlier revision whose whole text came back, or None.
    """
    address = address_of(after.article)
    if text is not None:
        yield Change(
            id=id_of(address, ChangeKind.TEXT, ChangeType.REVERTED, after.article.fingerprint),
            kind=ChangeKind.TEXT,
            type=ChangeType.REVERTED,
            weight=heaviest(change.weight for change in changes),
            reverts_to=text,
        )
    yield from _headline(before, after, past, changes)
    for change in changes:
        if (
            change.kind is ChangeKind.CASUALTY
            and change.type in NUMBER_TYPES
            and change.claim_after is not None
        ):
            number = past.figure(change.claim_after)
            if number is not None:
                yield replace(
                    change,
                    id=casualty_id(address, ChangeType.REVERTED, change.claim_before, change.claim_after),
                    type=ChangeType.REVERTED,
                    edits=(),
                    also_in=(),
                    other_event=False,
                    reverts_to=number,
                )


def _headline(before: Revision, after: Revision, past: Past, changes: Sequence[Change]) -> Iterator[Change]:
    shown = next(
        (c for c in changes if c.kind is ChangeKind.HEADLINE and "displayed" in c.places and c.after),
        None,
    )
    headline = folded(after.article.headline or "")
    if shown is None or headline == folded(before.article.headline or ""):
        return
    number = past.headline(headline)
    if number is not None:
        yield replace(
            shown,
            id=id_of(address_of(after.article), ChangeKind.HEADLINE, ChangeType.REVERTED, headline),
            type=ChangeType.REVERTED,
            edits=(),
            places=(),
            reverts_to=number,
        )
