"""What changed, in order: one table of a history's steps, a line for each thing that changed."""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from diffs.model import Change, ChangeKind, ChangeType, Disclosure, History, Transition, Weight
from diffs.reports.document import (
    Block,
    Column,
    Jump,
    Line,
    Paragraph,
    Section,
    Strong,
    Table,
    added,
    joined,
    line,
    plain,
    struck,
)
from diffs.reports.figures import FigureMove, Known, moves_of, only_figures
from diffs.reports.findings import figure_key
from diffs.reports.marking import marked, shortened
from diffs.reports.times import between, span
from diffs.reports.wording import (
    COUNTED_TYPES,
    KIND_WORDS,
    TYPE_WORDS,
    brief,
    count,
    headline_name,
    listed,
    number_word,
)

_COLUMNS = tuple(
    Column(title=one) for one in ("Between", "What", "Old → new", "Did the page say so?", "Finding")
)
_LONG = 25  # steps: a history of more folds those in which only wording changed into one line (60 versions in the soak)
_WORDS = 12
_MOST_WORDS = 40
ANSWERS = {
    Disclosure.CORRECTION: line("in a correction"),
    Disclosure.EXPLAINED: line("explained in the text"),
    Disclosure.NEW_DATE: line("new date only"),
    Disclosure.SILENT: (Strong("no"),),
    Disclosure.UNKNOWN: line("cannot tell"),
}
_FRONT = (ChangeKind.HEADLINE, ChangeKind.STANDFIRST, ChangeKind.BYLINE)
_TERMS = {ChangeType.HEDGED: "hedge", ChangeType.DISPUTED: "doubt or denial"}
_MOST_JUMPS = 3
_MOST_NAMED = 3
_LEAD = "A change lies between two captures; the times link to them. The number of a finding leads to its words; its id stands under Captures."


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that changed in a step.

    Attributes:
        what: What it is.
        path: Old and new.
        answer: Whether the page said so.
        ids: The findings that it is made of, the leading one first.
    """

    what: Line
    path: Line = ()
    answer: Line = ()
    ids: tuple[str, ...] = ()


def steps_in_order(known: Known, numbers: Mapping[str, Jump]) -> list[Block]:
    """Return the table of all steps, oldest first, or nothing where there is no step.

    Args:
        known: What is known of a history's figures without the findings that a reader dismissed.
        numbers: The link of each finding's number to where the report speaks of it, by id.
    """
    history, dismissed = known.history, known.dismissed
    if not history.transitions:
        return []
    fold = is_long(history)
    rows: list[tuple[Line, ...]] = []
    folded: list[Transition] = []
    last: datetime | None = None
    for step in history.transitions:
        found = rows_known(known, step)
        if fold and not weighs(step, dismissed):
            folded.append(step)
            continue
        if folded:
            rows.append(_folded(folded, last, numbers))
            last, folded = folded[-1].interval.until.at, []
        rows += _with_times(step, [_in_one(found)] if fold else found, last, numbers, day=fold)
        last = step.interval.until.at
    if folded:
        rows.append(_folded(folded, last, numbers))
    lead = Paragraph(line(_LEAD))
    return [Section(line("What changed, in order"), (lead, Table(columns=_COLUMNS, rows=tuple(rows))))]


def _in_one(found: Sequence[Row]) -> Row:
    """Return the rows of a step as one: the first, and what else changed by name."""
    first, rest = found[0], [plain(row.what) for row in found[1:]]
    if not rest:
        return first
    more = f"; {count(len(rest) - _MOST_NAMED, 'more change')}" if len(rest) > _MOST_NAMED else ""
    return replace(
        first,
        path=line(first.path, f" (also: {'; '.join(rest[:_MOST_NAMED])}{more})"),
        ids=tuple(one for row in found for one in row.ids),
    )


def _with_times(
    step: Transition, found: Sequence[Row], last: datetime | None, numbers: Mapping[str, Jump], *, day: bool
) -> Iterator[tuple[Line, ...]]:
    remark = line("probably a stale cache") if step.flap else ()
    for index, row in enumerate(found):
        times = span(step.interval, last, day=day) if index == 0 else ()
        yield times, row.what, row.path, remark or row.answer, _jumps(row.ids, numbers)


def _jumps(ids: Iterable[str], numbers: Mapping[str, Jump]) -> Line:
    """Return links to where the report speaks of a row's findings, the first of them where there are many."""
    known = sorted({numbers[one] for one in ids if one in numbers}, key=lambda jump: int(jump.label))
    links = joined([(one,) for one in known[:_MOST_JUMPS]], ", ")
    return line(links, " …") if len(known) > _MOST_JUMPS else links


