"""Casualty changes between two versions: each source's figures, and what became of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from diffs.align import likeness
from diffs.changes.doubts import (
    bound_moved,
    counted_otherwise,
    hedge_moved,
    origin_moved,
    scope_moved,
    source_moved,
)
from diffs.changes.identity import claim_content, id_of
from diffs.changes.matching import Match, is_part, likely_same_people, number_of, same_number, same_source
from diffs.changes.passages import Versions
from diffs.edits import edits_between
from diffs.model import (
    Article,
    Change,
    ChangeKind,
    ChangeType,
    Claim,
    ClaimKind,
    Evidence,
    Place,
    Polarity,
    Qualifier,
    Weight,
)

NUMBER_TYPES = (
    ChangeType.INCREASED,
    ChangeType.DECREASED,
    ChangeType.QUALIFIER,
    ChangeType.SPECIFIED,
    ChangeType.UNSPECIFIED,
)
# Claims of one number, and changes of source, that are looked through: what bounds the work on a page made of
# nothing but claims (benchmarks/bench_growth.py, 2026-11-28).
_MOST_ALIKE = 200
_MOST_SOURCES = 200
_Number = tuple[ClaimKind, *tuple[int | str | None, ...]]
_COUNTED = (Qualifier.AT_LEAST, Qualifier.EXACT)
_VAGUER = (ChangeType.SPECIFIED, ChangeType.UNSPECIFIED)
_MOVES = (ChangeType.INCREASED, ChangeType.DECREASED)
_SAME_STORY = 0.6  # likeness below which a headline was rewritten


@dataclass(slots=True)
class Draft:
    """A casualty change before it has an id.

    Attributes:
        type: What happened.
        old: The claim before, or None.
        new: The claim after, or None.
        repeats: Further pairs of claims that say the same elsewhere in the text.
        turned: True where a rewritten headline took another number and the text of the other version
            gives the one it lacks: the headline may have turned to another event.
    """

    type: ChangeType
    old: Claim | None
    new: Claim | None
    repeats: list[Match] = field(default_factory=list)
    turned: bool = False

    @property
    def pairs(self) -> list[Match]:
        """Every pair of claims that shows this change, the leading one first."""
        return [Match(self.old, self.new), *self.repeats]


def number_change(old: Claim, new: Claim) -> ChangeType | None:
    """Return how the figure itself changed, or None where it is the same, however spelled."""
    vague = [claim.qualifier is Qualifier.VAGUE for claim in (old, new)]
    if vague[0] and not vague[1]:
        return ChangeType.SPECIFIED
    if vague[1] and not vague[0]:
        return ChangeType.UNSPECIFIED
    if same_number(old, new) or (old.value != new.value and number_of(old) == number_of(new)):
        same = old.qualifier is new.qualifier or not bound_moved(old, new)
        return None if same else ChangeType.QUALIFIER
    if _rounded(old, new) or _rounded(new, old):
        return ChangeType.QUALIFIER
    before, after = _bounds(old), _bounds(new)
    if before == after:
        return None
    return ChangeType.INCREASED if after > before else ChangeType.DECREASED


def _bounds(claim: Claim) -> tuple[int, int]:
    low = number_of(claim)
    low = (claim.high or 0) if low is None else low
    return low, low if claim.high is None else claim.high


def _rounded(exact: Claim, round_: Claim) -> bool:
    """Return whether the second only rounds the first down: "52" or "at least 52" and "over 50" can both hold."""
    if exact.qualifier not in _COUNTED or round_.qualifier is not Qualifier.MORE_THAN:
        return False
    high, low = exact.value or 0, round_.value or 0
    return 0 < high - low <= 0.1 * high and low % 10 == 0


def manner_changes(old: Claim, new: Claim) -> Iterator[ChangeType]:
    """Yield what changed about a figure besides its number: its source, scope, hedge or standing.

    What only one of two readings names counts only where its words really came or went.
    """
    if old.polarity is not new.polarity:
        yield ChangeType.DISPUTED
    elif bool(old.hedge) != bool(new.hedge) and hedge_moved(old, new):
        yield ChangeType.HEDGED
    if (same_source(old, new) is not True and source_moved(old, new)) or origin_moved(old, new):
        yield ChangeType.REATTRIBUTED
    if old.scope is not new.scope and likely_same_people(old, new) >= 0.0 and scope_moved(old, new):
        yield ChangeType.RESCOPED


def drafts_in(
    matches: Sequence[Match], unseen: tuple[Sequence[Claim], Sequence[Claim]] = ((), ())
) -> list[Draft]:
    """Return the casualty changes that the matches show, each once however often the text repeats it.

    Args:
        matches: What became of each claim.
        unseen: Claims of the old and of the new version that the other one, being partial, cannot show: what
            they repeat has not come or gone.
    """
    olds = [match.old for match in matches if match.old is not None] + list(unseen[0])
    news = [match.new for match in matches if match.new is not None] + list(unseen[1])
    otherwise = counted_otherwise(olds, news)
    found = _Drafts()
    for match in matches:
        if match.old is None or match.new is None:
            continue
        again = id(match.old) in otherwise or id(match.new) in otherwise
        changed = None if again else number_change(match.old, match.new)
        if changed in _VAGUER and _still_stands(match.old, match.new, (olds, news)):
            changed = None
        if changed is not None:
            found.add(changed, match)
        for manner in manner_changes(match.old, match.new):
            found.add(manner, match)
        if (
            changed in (None, ChangeType.QUALIFIER)
            and match.in_place
            and not again
            and likely_same_people(match.old, match.new) <= -0.5
        ):
            found.add(ChangeType.ALTERED, match)
    found.close_numbers()
    sides = (_by_number(olds), _by_number(news))
    for match in matches:
        if id(match.old) in otherwise or id(match.new) in otherwise:
            continue
        if match.new is None and match.old is not None and not found.repeats(match.old, sides[1], match):
            found.add(ChangeType.REMOVED, match)
        if match.old is None and match.new is not None and not found.repeats(match.new, sides[0], match):
            found.add(ChangeType.ADDED, match)
    for draft in found.all:
        draft.turned = draft.type in _MOVES and _turned(draft, olds, news)
    return found.all


def _still_stands(old: Claim, new: Claim, sides: tuple[Sequence[Claim], Sequence[Claim]]) -> bool:
    """Return whether the number that a vague amount replaced, or was replaced by, stands in both versions."""
    number, others = (new, sides[0]) if old.qualifier is Qualifier.VAGUE else (old, sides[1])
    return any(same_count(number, other) for other in others[:_MOST_ALIKE])


def _number(claim: Claim) -> _Number:
    """Return what two claims of one figure have in common (`same_number`), for looking them up."""
    if claim.value is not None:
        return claim.kind, claim.value
    return claim.kind, claim.low, claim.high, claim.qualifier


def _by_number(claims: Iterable[Claim]) -> Mapping[_Number, Sequence[Claim]]:
    found: defaultdict[_Number, list[Claim]] = defaultdict(list)
    for claim in claims:
        found[_number(claim)].append(claim)
    return found


class _Drafts:
    """The drafts of two versions, in order, found again by their figures."""

    def __init__(self) -> None:
        self.all: list[Draft] = []
        self.alike: defaultdict[tuple[ChangeType, _Number | None, _Number | None], list[Draft]] = defaultdict(
            list
        )
        self.moved: tuple[defaultdict[_Number, list[Draft]], ...] = (defaultdict(list), defaultdict(list))

    def add(self, type_: ChangeType, match: Match) -> None:
        """Add a change, or count it as a repeat of one that says the same of the same figures."""
        numbers = [None if claim is None else _number(claim) for claim in (match.old, match.new)]
        if type_ is ChangeType.REATTRIBUTED:
            numbers = [None, None]
        known = self.alike[type_, numbers[0], numbers[1]]
        for draft in known[:_MOST_SOURCES]:
            if _same_change(draft, match, type_):
                _repeat(draft, match)
                return
        draft = Draft(type_, match.old, match.new)
        self.all.append(draft)
        known.append(draft)

    def close_numbers(self) -> None:
        """Note which figures left and which arrived, once all matches are weighed."""
        for draft in self.all:
            if draft.type in NUMBER_TYPES:
                for claim, moved in zip((draft.old, draft.new), self.moved, strict=True):
                    if claim is not None:
                        moved[_number(claim)].append(draft)

    def repeats(self, claim: Claim, others: Mapping[_Number, Sequence[Claim]], match: Match) -> bool:
        """Return whether a claim without a counterpart only repeats a figure that the other version has too."""
        number = _number(claim)
        if any(
            same_count(claim, other) or _same_group(claim, other)
            for other in others.get(number, ())[:_MOST_ALIKE]
        ):
            return True
        side = 1 if match.old is None else 0
        for draft in self.moved[side].get(number, ())[:_MOST_ALIKE]:
            held = draft.new if side else draft.old
            if held is not None and same_count(claim, held):
                draft.repeats.append(match)
                return True
        return False


def _repeat(draft: Draft, match: Match) -> None:
    """Count a match as a repeat of a draft; the one whose place proves more leads."""
    draft.repeats.append(match)
    if _rank(match) < _rank(Match(draft.old, draft.new)):
        draft.old, draft.new, draft.repeats[-1] = (
            match.old,
            match.new,
            Match(draft.old, draft.new),
        )


def _turned(draft: Draft, olds: Sequence[Claim], news: Sequence[Claim]) -> bool:
    old, new = draft.old, draft.new
    if old is None or new is None or {old.place, new.place} != {Place.HEADLINE}:
        return False
    if likeness(old.sentence, new.sentence) >= _SAME_STORY:
        return False
    sides = [(old, news), (new, olds)]
    return any(
        other.place is not Place.HEADLINE and same_count(claim, other)
        for claim, others in sides
        for other in others
    )


def _same_group(one: Claim, other: Claim) -> bool:
    """Return whether two claims tell one figure of one named group, a part of the whole in one of them."""
    return (
        is_part(one) != is_part(other)
        and same_count(one, other, whole=False)
        and likely_same_people(one, other) > 0.6
    )


def same_count(one: Claim, other: Claim, *, whole: bool = True) -> bool:
    """Return whether two claims tell the same figure of the same people by the same source.

    Args:
        one: A claim.
        other: Another.
        whole: True where a part and a whole count as different.
    """
    return (
        one.kind is other.kind
        and same_number(one, other)
        and not (whole and is_part(one) != is_part(other))
        and (one.polarity is Polarity.DENIED) == (other.polarity is Polarity.DENIED)
        and same_source(one, other) is not False
        and likely_same_people(one, other) >= 0.0
    )


def _same_change(draft: Draft, match: Match, type_: ChangeType) -> bool:
    if (draft.old is None, draft.new is None) != (match.old is None, match.new is None):
        return False
    sides = [(draft.old, match.old), (draft.new, match.new)]
    if type_ is ChangeType.REATTRIBUTED:
        return all(a is None or b is None or same_source(a, b) is True for a, b in sides)
    return all(a is None or b is None or same_count(a, b) for a, b in sides)


def _rank(match: Match) -> int:
    """Order places by how well they prove a figure: the body's own words before the headline's."""
    order = (Place.LEAD, Place.BODY, Place.STANDFIRST, Place.HEADLINE, Place.CAPTION, Place.CORRECTION)
    claim = match.new or match.old
    return order.index(claim.place) if claim is not None else len(order)


def casualty_change(versions: Versions, draft: Draft) -> Change:
    """Return the change of a draft, with its evidence and id."""
    old, new = draft.old, draft.new
    alike = old is not None and new is not None and likeness(old.sentence, new.sentence) >= 0.3
    return Change(
        id=casualty_id(versions.address, draft.type, old, new),
        kind=ChangeKind.CASUALTY,
        type=draft.type,
        weight=Weight.SUBSTANTIVE,
        edits=edits_between(old.sentence, new.sentence)
        if alike and old is not None and new is not None
        else (),
        claim_before=old,
        claim_after=new,
        before=_evidence(versions.old, old),
        after=_evidence(versions.new, new),
        also_in=_elsewhere(draft),
        other_event=draft.turned,
    )


def casualty_id(address: str, type_: ChangeType, old: Claim | None, new: Claim | None) -> str:
    """Return the id of a casualty change; how the number itself moved is read from it and does not count."""
    counts = type_ in NUMBER_TYPES or type_ in (ChangeType.ADDED, ChangeType.REMOVED)
    aspect = "number" if counts else type_.value
    return id_of(address, ChangeKind.CASUALTY, aspect, claim_content(old), claim_content(new))


def _evidence(article: Article, claim: Claim | None) -> Evidence | None:
    if claim is None:
        return None
    place = claim.place.value if claim.block is None else article.blocks[claim.block].kind.value
    end = claim.offset + len(claim.sentence)
    return Evidence(place=place, block=claim.block, start=claim.offset, end=end, text=claim.sentence)


def _elsewhere(draft: Draft) -> tuple[Place, ...]:
    """Return the other places of the text that show the same change."""
    leading = draft.new or draft.old
    claims = [match.new or match.old for match in draft.repeats]
    places = {claim.place for claim in claims if claim is not None}
    return tuple(
        place for place in Place if place in places and (leading is None or place is not leading.place)
    )
