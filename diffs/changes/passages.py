"""Changes of the body's wording: passages added, removed, edited or moved."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from itertools import groupby
from operator import attrgetter, itemgetter

from diffs.align import Pair, Sentence
from diffs.changes.design import Design
from diffs.changes.identity import id_of
from diffs.changes.quotes import quotes_in
from diffs.changes.readings import claims_of
from diffs.changes.standing import Page, is_label
from diffs.changes.weigh import Touch, canonical, touches_between, weight_between
from diffs.edits import edits_between
from diffs.language.en import ENGLISH
from diffs.language.figures import figures_in
from diffs.language.labels import states_gravely
from diffs.model import Article, BlockKind, Change, ChangeKind, ChangeType, Claim, Evidence, Place, Weight
from diffs.text import folded, sentences_in

_PULLED = 5  # words of a quotation that a design sets apart (made-up pages of 31 designs, 2026-11-28)
_CREDIT = ENGLISH.pattern("pages.credit")
# What a passage may touch that comes or goes with a page's design: it says more, and nothing that a reader could check.
_PLAIN = frozenset([Touch.CLAUSE])
# What no label of a design touches.
_GRAVE = frozenset([Touch.SOURCE, Touch.HEDGE, Touch.NEGATION, Touch.FATE])
_SIDES: tuple[Callable[[Pair], tuple[Sentence, ...]], ...] = (attrgetter("old"), attrgetter("new"))


@dataclass(frozen=True, slots=True)
class Versions:
    """The two versions under comparison.

    Attributes:
        old: The version before.
        new: The version after.
        address: What distinguishes the ids of one page.
        names: Words either version uses as names.
        pages: The visible text of either version's page.
        design: What either version sets apart from its own paragraphs.
    """

    old: Article
    new: Article
    address: str
    names: Collection[str]
    pages: tuple[Page, Page]
    design: Design


def evidence_of(article: Article, sentences: Sequence[Sentence]) -> Evidence | None:
    """Return where the first to the last of some sentences of one block stand, or None for none."""
    if not sentences:
        return None
    first = sentences[0]
    block = article.blocks[first.block]
    end = max(sentence.end for sentence in sentences if sentence.block == first.block)
    return Evidence(
        place=block.kind.value,
        block=first.block,
        start=first.start,
        end=end,
        text=block.text[first.start : end],
    )


class _Shown:
    """What two versions show, read once for all their passages."""

    def __init__(self, versions: Versions) -> None:
        self.before = cache(partial(_shown, versions.old))
        self.after = cache(partial(_shown, versions.new))
        self.quoted = _Quoted(versions.old), _Quoted(versions.new)
        self.design = versions.design
        self.names = versions.names
        # Hedges, negations and sources are known by English words.
        self.english = versions.design.english


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring sentences of one block that came, went or moved together, or one that was edited.

    Attributes:
        pairs: Their alignment.
        stands: True where they came or went and stand on the other version's page, outside its blocks.
    """

    pairs: tuple[Pair, ...]
    stands: bool = False


def runs_in(versions: Versions, pairs: Sequence[Pair]) -> tuple[Run, ...]:
    """Return the passages that differ, those that stand on the other page apart from those that do not."""
    found: list[Run] = []
    for run in _runs(pairs):
        if run[0].old and run[0].new:
            found.append(Run(run))
            continue
        page = versions.pages[1 if run[0].old else 0]
        heading = len(run) == 1 and page.shows_heading(_heading(versions, run[0]))
        shown = [True] if heading else page.shows_each([pair.old_text or pair.new_text for pair in run])
        for stands, part in groupby(zip(shown, run, strict=True), key=itemgetter(0)):
            found.append(Run(tuple(pair for _, pair in part), stands))
    return tuple(found)