def _folded(
    steps: Sequence[Transition], last: datetime | None, numbers: Mapping[str, Jump]
) -> tuple[Line, ...]:
    ids = [change.id for step in steps for change in step.changes]
    when = between(steps[0].interval.after, steps[-1].interval.until, last)
    words = f"{count(len(steps), 'step')} without a change of substance"
    return when, line("wording"), line(words), (), _jumps(ids, numbers)


def is_long(history: History) -> bool:
    """Return whether a history has so many steps that those without substance are folded."""
    return len(history.transitions) > _LONG


def weighs(step: Transition, dismissed: Collection[str]) -> bool:
    """Return whether a step changed something of substance, or brought an older text back."""
    return step.reverts_to is not None or any(
        change.weight is Weight.SUBSTANTIVE and change.id not in dismissed for change in step.changes
    )


def rows_known(known: Known, step: Transition) -> list[Row]:
    """Return what `rows_of` gives for a step of a history, worked out once for all that print it."""
    return known.once(
        ("rows", step.after.number), lambda: rows_of(step, known.dismissed, known.moves_in(step))
    )


def rows_of(
    step: Transition, dismissed: Collection[str], moves: Sequence[FigureMove] | None = None
) -> list[Row]:
    """Return what changed in one step, a row each.

    Args:
        step: The step.
        dismissed: Ids of findings that a reader dismissed, which are left out.
        moves: What `moves_of` gives for the step, where the caller has it.
    """
    changes = [change for change in step.changes if change.id not in dismissed]
    shown = [
        one for one in changes if one.weight is not Weight.COSMETIC and one.type is not ChangeType.REVERTED
    ]
    moves = moves_of(step, dismissed) if moves is None else moves
    same: defaultdict[Hashable, list[str]] = defaultdict(list)
    for one in changes:
        if one.kind is ChangeKind.CASUALTY:
            same[figure_key(one)].append(one.id)
    found = [_figure(move, same[figure_key(move.change)]) for move in moves]
    fronts = [one for one in shown if one.kind in _FRONT and not one.told_by]
    found += [_front(one) for one in fronts if not only_figures(one, moves)]
    found += [_note(one) for one in shown if one.kind is ChangeKind.CORRECTION]
    found += [_terms(one) for one in shown if one.kind in (ChangeKind.FIGURE, ChangeKind.ATTRIBUTION)]
    found += _text(shown)
    if step.reverts_to is not None:
        whole = tuple(one.id for one in changes if one.before is one.after is None)
        words = line(f"version {step.reverts_to} came back")
        found.append(Row(what=line("whole text"), path=words, ids=whole))
    if not found:
        found.append(_least(changes))
    return _once(found)


def _once(rows: Iterable[Row]) -> list[Row]:
    """Return rows that say the same as one, with the findings of each."""
    kept: dict[Row, tuple[str, ...]] = {}
    for row in rows:
        key = replace(row, ids=())
        kept[key] = (*kept.get(key, ()), *row.ids)
    return [replace(row, ids=ids) for row, ids in kept.items()]


def _figure(move: FigureMove, same: Iterable[str]) -> Row:
    old, new = move.change.claim_before, move.change.claim_after
    before = brief(old) if old else "–"
    after = (Strong(brief(new)),) if new else line("–")
    back = f" ↩ as in version {move.back_to}" if move.back_to is not None else ""
    moved = old is not None and new is not None and brief(old) == brief(new)
    how = f" ({TYPE_WORDS[move.change.type]})" if moved else ""
    return Row(
        what=line(move.what),
        path=line(f"{before} → ", after, back, how),
        answer=ANSWERS[move.change.disclosure],
        ids=(move.change.id, *same),
    )


