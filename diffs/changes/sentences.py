"""Changes inside an edited sentence that readers look for: figures other than casualties, sources, hedges."""

from collections import Counter
from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet

from diffs.align import Pair, likeness
from diffs.changes.doubts import stands_in
from diffs.changes.identity import id_of
from diffs.changes.passages import Versions, evidence_of
from diffs.changes.quotes import named_sources
from diffs.changes.sources import same_name
from diffs.changes.weigh import HEDGES, NEGATIONS, counted, stems, vocabulary
from diffs.edits import edits_between
from diffs.language.en import ENGLISH
from diffs.language.en import single as en
from diffs.language.figures import Figure
from diffs.model import Change, ChangeKind, ChangeType, Edit, EditOp, Weight
from diffs.text import folded

_BOUNDS = ENGLISH.words("figures.softeners")
_SCALED = ENGLISH.pattern("figures.scaled")
_NAME_BEFORE = ENGLISH.pattern("figures.name_before")
_PRONOUNS = ENGLISH.words("pronouns.before_numbers")
_ANOTHER = ENGLISH.words("figures.another")
_REWORDED = 0.75  # likeness below which a "not" that came in came with a new clause


def figure_changes(
    versions: Versions, pair: Pair, taken: tuple[AbstractSet[int], AbstractSet[int]]
) -> Iterator[Change]:
    """Yield the figures of an edited passage that changed.

    Args:
        versions: The two versions.
        pair: The passage.
        taken: Offsets in its old and its new text at which casualty claims have their numbers: those are
            casualty changes.
    """
    edits = edits_between(pair.old_text, pair.new_text)
    gone, come = _moved_figures(pair, edits, taken)
    for old, new in _paired(gone, come):
        if (old is None and new and _names_a_thing(pair.new_text, new)) or (
            new is None and old and _names_a_thing(pair.old_text, old)
        ):
            continue
        yield _figure_change(versions, pair, edits, old, new)


def _moved_figures(
    pair: Pair, edits: tuple[Edit, ...], taken: tuple[AbstractSet[int], AbstractSet[int]]
) -> tuple[list[tuple[int, Figure]], list[tuple[int, Figure]]]:
    """Return the figures that left and that arrived, each with the place of difference it stands at."""
    sides = []
    for text, mine, used in (
        (pair.old_text, EditOp.DELETE, taken[0]),
        (pair.new_text, EditOp.INSERT, taken[1]),
    ):
        regions = _regions(edits, mine)
        sides.append([(regions.get(f.start, -1), f) for f in counted(text) if _tells(f, used)])
    keys = [Counter(f.key for f in counted(text)) for text in (pair.old_text, pair.new_text)]
    common = keys[0] & keys[1]
    left = []
    for side in sides:
        held = common.copy()
        rest = []
        for region, figure in side:
            if held[figure.key] > 0:
                held[figure.key] -= 1
            else:
                rest.append((region, figure))
        left.append(rest)
    return left[0], left[1]


def _tells(figure: Figure, used: AbstractSet[int]) -> bool:
    """Return whether a figure is worth a change of its own: no casualty's number and no mere "another"."""
    return figure.key not in _ANOTHER and used.isdisjoint(range(figure.start, figure.end))


def _names_a_thing(text: str, figure: Figure) -> bool:
    """Return whether a figure is part of a name ("KN-23", "Interstate 495") or a "couple" of two people.

    One that another replaces is a change all the same; one that comes or goes with its name is not.
    """
    if figure.key == en.COUPLE:
        following = text[figure.end : figure.end + 12].casefold()
        return _SCALED.match(following) is None
    return _NAME_BEFORE.search(text[max(0, figure.start - 20) : figure.start]) is not None


def _regions(edits: tuple[Edit, ...], mine: EditOp) -> dict[int, int]:
    """Give, for each offset of one side that differs, the number of the place of difference."""
    regions: dict[int, int] = {}
    at = number = 0
    for edit in edits:
        if edit.op is EditOp.EQUAL:
            number += 1
            at += len(edit.text)
        elif edit.op is mine:
            regions.update((at + k, number) for k in range(len(edit.text)))
            at += len(edit.text)
    return regions


def _paired(
    gone: list[tuple[int, Figure]], come: list[tuple[int, Figure]]
) -> Iterator[tuple[Figure | None, Figure | None]]:
    """Pair figures that replaced each other; the rest came or went."""
    rest = list(come)
    for region, old in gone:
        partner = next((item for item in rest if item[0] == region), None)
        if partner is None:
            yield old, None
        else:
            rest.remove(partner)
            yield old, partner[1]
    for _, new in rest:
        yield None, new


