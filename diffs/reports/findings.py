"""The changes of one step as a reader meets them: what changed, in which sentence, and how openly."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from diffs.model import Change, ChangeKind, ChangeType, Claim, DeclaredBy, Edit, Evidence, Note, Weight
from diffs.reports.marking import deleted, inserted, marked, shortened
from diffs.reports.safe import Markdown, markdown_code, markdown_text
from diffs.reports.wording import (
    COUNTED,
    TYPE_WORDS,
    UNNAMED,
    amount,
    count,
    figure,
    in_headline,
    openness,
    source,
    sources,
    title,
    when,
)

_LONG = 60
_MOST_TOGETHER = 15
_STAMPS = {"modified": "modification", "published": "publication"}
_HEADLINES = {"displayed": "as displayed", "og": "og:title", "json_ld": "JSON-LD", "title": "window title"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One entry of the list of changes.

    Attributes:
        heads: What changed, a phrase each.
        mark: The footnote mark of the two captures.
        codes: The ids to note or dismiss it by.
        context: The sentence or passage that shows it, as lines of a quotation.
        notes: What a reader noted.
    """

    heads: tuple[Markdown, ...]
    mark: Markdown
    codes: tuple[Markdown, ...]
    context: tuple[Markdown, ...] = ()
    notes: tuple[Markdown, ...] = ()

    @property
    def head(self) -> Markdown:
        """The first line of the entry."""
        return Markdown(f"{'; '.join(self.heads)}. {self.mark} {' '.join(self.codes)}".rstrip())

    @property
    def of_text(self) -> bool:
        """Whether it only shows one passage that came, went or was reworded, with no reader's note."""
        plain = len(self.heads) == 1 and self.heads[0].startswith("**Text ")
        return plain and len(self.context) == 1 and not self.notes


@dataclass(slots=True)
class _Entry:
    """A finding while it is put together: its heads, and the change whose passage is its context."""

    anchor: Change
    shown: list[Change]
    noted: list[Change]
    context: tuple[Markdown, ...]


def findings_in(
    changes: Sequence[Change], notes: Mapping[str, Sequence[Note]], mark: Markdown, *, full: bool
) -> list[Finding]:
    """Return the findings of one step: the finer changes of a passage stand together over that passage.

    A return to an older figure or headline stands with the change that made it. Passages that came, went
    or were reworded one after the other stand in one entry.

    Args:
        changes: The step's changes that are to be shown.
        notes: Notes by change id.
        mark: The footnote mark of the step's two captures.
        full: Keep long texts whole.
    """
    plain, returns = split_returns(changes)
    known = {change.id: change for change in plain}
    told = {finer for change in plain for finer in change.told_by}
    entries: list[_Entry] = []
    for change in plain:
        tellers = [known[finer] for finer in change.told_by if finer in known]
        if not tellers and change.id in told:
            continue
        shown = tellers or [change]
        entry = _Entry(change, shown, [*shown, *(() if change in shown else (change,))], ())
        entry.context = tuple(context_of(_unshown(change, entries), full=full))
        _place(entries, entry, full=full)
    found = [_finding(entry, returns, notes, mark) for entry in entries]
    return _run_together(found, most=len(found) if full else _MOST_TOGETHER)


def _unshown(change: Change, entries: Sequence[_Entry]) -> Change:
    """Return a passage that came or went without the sentences that a figure's entry shows struck or strong."""
    if change.kind is not ChangeKind.TEXT or change.type not in (ChangeType.ADDED, ChangeType.REMOVED):
        return change
    for entry in entries:
        anchor = entry.anchor
        if anchor.kind is not ChangeKind.CASUALTY or anchor.edits or None in (anchor.before, anchor.after):
            continue
        for name in ("before", "after"):
            whole, part = getattr(change, name), getattr(anchor, name)
            if whole is not None and _within(part, whole) and part.text != whole.text:
                shorter = replace(whole, text=whole.text.replace(part.text, "…", 1))
                change = (
                    replace(change, before=shorter) if name == "before" else replace(change, after=shorter)
                )
    return change


def _place(entries: list[_Entry], entry: _Entry, *, full: bool) -> None:
    """Add an entry to the list, or join it to the one whose passage shows it or is shown by it."""
    for held in entries:
        if entry.context and held.context == entry.context:
            if entry.anchor.kind is not ChangeKind.TEXT:
                held.shown += [one for one in entry.shown if one not in held.shown]
        elif _shows(held.anchor, entry.anchor, full=full):
            held.shown += entry.shown if entry.anchor.kind is not ChangeKind.TEXT else []
        elif _shows(entry.anchor, held.anchor, full=full):
            if entry.anchor.kind is not ChangeKind.TEXT or _longer(entry.anchor, held.anchor):
                held.shown += entry.shown
            held.anchor, held.context = entry.anchor, entry.context
        else:
            continue
        held.noted += [one for one in entry.noted if one not in held.noted]
        return
    entries.append(entry)