class Standing:
    """The stretches of both versions that came or went and stand on the other version's page."""

    def __init__(self, runs: Iterable[Run], fronts: Sequence[Collection[Place]]) -> None:
        """Collect the stretches.

        Args:
            runs: What `runs_in` gives.
            fronts: Of each version, whether its headline and standfirst are such stretches.
        """
        self.fronts = fronts
        self.sides: tuple[defaultdict[int, list[tuple[int, int]]], ...] = (
            defaultdict(list),
            defaultdict(list),
        )
        for run in runs:
            if run.stands:
                for stretches, side in zip(self.sides, _SIDES, strict=True):
                    for sentence in (one for pair in run.pairs for one in side(pair)):
                        stretches[sentence.block].append((sentence.start, sentence.end))

    def hold(self, pairs: Iterable[tuple[Claim | None, Claim | None]]) -> bool:
        """Return whether each claim of some pairs of (before, after) is made in such a stretch."""
        return all(
            claim is None
            or claim.place in fronts
            or (claim.block is not None and self._holds(stretches, claim.block, claim.offset))
            for pair in pairs
            for stretches, fronts, claim in zip(self.sides, self.fronts, pair, strict=True)
        )

    def hold_quote(self, change: Change) -> bool:
        """Return whether a quotation that came or went stands wholly in such stretches."""
        found = [
            (stretches, where)
            for stretches, where in zip(self.sides, (change.before, change.after), strict=True)
            if where is not None
        ]
        if len(found) != 1 or found[0][1].block is None:
            return False
        stretches, where = found[0]
        return all(self._holds(stretches, where.block or 0, at) for at in (where.start, where.end - 1))

    @staticmethod
    def _holds(stretches: Mapping[int, Sequence[tuple[int, int]]], block: int, at: int) -> bool:
        return any(start <= at < end for start, end in stretches.get(block, ()))


def _heading(versions: Versions, pair: Pair) -> str:
    """Return the text of a pair that is a whole subheading, else nothing."""
    article, sentence = (versions.old, pair.old[0]) if pair.old else (versions.new, pair.new[0])
    block = article.blocks[sentence.block]
    return block.text if block.kind is BlockKind.SUBHEADING and block.text == sentence.text else ""


def text_changes(versions: Versions, runs: Iterable[Run]) -> Iterator[tuple[Change, Run]]:
    """Yield the changes of wording with the passages each rests on."""
    shown = _Shown(versions)
    for run in runs:
        change = _change_of(versions, shown, run.pairs)
        yield (_laid_out(versions, change) if run.stands else change), run


def _laid_out(versions: Versions, change: Change) -> Change:
    """Return a passage that came or went as one that the layout moved: minor where it holds a casualty figure."""
    article, where = (versions.new, change.after) if change.before is None else (versions.old, change.before)
    counts = where is not None and any(
        claim.block == where.block and where.start <= claim.offset < where.end for claim in claims_of(article)
    )
    return as_layout(versions, change, Weight.MINOR if counts else Weight.COSMETIC)


def as_layout(versions: Versions, change: Change, weight: Weight) -> Change:
    """Return an addition or a removal as a move of the layout, with the proof on the other page.

    Args:
        versions: The two versions.
        change: A change whose passage stands on the page of the version that lacks it, or one of a casualty
            figure with a passage on each side that stands on the page of the other.
        weight: What it weighs as a move of the layout.

    Returns:
        The change with the same id, so that a note on it stays.
    """
    old, new = change.before, change.after
    return replace(
        change,
        type=ChangeType.LAYOUT,
        weight=weight,
        edits=(),
        before=old or _proof(versions.pages[0], new),
        after=new or _proof(versions.pages[1], old),
    )


def _proof(page: Page, where: Evidence | None) -> Evidence | None:
    """Return where a passage of the other version stands on a page, outside its blocks."""
    if where is None:
        return None
    text = page.as_printed(where.text)
    return Evidence(place=page.place_of(where.text), end=len(text), text=text)


