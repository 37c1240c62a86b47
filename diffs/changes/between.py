"""Two versions of an article compared: typed, weighed changes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from diffs.align import Pair, aligned, pair_of, sentences_of
from diffs.changes.casualty import casualty_change, drafts_in
from diffs.changes.coverage import covering
from diffs.changes.declarations import declared_along
from diffs.changes.design import Design
from diffs.changes.disclosure import disclosure_between
from diffs.changes.explanations import arrivals_in
from diffs.changes.identity import address_of, id_of, numbered
from diffs.changes.matching import Ground, Match, matches_between
from diffs.changes.page import page_changes, standing_fronts
from diffs.changes.passages import Standing, Versions, as_layout, runs_in, text_changes
from diffs.changes.quotations import quote_changes
from diffs.changes.reach import Reach, reach_of
from diffs.changes.readings import claims_of
from diffs.changes.sentences import attribution_changes, figure_changes
from diffs.changes.standing import pages_of
from diffs.changes.visible import Visible
from diffs.changes.weigh import canonical, names_in
from diffs.language.figures import figures_in
from diffs.model import Article, BlockKind, Change, ChangeKind, ChangeType, Claim, Place, Qualifier, Weight
from diffs.text import folded

_BODY = frozenset(BlockKind) - {BlockKind.CAPTION, BlockKind.CORRECTION}
_REGIONS = (_BODY, frozenset({BlockKind.CAPTION}), frozenset({BlockKind.CORRECTION}))
_WEIGHTS = tuple(Weight)
_KINDS = (
    ChangeKind.CASUALTY,
    ChangeKind.HEADLINE,
    ChangeKind.STANDFIRST,
    ChangeKind.CORRECTION,
    ChangeKind.FIGURE,
    ChangeKind.QUOTE,
    ChangeKind.ATTRIBUTION,
    ChangeKind.TEXT,
    ChangeKind.BYLINE,
    ChangeKind.STAMP,
)


def changes_between(old: Article, new: Article) -> tuple[Change, ...]:
    """Compare two versions of an article.

    A finer change (a casualty, figure, quotation or source) and the edit of the sentence it stands in are
    both given; the edit's `told_by` then names the finer changes, where they tell all it tells. Figures
    that a text repeats are one change; its `also_in` names the other places.

    Args:
        old: The version before.
        new: The version after.

    Returns:
        Every change, substantive ones first, then by kind and by place. None where either version is
        suspect: what a broken reading lacks is no evidence. Where a version is partial, nothing has come or
        gone behind its end. Characters that leave no ink and the way letters are composed make
        no difference; the evidence keeps them.

    Example:
        >>> old = Article.from_text("Bus falls into ravine", "The crash killed 12 people, police said.")
        >>> new = Article.from_text("Bus falls into ravine", "The crash killed 15 people, police said.")
        >>> change, *_ = changes_between(old, new)
        >>> change.kind.value, change.type.value, change.claim_before.value, change.claim_after.value
        ('casualty', 'increased', 12, 15)
    """
    if old.suspect or new.suspect or old == new:
        return ()
    sides = (Visible(old), Visible(new))
    found = _compared(sides[0].article, sides[1].article)
    if all(side.same for side in sides):
        return found
    found = found or tuple(_unseen(old, new))
    return tuple(
        replace(
            change,
            before=sides[0].evidence(change.before),
            after=sides[1].evidence(change.after),
            claim_before=sides[0].claim(change.claim_before),
            claim_after=sides[1].claim(change.claim_after),
        )
        for change in found
    )


def _unseen(old: Article, new: Article) -> Iterator[Change]:
    """Yield a cosmetic change where two versions differ in characters that leave no ink."""
    texts = [[article.headline or "", *(block.text for block in article.blocks)] for article in (old, new)]
    if texts[0] != texts[1]:
        address = address_of(new)
        yield Change(
            id=id_of(
                address, ChangeKind.TEXT, ChangeType.EDITED, "unseen", *("\n".join(side) for side in texts)
            ),
            kind=ChangeKind.TEXT,
            type=ChangeType.EDITED,
            weight=Weight.COSMETIC,
        )


def _compared(old: Article, new: Article) -> tuple[Change, ...]:
    """Compare two versions whose texts are as they are seen."""
    regions = [aligned(sentences_of(old, kinds), sentences_of(new, kinds)) for kinds in _REGIONS]
    versions = Versions(
        old,
        new,
        address_of(new),
        names_in(old) | names_in(new),
        pages_of(old, new),
        Design(old, new, (pair for region in regions for pair in region)),
    )
    reach = reach_of(old, new, regions[0])
    pairs = tuple(
        part
        for region in regions
        for pair in reach.pairs(region)
        for part in ((pair,) if pair.worded_alike else _parted(versions, pair))
    )
    stated = _claims(old), _claims(new)
    passages = _Passages(versions, pairs, reach, stated)
    found = [*passages.casualties(), *page_changes(versions)]
    found += passages.note_quotes(quote_changes(versions, reach))
    found += passages.wording()
    found += _divided(versions, found)
    judge = disclosure_between(old, new, arrivals_in(pairs, stated[1]), stated[1])
    changes = []
    for change in numbered(found):
        disclosure, dated = judge(change)
        known = (change.disclosure, change.dated) == (disclosure, dated)
        changes.append(change if known else replace(change, disclosure=disclosure, dated=dated))
    return tuple(sorted(declared_along(changes, stated[1]), key=_rank))


def _figures(text: str) -> list[str]:
    return sorted(figure.key for figure in figures_in(text))


def _parted(versions: Versions, pair: Pair) -> Iterator[Pair]:
    """Yield a pair; its two sides apart where neither was edited.

    Each still stands on the page of the other, or one of them in a box of another design.
    """
    if versions.design.parts(pair) or (
        pair.old
        and pair.new
        and folded(pair.old_text) != folded(pair.new_text)
        and _figures(pair.old_text) == _figures(pair.new_text)
        and versions.pages[1].shows(pair.old_text)
        and versions.pages[0].shows(pair.new_text)
    ):
        yield pair_of(pair.old, ())
        yield pair_of((), pair.new)
    else:
        yield pair


def changes_beyond(whole: Article, partial: Article, new: Article) -> tuple[Change, ...]:
    """Return what changed behind the end of a partial version that stood between two others.

    Neither the step to the partial version nor the step from it can show it.

    Args:
        whole: The last version before the partial one that is whole.
        partial: The partial version.
        new: The version after it.
    """
    if whole.suspect or new.suspect:
        return ()
    ends = [
        reach_of(*sides, tuple(aligned(*(sentences_of(article, _BODY) for article in sides))))
        for sides in ((whole, partial), (partial, new))
    ]
    reach = Reach(ends[0].old, ends[1].new)
    return tuple(change for change in changes_between(whole, new) if reach.drops(change))


class _Passages:
    """The aligned passages of two versions and the finer changes found in each."""

    def __init__(
        self,
        versions: Versions,
        pairs: Sequence[Pair],
        reach: Reach,
        stated: tuple[Sequence[Claim], Sequence[Claim]],
    ) -> None:
        self.versions = versions
        self.reach = reach
        self.stated = stated
        self.pairs = pairs
        self.runs = runs_in(versions, pairs)
        self.standing = Standing(self.runs, standing_fronts(versions))
        texts = [(pair.old_text, pair.new_text) for pair in pairs]
        texts.append((versions.old.headline or "", versions.new.headline or ""))
        texts.append((versions.old.standfirst or "", versions.new.standfirst or ""))
        self.grounds = (Ground(pairs, texts, old=True), Ground(pairs, texts, old=False))
        self.finer: defaultdict[int, list[Change]] = defaultdict(list)
        self.numbers: tuple[defaultdict[int, set[int]], ...] = (defaultdict(set), defaultdict(set))

    def casualties(self) -> Iterator[Change]:
        """Yield the casualty changes, remembering the passages they stand in."""
        (old, old_unseen), (new, new_unseen) = (
            self.reach.split(side, claims) for side, claims in enumerate(self.stated)
        )
        for side, claims in enumerate((old, new)):
            for claim in claims:
                self._note_number(side, claim)
        spots = [tuple(ground.spots(claims)) for ground, claims in zip(self.grounds, (old, new), strict=True)]
        for draft in drafts_in(matches_between(old, new, *spots), (old_unseen, new_unseen)):
            if all(self._is_same(match) for match in draft.pairs):
                continue
            change = casualty_change(self.versions, draft)
            stated = change.claim_before is not None and change.claim_after is not None
            # A figure that reads otherwise now has moved, whatever else both pages still show.
            if not stated and self.standing.hold((match.old, match.new) for match in draft.pairs):
                change = as_layout(self.versions, change, Weight.MINOR)
            for match in draft.pairs:
                self._note(change, match.old, match.new)
            yield change

    def _is_same(self, match: Match) -> bool:
        """Return whether the claims of a match stand in passages that differ in typography only: the readings differ."""
        for ground, claim in zip(self.grounds, (match.old, match.new), strict=True):
            found = None if claim is None else ground.locate(claim)
            if claim is not None:
                old, new = ("", "") if found is None else ground.texts[found[0]]
                if not old or not new or canonical(old) != canonical(new):
                    return False
        return True

    def _note_number(self, side: int, claim: Claim) -> None:
        found = self.grounds[side].locate(claim)
        if found is not None and claim.explicit:
            ends = {found[1], *(found[1] + figure.start for figure in figures_in(claim.number_text or ""))}
            self.numbers[side][found[0]] |= ends

    def _note(self, change: Change, *claims: Claim | None) -> None:
        for ground, claim in zip(self.grounds, claims, strict=True):
            found = None if claim is None else ground.locate(claim)
            if found is not None and change not in self.finer[found[0]]:
                self.finer[found[0]].append(change)

    def note_quotes(self, changes: Iterable[Change]) -> Iterator[Change]:
        """Pass quotation changes on, remembering the passages they stand in."""
        for one in changes:
            change = one
            if self.standing.hold_quote(one):
                change = as_layout(self.versions, one, Weight.COSMETIC)
            sides = zip(self.grounds, (change.before, change.after), strict=True)
            for number in {
                number for ground, where in sides if where is not None for number in ground.touching(where)
            }:
                self.finer[number].append(change)
            yield change

    def wording(self) -> Iterator[Change]:
        """Yield the changes of wording, each after the finer changes of its passage."""
        numbers = {id(pair): number for number, pair in enumerate(self.pairs)}
        for change, run in text_changes(self.versions, self.runs):
            if change.type is not ChangeType.EDITED or change.kind is not ChangeKind.TEXT:
                yield change
                continue
            pair = run.pairs[0]
            number = numbers[id(pair)]
            finer = [*self.finer[number], *self._within(number, pair, change)]
            yield from finer[len(self.finer[number]) :]
            yield replace(change, told_by=covering(pair, finer) if finer else ())

    def _within(self, number: int, pair: Pair, change: Change) -> Iterator[Change]:
        if change.weight is Weight.COSMETIC:
            return
        taken = (self.numbers[0][number], self.numbers[1][number])
        yield from figure_changes(self.versions, pair, taken)
        casualties = [finer for finer in self.finer[number] if finer.kind is ChangeKind.CASUALTY]
        known = {finer.type for finer in casualties}
        claims = [claim for finer in casualties for claim in (finer.claim_before, finer.claim_after) if claim]
        if any(claim.qualifier is Qualifier.ZERO for claim in claims):
            known.add(ChangeType.DISPUTED)
        if len({bool(claim.hedge) for claim in claims}) > 1:
            known.add(ChangeType.HEDGED)
        yield from attribution_changes(self.versions, pair, known=known)


def _claims(article: Article) -> tuple[Claim, ...]:
    """Return the claims an article makes; what a correction note quotes belongs to the correction."""
    return tuple(claim for claim in claims_of(article) if claim.place is not Place.CORRECTION)


def _divided(versions: Versions, found: Iterable[Change]) -> Iterator[Change]:
    """Yield a cosmetic change where only the division into blocks differs."""
    blocks = [
        [(block.kind, block.text) for block in article.blocks] for article in (versions.old, versions.new)
    ]
    worded = any(change.kind in (ChangeKind.TEXT, ChangeKind.CORRECTION) for change in found)
    whole = not (versions.old.partial or versions.new.partial)
    if blocks[0] != blocks[1] and not worded and whole:
        texts = ["\n".join(f"{kind.value} {text}" for kind, text in side) for side in blocks]
        yield Change(
            id=id_of(versions.address, ChangeKind.TEXT, ChangeType.EDITED, "division", *texts),
            kind=ChangeKind.TEXT,
            type=ChangeType.EDITED,
            weight=Weight.COSMETIC,
            divided=True,
        )


def _rank(change: Change) -> tuple[int, int, int, int]:
    where = change.after or change.before
    block = -1 if where is None or where.block is None else where.block
    return (
        _WEIGHTS.index(change.weight),
        _KINDS.index(change.kind),
        block,
        0 if where is None else where.start,
    )