def _shows(whole: Change, part: Change, *, full: bool) -> bool:
    """Return whether the passage of one change, printed in full, shows all that another is about."""
    sides = [(whole.before, part.before), (whole.after, part.after)]
    if all(other is None for _, other in sides) or ChangeType.MOVED in (whole.type, part.type):
        return False
    brief = full or all(side is None or len(side.text.split()) <= _LONG for side, _ in sides)
    return brief and all(
        other is None or (side is not None and _within(other, side)) for side, other in sides
    )


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
    mark: Markdown,
) -> Finding:
    noted = [*entry.noted, *(back for one in entry.noted for back in returns.get(one.id, ()))]
    hidden = {entry.anchor.id} if entry.anchor.told_by and entry.anchor not in entry.shown else set()
    heads: list[Markdown] = []
    entry.shown, within = _quotations(entry.shown)
    for number, change in enumerate(entry.shown):
        told = change.kind is ChangeKind.CASUALTY and any(
            one.kind is ChangeKind.CASUALTY and same_figure(one, change) for one in entry.shown[:number]
        )
        heads.append(
            Markdown(f"also **{TYPE_WORDS[change.type]}**")
            if told
            else Markdown(f"{head_of(change, returns.get(change.id, ()))}{within.get(change.id, '')}")
        )
    return Finding(
        heads=tuple(dict.fromkeys(heads)),
        mark=mark,
        codes=tuple(dict.fromkeys(markdown_code(one.id) for one in noted if one.id not in hidden)),
        context=entry.context,
        notes=tuple(dict.fromkeys(line for one in noted for line in notes_on(one.id, notes))),
    )


def _quotations(shown: list[Change]) -> tuple[list[Change], dict[str, Markdown]]:
    """Match a quotation and the passage that it came or went with once.

    Returns the changes to print, and by the id of a passage what to add of the quotations in it. A passage that
    is little more than its quotation is told as the quotation.
    """
    within: dict[str, Markdown] = {}
    for text in [one for one in shown if one.kind is ChangeKind.TEXT]:
        quotes = [
            one
            for one in shown
            if one.kind is ChangeKind.QUOTE
            and one.type is text.type
            and text.type in (ChangeType.ADDED, ChangeType.REMOVED)
            and _shows(text, one, full=True)
        ]
        if not quotes:
            continue
        if len(quotes) == 1 and not _longer(text, quotes[0]):
            shown = [one for one in shown if one is not text]
            continue
        shown = [one for one in shown if one not in quotes]
        speakers = list(
            dict.fromkeys(one for quote in quotes if (one := quote.speaker_after or quote.speaker_before))
        )
        told = ", with a quotation" if len(quotes) == 1 else f", with {len(quotes)} quotations"
        told += f" ({markdown_text(', '.join(speakers))})" if speakers else ""
        within[text.id] = Markdown(told)
    return shown, within


def _run_together(findings: Sequence[Finding], *, most: int) -> list[Finding]:
    """Return neighbours of one head and one passage each as one entry, the codes beside their passages.

    Of a longer run than `most` only so many are printed, and the rest counted.
    """
    result: list[Finding] = []
    for _, run in groupby(findings, key=_head_of_text):
        same = list(run)
        if len(same) == 1 or not same[0].of_text:
            result += same
            continue
        lines = [Markdown(f"{one.context[0]} {' '.join(one.codes)}") for one in same[:most]]
        if len(same) > most:
            lines.append(Markdown(f"And {count(len(same) - most, 'more passage')}, listed in the JSON form."))
        context = [line for one in lines for line in (Markdown(""), one)][1:]
        result.append(Finding(heads=same[0].heads, mark=same[0].mark, codes=(), context=tuple(context)))
    return result


def _head_of_text(finding: Finding) -> object:
    return finding.heads if finding.of_text else id(finding)


def split_returns(changes: Sequence[Change]) -> tuple[list[Change], dict[str, list[Change]]]:
    """Part the changes that only say that another one of the step brought something back.

    Returns the others, and those by the id of the change that they speak of. A return of the whole text
    speaks of the whole step and is in neither.
    """
    plain = [change for change in changes if change.type is not ChangeType.REVERTED]
    returns: dict[str, list[Change]] = {}
    for back in changes:
        if back.type is not ChangeType.REVERTED or (back.before is None and back.after is None):
            continue
        made = next((change for change in plain if _same_step(change, back)), None)
        if made is None:
            plain.append(back)
        else:
            returns.setdefault(made.id, []).append(back)
    return plain, returns


def figures_moved(changes: Sequence[Change]) -> list[Change]:
    """Return the casualty changes of a step, one for each figure.

    What changed about a figure beside its number (its source, scope or hedge) is a finding of its own, but
    the same change of the figure.
    """
    kept: list[Change] = []
    for change in changes:
        if change.kind is ChangeKind.CASUALTY and not any(same_figure(one, change) for one in kept):
            kept.append(change)
    return kept


def same_figure(one: Change, other: Change) -> bool:
    """Return whether two casualty changes are of one figure, the same before and the same after."""
    sides = [(one.claim_before, other.claim_before), (one.claim_after, other.claim_after)]
    return all(a is b is None or (a is not None and b is not None and _printed_alike(a, b)) for a, b in sides)