def _runs(pairs: Sequence[Pair]) -> Iterator[tuple[Pair, ...]]:
    """Yield the pairs that differ, those that came, went or moved side by side as one."""
    groups: dict[str, list[Pair]] = {"edited": [], "added": [], "removed": [], "moved": [], "same": []}
    for pair in pairs:
        groups[_state(pair)].append(pair)
    yield from ((pair,) for pair in groups["edited"])
    if not (groups["added"] or groups["removed"] or groups["moved"]):
        return
    ranks = [_ranks(sentence for pair in pairs for sentence in side(pair)) for side in _SIDES]
    for state in ("added", "removed", "moved"):
        side = _SIDES[0 if state == "removed" else 1]
        in_order = {_place(side(pair)[0]): pair for pair in groups[state]}
        yield from _joined([in_order[place] for place in sorted(in_order)], ranks)


def _place(sentence: Sentence) -> tuple[int, int]:
    return sentence.block, sentence.start


def _ranks(sentences: Iterable[Sentence]) -> dict[tuple[int, int], int]:
    return {place: rank for rank, place in enumerate(sorted(map(_place, sentences)))}


def _joined(pairs: Sequence[Pair], ranks: Sequence[dict[tuple[int, int], int]]) -> Iterator[tuple[Pair, ...]]:
    """Yield runs of pairs whose sentences follow each other within one block, on every side they have."""
    run: list[Pair] = []
    for pair in pairs:
        if run and all(
            _follows(side(run[-1]), side(pair), rank) for side, rank in zip(_SIDES, ranks, strict=True)
        ):
            run.append(pair)
            continue
        if run:
            yield tuple(run)
        run = [pair]
    if run:
        yield tuple(run)


def _follows(before: Sequence[Sentence], after: Sequence[Sentence], rank: dict[tuple[int, int], int]) -> bool:
    if not before or not after:
        return not before and not after
    last, first = before[-1], after[0]
    return last.block == first.block and rank[_place(first)] == rank[_place(last)] + 1


def _state(pair: Pair) -> str:
    if not pair.old:
        return "added"
    if not pair.new:
        return "removed"
    return "edited" if pair.old_text != pair.new_text else "moved" if pair.moved else "same"


def _change_of(versions: Versions, shown: _Shown, run: tuple[Pair, ...]) -> Change:
    before = evidence_of(versions.old, [sentence for pair in run for sentence in pair.old])
    after = evidence_of(versions.new, [sentence for pair in run for sentence in pair.new])
    type_ = ChangeType(_state(run[0]))
    noted = BlockKind.CORRECTION in _places(before, after)
    old = " ".join(pair.old_text for pair in run if pair.old)
    new = " ".join(pair.new_text for pair in run if pair.new)
    if type_ is ChangeType.EDITED:
        if BlockKind.CAPTION in _places(before, after):
            weight = weight_between(_uncredited(old), _uncredited(new), versions.names)
        else:
            weight = weight_between(old, new, versions.names)
    elif type_ is ChangeType.MOVED:
        weight = Weight.MINOR
    else:
        weight = _weight_of_passage(shown, type_, old or new, before or after)
    if noted and weight is Weight.MINOR:
        weight = Weight.COSMETIC if type_ is ChangeType.MOVED else Weight.SUBSTANTIVE
    kind = ChangeKind.CORRECTION if noted else ChangeKind.TEXT
    return Change(
        id=id_of(versions.address, kind, type_, old or None, new or None),
        kind=kind,
        type=type_,
        weight=weight,
        edits=edits_between(old, new) if type_ is ChangeType.EDITED else (),
        before=before,
        after=after,
        moved=type_ is ChangeType.EDITED and run[0].moved,
    )


def _uncredited(caption: str) -> str:
    """Return a caption without the photographer, agency and date set after it."""
    return _CREDIT.split(caption, maxsplit=1)[0]


def _places(*evidence: Evidence | None) -> set[str]:
    return {one.place for one in evidence if one is not None}


