"""Finds the headline a reader sees."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from lxml import etree

from crawler.parser.boxes import Box, Page
from crawler.parser.container import home_box_of
from crawler.parser.printed import printed_date as date_in
from crawler.parser.sites import Sites, letters_of
from crawler.parser.words import is_dense, words_in

# What a paper puts behind the headlines of old articles where they are shared (captures of 2019 and 2022, read 2026-11-28).
_OF_YEAR = re.compile(r"\s\((?:first )?published(?: in)? (?:19|20)\d\d\)$", re.IGNORECASE)
_SITE = re.compile(r"\s{1,9}(?:[|–—·»«]|-{1,2})\s{1,9}|\s?\|\s?")
_SPLIT = re.compile(r"\s{1,9}[|–—\-:·»«/]{1,9}\s{1,9}|\s{0,9}\|\s{0,9}")

# The weights were set on 2026-11-28 on 227 news pages of 1997 to 2026 whose headline is known (half of the outlets), and hold for pages of
# one article: what a page calls itself counts most, then the heading's rank, then how closely its longest text follows.
_BY_TAG = {"h1": 1.2, "h2": 0.5, "h3": 0.4, "h4": 0.2}
_DECLARED = 3.0
_CLOSE = 0.8
_REACH = 25
_SET_APART = 0.3
_MANY = 7
_SITED = 0.5
_MASTHEAD = 2.5
_NAME = 25
# The shortest headline in wide signs on 60 pages of Chinese outlets (read 2026-11-29) has nine.
_LEAST = 6
# "Own report", "Exclusive", "Video": a longer one, or one with a colon, is a kicker, which belongs to the headline.
_LABEL = 10
_PLAIN = 0.8
_NEXT = 6
_ON_TOP = 1.5
_LINKED = 0.6
_BEHIND = 1.5
_UNSEEN = 0.8
_ENOUGH = 1.0
# A title printed twice in a bar on top, next to the headline over the text (a news page of 2017, read 2026-11-28). The first heading in a path
# of links stays the headline: 9 of 147 marked pages print one there, and it is what their publishers call them.
_BARRED = 3.0
_TEXT_PARTS = frozenset(["article", "main"])
_SHARED = 20
# Names that pages without headings give the headline's own element ("ArticleTitle", "headingstory"; tables of 2008, read 2026-11-28).
_NAMED = re.compile(
    r"(?:article|story|news|entry|post)[_-]?(?:head|title|hed)|(?:head(?:ing|line)?|title)[_-]?(?:story|article)|(?:^|[\s_-])headline",
    re.IGNORECASE,
)
_NAMING = 1.5
_JOINERS = "-–—:|"
_TITLED = re.compile(r"(?:head(?:line|er)|title|hed|tit)(?:$|[\s_-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    place: int
    box: Box
    links: int
    bold: int
    named: bool = False


def displayed_headline(page: Page, *declared: str | None) -> tuple[str | None, int | None]:
    """Find the displayed headline.

    Args:
        page: The page after the walk.
        declared: What the page calls itself elsewhere (`og:title`, JSON-LD, `<title>`).

    Returns:
        The headline and the index of its last line, both None where the page shows none.
    """
    sites = Sites(page)
    declared = tuple(None if text and letters_of(text) in sites else text for text in declared)
    wanted = _wanted(declared)
    text_start = _start_of_text(page)
    tops = [_of_box(page, box) for box in page.boxes if box.tag == "h1" and box.chars >= 3]
    under = _under_kicker(page, tops)
    if under is not None:
        return _joined(under, declared), under.place
    bars = _in_bars(tops)
    shared = _shared_twin(page, tops, declared)
    if shared is not None:
        return _joined(shared, declared), shared.place
    for top in tops:
        if id(top.box) not in bars and _is_plain_match(top, wanted, text_start):
            return _joined(top, declared), top.place
    if len(tops) == 1 and _opens_title(tops[0], declared, text_start):
        return _joined(tops[0], declared), tops[0].place
    mastheads = _mastheads(declared)
    best: tuple[float, int, _Candidate] | None = None
    for candidate in [*tops, *_others(page, wanted), *(() if tops else _named(page, text_start))]:
        score = _score(candidate, wanted, text_start)
        folded = letters_of(candidate.text)
        if folded in mastheads or folded in sites:
            score -= _MASTHEAD
        if id(candidate.box) in bars:
            score -= _BARRED
        if best is None or (score, -candidate.place) > best[:2]:
            best = (score, -candidate.place, candidate)
    if best is None or best[0] < _ENOUGH:
        return None, None
    return _joined(best[2], declared), best[2].place


def _in_bars(tops: list[_Candidate]) -> set[int]:
    """Return the first headings that a bar on top prints twice, where the part with the text has one of its own."""
    apart = [top for top in tops if not _inside(top.box, _TEXT_PARTS)]
    if len(apart) == len(tops):
        return set()
    times = Counter(top.text for top in apart)
    return {id(top.box) for top in apart if times[top.text] > 1}


def _inside(box: Box, tags: frozenset[str]) -> bool:
    step: Box | None = box
    while step is not None:
        if step.tag in tags:
            return True
        step = step.parent
    return False


def _shared_twin(page: Page, tops: list[_Candidate], declared: tuple[str | None, ...]) -> _Candidate | None:
    """Return the second heading right under the only first one where it, word for word, is what the page is shared as, and the first is not."""
    if len(tops) != 1 or not declared or not declared[0]:
        return None
    top, shared = tops[0], letters_of(declared[0])
    if len(shared) < _SHARED or shared == letters_of(top.text):
        return None
    below: Box | None = page.lines[top.place + 1].box if top.place + 1 < len(page.lines) else None
    while below is not None and below.tag != "h2":
        below = below.parent
    if below is None or below.start != top.place + 1 or below.links:
        return None
    twin = _of_box(page, below)
    return twin if letters_of(twin.text) == shared else None


def _under_kicker(page: Page, tops: list[_Candidate]) -> _Candidate | None:
    """Return the first heading over which an earlier one is printed again in smaller type: that one is its kicker."""
    for top, other in pairwise(tops):
        first = other.box.start
        above = page.lines[first - 1] if first > top.place + 1 else None
        if (
            above is not None
            and first - top.place <= _NEXT
            and above.box.tag not in _BY_TAG
            and above.text == top.text
            and other.text != top.text
            and other.links < 0.9 * len(other.text)
        ):
            return other
    return None


def _joined(candidate: _Candidate, declared: tuple[str | None, ...]) -> str:
    """Return a headline set in several pieces with the dash or colon that joins them where the page names itself, else as it stands."""
    node = candidate.box.node
    if (
        len(node)
        and not (node.text or "").strip()
        and (bare := _without_label(candidate, declared)) is not None
    ):
        return bare
    if len(node) < 2:
        return candidate.text
    own, shown = letters_of(candidate.text), sum(map(candidate.text.count, _JOINERS))
    for text in declared:
        if text and letters_of(text) == own and sum(map(text.count, _JOINERS)) > shown:
            return text
    return candidate.text


def _without_label(candidate: _Candidate, declared: tuple[str | None, ...]) -> str | None:
    """Return what the page calls itself where the headline is that behind a label in an element of its own ("Own report"), which no title has, or None."""
    first = candidate.box.node[0]
    printed = "".join(map(str, first.itertext())).strip() if first.tag.__class__ is str else ""
    label = letters_of(printed)
    own = letters_of(candidate.text)
    if (
        not 0 < len(label) <= _LABEL
        or not printed[-1].isalnum()
        or not own.startswith(label)
        or len(own) - len(label) < _LEAST
    ):
        return None
    titles = [text for text in declared if text]
    if any(own in letters_of(text) for text in titles):
        return None
    return next((text for text in titles if letters_of(text) == own[len(label) :]), None)


def _named(page: Page, text_start: int) -> Iterator[_Candidate]:
    """Yield the lines before the text whose own element is named as the headline's."""
    known: dict[int, list[str]] = {}
    for line in page.lines[max(0, text_start - _REACH) : text_start + 1]:
        if not 12 <= len(line.text) <= 250 or line.links >= 0.9 * len(line.text) or line.box.tag in _BY_TAG:
            continue
        if id(line.box) not in known:
            known[id(line.box)] = list(_parts_named(line.box))
        inner = [part for part in known[id(line.box)] if part in line.text]
        if inner or _is_named(line.box.node):
            text = inner[0] if len(inner) == 1 else line.text
            yield _Candidate(text, line.index, line.box, line.links, line.bold, named=True)


