"""What in a report is worth a look, by weight."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from diffs.model import Change, ChangeKind, ChangeType, Contradiction, Disclosure, History, Transition, Weight
from diffs.reports.counts import level, levels_in
from diffs.reports.document import Block, Item, Line, List, Paragraph, Section, Strong, joined, line, plain
from diffs.reports.figures import PROMINENT, FigureMove, Known, of_a_part, only_figures
from diffs.reports.marking import marked, shortened
from diffs.reports.series import Point, Series
from diffs.reports.times import between, moment, span, start_of
from diffs.reports.wording import (
    COUNTED,
    UNNAMED,
    amount,
    brief,
    headline_name,
    in_headline,
    number_word,
    sentence,
)

_MOST = 6
_MOST_NAMED = 4
_MOST_STEPS = 6
_WORDS = 24
_HOW = {
    Disclosure.CORRECTION: " with a correction",
    Disclosure.EXPLAINED: " explained in the text",
    Disclosure.NEW_DATE: " under a new date alone",
    Disclosure.SILENT: " silently",
}


def worth_a_look(facts: Known) -> list[Block]:
    """Return the findings that a reader should see first, or nothing where there are none."""
    lines = highlights_in(facts)
    if not lines:
        return []
    most = len(lines) if len(lines) <= _MOST + 1 else _MOST
    blocks: list[Block] = [List(items=tuple(Item(one) for one in lines[:most]), ordered=True)]
    if rest := lines[most:]:
        blocks.append(Paragraph(_named(rest)))
    return [Section(line("Worth a look"), tuple(blocks))]


def highlights_in(facts: Known) -> tuple[Line, ...]:
    """Return in a line each what a reader should see first, the weightiest leading."""
    shown: set[str] = set()
    found = [
        *_swings(facts, shown),
        *_silent_figures(facts, shown),
        *_headlines(facts),
        *_disagreements(facts),
    ]
    found += [*_notes(facts), *_falls(facts), *_whole_returns(facts.history), *_laid_out(facts)]
    return tuple(dict.fromkeys(found))


def _named(rest: Sequence[Line]) -> Line:
    """Return in a sentence what else is worth a look, by its lead, the same leads counted."""
    leads = Counter(plain(one[:1]).rstrip(".:") for one in rest)
    names = [
        f"{lead[:1].lower()}{lead[1:]}{f' ({number}×)' if number > 1 else ''}"
        for lead, number in leads.items()
    ]
    more = len(names) - _MOST_NAMED
    shown = "; ".join(names[:_MOST_NAMED]) + (f"; and {number_word(more)} more" if more > 0 else "")
    return line(f"And {number_word(len(rest))} more below: {shown}.")


def _swings(facts: Known, shown: set[str]) -> Iterator[Line]:
    """Yield the series that turned round: a figure that fell and rose again, or came back to what it was.

    A headline that moved along with its text has no line of its own where the text's turns have one. The ids of the changes that are
    named go into `shown`.
    """
    since = start_of(facts.history)
    for series in sorted(facts.series, key=lambda one: (one.order, one.in_front)):
        steps = series.steps
        turns = _turns(steps)
        if not turns:
            continue
        start, verb = _turned(steps, turns)
        path = list(pairwise(range(start, turns[-1] + 2)))
        made = [facts.move_at(steps[new]) for _, new in path]
        names = {move.change.id for move in made if move}
        follows = all(not in_headline(move.change) for move in made if move)
        if not names or (series.in_front and shown and follows):
            continue
        shown |= names
        name = "The headline" if series.in_front and not series.in_standfirst else _name(series)
        parts = [
            line(
                f"{brief(steps[old].claim)} → {brief(steps[new].claim)}",
                f"{_HOW.get(move.change.disclosure, '')} (" if move else " (",
                span(move.step.interval, since) if move else moment(steps[new].revision.first, since),
                ")",
            )
            for (old, new), move in zip(path, made, strict=True)
        ]
        if len(parts) > _MOST_STEPS:
            parts[2:-2] = [line(f"… {len(parts) - 4:,} more …")]
        yield line(Strong(f"{name}: {COUNTED[series.kind]} {verb}."), " ", joined(parts, ", "), ".")


def _turns(steps: Sequence[Point]) -> list[int]:
    """Return the indices of the steps at which a series stopped rising and fell, or stopped falling and rose."""
    levels = levels_in(point.claim for point in steps)
    turns, last = [], 0.0
    for index, (old, new) in enumerate(pairwise(levels)):
        if (new - old) * last < 0:
            turns.append(index)
        last = (new - old) or last
    return turns


def _turned(steps: Sequence[Point], turns: Sequence[int]) -> tuple[int, str]:
    """Return from which figure on a series turned round, and in which way."""
    levels = levels_in(point.claim for point in steps)
    peak = levels[turns[0]] > levels[turns[0] + 1]
    if len(turns) == 1:
        return turns[0] - 1, "rose, then fell" if peak else "fell, then rose"
    if len(turns) == 2:
        return turns[0], "fell and rose again" if peak else "rose and fell again"
    return turns[0] - 1, "went up and down"


def _name(series: Series) -> str:
    if series.source == UNNAMED:
        return "No source named"
    return series.source[:1].upper() + series.source[1:]


def _silent_figures(facts: Known, shown: Collection[str]) -> Iterator[Line]:
    for move in facts.moves:
        if (
            move.change.disclosure is Disclosure.SILENT
            and move.change.id not in shown
            and not _is_one_person(move)
        ):
            words = f" {move.what}. "
            yield line(
                Strong(f"Silent: {move.path}"), words, span(move.step.interval, start_of(facts.history)), "."
            )


def _is_one_person(move: FigureMove) -> bool:
    """Return whether one person deep in the text came or went: a fate that is told or left out, and no count."""
    old, new = move.change.claim_before, move.change.claim_after
    claim = new or old
    alone = (old is None or new is None) and claim is not None
    return alone and claim is not None and claim.place not in PROMINENT and (level(claim) or 0) <= 1


def _headlines(facts: Known) -> Iterator[Line]:
    for step, change in _changes(facts):
        if change.kind is not ChangeKind.HEADLINE or change.weight is not Weight.SUBSTANTIVE:
            continue
        if not change.told_by and not only_figures(change, facts.by_step[step.after.number]):
            name = headline_name(change)
            lead = f"Silent: the {name}" if change.disclosure is Disclosure.SILENT else f"The {name}"
            if change.type is ChangeType.EDITED and change.edits:
                yield line(
                    Strong(f"{lead} changed:"),
                    " ",
                    marked(change.edits),
                    ". ",
                    span(step.interval, start_of(facts.history)),
                    ".",
                )


def _disagreements(facts: Known) -> Iterator[Line]:
    numbers = {revision.number: revision for revision in facts.history.revisions}
    for one in facts.history.contradictions:
        first, last = numbers.get(one.since), numbers.get(one.until)
        if one.id in facts.dismissed or first is None or last is None:
            continue
        lead = "Headline and text disagreed" if one.stale_headline else "Two figures of the text disagree"
        seen = between(first.first, last.last, start_of(facts.history))
        yield line(Strong(f"{lead}:"), f" {_sides(one)}. ", seen, ".")


def _sides(one: Contradiction) -> str:
    words = COUNTED[one.one.kind]
    if one.stale_headline:
        return f"the {one.one.place.value} said {amount(one.one)} {words}, the text {amount(one.other)}"
    return f"{amount(one.one)} and {amount(one.other)} {words}"


def _notes(facts: Known) -> Iterator[Line]:
    verbs = {ChangeType.ADDED: "added", ChangeType.REMOVED: "taken off the page"}
    texts: dict[tuple[int, ChangeType], list[str]] = defaultdict(list)
    steps = {step.after.number: step for step in facts.history.transitions}
    for step, change in _changes(facts):
        if change.kind is ChangeKind.CORRECTION and change.type in verbs:
            side = change.after or change.before
            texts[step.after.number, change.type].append(side.text if side else "")
    for (number, type_), parts in texts.items():
        step, several = steps[number], len(parts) > 1
        text = shortened(" ".join(parts), tail=False, words=_WORDS)
        if text:
            yield line(
                Strong(f"{'Corrections were' if several else 'A correction was'} {verbs[type_]}:"),
                f" “{text.strip()}” ",
                span(step.interval, start_of(facts.history)),
                ".",
            )


def _laid_out(facts: Known) -> Iterator[Line]:
    """Yield the casualty figures that another layout sets apart from the article's text."""
    for step, change in _changes(facts):
        claim = change.claim_before or change.claim_after
        if change.kind is ChangeKind.CASUALTY and change.type is ChangeType.LAYOUT and claim is not None:
            text = shortened(claim.sentence, tail=False, words=_WORDS)
            yield line(
                Strong(f"Set apart by the layout: {amount(claim)} {COUNTED[claim.kind]}."),
                f" “{text.strip()}” stands on both pages. ",
                span(step.interval, start_of(facts.history)),
                ".",
            )


