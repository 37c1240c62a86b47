"""What changed, as phrases: heads, figures, passages, and what readers noted."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime

from diffs.model import Change, ChangeKind, ChangeType, Claim, Disclosure, Evidence, Note, Weight
from diffs.reports.document import Line, Strong, added, joined, line, struck
from diffs.reports.marking import marked, shortened
from diffs.reports.times import clock
from diffs.reports.wording import (
    COUNTED,
    UNNAMED,
    amount,
    figure,
    in_headline,
    openness,
    source,
    sources,
    title,
)

_LONG = 60
_WORDS_IN_A_TITLE = 8
_TELLING = (Disclosure.CORRECTION, Disclosure.EXPLAINED, Disclosure.SILENT)
_STAMPS = {"modified": "modification", "published": "publication"}
_HEADLINES = {"displayed": "as displayed", "og": "og:title", "json_ld": "JSON-LD", "title": "window title"}


def in_a_title(change: Change) -> str:
    """Return a change as the title of an entry names it: a headline by its old and new words, else what happened."""
    if change.kind is ChangeKind.HEADLINE and change.before is not None and change.after is not None:
        old, new = (
            shortened(side.text, tail=False, words=_WORDS_IN_A_TITLE).strip()
            for side in (change.before, change.after)
        )
        return f"headline: “{old}” → “{new}”"
    return title(change).lower()


def split_returns(changes: Sequence[Change]) -> tuple[list[Change], dict[str, list[Change]]]:
    """Part the changes that only say that another one of the step brought something back.

    Returns the others, and those by the id of the change that they speak of. A return of the whole text
    speaks of the whole step and is in neither.
    """
    plain = [change for change in changes if change.type is not ChangeType.REVERTED]
    if len(plain) == len(changes):
        return plain, {}
    made = {_content(change): change for change in reversed(plain)}
    returns: dict[str, list[Change]] = {}
    for back in changes:
        if back.type is not ChangeType.REVERTED or (back.before is None and back.after is None):
            continue
        if _content(back) in made:
            returns.setdefault(made[_content(back)].id, []).append(back)
        else:
            made[_content(back)] = back
            plain.append(back)
    return plain, returns


def _content(change: Change) -> Hashable:
    return change.kind, change.claim_before, change.claim_after, change.before, change.after


def figures_moved(changes: Iterable[Change]) -> list[Change]:
    """Return the casualty changes of a step, one for each figure.

    What changed about a figure besides its number (its source, scope or hedge) is a finding of its own, but
    the same change of the figure.
    """
    kept: dict[Hashable, Change] = {}
    for change in changes:
        if change.kind is ChangeKind.CASUALTY:
            kept.setdefault(figure_key(change), change)
    return list(kept.values())


def figure_key(change: Change) -> Hashable:
    """Return what two casualty changes of one figure share: the figure before and the figure after."""
    return _printed_key(change.claim_before), _printed_key(change.claim_after)


def _printed_key(claim: Claim | None) -> Hashable:
    return claim and (claim.kind, amount(claim), source(claim), claim.scope, claim.who)


def head_of(change: Change, returns: Sequence[Change] = ()) -> Line:
    """Return in a phrase what changed and how openly: `Casualty figure increased (silent): ... 12 → 15`."""
    remarks = [] if change.weight is Weight.SUBSTANTIVE else [change.weight.value]
    if change.disclosure in _TELLING:
        remarks.append(openness(change))
    remarks += [f"back to what {_version(back)} had" for back in returns]
    head = line(Strong(title(change)), f" ({', '.join(remarks)})" if remarks else "")
    claim = change.claim_after or change.claim_before
    if claim:
        who = f" ({claim.who})" if claim.who else ""
        head = line(head, f": {COUNTED[claim.kind]}{who}, {_source(change)}: ", step_of(change))
    detail = _version(change) if change.type is ChangeType.REVERTED else _places(change)
    return line(head, f"{', ' if claim else ': '}{detail}") if detail else head


def _version(change: Change) -> str:
    return f"version {change.reverts_to}"


def _places(change: Change) -> str:
    if change.kind is not ChangeKind.HEADLINE:
        return change.detail
    return ", ".join(_HEADLINES.get(place, place) for place in change.places)


def step_of(change: Change) -> Line:
    """Return a casualty change as `12 → 15`, or nothing for a change without claims."""
    old, new = change.claim_before, change.claim_after
    if old is None and new is None:
        return ()
    after = (Strong(figure(new)),) if new else "no longer given"
    return line(f"{figure(old) if old else 'not given'} → ", after)


def _source(change: Change) -> str:
    named = ", then ".join(_per(name) for name in sources(change))
    return named if not in_headline(change) else f"in the headline{f' {named}' if named != UNNAMED else ''}"


def _per(name: str) -> str:
    return name if name == UNNAMED else f"per “{name}”"


def context_of(change: Change, *, full: bool) -> Line:
    """Return the passage that shows a change, old words struck out and new ones marked."""
    old, new = (_printed(change, side) for side in (change.before, change.after))
    if change.type in (ChangeType.MOVED, ChangeType.LAYOUT) and not change.edits:
        return line(_fitted(new or old, full=full))
    if change.edits:
        return marked(change.edits, full=full)
    if change.kind is ChangeKind.CASUALTY and old == new:
        return line(_fitted(new, full=full))
    return joined([struck(_fitted(old, full=full)), added(_fitted(new, full=full))], " ")


def redated(change: Change) -> Line:
    """Return in a sentence that a date of the page came, went or moved."""
    old, new = (_printed(change, side) for side in (change.before, change.after))
    stamp = next(iter(change.places), "")
    name = f"{_STAMPS.get(stamp, stamp)} date"
    if not old:
        words = f"The page got a {name}, {new}."
    elif not new:
        words = f"The page lost its {name}, {old}."
    else:
        words = f"The page's {name} moved from {old} to {new}."
    return line(words)


def _printed(change: Change, side: Evidence | None) -> str:
    if side is None:
        return ""
    if change.kind is not ChangeKind.STAMP:
        return side.text
    try:
        return clock(datetime.fromisoformat(side.text))
    except ValueError:
        return side.text


def notes_on(finding: str, notes: Mapping[str, Sequence[Note]]) -> list[Line]:
    """Return what readers noted on the finding with this id, a line each."""
    return [
        line(
            f"{'Dismissed by a reader' if note.dismissed else 'Note'}, {clock(note.at)}"
            + (f": {note.text}" if note.text.strip() else ".")
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
