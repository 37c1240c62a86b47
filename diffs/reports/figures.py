"""The casualty figures of a target: each change of one, counted once, and each source's way from first to last."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from diffs.changes.matching import same_number
from diffs.model import Change, Claim, Disclosure, EditOp, History, Place, Transition, Weight
from diffs.reports.counts import level
from diffs.reports.dismissals import undismissed
from diffs.reports.document import Block, Column, Line, Paragraph, Strong, Table, joined, line
from diffs.reports.findings import figures_moved, split_returns
from diffs.reports.labels import counted_in
from diffs.reports.series import Point, Series, flapping, headline_series, series_in, trusted
from diffs.reports.times import between, clock, start_of
from diffs.reports.wording import UNNAMED, amount, brief, count, counted, in_headline, sources

NO_BREAK = "\u00a0"
RETURNED = "↩"
_Made = TypeVar("_Made")
PROMINENT = frozenset({Place.HEADLINE, Place.STANDFIRST, Place.LEAD})
_MOST_ROWS = 12
_MOST_FIGURES = 10
_COLUMNS = (
    Column(title="Who counts"),
    Column(title="What"),
    Column(title="First said", numeric=True),
    Column(title="Says now", numeric=True),
    Column(title="On the way"),
    Column(title="Last change"),
)
_ANSWERS = {
    Disclosure.CORRECTION: "in a correction",
    Disclosure.EXPLAINED: "explained in the text",
    Disclosure.NEW_DATE: "new date only",
    Disclosure.SILENT: "silent",
    Disclosure.UNKNOWN: "cannot tell if said",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureMove:
    """A change of a casualty figure.

    Attributes:
        step: The step in which it happened.
        change: The change; where several findings speak of the figure, the first.
        back_to: Number of an earlier version that had the new figure, or None.
    """

    step: Transition
    change: Change
    back_to: int | None

    @property
    def what(self) -> str:
        """What is counted, for whom, and where it stands: `killed, the ministry; headline too`."""
        return what_of(self.change)

    @property
    def path(self) -> str:
        """The two figures: `12 → ≥ 15`, a dash where one is missing."""
        return f"{_side(self.change.claim_before)} → {_side(self.change.claim_after)}"


def figure_moves(
    history: History, dismissed: Collection[str] = (), *, flaps: bool = False
) -> tuple[FigureMove, ...]:
    """Return every change of a casualty figure once, in order of time.

    Summary, tables, index and feed all count these, so that they agree.

    Args:
        history: Whose figures.
        dismissed: Ids of findings that a reader dismissed, which do not count.
        flaps: Whether steps that a stale cache explains count.
    """
    return tuple(
        move for step in history.transitions if flaps or not step.flap for move in moves_of(step, dismissed)
    )


def moves_of(step: Transition, dismissed: Collection[str]) -> list[FigureMove]:
    """Return the changes of casualty figures in one step, each once."""
    plain, returns = split_returns([one for one in step.changes if one.id not in dismissed])
    made: dict[tuple[str, str], FigureMove] = {}
    for change in figures_moved(plain):
        if change.weight is Weight.COSMETIC:
            continue
        back = next((one.reverts_to for one in returns.get(change.id, ())), None)
        move = FigureMove(step=step, change=change, back_to=back)
        made.setdefault((move.what, move.path), move)
    return list(made.values())


def only_figures(change: Change, moves: Sequence[FigureMove]) -> bool:
    """Return whether all that a change of words says is a figure that one of the moves says already."""
    claims = [one for move in moves for one in (move.change.claim_before, move.change.claim_after) if one]
    numbers = {
        word
        for claim in claims
        for word in (claim.number_text, brief(claim), amount(claim), str(claim.value))
    }
    differing = [edit.text.strip(" ,.;:!?") for edit in change.edits if edit.op is not EditOp.EQUAL]
    return bool(differing) and all(not text or text in numbers for text in differing)


def what_of(change: Change, *, extras: bool = True) -> str:
    """Return what a casualty change counts, for whom, and where it stands.

    Args:
        change: The change.
        extras: Whether to add where else it stands, and that it may be of another event.
    """
    claim = change.claim_after or change.claim_before
    if claim is None:
        return "figure"
    names = ", then ".join(sources(change))
    kind, _, people = counted(claim).partition(": ")
    who = f"{kind} ({people})" if people else kind
    if in_headline(change):
        return f"{who}, headline" + ("" if names == UNNAMED else f" ({names})")
    if not extras:
        return f"{who}, {names}"
    too = "; headline too" if Place.HEADLINE in change.also_in else ""
    event = "; perhaps of another event" if change.other_event else ""
    return f"{who}, {names}{too}{event}"


def _side(claim: Claim | None) -> str:
    return brief(claim) if claim else "–"


def _moving(found: Sequence[Series], history: History, dismissed: Collection[str]) -> list[Series]:
    """Return the series that readers follow: each source's in the text; a standfirst's and the headline's where they differ.

    A headline that says at every time what some source of the text says has no row of its own. A step that a
    reader dismissed never happened.
    """
    text = [one for one in found if not one.in_front]
    in_text = {(one.kind, _path(one)) for one in text}
    text += [one for one in found if one.in_standfirst and (one.kind, _path(one)) not in in_text]
    paths = {(one.kind, _path(one)) for one in text}
    headlines = undismissed(headline_series(history, without=flapping(history)), history, dismissed)
    front = [one for one in headlines if (one.kind, _path(one)) not in paths]
    both = [*text, *front]
    both.sort(key=lambda one: (one.order, -len(one.steps), not is_prominent(one), one.in_front))
    return both


def _path(series: Series) -> tuple[str, ...]:
    return tuple(brief(point.claim) for point in series.steps)


class Known:
    """What several sections of one report need of a history's figures, worked out once."""

    def __init__(self, history: History, dismissed: Collection[str] = ()) -> None:
        self.history = history
        self.dismissed = dismissed
        self._made: dict[tuple[str, int], Any] = {}

    @cached_property
    def moves(self) -> tuple[FigureMove, ...]:
        """Every change of a figure, those of a stale cache left out."""
        return tuple(move for move in self.all_moves if not move.step.flap)

    @cached_property
    def all_moves(self) -> tuple[FigureMove, ...]:
        """Every change of a figure."""
        return figure_moves(self.history, self.dismissed, flaps=True)

    @cached_property
    def _moves_in(self) -> dict[int, list[FigureMove]]:
        found: dict[int, list[FigureMove]] = defaultdict(list)
        for move in self.all_moves:
            found[move.step.after.number].append(move)
        return found

    def moves_in(self, step: Transition) -> list[FigureMove]:
        """Return the changes of figures of one step, as `moves_of` gives them."""
        return self._moves_in.get(step.after.number, [])

    def once(self, key: tuple[str, int], make: Callable[[], _Made]) -> _Made:
        """Return what a name and a number stand for, made the first time that it is asked for."""
        if key not in self._made:
            self._made[key] = make()
        made: _Made = self._made[key]
        return made

    @cached_property
    def by_step(self) -> dict[int, list[FigureMove]]:
        """The moves by the number of the version that first shows them."""
        found: dict[int, list[FigureMove]] = defaultdict(list)
        for move in self.moves:
            found[move.step.after.number].append(move)
        return found

    def move_at(self, point: Point) -> FigureMove | None:
        """Return the change that brought a series to a figure, or None where none is known."""
        for move in self.by_step.get(point.revision.number, ()):
            claim = move.change.claim_after
            if claim is not None and claim.kind is point.claim.kind and brief(claim) == brief(point.claim):
                return move
        return None

    @cached_property
    def series(self) -> tuple[Series, ...]:
        """The series that readers follow: of the text, and of standfirst and headline where these say something else."""
        return tuple(_moving(self.sources, self.history, self.dismissed))

    @cached_property
    def sources(self) -> tuple[Series, ...]:
        """Each source's figures, those of headlines too, without what a stale cache showed and what a reader dismissed."""
        without = flapping(self.history)
        return undismissed(series_in(self.history, without=without), self.history, self.dismissed)