def _parts_named(box: Box) -> Iterator[str]:
    """Yield what the first parts of lines in a box say whose own element is named as the headline's."""
    named = (node for node in box.node.iter("span", "font", "b", "strong") if _is_named(node))
    texts = (" ".join("".join(map(str, node.itertext())).split()) for node in islice(named, _REACH))
    yield from filter(None, texts)


def _is_named(node: etree._Element) -> bool:
    names = f"{node.get('class') or ''} {node.get('id') or ''}"
    return len(names) > 1 and _NAMED.search(names[:200]) is not None


def _is_plain_match(top: _Candidate, wanted: list[tuple[str, frozenset[str]]], text_start: int) -> bool:
    """Return whether a first heading says what the page calls itself, in sight, before the text and without a link."""
    return (
        top.links < 0.9 * len(top.text)
        and top.box.role != "hidden"
        and top.place <= text_start
        and _agreement(top.text, wanted) >= 0.8
        and not any(mark in top.text for mark in ("|", "»"))
    )


def _opens_title(top: _Candidate, declared: tuple[str | None, ...], text_start: int) -> bool:
    """Return whether the only first heading stands in the part with the text, before it, and says the first part of what the page calls itself, however short.

    The parts behind it name a section or the site.
    """
    if top.links or top.box.role == "hidden" or top.place > text_start or not _inside(top.box, _TEXT_PARTS):
        return False
    own = letters_of(top.text)
    return any(own == letters_of(_SPLIT.split(text)[0]) for text in declared if text)


