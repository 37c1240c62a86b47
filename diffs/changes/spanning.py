"""How openly a change over several steps was made: no more openly than the least open of those steps."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from diffs.changes.between import changes_between
from diffs.model import Article, Change, ChangeKind, Claim, Disclosure, Evidence, History, Transition
from diffs.text import folded

_WEAKEST_FIRST = (
    Disclosure.SILENT,
    Disclosure.UNKNOWN,
    Disclosure.NEW_DATE,
    Disclosure.EXPLAINED,
    Disclosure.CORRECTION,
)


def changes_over(
    old: Article, new: Article, history: History, after: datetime, until: datetime
) -> tuple[Change, ...]:
    """Return what changed between two versions of a page, as openly as the steps between them made it.

    Args:
        old: The version before.
        new: The version after.
        history: What is known of the page; steps that a stale copy made are left out.
        after: When the older version was captured (aware UTC).
        until: When the newer one was (aware UTC).
    """
    return disclosed_in_steps(changes_between(old, new), steps_over(history, after, until))


def steps_over(history: History, after: datetime, until: datetime) -> list[Transition]:
    """Return the steps of a page between two times, oldest first, without those that a stale copy made."""
    return [step for step in history.transitions if not step.flap and after < step.interval.until.at <= until]


def disclosed_in_steps(changes: Iterable[Change], steps: Sequence[Transition]) -> tuple[Change, ...]:
    """Return the changes between two versions with the weakest disclosure of the steps that made each.

    A change whose steps cannot be followed from its old form to its new one is of unknown disclosure: a date or
    a note of one step says nothing of what another step changed.

    Args:
        changes: What differs between the first version and the last.
        steps: The steps between them, oldest first. With fewer than two the changes are returned as they are.
    """
    if len(steps) < 2:
        return tuple(changes)
    return tuple(_weakest(change, steps) for change in changes)


def _weakest(change: Change, steps: Sequence[Transition]) -> Change:
    made = _made_in(change, steps)
    weakest = min((one.disclosure for one in made), key=_WEAKEST_FIRST.index, default=Disclosure.UNKNOWN)
    moved = {one.dated for one in made}
    dated = False if False in moved else True if moved == {True} else None
    return replace(change, disclosure=weakest, dated=dated)


def _made_in(change: Change, steps: Sequence[Transition]) -> list[Change]:
    """Return the changes of single steps that lead from its old form to its new one, or nothing."""
    old, new = _sides(change)
    backwards = new is not None
    start, goal = (new, old) if backwards else (old, new)
    reached, made, found = {start}, [], False
    for step in reversed(steps) if backwards else steps:
        came: set[Hashable] = set()
        for one in step.changes:
            before, after = _sides(one)
            here, there = (after, before) if backwards else (before, after)
            if one.kind is not change.kind or here is None or here not in reached:
                continue
            made.append(one)
            found = found or there == goal
            came.add(there)
        reached |= came - {None}
    return made if found else []


def _sides(change: Change) -> tuple[Hashable, Hashable]:
    if change.kind is ChangeKind.CASUALTY:
        return _figure(change.claim_before), _figure(change.claim_after)
    return _text(change.before), _text(change.after)


def _figure(claim: Claim | None) -> Hashable:
    if claim is None:
        return None
    return claim.kind, claim.value, claim.low, claim.high, folded(claim.attribution or "")


def _text(evidence: Evidence | None) -> Hashable:
    return None if evidence is None else folded(evidence.text)