def is_prominent(series: Series) -> bool:
    """Return whether a headline, a standfirst or a first paragraph gives one of the figures: an article is about such ones."""
    return any(point.claim.place in PROMINENT for point in series.points)


def of_a_part(facts: Known, old: Claim, new: Claim, number: int) -> bool:
    """Return whether a figure that fell from a headline's is of a part: the text still gives as many as the headline did.

    Args:
        facts: What is known of the history.
        old: The figure before.
        new: The figure after.
        number: Of the version that gives the new one.
    """
    before, after = level(old), level(new)
    if old.place is not Place.HEADLINE or before is None or after is None or after >= before:
        return False
    return any(
        one.kind is old.kind and not one.in_front and level(point.claim) == before
        for one in facts.series
        for point in one.points
        if point.revision.number == number
    )


def who_counts(facts: Known) -> list[Block]:
    """Return the table of who counts what: first figure, last figure, those between, and the last change."""
    known, history = facts.series, facts.history
    if not known:
        return []
    last = len(trusted(history)) - len(flapping(history)) - 1
    moves = facts.all_moves
    start = start_of(history)
    newest = trusted(history)[-1].number
    rows = tuple(_row(series, last, moves, start, newest) for series in known[:_MOST_ROWS])
    blocks: list[Block] = [Table(columns=_COLUMNS, rows=rows)]
    if len(known) > _MOST_ROWS:
        more = count(len(known) - _MOST_ROWS, "further series", "further series")
        blocks.append(Paragraph(line(f"{more} in the table of claims.")))
    return blocks


