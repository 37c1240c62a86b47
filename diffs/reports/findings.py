"""The changes of one step as a reader meets them: what changed, in which sentence, and how openly."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from diffs.model import Change, ChangeKind, ChangeType, Edit, Note, Weight
from diffs.reports.marking import deleted, inserted, marked, shortened
from diffs.reports.safe import Markdown, markdown_code, markdown_text
from diffs.reports.wording import UNNAMED, counted, figure, openness, source, title, when

_LONG = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One entry of the list of changes.

    Attributes:
        head: What changed, in one line.
        context: The sentence or passage that shows it, as lines of a quotation.
        notes: What a reader noted.
    """

    head: Markdown
    context: tuple[Markdown, ...] = ()
    notes: tuple[Markdown, ...] = ()


def findings_in(
    changes: Sequence[Change], notes: Mapping[str, Sequence[Note]], mark: Markdown, *, full: bool
) -> list[Finding]:
    """Give the findings of one step: a sentence's finer changes stand together over that sentence.

    Args:
        changes: The step's changes that are to be shown.
        notes: Notes by change id.
        mark: The footnote mark of the step's two captures.
        full: Keep long texts whole.
    """
    shown = {change.id for change in changes}
    finer = {change.id: change for change in changes}
    told: set[str] = set()
    findings = []
    for change in changes:
        tellers = [finer[one] for one in change.told_by if one in shown]
        if tellers:
            told.update([change.id, *(teller.id for teller in tellers)])
    for change in changes:
        tellers = [finer[one] for one in change.told_by if one in shown]
        if tellers:
            findings.append(_finding(tellers, [*tellers, change], change, notes, mark, full=full))
        elif change.id not in told:
            findings.append(_finding([change], [change], change, notes, mark, full=full))
    return findings


def _finding(
    told: Sequence[Change],
    noted: Sequence[Change],
    context: Change,
    notes: Mapping[str, Sequence[Note]],
    mark: Markdown,
    *,
    full: bool,
) -> Finding:
    lines = [line for change in noted for line in notes_on(change, notes)]
    heads = [head_of(change) for change in told]
    return Finding(
        head=Markdown(f"{'; '.join(heads)}. {mark} {' '.join(markdown_code(change.id) for change in told)}"),
        context=tuple(context_of(context, full=full)),
        notes=tuple(lines),
    )


def head_of(change: Change) -> Markdown:
    """Say in a phrase what changed and how openly: `**Casualty figure increased** (silent): ... 12 → 15`."""
    remarks = []
    if change.weight is not Weight.SUBSTANTIVE:
        remarks.append(change.weight.value)
    if change.declared is not None:
        remarks.append(openness(change))
    head = f"**{title(change)}**" + (f" ({', '.join(remarks)})" if remarks else "")
    told = step_of(change)
    if told:
        claim = change.claim_after or change.claim_before
        names = f"{markdown_text(counted(claim))}, {markdown_text(_source(change))}: " if claim else ""
        head += f": {names}{told}"
    elif change.detail:
        head += f": {markdown_text(change.detail)}"
    return Markdown(head)


def step_of(change: Change) -> Markdown:
    """Give a casualty change as `12 → 15`, or nothing for a change without claims."""
    old, new = change.claim_before, change.claim_after
    if old is None and new is None:
        return Markdown("")
    before = deleted(figure(old)) if old else "not given"
    after = inserted(figure(new)) if new else "no longer given"
    return Markdown(f"{before} → {after}")


def _source(change: Change) -> str:
    old, new = change.claim_before, change.claim_after
    names = [source(claim) for claim in (old, new) if claim]
    if len(set(names)) == 2 and change.type is ChangeType.REATTRIBUTED:
        return f"from {_per(names[0])} to {_per(names[1])}"
    return _per(names[-1])


def _per(name: str) -> str:
    return name if name == UNNAMED else f"per “{name}”"


def context_of(change: Change, *, full: bool) -> list[Markdown]:
    """Give the passage that shows a change, old words struck out and new ones strong."""
    old = change.before.text if change.before else ""
    new = change.after.text if change.after else ""
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


def notes_on(change: Change, notes: Mapping[str, Sequence[Note]]) -> list[Markdown]:
    """Give what readers noted on a change, a line each."""
    return [
        Markdown(
            f"{'Dismissed by a reader' if note.dismissed else 'Note'}, {when(note.at)}: {markdown_text(note.text)}"
        )
        for note in notes.get(change.id, ())
    ]


def _fitted(text: str, *, full: bool) -> str:
    return text if full else shortened(text, words=_LONG)


def dismissed_ids(notes: Iterable[Note]) -> frozenset[str]:
    """Give the ids of the findings whose latest note dismisses them."""
    latest: dict[str, Note] = {}
    for note in notes:
        if note.change not in latest or latest[note.change].at <= note.at:
            latest[note.change] = note
    return frozenset(change for change, note in latest.items() if note.dismissed)