def _figure_change(
    versions: Versions, pair: Pair, edits: tuple[Edit, ...], old: Figure | None, new: Figure | None
) -> Change:
    type_ = _figure_type(old, new)
    texts = tuple(None if figure is None else figure.text for figure in (old, new))
    return Change(
        id=id_of(versions.address, ChangeKind.FIGURE, "number", *texts, pair.old_text, pair.new_text),
        kind=ChangeKind.FIGURE,
        type=type_,
        weight=Weight.SUBSTANTIVE,
        edits=edits,
        before=evidence_of(versions.old, pair.old),
        after=evidence_of(versions.new, pair.new),
        terms_before=() if old is None else (old.text,),
        terms_after=() if new is None else (new.text,),
    )


def _figure_type(old: Figure | None, new: Figure | None) -> ChangeType:
    if old is None:
        return ChangeType.ADDED
    if new is None:
        return ChangeType.REMOVED
    units = [figure.key.strip("0123456789.") for figure in (old, new)]
    if old.amount is None or new.amount is None or units[0] != units[1] or old.amount == new.amount:
        return ChangeType.EDITED
    return ChangeType.INCREASED if new.amount > old.amount else ChangeType.DECREASED


def attribution_changes(versions: Versions, pair: Pair, *, known: Collection[ChangeType]) -> Iterator[Change]:
    """Yield the sources, hedges and denials that came to or went from an edited passage.

    Args:
        versions: The two versions.
        pair: The passage.
        known: The types of the casualty changes of the same passage, which need no second change.
    """
    old, new = pair.old_text, pair.new_text
    if ChangeType.REATTRIBUTED not in known:
        yield from _source_change(versions, pair)
    hedges = [vocabulary(text, HEDGES - _BOUNDS) for text in (old, new)]
    if stems(hedges[0]) != stems(hedges[1]) and ChangeType.HEDGED not in known:
        yield _manner(versions, pair, ChangeType.HEDGED, hedges)
    negations = [vocabulary(text, NEGATIONS - {en.WITHOUT}) for text in (old, new)]
    if negations[0] != negations[1] and ChangeType.DISPUTED not in known and likeness(old, new) >= _REWORDED:
        yield _manner(versions, pair, ChangeType.DISPUTED, negations)


def _source_change(versions: Versions, pair: Pair) -> Iterator[Change]:
    old, new = named_sources(pair.old_text), named_sources(pair.new_text)
    gone = [source for source in old if not any(same_name(source, other) for other in new)]
    come = [source for source in new if not any(same_name(source, other) for other in old)]
    if gone and come:
        gone = [source for source in gone if _tells_apart(source, come)]
        come = [source for source in come if _tells_apart(source, gone)]
        if gone and come:
            yield _attribution(versions, pair, ChangeType.REATTRIBUTED, gone, come)
    elif gone and not any(_mentions(pair.new_text, source) for source in gone):
        yield _attribution(versions, pair, ChangeType.REMOVED, gone, come)
    elif come and not any(_mentions(pair.old_text, source) for source in come):
        yield _attribution(versions, pair, ChangeType.ADDED, gone, come)


def _tells_apart(source: str, others: Collection[str]) -> bool:
    """Return whether a source is no pronoun, nor one of the others in fewer or more words."""
    return folded(source) not in _PRONOUNS and not any(
        stands_in(source, other) or stands_in(other, source) for other in others
    )


def _mentions(text: str, source: str) -> bool:
    return folded(source) in _PRONOUNS or folded(source) in folded(text)


def _manner(versions: Versions, pair: Pair, type_: ChangeType, words: list[Counter[str]]) -> Change:
    gone, come = list(words[0] - words[1]), list(words[1] - words[0])
    return _attribution(versions, pair, type_, gone, come)


def _attribution(
    versions: Versions, pair: Pair, type_: ChangeType, gone: list[str], come: list[str]
) -> Change:
    aspect = type_.value if type_ in (ChangeType.HEDGED, ChangeType.DISPUTED) else "source"
    return Change(
        id=id_of(versions.address, ChangeKind.ATTRIBUTION, aspect, pair.old_text, pair.new_text),
        kind=ChangeKind.ATTRIBUTION,
        type=type_,
        weight=Weight.SUBSTANTIVE,
        edits=edits_between(pair.old_text, pair.new_text),
        before=evidence_of(versions.old, pair.old),
        after=evidence_of(versions.new, pair.new),
        terms_before=tuple(gone),
        terms_after=tuple(come),
    )