def _printed_alike(one: Claim, other: Claim) -> bool:
    return (one.kind, amount(one), source(one), one.scope, one.who) == (
        other.kind,
        amount(other),
        source(other),
        other.scope,
        other.who,
    )


def _same_step(change: Change, back: Change) -> bool:
    claims = (change.claim_before, change.claim_after) == (back.claim_before, back.claim_after)
    return change.kind is back.kind and claims and (change.before, change.after) == (back.before, back.after)


def head_of(change: Change, returns: Sequence[Change] = ()) -> Markdown:
    """Return in a phrase what changed and how openly: `**Casualty figure increased** (silent): ... 12 → 15`."""
    remarks = [] if change.weight is Weight.SUBSTANTIVE else [change.weight.value]
    if change.declared_by is DeclaredBy.NOTE or change.declared is False:
        remarks.append(openness(change))
    remarks += [f"back to what {_version(back)} had" for back in returns]
    head = f"**{title(change)}**" + (f" ({', '.join(remarks)})" if remarks else "")
    claim = change.claim_after or change.claim_before
    if claim:
        who = f" ({claim.who})" if claim.who else ""
        what = markdown_text(f"{COUNTED[claim.kind]}{who}, {_source(change)}")
        head += f": {what}: {step_of(change)}"
    detail = _version(change) if change.type is ChangeType.REVERTED else _places(change)
    if detail:
        head += f"{', ' if claim else ': '}{markdown_text(detail)}"
    return Markdown(head)


def _version(change: Change) -> str:
    return f"version {change.reverts_to}"


def _places(change: Change) -> str:
    if change.kind is not ChangeKind.HEADLINE:
        return change.detail
    return ", ".join(_HEADLINES.get(place, place) for place in change.places)


def step_of(change: Change) -> Markdown:
    """Return a casualty change as `12 → 15`, or nothing for a change without claims."""
    old, new = change.claim_before, change.claim_after
    if old is None and new is None:
        return Markdown("")
    before = markdown_text(figure(old)) if old else "not given"
    after = inserted(figure(new)) if new else "no longer given"
    return Markdown(f"{before} → {after}")


def _source(change: Change) -> str:
    told = ", then ".join(_per(name) for name in sources(change))
    return told if not in_headline(change) else f"in the headline{f' {told}' if told != UNNAMED else ''}"


def _per(name: str) -> str:
    return name if name == UNNAMED else f"per “{name}”"


def context_of(change: Change, *, full: bool) -> list[Markdown]:
    """Return the passage that shows a change, old words struck out and new ones strong."""
    old, new = (_printed(change, side) for side in (change.before, change.after))
    if change.type is ChangeType.MOVED and not change.edits:
        return [markdown_text(_fitted(new or old, full=full))]
    edits: tuple[Edit, ...] = change.edits
    if edits:
        line = marked(edits, full=full)
        return [line] if line else []
    pair = (deleted(_fitted(old, full=full)), inserted(_fitted(new, full=full)))
    if change.kind is ChangeKind.CASUALTY and old == new:
        return [markdown_text(_fitted(new, full=full))] if new else []
    return [Markdown(" ".join(part for part in pair if part))] if any(pair) else []


def redated(change: Change) -> Markdown:
    """Return in a sentence that a date of the page came, went or moved."""
    old, new = (_printed(change, side) for side in (change.before, change.after))
    stamp = next(iter(change.places), "")
    name = f"{_STAMPS.get(stamp) or markdown_text(stamp)} date"
    if not old:
        told = f"The page got a {name}, {markdown_text(new)}"
    elif not new:
        told = f"The page lost its {name}, {markdown_text(old)}"
    else:
        told = f"The page's {name} moved from {markdown_text(old)} to {markdown_text(new)}"
    return Markdown(f"{told}. {markdown_code(change.id)}")


def _printed(change: Change, side: Evidence | None) -> str:
    if side is None:
        return ""
    if change.kind is not ChangeKind.STAMP:
        return side.text
    try:
        return when(datetime.fromisoformat(side.text))
    except ValueError:
        return side.text


def notes_on(finding: str, notes: Mapping[str, Sequence[Note]]) -> list[Markdown]:
    """Return what readers noted on the finding with this id, a line each."""
    return [
        Markdown(
            f"{'Dismissed by a reader' if note.dismissed else 'Note'}, {when(note.at)}: {markdown_text(note.text)}"
        )
        for note in notes.get(finding, ())
    ]


def _fitted(text: str, *, full: bool) -> str:
    return text if full else shortened(text, words=_LONG)


def dismissed_ids(notes: Iterable[Note]) -> frozenset[str]:
    """Return the ids of the findings whose latest note dismisses them."""
    latest: dict[str, Note] = {}
    for note in notes:
        if note.change not in latest or latest[note.change].at <= note.at:
            latest[note.change] = note
    return frozenset(change for change, note in latest.items() if note.dismissed)
