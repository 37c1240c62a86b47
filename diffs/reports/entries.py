"""The changes of one step as a reader meets them: the finer ones together over the passage that shows them."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from diffs.model import Change, ChangeKind, ChangeType, Evidence, Note
from diffs.reports.document import Item, Line, List, Quote, Strong, distinct, joined, line
from diffs.reports.findings import context_of, figure_key, head_of, notes_on, split_returns
from diffs.reports.witnesses import shown_by
from diffs.reports.wording import TYPE_WORDS, count

_LONG = 60
_MOST_TOGETHER = 15
_CELL = 256  # characters: a sentence lies in one or two of these, so an entry is compared with few others
_CAME_OR_WENT = (ChangeType.ADDED, ChangeType.REMOVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedChange:
    """One entry of the list of changes.

    Attributes:
        heads: What changed, a phrase each.
        passages: The sentence or passages that show it.
        notes: What a reader noted.
        of_text: Whether it only shows passages that came, went or were reworded.
        shown_by: Which archives show it, in a phrase; empty where only one was read.
        ids: Of the findings that it is made of.
    """

    heads: tuple[Line, ...]
    passages: tuple[Line, ...] = ()
    notes: tuple[Line, ...] = ()
    of_text: bool = False
    shown_by: str = ""
    ids: tuple[str, ...] = ()

    @property
    def item(self) -> Item:
        """The finding as an entry of a list."""
        quote = (Quote(self.passages),) if self.passages else ()
        notes = (List(items=tuple(Item(note) for note in self.notes)),) if self.notes else ()
        witnesses = f"; {self.shown_by}" if self.shown_by else ""
        return Item(line(joined(self.heads, "; "), f"{witnesses}."), (*quote, *notes))


@dataclass(slots=True)
class _Entry:
    """A finding while it is put together: its heads, and the change whose passage is its context."""

    anchor: Change
    shown: dict[str, Change]
    noted: dict[str, Change]
    context: Line


def findings_in(
    changes: Sequence[Change], notes: Mapping[str, Sequence[Note]], *, full: bool
) -> list[ListedChange]:
    """Return the findings of one step: the finer changes of a passage stand together over that passage.

    A return to an older figure or headline stands with the change that made it. Passages that came, went
    or were reworded one after the other stand in one entry.

    Args:
        changes: The step's changes that are to be shown.
        notes: Notes by change id.
        full: Keep long texts whole.
    """
    plain, returns = split_returns(changes)
    known = {change.id: change for change in plain}
    finer = {one for change in plain for one in change.told_by}
    entries = _Entries(full=full)
    for change in plain:
        parts = [known[one] for one in change.told_by if one in known]
        if not parts and change.id in finer:
            continue
        shown = {one.id: one for one in parts or [change]}
        context = context_of(entries.without_shown(change), full=full)
        entries.place(_Entry(change, shown, shown | {change.id: change}, context))
    found = [_finding(entry, returns, notes) for entry in entries.held]
    return _run_together(found, most=len(found) if full else _MOST_TOGETHER)


class _Entries:
    """The entries of one step in order, found again by what they print and by where their passages stand."""

    def __init__(self, *, full: bool) -> None:
        self.held: list[_Entry] = []
        self._full = full
        self._by_context: dict[Line, list[int]] = defaultdict(list)
        self._by_cell: dict[Hashable, list[int]] = defaultdict(list)

    def place(self, entry: _Entry) -> None:
        """Add an entry, or join it to the first one whose passage shows it or is shown by it."""
        for index in sorted(self._near(entry)):
            held = self.held[index]
            if entry.context and held.context == entry.context:
                if entry.anchor.kind is not ChangeKind.TEXT:
                    held.shown.update(entry.shown)
            elif _shows(held.anchor, entry.anchor, full=self._full):
                held.shown.update(entry.shown if entry.anchor.kind is not ChangeKind.TEXT else {})
            elif _shows(entry.anchor, held.anchor, full=self._full):
                if entry.anchor.kind is not ChangeKind.TEXT or _longer(entry.anchor, held.anchor):
                    held.shown.update(entry.shown)
                held.anchor, held.context = entry.anchor, entry.context
                self._note_place(index)
            else:
                continue
            held.noted.update(entry.noted)
            return
        self.held.append(entry)
        self._note_place(len(self.held) - 1)

    def without_shown(self, change: Change) -> Change:
        """Return a passage that came or went without the sentences that a figure's entry shows marked."""
        if change.kind is not ChangeKind.TEXT or change.type not in _CAME_OR_WENT:
            return change
        for index in sorted(self._candidates(change)):
            anchor = self.held[index].anchor
            if (
                anchor.kind is not ChangeKind.CASUALTY
                or anchor.edits
                or None in (anchor.before, anchor.after)
            ):
                continue
            for name in ("before", "after"):
                whole, part = getattr(change, name), getattr(anchor, name)
                if whole is not None and _within(part, whole) and part.text != whole.text:
                    shorter = replace(whole, text=whole.text.replace(part.text, "…", 1))
                    change = (
                        replace(change, before=shorter)
                        if name == "before"
                        else replace(change, after=shorter)
                    )
        return change

    def _near(self, entry: _Entry) -> set[int]:
        alike = self._by_context.get(entry.context, ()) if entry.context else ()
        return self._candidates(entry.anchor).union(alike)

    def _candidates(self, change: Change) -> set[int]:
        return {index for cell in _cells(change) for index in self._by_cell.get(cell, ())}

    def _note_place(self, index: int) -> None:
        entry = self.held[index]
        self._by_context[entry.context].append(index)
        for cell in _cells(entry.anchor):
            self._by_cell[cell].append(index)


