"""How openly a publisher made a change."""

from collections.abc import Callable, Sequence

from diffs.changes.explanations import Arrival, explains, is_count, is_of_another_fate, replaces
from diffs.changes.weigh import fates_in
from diffs.claims import claims_in_text
from diffs.language.en import ENGLISH
from diffs.language.figures import figures_in
from diffs.model import (
    Article,
    BlockKind,
    Change,
    ChangeKind,
    ChangeType,
    Claim,
    ClaimKind,
    Disclosure,
    EditOp,
)
from diffs.text import folded, word_texts_in

_OWN = (ChangeKind.STAMP, ChangeKind.CORRECTION)
_COUNT = ENGLISH.pattern("explanations.count")
_TOLL = ENGLISH.pattern("explanations.toll")
_FALLEN = ENGLISH.pattern("explanations.fallen")
_SOLDIERS = ENGLISH.words("people.soldiers")
_USUAL = ENGLISH.words(
    "stop.function", "stop.content", "stop.quiet", "weighing.notes", "weighing.plain_speech"
)


def disclosure_between(
    old: Article, new: Article, arrivals: Sequence[Arrival] = (), claims: Sequence[Claim] = ()
) -> Callable[[Change], tuple[Disclosure, bool | None]]:
    """Return the judge of two versions: how open was this change, and did the modified date move?

    Args:
        old: The version before.
        new: The version after.
        arrivals: The words of the text that came in the step.
        claims: What the second version states.

    Returns:
        A function of a change. `correction` where a note that is new in the second version names what
        changed; `explained` where the text that came says how the figure moved; `new_date` where the
        modified stamp moved and no more; `silent` where the page carries a modified stamp that stood still,
        or a new note that names other things; `unknown` where the page has no way to say so, where a new note may
        speak of the change and does not name it or one that stands gives its numbers, for stamps and notes themselves, and for what only the layout
        moved. A stamp that went back (another template's, or a stale copy's) says nothing of either.
    """
    before = {folded(note) for note in _notes(old)}
    notes = [note for note in _notes(new) if folded(note) not in before]
    standing = [note for note in _notes(new) if folded(note) in before]
    dated: bool | None = None
    if old.modified is not None and new.modified is not None and new.modified >= old.modified:
        dated = new.modified > old.modified

    def judge(change: Change) -> tuple[Disclosure, bool | None]:
        if change.kind in _OWN or change.type is ChangeType.LAYOUT:
            return Disclosure.UNKNOWN, dated
        if any(_names(note, change) for note in notes):
            return Disclosure.CORRECTION, dated
        if any(explains(arrival, change, claims) for arrival in arrivals):
            return Disclosure.EXPLAINED, dated
        if dated:
            return Disclosure.NEW_DATE, dated
        if any(_may_name(note, change) for note in notes) or any(
            _tells_step(one, change) for one in standing
        ):
            return Disclosure.UNKNOWN, dated
        return (Disclosure.SILENT if notes or dated is False else Disclosure.UNKNOWN), dated

    return judge


def _notes(article: Article) -> list[str]:
    return [block.text for block in article.blocks if block.kind is BlockKind.CORRECTION]


def _names(note: str, change: Change) -> bool:
    """Return whether a note speaks of a change: its figures for a figure, else the words that differ."""
    if change.kind in (ChangeKind.CASUALTY, ChangeKind.FIGURE):
        old, new = _figures(change)
        moved_on = change.kind is ChangeKind.CASUALTY and replaces(note, old, new)
        return not moved_on and _names_figure(note, old, new) and _is_about(note, change)
    old, new = _edited(change)
    if old and new:
        return _names_figure(note, old, new) and not replaces(note, old, new)
    words = {folded(word) for word in word_texts_in(note)}
    differing = [folded(word) for text in _differing(change) for word in word_texts_in(text)]
    telling = [word for word in differing if len(word) > 3 or word[0].isdigit()]
    return bool(telling) and sum(word in words for word in telling) >= max(1, 0.5 * len(telling))


def _tells_step(note: str, change: Change) -> bool:
    """Return whether a note gives the number before and the number after of a change: another place follows what it corrected."""
    if change.kind not in (ChangeKind.CASUALTY, ChangeKind.FIGURE):
        return False
    keys = {figure.key for figure in figures_in(note) if is_count(note, figure)}
    return all(not keys.isdisjoint(side) for side in _figures(change)) and _is_about(note, change)