def _wanted(declared: tuple[str | None, ...]) -> list[tuple[str, frozenset[str]]]:
    """Return what the page calls itself, whole and in the longest part between its separators."""
    full = [text for text in declared if text]
    texts = dict.fromkeys([*full, *(max(_SPLIT.split(text), key=len) for text in full)])
    return [(letters_of(text), words) for text in texts if (words := _words(text))]


def _mastheads(declared: tuple[str | None, ...]) -> set[str]:
    """Return the shorter parts of what the page calls itself, which name the site or a section."""
    names: set[str] = set()
    for text in declared:
        parts = _SPLIT.split(text) if text else []
        longest = max(parts, key=len, default="")
        names |= {
            folded
            for part in parts
            if part != longest and len(part) <= _NAME and (folded := letters_of(part))
        }
    return names


def _start_of_text(page: Page) -> int:
    """Return the index of the first line of the longest run of sentences that one box holds."""
    sizes: dict[int, int] = {}
    first: dict[int, int] = {}
    for line in page.sentences:
        if line.box.role is None:
            home = id(home_box_of(line))
            sizes[home] = sizes.get(home, 0) + len(line.text)
            first.setdefault(home, line.index)
    if not sizes:
        return len(page.lines)
    return first[max(sizes, key=lambda home: (sizes[home], -first[home]))]


def _of_box(page: Page, box: Box) -> _Candidate:
    lines = page.lines[box.start : box.end]
    return _Candidate(
        text=" ".join(line.text for line in lines),
        place=box.end - 1,
        box=box,
        links=box.links,
        bold=sum(line.bold for line in lines),
    )


