"""Casualty changes between two versions: each source's figures, and what became of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from diffs.align import likeness
from diffs.changes.doubts import bound_moved, hedge_moved, retold, scope_moved, source_moved
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
_MOVES = (ChangeType.INCREASED, ChangeType.DECREASED)
_SAME_STORY = 0.6  # likeness below which a headline was written anew


@dataclass(slots=True)
class Finding:
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
    """Return whether the second only rounds the first down: "at least 52" and "over 50" can both hold."""
    if exact.qualifier is not Qualifier.AT_LEAST or round_.qualifier is not Qualifier.MORE_THAN:
        return False
    high, low = exact.value or 0, round_.value or 0
    return 0 < high - low <= 0.1 * high and low % 10 == 0


def manner_changes(old: Claim, new: Claim) -> Iterator[ChangeType]:
    """Yield what changed about a figure beside the figure: its source, scope, hedge or standing.

    What only one of two readings names counts only where its words really came or went.
    """
    if old.polarity is not new.polarity:
        yield ChangeType.DISPUTED
    elif bool(old.hedge) != bool(new.hedge) and hedge_moved(old, new):
        yield ChangeType.HEDGED
    if same_source(old, new) is not True and source_moved(old, new):
        yield ChangeType.REATTRIBUTED
    if old.scope is not new.scope and likely_same_people(old, new) >= 0.0 and scope_moved(old, new):
        yield ChangeType.RESCOPED


def findings_in(
    matches: Sequence[Match], unseen: tuple[Sequence[Claim], Sequence[Claim]] = ((), ())
) -> list[Finding]:
    """Return the casualty changes that the matches show, each once however often the text repeats it.

    Args:
        matches: What became of each claim.
        unseen: Claims of the old and of the new version that the other one, being partial, cannot show: what
            they repeat has not come or gone.
    """
    olds = [match.old for match in matches if match.old is not None] + list(unseen[0])
    news = [match.new for match in matches if match.new is not None] + list(unseen[1])
    retellings = retold(olds, news)
    findings: list[Finding] = []
    for match in matches:
        if match.old is None or match.new is None:
            continue
        again = id(match.old) in retellings or id(match.new) in retellings
        changed = None if again else number_change(match.old, match.new)
        if changed is not None:
            _add(findings, changed, match)
        for manner in manner_changes(match.old, match.new):
            _add(findings, manner, match)
        if (
            changed in (None, ChangeType.QUALIFIER)
            and match.in_place
            and not again
            and likely_same_people(match.old, match.new) <= -0.5
        ):
            _add(findings, ChangeType.ALTERED, match)
    for match in matches:
        if id(match.old) in retellings or id(match.new) in retellings:
            continue
        if match.new is None and match.old is not None and not _repeated(match.old, news, findings, match):
            _add(findings, ChangeType.REMOVED, match)
        if match.old is None and match.new is not None and not _repeated(match.new, olds, findings, match):
            _add(findings, ChangeType.ADDED, match)
    for finding in findings:
        finding.turned = finding.type in _MOVES and _turned(finding, olds, news)
    return findings


def _turned(finding: Finding, olds: Sequence[Claim], news: Sequence[Claim]) -> bool:
    old, new = finding.old, finding.new
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


def _repeated(claim: Claim, others: Sequence[Claim], findings: Sequence[Finding], match: Match) -> bool:
    """Return whether a claim without a counterpart only repeats a figure that the other version has too."""
    if any(same_count(claim, other) or _same_group(claim, other) for other in others):
        return True
    for finding in findings:
        held = finding.new if match.old is None else finding.old
        if finding.type in NUMBER_TYPES and held is not None and same_count(claim, held):
            finding.repeats.append(match)
            return True
    return False


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


def _add(findings: list[Finding], type_: ChangeType, match: Match) -> None:
    """Add a change, or count it as a repeat of one that says the same of the same figures."""
    for finding in findings:
        if finding.type is type_ and _same_change(finding, match, type_):
            finding.repeats.append(match)
            if _rank(match) < _rank(Match(finding.old, finding.new)):
                finding.old, finding.new, finding.repeats[-1] = (
                    match.old,
                    match.new,
                    Match(finding.old, finding.new),
                )
            return
    findings.append(Finding(type_, match.old, match.new))


def _same_change(finding: Finding, match: Match, type_: ChangeType) -> bool:
    if (finding.old is None, finding.new is None) != (match.old is None, match.new is None):
        return False
    sides = [(finding.old, match.old), (finding.new, match.new)]
    if type_ is ChangeType.REATTRIBUTED:
        return all(a is None or b is None or same_source(a, b) is True for a, b in sides)
    return all(a is None or b is None or same_count(a, b) for a, b in sides)


def _rank(match: Match) -> int:
    """Order places by how well they prove a figure: the body's own words before the headline's."""
    order = (Place.LEAD, Place.BODY, Place.STANDFIRST, Place.HEADLINE, Place.CAPTION, Place.CORRECTION)
    claim = match.new or match.old
    return order.index(claim.place) if claim is not None else len(order)


def casualty_change(versions: Versions, finding: Finding) -> Change:
    """Return a finding its evidence and id."""
    old, new = finding.old, finding.new
    alike = old is not None and new is not None and likeness(old.sentence, new.sentence) >= 0.3
    return Change(
        id=casualty_id(versions.address, finding.type, old, new),
        kind=ChangeKind.CASUALTY,
        type=finding.type,
        weight=Weight.SUBSTANTIVE,
        edits=edits_between(old.sentence, new.sentence)
        if alike and old is not None and new is not None
        else (),
        claim_before=old,
        claim_after=new,
        before=_evidence(versions.old, old),
        after=_evidence(versions.new, new),
        also_in=_elsewhere(finding),
        other_event=finding.turned,
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


def _elsewhere(finding: Finding) -> tuple[Place, ...]:
    """Return the other places of the text that show the same change."""
    leading = finding.new or finding.old
    claims = [match.new or match.old for match in finding.repeats]
    places = {claim.place for claim in claims if claim is not None}
    return tuple(
        place for place in Place if place in places and (leading is None or place is not leading.place)
    )