def _edited(change: Change) -> tuple[set[str], set[str]]:
    """Return the figures that left and came with the words of a change."""
    old, new = (
        {figure.key for edit in change.edits if edit.op is op for figure in figures_in(edit.text)}
        for op in (EditOp.DELETE, EditOp.INSERT)
    )
    return old, new


def _is_about(note: str, change: Change) -> bool:
    """Return whether a note that gives a figure's number speaks of the same thing: one number counts many things."""
    claim = change.claim_after or change.claim_before
    words = frozenset(word for word in _telling(note) if not _COUNT.fullmatch(word))
    printed = _telling(_printed(change))
    if claim is None:
        return (
            all(_figures_in_note(note, side) for side in _figures(change))
            or not words
            or bool(words & printed)
        )
    if change.type is ChangeType.REATTRIBUTED:
        sources = [
            one.attribution or "" for one in (change.claim_before, change.claim_after) if one is not None
        ]
        return not words.isdisjoint(_telling(sources[0]) ^ _telling(sources[-1]))
    if is_of_another_fate(note, claim.kind):
        return False
    return (
        _tells_fate(note, claim)
        or bool(fates_in(note))
        or _TOLL.search(folded(note)) is not None
        or not words
        or bool(words & printed)
    )


def _tells_fate(note: str, claim: Claim) -> bool:
    """Return whether a note tells a claim's fate in words that are one there ("15 did not survive, not 12", "15 soldiers fell")."""
    numbers = _numbers(claim)
    if claim.kind is ClaimKind.KILLED and any(
        folded(match["who"]) in _SOLDIERS for match in _FALLEN.finditer(folded(note))
    ):
        return True
    return any(
        one.kind is claim.kind and not numbers.isdisjoint(_numbers(one)) for one in claims_in_text(note)
    )


def _figures_in_note(note: str, keys: set[str]) -> bool:
    return not keys.isdisjoint(figure.key for figure in figures_in(note))


def _printed(change: Change) -> str:
    return " ".join(evidence.text for evidence in (change.before, change.after) if evidence is not None)


def _may_name(note: str, change: Change) -> bool:
    """Return whether a note may speak of a change without saying so.

    It corrects the number before to another than the number after; it gives no figure and speaks of a count, or in words of the sentence; or it gives the very figure without a word of
    what it counts.
    """
    if change.kind is ChangeKind.CASUALTY and _names_figure(note, *_figures(change)):
        claim = change.claim_after or change.claim_before
        return not fates_in(note) or (claim is not None and not is_of_another_fate(note, claim.kind))
    if replaces(note, *_edited(change)):
        return True  # another step of the figure that the words show
    if any(is_count(note, figure) for figure in figures_in(note)):
        return False
    if change.kind in (ChangeKind.CASUALTY, ChangeKind.FIGURE) and _COUNT.search(folded(note)):
        return True
    return not _telling(note).isdisjoint(_telling(_printed(change)))


def _telling(text: str) -> frozenset[str]:
    words = (folded(word).partition("'")[0] for word in word_texts_in(text))
    return frozenset(word for word in words if len(word) > 3 and word not in _USUAL)


def _names_figure(note: str, old: set[str], new: set[str]) -> bool:
    """Return whether a note speaks of a figure: the one that was wrong, or the right one and no other."""
    keys = {figure.key for figure in figures_in(note)}
    return bool(keys & old) or (bool(keys & new) and not (old and keys - new))


def _figures(change: Change) -> tuple[set[str], set[str]]:
    """Return the figures of a change before and after, as keys that compare."""
    terms = (change.terms_before, change.terms_after)
    claims = (change.claim_before, change.claim_after)
    old, new = (
        {figure.key for text in texts for figure in figures_in(text)} | _numbers(claim)
        for texts, claim in zip(terms, claims, strict=True)
    )
    return old, new


def _numbers(claim: Claim | None) -> set[str]:
    numbers = () if claim is None else (claim.value, claim.low, claim.high)
    return {str(number) for number in numbers if number is not None}


def _differing(change: Change) -> list[str]:
    if change.edits:
        return [edit.text for edit in change.edits if edit.op != "equal"]
    return [evidence.text for evidence in (change.before, change.after) if evidence is not None]
