"""Each source's figures without the changes that a reader dismissed."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from diffs.model import Change, ChangeKind, Claim, History, Note
from diffs.reports.counts import source_key
from diffs.reports.document import Line, joined, line
from diffs.reports.findings import dismissed_ids, figure_key, head_of, notes_on
from diffs.reports.series import Point, Series
from diffs.reports.wording import amount


def undismissed(series: Iterable[Series], history: History, dismissed: Collection[str]) -> tuple[Series, ...]:
    """Return series in which a step that a reader dismissed never happened.

    Where a change of a figure was dismissed the figure before it stands on until the next change; a figure whose
    coming was dismissed is left out until then. A step stays where another finding, not dismissed, shows it too.

    Args:
        series: Of one history.
        history: That history.
        dismissed: Ids of the findings that were dismissed.
    """
    if not dismissed:
        return tuple(series)
    changes = {step.after.number: step.changes for step in history.transitions}
    found = []
    for one in series:
        points = _kept(one, changes, dismissed)
        if points:
            found.append(replace(one, points=points))
    return tuple(found)


def _kept(
    series: Series, changes: dict[int, tuple[Change, ...]], dismissed: Collection[str]
) -> tuple[Point, ...]:
    kept: list[Point] = []
    before: Claim | None = None
    out = False
    for point in series.points:
        if before is None or amount(before) != amount(point.claim):
            mine = _makers(changes.get(point.revision.number, ()), before, point.claim)
            out = bool(mine) and all(one.id in dismissed for one in mine)
        before = point.claim
        if not out:
            kept.append(point)
        elif kept:
            kept.append(replace(point, claim=kept[-1].claim))
    return tuple(kept)


def _makers(changes: Iterable[Change], old: Claim | None, new: Claim) -> list[Change]:
    """Return the changes of a step that led from one figure of a series to the next, or to its first."""
    found = [
        one
        for one in changes
        if one.kind is ChangeKind.CASUALTY
        and _same(one.claim_before, old)
        and one.claim_after is not None
        and one.claim_after.kind is new.kind
        and _same(one.claim_after, new)
    ]
    own = [one for one in found if one.claim_after and source_key(one.claim_after) == source_key(new)]
    return own or found


def _same(one: Claim | None, other: Claim | None) -> bool:
    return one is other is None or (one is not None and other is not None and amount(one) == amount(other))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissed:
    """The findings of some steps of a history that a reader dismissed.

    Attributes:
        lines: Each in a phrase, with what readers noted on it.
        keys: What they changed, where no finding of those steps that stands changed the same.
    """

    lines: tuple[Line, ...] = ()
    keys: frozenset[Hashable] = frozenset()

    def stands(self, change: Change) -> bool:
        """Return whether a change between the ends of those steps is none that was dismissed."""
        return _key(change) not in self.keys


def dismissed_in(history: History, notes: Sequence[Note], after: datetime, until: datetime) -> Dismissed:
    """Return the dismissed findings of the steps between two times.

    Args:
        history: Of the page.
        notes: What readers noted on its findings.
        after: When the older version was captured (aware UTC).
        until: When the newer one was (aware UTC).
    """
    dismissed = dismissed_ids(notes)
    by_change: defaultdict[str, list[Note]] = defaultdict(list)
    for note in sorted(notes, key=lambda one: one.at):
        by_change[note.change].append(note)
    changes = [
        one for step in history.transitions if after < step.interval.until.at <= until for one in step.changes
    ]
    gone = [one for one in changes if one.id in dismissed]
    lines = (joined([line(head_of(one), "."), *notes_on(one.id, by_change)], " ") for one in gone)
    standing = {_key(one) for one in changes if one.id not in dismissed}
    return Dismissed(lines=tuple(lines), keys=frozenset({_key(one) for one in gone} - standing))


def _key(change: Change) -> Hashable:
    if change.kind is ChangeKind.CASUALTY:
        return change.kind, figure_key(change)
    return change.kind, change.type, *(side and side.text for side in (change.before, change.after))