def _front(change: Change) -> Row:
    return Row(
        what=line(headline_name(change)),
        path=_comparison(change),
        answer=ANSWERS[change.disclosure],
        ids=(change.id,),
    )


def _comparison(change: Change) -> Line:
    old, new = (side.text if side else "" for side in (change.before, change.after))
    if not old or not new:
        return line(struck(_cut(old)) if old else "–", " → ", added(_cut(new)) if new else "–")
    if change.edits:
        return marked(change.edits)
    return joined([struck(_cut(old)), added(_cut(new))], " → ")


def _note(change: Change) -> Row:
    side = change.after or change.before
    text = _cut(side.text if side else "")
    words = line(f"{TYPE_WORDS[change.type]}: “{text}”")
    return Row(what=line("correction note"), path=words, answer=line("–"), ids=(change.id,))


def _terms(change: Change) -> Row:
    old, new = (", ".join(side) or "–" for side in (change.terms_before, change.terms_after))
    what = _TERMS.get(change.type, KIND_WORDS[change.kind])
    return Row(
        what=line(what),
        path=line(f"{old} → ", added(new) if change.terms_after else new),
        answer=ANSWERS[change.disclosure],
        ids=(change.id,),
    )


def _text(shown: Sequence[Change]) -> list[Row]:
    """Return one row for the passages and one for the quotations of a step; what they say stands under The words."""
    rows: list[Row] = []
    for kind, noun in ((ChangeKind.QUOTE, "quotation"), (ChangeKind.TEXT, "passage")):
        mine = [one for one in shown if one.kind is kind and not one.told_by]
        if not mine:
            continue
        if len(mine) == 1:
            rows.append(_passage(mine[0], noun))
            continue
        tally = Counter(one.type for one in mine)
        order = sorted(tally, key=list(ChangeType).index)
        parts = [
            f"{number_word(tally[type_])} {COUNTED_TYPES.get(type_, TYPE_WORDS[type_])}" for type_ in order
        ]
        ids = tuple(one.id for one in mine)
        rows.append(
            Row(what=line(count(len(mine), noun)), path=line(listed(parts)), answer=_answers(mine), ids=ids)
        )
    return rows


def _passage(change: Change, noun: str) -> Row:
    """Return the row of the only passage or quotation of a step."""
    answer = ANSWERS[change.disclosure] if change.weight is Weight.SUBSTANTIVE else ()
    if change.type is ChangeType.MOVED:
        return Row(what=line(_moved(change)), answer=answer, ids=(change.id,))
    verb = COUNTED_TYPES.get(change.type, TYPE_WORDS[change.type])
    if change.type is ChangeType.ADDED and change.after is not None:
        path = line(f"{verb}: ", added(_cut(change.after.text)))
    elif change.type is ChangeType.REMOVED and change.before is not None:
        path = line(f"{verb}: ", struck(_cut(change.before.text)))
    else:
        comparison = marked(change.edits)
        shown = len(plain(comparison).split()) <= _MOST_WORDS
        path = line(f"{verb}: ", comparison) if comparison and shown else line(verb)
    return Row(what=line(noun), path=path, answer=answer, ids=(change.id,))


def _cut(text: str) -> str:
    return shortened(text, tail=False, words=_WORDS).strip()


def _moved(change: Change) -> str:
    old, new = (side.block if side else None for side in (change.before, change.after))
    if old is None or new is None:
        return "a passage moved"
    return f"a paragraph moved {'up' if new < old else 'down'} ({old + 1} → {new + 1})"


def _answers(changes: Sequence[Change]) -> Line:
    kinds = list(dict.fromkeys(one.disclosure for one in changes if one.weight is Weight.SUBSTANTIVE))
    return joined((ANSWERS[kind] for kind in kinds), "; ")


def _least(changes: Sequence[Change]) -> Row:
    """Return the row of a step in which nothing but dates, typography or layout changed."""
    ids = tuple(one.id for one in changes)
    if any(one.kind is ChangeKind.STAMP for one in changes):
        words = line("only the page's own date changed")
        return Row(what=line("date"), path=words, answer=line("–"), ids=ids)
    words = line("only its layout, white space or spelling changed")
    return Row(what=line("typography"), path=words, answer=line("–"), ids=ids)