def _falls(facts: Known) -> Iterator[Line]:
    moves = facts.moves
    turned: set[str] = set()
    for series in facts.series:
        steps = series.steps
        around = {number for index in _turns(steps) for number in (index, index + 1)}
        turned.update(move.change.id for one in around if (move := facts.move_at(steps[one])))
    for move in moves:
        silent = move.change.disclosure is Disclosure.SILENT
        if move.change.other_event or move.change.id in turned:
            continue
        old, new = move.change.claim_before, move.change.claim_after
        if old and new and of_a_part(facts, old, new, move.step.after.number):
            continue
        if move.change.type is ChangeType.DECREASED and not silent:
            how = _HOW.get(move.change.disclosure, "")
            words = sentence(f"{move.what},{how}" if how else move.what)
            yield line(
                Strong(f"Down: {move.path}."),
                f" {words} ",
                span(move.step.interval, start_of(facts.history)),
                ".",
            )


def _whole_returns(history: History) -> Iterator[Line]:
    for step in history.transitions:
        if step.reverts_to is not None and not step.flap:
            lead = f"The whole text of version {step.reverts_to} came back"
            yield line(
                Strong(lead),
                f" in version {step.after.number}. ",
                span(step.interval, start_of(history)),
                ".",
            )


def _changes(facts: Known) -> Iterator[tuple[Transition, Change]]:
    for step in facts.history.transitions:
        if not step.flap:
            yield from ((step, change) for change in step.changes if change.id not in facts.dismissed)