def _cells(change: Change) -> Iterator[Hashable]:
    """Yield the stretches of both versions that the passage of a change lies in."""
    for name, side in (("before", change.before), ("after", change.after)):
        if side is not None and side.block is None:
            yield name, side.place
        elif side is not None:
            for number in range(side.start // _CELL, side.end // _CELL + 1):
                yield name, side.block, number


def _shows(whole: Change, part: Change, *, full: bool) -> bool:
    """Return whether the passage of one change, printed in full, shows all that another is about."""
    sides = [(whole.before, part.before), (whole.after, part.after)]
    if all(other is None for _, other in sides) or ChangeType.MOVED in (whole.type, part.type):
        return False
    if not all(other is None or (side is not None and _within(other, side)) for side, other in sides):
        return False
    return full or all(side is None or len(side.text.split()) <= _LONG for side, _ in sides)


def _within(part: Evidence, whole: Evidence) -> bool:
    if part.block is None or whole.block is None:
        return part.block is whole.block and part.place == whole.place and part.text in whole.text
    return part.block == whole.block and whole.start <= part.start and part.end <= whole.end


def _longer(whole: Change, part: Change) -> bool:
    """Return whether a passage tells clearly more than the part of it that has a finding of its own."""
    sizes = [sum(len(side.text) for side in (one.before, one.after) if side) for one in (whole, part)]
    return sizes[0] > 1.3 * sizes[1]


def _finding(
    entry: _Entry,
    returns: Mapping[str, Sequence[Change]],
    notes: Mapping[str, Sequence[Note]],
) -> ListedChange:
    noted = list(entry.noted.values())
    noted += [back for one in entry.noted for back in returns.get(one, ())]
    shown, within = _quotations(list(entry.shown.values()))
    heads: list[Line] = []
    figures: set[Hashable] = set()
    for change in shown:
        if change.kind is ChangeKind.CASUALTY and figure_key(change) in figures:
            heads.append(line("also ", Strong(TYPE_WORDS[change.type])))
            continue
        figures.add(figure_key(change) if change.kind is ChangeKind.CASUALTY else None)
        heads.append(line(head_of(change, returns.get(change.id, ())), within.get(change.id, "")))
    noted_lines = distinct(note for one in noted for note in notes_on(one.id, notes))
    once = distinct(heads)
    of_text = len(once) == 1 and shown[0].kind is ChangeKind.TEXT and bool(entry.context) and not noted_lines
    return ListedChange(
        heads=once,
        passages=(entry.context,) if entry.context else (),
        notes=noted_lines,
        of_text=of_text,
        shown_by=shown_by(shown),
        ids=tuple(dict.fromkeys(one.id for one in noted)),
    )


def _quotations(shown: list[Change]) -> tuple[list[Change], dict[str, str]]:
    """Match a quotation and the passage that it came or went with once.

    Returns the changes to print, and by the id of a passage what to add of the quotations in it. A passage that
    is little more than its quotation is printed as the quotation.
    """
    within: dict[str, str] = {}
    quotations = [one for one in shown if one.kind is ChangeKind.QUOTE and one.type in _CAME_OR_WENT]
    dropped: set[str] = set()
    for text in [one for one in shown if one.kind is ChangeKind.TEXT and one.type in _CAME_OR_WENT]:
        quotes = [
            one
            for one in quotations
            if one.id not in dropped and one.type is text.type and _shows(text, one, full=True)
        ]
        if not quotes:
            continue
        if len(quotes) == 1 and not _longer(text, quotes[0]):
            dropped.add(text.id)
            continue
        dropped.update(one.id for one in quotes)
        speakers = distinct(one for quote in quotes if (one := quote.speaker_after or quote.speaker_before))
        words = ", with a quotation" if len(quotes) == 1 else f", with {len(quotes)} quotations"
        within[text.id] = words + (f" ({', '.join(speakers)})" if speakers else "")
    return [one for one in shown if one.id not in dropped], within


def _run_together(findings: Iterable[ListedChange], *, most: int) -> list[ListedChange]:
    """Return neighbours of one head and one passage each as one entry.

    Of a longer run than `most` only so many are printed, and the rest counted.
    """
    result: list[ListedChange] = []
    for _, run in groupby(findings, key=lambda one: (one.heads, one.shown_by) if one.of_text else id(one)):
        same = list(run)
        if len(same) == 1 or not same[0].of_text:
            result += same
            continue
        passages = [one.passages[0] for one in same[:most]]
        if len(same) > most:
            passages.append(line(f"And {count(len(same) - most, 'more passage')}, listed in the JSON form."))
        ids = tuple(dict.fromkeys(name for one in same for name in one.ids))
        result.append(replace(same[0], passages=tuple(passages), ids=ids))
    return result
