"""Whether a publisher owned up to a change."""

from collections.abc import Callable

from diffs.changes.figures import figures_in
from diffs.model import Article, BlockKind, Change, ChangeKind, Claim, DeclaredBy, EditOp
from diffs.text import folded, words_in

_OWN = (ChangeKind.STAMP, ChangeKind.CORRECTION)


def declared_between(old: Article, new: Article) -> Callable[[Change], tuple[bool | None, DeclaredBy | None]]:
    """Return the judge of two versions: was this change declared, and how?

    True where a note that is new in the second version names what changed, or the publisher's modified
    stamp moved. False where the page carries a modified stamp that stood still, or a new note that names
    other things. None where the page has no way to tell, and for stamps and notes themselves.
    """
    before = {folded(note) for note in _notes(old)}
    notes = [note for note in _notes(new) if folded(note) not in before]
    stamped: bool | None = None
    if old.modified is not None and new.modified is not None:
        stamped = new.modified > old.modified

    def judge(change: Change) -> tuple[bool | None, DeclaredBy | None]:
        if change.kind in _OWN:
            return None, None
        if any(_names(note, change) for note in notes):
            return True, DeclaredBy.NOTE
        if stamped:
            return True, DeclaredBy.STAMP
        return (False if notes else stamped), None

    return judge


def _notes(article: Article) -> list[str]:
    return [block.text for block in article.blocks if block.kind is BlockKind.CORRECTION]


def _names(note: str, change: Change) -> bool:
    """Return whether a note speaks of a change: its figures for a figure, else the words that differ."""
    if change.kind in (ChangeKind.CASUALTY, ChangeKind.FIGURE):
        return _names_figure(note, *_figures(change))
    old, new = (
        {figure.key for edit in change.edits if edit.op is op for figure in figures_in(edit.text)}
        for op in (EditOp.DELETE, EditOp.INSERT)
    )
    if old and new:
        return _names_figure(note, old, new)
    words = {folded(word.text) for word in words_in(note)}
    differing = [folded(word.text) for text in _differing(change) for word in words_in(text)]
    telling = [word for word in differing if len(word) > 3 or word[0].isdigit()]
    return bool(telling) and sum(word in words for word in telling) >= max(1, 0.5 * len(telling))


def _names_figure(note: str, old: set[str], new: set[str]) -> bool:
    """Return whether a note speaks of a figure: the one that was wrong, or the right one and no other."""
    keys = {figure.key for figure in figures_in(note)}
    return bool(keys & old) or (bool(keys & new) and not (old and keys - new))


def _figures(change: Change) -> tuple[set[str], set[str]]:
    """Return the figures of a change before and after, as keys that compare."""
    details = change.detail.split(" → ") if change.kind is ChangeKind.FIGURE else ["", ""]
    claims = (change.claim_before, change.claim_after)
    old, new = (
        {figure.key for figure in figures_in(text)} | _numbers(claim)
        for text, claim in zip(details, claims, strict=True)
    )
    return old, new


def _numbers(claim: Claim | None) -> set[str]:
    numbers = () if claim is None else (claim.value, claim.low, claim.high)
    return {str(number) for number in numbers if number is not None}


def _differing(change: Change) -> list[str]:
    if change.edits:
        return [edit.text for edit in change.edits if edit.op != "equal"]
    return [evidence.text for evidence in (change.before, change.after) if evidence is not None]