def _weight_of_passage(shown: _Shown, type_: ChangeType, text: str, where: Evidence | None) -> Weight:
    """Weigh a passage that came or went.

    A caption comes and goes with its picture, and a standfirst's or caption's words may stand in the body
    of another page template: neither changes what the page says; nor does a label without source, hedge,
    negation or fate, or a sentence that has neither these nor figure, name or quotation, that comes or goes with the page's design. The victims a caption counts are reported as casualty changes.
    """
    if not canonical(text):
        return Weight.COSMETIC
    other = shown.before if type_ is ChangeType.ADDED else shown.after
    caption = where is not None and where.place == BlockKind.CAPTION
    # One figure alone has no words by which its next wording is known; a date under a picture has two.
    if caption and len(figures_in(text)) == 1 and not any(map(str.isalpha, text)):
        return Weight.SUBSTANTIVE
    if {folded(sentence.text) for sentence in sentences_in(text)} <= other(caption=caption):
        return Weight.MINOR
    if _is_pulled(text, shown.quoted[type_ is not ChangeType.ADDED], shown):
        return Weight.MINOR
    if shown.design.relaid and _came_with_design(shown, type_, text, where):
        return Weight.MINOR
    return Weight.MINOR if caption else Weight.SUBSTANTIVE


def _came_with_design(shown: _Shown, type_: ChangeType, text: str, where: Evidence | None) -> bool:
    """Return whether a passage came or went with the page's design.

    It stands in a box that the design set apart, is the standfirst that the other design prints nowhere, or is a label; or an English
    sentence with nothing to check of which it is not known how it is set, or that speaks to readers alone.
    """
    design, side = shown.design, 0 if type_ is ChangeType.REMOVED else 1
    block = where.block if where is not None else None
    if design.brought(side, block, text) or design.repeats_standfirst(side, text):
        return True
    touches = touches_between("", text, shown.names) if shown.english else frozenset()
    grave = bool(touches & _GRAVE) if shown.english else states_gravely(text, design.language)
    if is_label(text) and not grave and not design.is_listed(side, block):
        return design.labels(side, block, text)
    if not shown.english or not touches <= _PLAIN:
        return False
    return not design.is_known(side, block) or design.addresses(side, text)


class _Quoted:
    """The quotations of one version, a blank around each, read when they are first asked for."""

    def __init__(self, article: Article) -> None:
        self.article = article

    @cached_property
    def sentences(self) -> frozenset[str]:
        return frozenset(
            _spaced(sentence.text)
            for block in self.article.blocks
            for quote in quotes_in(block.text)
            for sentence in sentences_in(quote.text)
        )


def _is_pulled(text: str, other: _Quoted, shown: _Shown) -> bool:
    """Return whether a passage is one quotation of five words or more, without a figure, as the other version quotes it.

    Designs pull such words out of the text and set them large: whole sentences, or one broken off before words that
    neither deny nor doubt what was said.
    """
    quotes = quotes_in(text)
    if len(quotes) != 1 or figures_in(text) or len(_spaced(text)) - len(_spaced(quotes[0].text)) > 0:
        return False
    if len(_spaced(quotes[0].text).split()) < _PULLED:
        return False
    return all(_is_quoted(_spaced(one.text), other, shown) for one in sentences_in(quotes[0].text))


def _is_quoted(words: str, other: _Quoted, shown: _Shown) -> bool:
    """Return whether the other version quotes a sentence, or one that goes on behind it without denial or doubt."""
    if words in other.sentences:
        return True
    ends = (sentence[len(words) :] for sentence in other.sentences if sentence.startswith(words))
    return shown.english and any(not touches_between("", end, shown.names) & _GRAVE for end in ends)


def _spaced(text: str) -> str:
    return f" {' '.join(word for word in canonical(text) if any(map(str.isalnum, word)))} "


def _shown(article: Article, *, caption: bool) -> frozenset[str]:
    """Return the sentences of the standfirst and, for a caption, of all blocks but captions, folded.

    The words of a body may pass to the standfirst of another page template; into a caption they are put by hand.
    """
    texts = [block.text for block in article.blocks if caption and block.kind is not BlockKind.CAPTION]
    return frozenset(
        folded(sentence.text)
        for text in (article.standfirst or "", *texts)
        for sentence in sentences_in(text)
    )
