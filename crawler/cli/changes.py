"""How the command names a change in one line, and which changes come first."""

from textwrap import shorten

from diffs.model import Change, ChangeKind, ChangeType, ClaimKind, Disclosure, History, Interval, Weight
from diffs.reports.wording import counted, figure, source, title


def one_line(change: Change) -> str:
    """Return what changed in one line: a figure as `12 → 15`, a text by both its forms, cut to size."""
    claims = (change.claim_before, change.claim_after)
    if any(claims):
        old, new = (figure(claim) if claim else "not given" for claim in claims)
    else:
        sides = (change.before, change.after)
        old, new = (shorten(side.text, 70, placeholder=" …") if side else "nothing" for side in sides)
    return f"{title(change)}: {old} → {new}"


def what_is_counted(change: Change) -> str:
    """Return what a change of figure counts and who says so, in brackets; empty for other changes."""
    claim = change.claim_after or change.claim_before
    return f" ({counted(claim)}, per {source(claim)})" if claim else ""


def foremost(history: History, most: int) -> list[tuple[Interval, Change]]:
    """Return the changes a reader should look at first, in that order.

    Figures of killed come first. One that went down or moved without a note comes before one that a note names, a larger step before a smaller one,
    figures before quotations, those before headlines.
    """
    found = [
        (step.interval, change)
        for step in history.transitions
        for change in step.changes
        if change.weight is Weight.SUBSTANTIVE and not change.told_by
    ]
    return sorted(found, key=lambda each: _rank(each[1]))[:most]


def _rank(change: Change) -> tuple[int, bool, bool, bool, float]:
    order = (ChangeKind.CASUALTY, ChangeKind.CORRECTION, ChangeKind.QUOTE, ChangeKind.HEADLINE)
    claims = [claim for claim in (change.claim_before, change.claim_after) if claim]
    values = [claim.value for claim in claims if claim.value]
    step = max(values) / min(values) if len(values) == 2 else 1.0
    return (
        order.index(change.kind) if change.kind in order else len(order),
        all(claim.kind is not ClaimKind.KILLED for claim in claims),
        change.type is not ChangeType.DECREASED,
        change.disclosure is not Disclosure.SILENT,
        -step,
    )