def _row(
    series: Series, last: int, moves: Sequence[FigureMove], start: datetime | None, newest: int
) -> tuple[Line, ...]:
    steps = series.steps
    end = series.points[-1]
    gone = end.order < last
    went = _went_on(series, moves) if gone else None
    now = line("–" if gone else in_a_cell(end.claim))
    if went is not None and went.step.after.number == newest and went.change.claim_after is not None:
        now = (Strong(in_a_cell(went.change.claim_after)),)
    figures = way(steps)[1:]
    if not gone and figures:
        returned = figures.pop().endswith(RETURNED)
        now = line(Strong(in_a_cell(end.claim)), f"{NO_BREAK}{RETURNED}" if returned else "")
    return (
        line(series.label[:1].upper() + series.label[1:]),
        line(counted_in(series)),
        line(in_a_cell(steps[0].claim)),
        now,
        line(unbroken(_shortened(figures))),
        _last_change(series, moves, start, went) if went or not gone else _last_seen(end, start),
    )


def way(steps: Sequence[Point]) -> list[str]:
    """Return the figures of a series in order, with a sign at those that had been given before."""
    seen: set[str] = set()
    figures = []
    for point in steps:
        figure = brief(point.claim)
        figures.append(f"{figure} {RETURNED}" if figure in seen else figure)
        seen.add(figure)
    return figures


def unbroken(figures: Iterable[str]) -> str:
    """Return figures as a list in which a line ends between two of them only: `≥ 15` and `13 ↩` stay together."""
    return ", ".join(one.replace(" ", NO_BREAK) for one in figures)


def in_a_cell(claim: Claim) -> str:
    """Return a figure as `brief` does, in which no line ends: `≥ 15` stays together where a column is narrow."""
    return brief(claim).replace(" ", NO_BREAK)


def _shortened(figures: Sequence[str]) -> list[str]:
    if len(figures) <= _MOST_FIGURES:
        return list(figures)
    half = _MOST_FIGURES // 2
    return [*figures[:half], f"… {len(figures) - 2 * half:,} more …", *figures[-half:]]


def _went_on(series: Series, moves: Iterable[FigureMove]) -> FigureMove | None:
    """Return the change in which figures without a source went on where a source now gives the number too, or None.

    That source has the series from there on (`tolls_in`); the sentence without one still stands.
    """
    end = series.points[-1]
    for one in moves:
        old, new = one.change.claim_before, one.change.claim_after
        if (
            one.step.before.number == end.revision.number
            and old is not None
            and new is not None
            and old.kind is series.kind
            and old.attribution is new.attribution is end.claim.attribution is None
            and not one.change.other_event
            and brief(old) == brief(end.claim)
        ):
            return one
    return None


def _last_seen(end: Point, start: datetime | None) -> Line:
    return line(f"last seen {clock(end.revision.last.at, start)}")


def _last_change(
    series: Series, moves: Sequence[FigureMove], start: datetime | None, went: FigureMove | None
) -> Line:
    steps = series.steps
    if went is not None:
        return _told(
            line(went.path, ", ", between(went.step.interval.after, went.step.interval.until, start)), went
        )
    if len(steps) == 1:
        first = series.points[0]
        return line("never changed" if first.order == 0 else f"since {clock(first.revision.first.at, start)}")
    new = steps[-1]
    old = next(point for point in reversed(series.points) if point.order < new.order)
    move = next(
        (
            one
            for one in moves
            if one.step.after.number == new.revision.number
            and one.change.claim_after is not None
            and one.change.claim_after.kind is series.kind
            and same_number(one.change.claim_after, new.claim)
        ),
        None,
    )
    return _told(between(old.revision.last, new.revision.first, start), move)


def _told(when: Line, move: FigureMove | None) -> Line:
    """Return when a figure changed, and whether the page said so."""
    answer = _ANSWERS.get(move.change.disclosure, "") if move else ""
    remark = line(Strong(answer)) if move and move.change.disclosure is Disclosure.SILENT else line(answer)
    return joined([when, remark], ", ")