def _others(page: Page, wanted: list[tuple[str, frozenset[str]]]) -> Iterator[_Candidate]:
    """Yield lower headings, lines set apart and lines that share words with what the page calls itself."""
    known = frozenset(word for _, words in wanted for word in words)
    for box in page.boxes:
        if box.tag in ("h2", "h3", "h4") and 12 <= box.chars <= 250:
            yield _of_box(page, box)
    for line in page.lines:
        size = len(line.text)
        if not (_LEAST if is_dense(line.text) else 12) <= size <= 250 or line.box.tag in _BY_TAG:
            continue
        if _shares_words(line.text, known) or (
            line.bold >= 0.95 * size
            and size >= 20
            and line.text[-1] not in ".:,"
            and line.links < size
            and date_in(line.text) is None
        ):
            yield _Candidate(text=line.text, place=line.index, box=line.box, links=line.links, bold=line.bold)


def _shares_words(text: str, known: frozenset[str]) -> bool:
    """Return whether two words of a line, and three fifths of all, are among those known."""
    words = words_in(text)
    shared = len(known.intersection(words))
    return shared >= 2 and shared >= 0.6 * len(set(words))


def _score(candidate: _Candidate, wanted: list[tuple[str, frozenset[str]]], text_start: int) -> float:
    box, size = candidate.box, len(candidate.text)
    agreement = _agreement(candidate.text, wanted)
    apart = candidate.bold >= 0.95 * size or _TITLED.search(box.name or "") is not None
    weight = _DECLARED if apart or box.tag in _BY_TAG else _PLAIN * _DECLARED
    score = weight * agreement + _BY_TAG.get(box.tag, 0.0)
    gap = text_start - candidate.place
    if 0 <= gap <= _REACH:
        score += _CLOSE * (1 - gap / _REACH)
    elif gap < 0 and text_start < candidate.place:
        score -= _BEHIND
    if apart:
        score += _SET_APART
    if candidate.named:
        score += _NAMING
    if box.tag == "h1" and 0 <= gap <= _NEXT and candidate.links < 0.5 * size and box.role is None:
        score += _ON_TOP
    if "|" in candidate.text:
        score -= _SITED
    if candidate.links >= 0.9 * size:
        score -= _LINKED if agreement < 0.8 else _LINKED / 3
    if box.role == "hidden":
        score -= _UNSEEN
    if box.tag not in _BY_TAG and agreement < 0.6 and (gap < 0 or gap > 8):
        return 0.0
    return score if agreement >= 0.3 or box.tag == "h1" or 0 <= gap <= 8 else score - _ENOUGH


def _agreement(text: str, wanted: list[tuple[str, frozenset[str]]]) -> float:
    """Return how far a line says what the page calls itself, 0 to 1; the site's name before or behind it counts little."""
    folded, words = letters_of(text), _words(text)
    best = 0.0
    for other, known in wanted:
        best = max(best, _likeness(words, known))
        if len(words) >= 3 and folded and folded in other and len(folded) >= 12:
            whole = 0.95 if other.startswith(folded) else 0.9
            best = max(best, whole if 2 * len(folded) >= len(other) or len(words) >= _MANY else 0.7 * whole)
    return best


def _words(text: str) -> frozenset[str]:
    return frozenset(words_in(text))


def _likeness(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / max(len(a), len(b)) if a and b else 0.0


def without_site(headline: str | None, site: str | None) -> str | None:
    """Return a headline without the site's own name before or behind it ("Ferry sinks | The Harbour Post"), or the year put behind an old one."""
    if not headline:
        return headline
    headline = _OF_YEAR.sub("", headline)
    if not site:
        return headline
    name = letters_of(site)
    parts = _SITE.split(headline)
    for mine, rest in ((parts[-1], parts[:-1]), (parts[0], parts[1:])):
        if len(parts) > 1 and letters_of(mine) == name and len(_words(" ".join(rest))) >= 3:
            cut = headline.rfind(mine) if mine is parts[-1] else headline.find(mine)
            kept = headline[:cut] if mine is parts[-1] else headline[cut + len(mine) :]
            return kept.strip().strip("|–—-·»«:").strip()
    return headline
