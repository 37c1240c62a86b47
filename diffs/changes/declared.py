"""Whether a publisher owned up to a change."""

import re
from collections.abc import Callable

from diffs.changes.figures import figures_in
from diffs.model import Article, BlockKind, Change, ChangeKind
from diffs.text import folded, words_in

_OWN = (ChangeKind.STAMP, ChangeKind.CORRECTION)


def declared_between(old: Article, new: Article) -> Callable[[Change], bool | None]:
    """Give the judge of two versions: was this change declared?

    True where a note that is new in the second version names what changed, or the publisher's modified
    stamp moved. False where the page carries a modified stamp that stood still, or a new note that names
    other things. None where the page has no way to tell, and for stamps and notes themselves.
    """
    before = {folded(note) for note in _notes(old)}
    notes = [note for note in _notes(new) if folded(note) not in before]
    stamped: bool | None = None
    if old.modified is not None and new.modified is not None:
        stamped = new.modified > old.modified

    def judge(change: Change) -> bool | None:
        if change.kind in _OWN:
            return None
        if any(_names(note, change) for note in notes):
            return True
        return stamped if stamped is not None or not notes else False

    return judge


def _notes(article: Article) -> list[str]:
    return [block.text for block in article.blocks if block.kind is BlockKind.CORRECTION]


def _names(note: str, change: Change) -> bool:
    """Say whether a note speaks of a change: its figures for a figure, else the words that differ."""
    if change.kind in (ChangeKind.CASUALTY, ChangeKind.FIGURE):
        keys = {figure.key for figure in figures_in(note)}
        return bool(keys & _figures(change))
    words = {folded(word.text) for word in words_in(note)}
    differing = [folded(word.text) for text in _differing(change) for word in words_in(text)]
    telling = [word for word in differing if len(word) > 3 or word[0].isdigit()]
    return bool(telling) and sum(word in words for word in telling) >= max(1, 0.5 * len(telling))


def _figures(change: Change) -> set[str]:
    claims = [claim for claim in (change.claim_before, change.claim_after) if claim is not None]
    numbers = {
        str(number)
        for claim in claims
        for number in (claim.value, claim.low, claim.high)
        if number is not None
    }
    details = re.split(r" → ", change.detail) if change.kind is ChangeKind.FIGURE else []
    return numbers | {figure.key for text in details for figure in figures_in(text)}


def _differing(change: Change) -> list[str]:
    if change.edits:
        return [edit.text for edit in change.edits if edit.op != "equal"]
    return [evidence.text for evidence in (change.before, change.after) if evidence is not None]
