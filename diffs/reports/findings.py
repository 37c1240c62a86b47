"""The changes of one step as a reader meets them: what changed, in which sentence, and how openly."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from diffs.model import Change, ChangeKind, ChangeType, Edit, Evidence, Note, Weight
from diffs.reports.marking import deleted, inserted, marked, shortened
from diffs.reports.safe import Markdown, markdown_code, markdown_text
from diffs.reports.wording import UNNAMED, counted, figure, openness, sources, title, when

_LONG = 60
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
        return Markdown(f"{'; '.join(self.heads)}. {self.mark} {' '.join(self.codes)}")


def findings_in(
    changes: Sequence[Change], notes: Mapping[str, Sequence[Note]], mark: Markdown, *, full: bool
) -> list[Finding]:
    """Give the findings of one step: a sentence's finer changes stand together over that sentence.

    A return to an older figure or headline stands with the change that made it.

    Args:
        changes: The step's changes that are to be shown.
        notes: Notes by change id.
        mark: The footnote mark of the step's two captures.
        full: Keep long texts whole.
    """
    plain, returns = split_returns(changes)
    known = {change.id: change for change in plain}
    told = {finer for change in plain for finer in change.told_by}
    findings: list[Finding] = []
    for change in plain:
        tellers = [known[finer] for finer in change.told_by if finer in known]
        if not tellers and change.id in told:
            continue
        noted = [*tellers, change, *(back for one in (*tellers, change) for back in returns.get(one.id, ()))]
        finding = Finding(
            heads=tuple(head_of(one, returns.get(one.id, ())) for one in tellers or [change]),
            mark=mark,
            codes=tuple(markdown_code(one.id) for one in noted if one is not change or not tellers),
            context=tuple(context_of(change, full=full)),
            notes=tuple(line for one in noted for line in notes_on(one.id, notes)),
        )
        twin = next((one for one in findings if finding.context and one.context == finding.context), None)
        if twin is None:
            findings.append(finding)
        else:
            findings[findings.index(twin)] = _together(
                twin, finding, only_context=change.kind is ChangeKind.TEXT
            )
    return findings


def _together(one: Finding, other: Finding, *, only_context: bool) -> Finding:
    return Finding(
        heads=one.heads if only_context else tuple(dict.fromkeys((*one.heads, *other.heads))),
        mark=one.mark,
        codes=tuple(dict.fromkeys((*one.codes, *other.codes))),
        context=one.context,
        notes=tuple(dict.fromkeys((*one.notes, *other.notes))),
    )


def split_returns(changes: Sequence[Change]) -> tuple[list[Change], dict[str, list[Change]]]:
    """Part the changes that only say that another one of the step brought something back.

    Gives the others, and those by the id of the change that they speak of. A return of the whole text
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


def _same_step(change: Change, back: Change) -> bool:
    claims = (change.claim_before, change.claim_after) == (back.claim_before, back.claim_after)
    return change.kind is back.kind and claims and (change.before, change.after) == (back.before, back.after)


def head_of(change: Change, returns: Sequence[Change] = ()) -> Markdown:
    """Say in a phrase what changed and how openly: `**Casualty figure increased** (silent): ... 12 → 15`."""
    remarks = []
    if change.weight is not Weight.SUBSTANTIVE:
        remarks.append(change.weight.value)
    if change.declared is not None:
        remarks.append(openness(change))
    remarks += [f"back to what {_version(back)} had" for back in returns]
    head = f"**{title(change)}**" + (f" ({', '.join(remarks)})" if remarks else "")
    claim = change.claim_after or change.claim_before
    if claim:
        head += f": {markdown_text(counted(claim))}, {markdown_text(_source(change))}: {step_of(change)}"
    detail = _version(change) if change.type is ChangeType.REVERTED else _places(change)
    if detail:
        head += f"{', ' if claim else ': '}{markdown_text(detail)}"
    return Markdown(head)


def _version(change: Change) -> str:
    return change.detail.replace("revision", "version")


def _places(change: Change) -> str:
    if change.kind is not ChangeKind.HEADLINE:
        return change.detail
    return ", ".join(_HEADLINES.get(part, part) for part in change.detail.split(", "))


def step_of(change: Change) -> Markdown:
    """Give a casualty change as `12 → 15`, or nothing for a change without claims."""
    old, new = change.claim_before, change.claim_after
    if old is None and new is None:
        return Markdown("")
    before = markdown_text(figure(old)) if old else "not given"
    after = inserted(figure(new)) if new else "no longer given"
    return Markdown(f"{before} → {after}")


def _source(change: Change) -> str:
    return ", then ".join(_per(name) for name in sources(change))


def _per(name: str) -> str:
    return name if name == UNNAMED else f"per “{name}”"


def context_of(change: Change, *, full: bool) -> list[Markdown]:
    """Give the passage that shows a change, old words struck out and new ones strong."""
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
    """Give what readers noted on the finding with this id, a line each."""
    return [
        Markdown(
            f"{'Dismissed by a reader' if note.dismissed else 'Note'}, {when(note.at)}: {markdown_text(note.text)}"
        )
        for note in notes.get(finding, ())
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
