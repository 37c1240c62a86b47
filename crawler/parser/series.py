"""Tells series of like parts that are no article: other whole stories, galleries that count, chart labels, readers' comments."""

import re
from collections import Counter
from collections.abc import Iterator

from crawler.parser.boxes import Box, Line, Page
from crawler.parser.credits import names_aged
from crawler.parser.guards import states_nothing
from crawler.parser.pictures import holds_picture
from crawler.parser.stories import other_stories

_COUNT = re.compile(r"^(\d{1,3})\s?(?:/|of)\s?(\d{1,3})\b")
_ABSOLUTE = re.compile(r"position\s{0,3}:\s{0,3}absolute", re.IGNORECASE)
_SIGNED = re.compile(
    r"^(?:posted|comment(?:ed)?|written|submitted|reported) by:?\s.{2,60}$|^by .{2,40} (?:on|at) .{0,20}\d{1,2}[:.]\d\d.{0,12}$|"
    r"^.{2,50}?\s(?:(?:hace|vor|il y a|for) (?:\d{1,3}|una?|einer?|one) \w{3,10}|\d{1,3} ?(?:m|h|d|min|mins|minutes?|hours?|days?|weeks?|months?|years?) ago|says:?|wrote:|escribió:|schreibt:|schrieb:|dit :)$|"
    r"^.{2,40}\W{1,3}\d{1,2}[./-]\d{1,2}[./-]\d{2,4},? (?:at )?\d{1,2}[:.]\d\d(?: ?[ap]m)?$|"
    r"^.{2,40}\W{1,3}(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d{1,2},? \d{4},? (?:at )?\d{1,2}:\d\d(?:\s?[ap]m)?.{0,6}$",
    re.IGNORECASE,
)
# Two like parts are a pair, three a series (news pages and made-up ones read 2026-11-28).
_SEVERAL = 3
# A chart of fewer labels is a fact box (the same pages).
_LABELS = 6
_PLACED = 3
_LABEL = 30
_SYSTEM = 4
# A box of more lines is no list of stories under one name (news pages read 2026-11-28).
_CARDS = 120
_FIRST = frozenset(
    [
        "the",
        "latest",
        "trending",
        "most",
        "related",
        "more",
        "recommended",
        "you",
        "read",
        "up",
        "what",
        "top",
        "popular",
        "editor's",
        "editor’s",
        "editors",
        "editors'",
        "editors’",
        "don't",
        "don’t",
        "dont",
        "in",
        "also",
        "from",
        "around",
        "sponsored",
        "mehr",
        "das",
        "weitere",
        "meistgelesen",
        "meistgelesene",
        "à",
        "sur",
        "les",
        "te",
        "lo",
        "más",
        "noticias",
        "leggi",
        "potrebbe",
        "mais",
        "leia",
        "mest",
        "läs",
        "lees",
        "meest",
        "читайте",
    ]
)
_OPENINGS = frozenset(f"{word} "[:2] for word in _FIRST)
_TITLES = frozenset(["h2", "h3", "h4", "h5"])
_OTHERS = re.compile(
    r"\W{0,3}(?:(?:the )?latest(?: \w+){0,2}|trending(?: now| \w+)?|most (?:read|popular|viewed|shared|recent)(?: \w+)?|related(?: \w+){0,2}|more (?:from|on|in|stories|news|like)\b.{0,30}|recommended.{0,30}|"
    r"you (?:may|might)(?: also)? (?:like|enjoy|be interested).{0,20}|read (?:more|next|also)|up next|what to read next|top (?:stories|news|videos|picks)|popular(?: \w+){0,2}|editor['’]?s['’]? picks?|don['’]?t miss(?: \w+)?|"
    r"in other news|also on .{2,30}|from our partners|around the web|sponsored.{0,20}|mehr zum thema|das könnte sie.{0,30}|weitere (?:artikel|themen|nachrichten|meldungen).{0,20}|meistgelesen.{0,20}|à lire aussi|"
    r"sur le même (?:sujet|thème)|les plus lus|te puede interesar|lo más (?:leído|visto)|más noticias|noticias relacionadas|leggi anche|potrebbe interessarti|mais lidas|leia (?:também|mais)|les også|mest lest|"
    r"läs (?:också|mer)|mest läst|lees ook|meest gelezen|関連記事|おすすめ記事|人気記事|最新ニュース|ランキング|相关(?:新闻|阅读|报道|推荐)|(?:为[你您]|热门|精彩)推荐|猜你喜欢|(?:推荐|延伸)阅读|관련\s?기사|читайте также)\W{0,3}$",
    re.IGNORECASE,
)
_NOTES = 200
# The title of a gallery, printed on each of its slides, has a few words (a page of 2020, read 2026-11-29).
_TITLED = 15
# What is pressed to reply to a reader's words, in the languages of the news pages read 2026-11-28 and of made-up ones.
_REPLIES = (
    "reply", "répondre", "antworten", "responder", "rispondi", "svar", "svara", "beantwoorden", "reageer", "odpowiedz", "ответить", "відповісти", "返信", "返信する", "回复", "回覆", "답글", "답글쓰기",
    "رد", "הגב", "תגובה", "yanıtla", "cevapla", "balas", "απάντηση", "जवाब दें",
)  # fmt: skip
_REPLY = re.compile(rf"\W{{0,3}}(?:{'|'.join(_REPLIES)})\W{{0,3}}\d{{0,4}}", re.IGNORECASE)
_REPLY_OPENINGS = frozenset(word[:2] for word in _REPLIES)
_PRESSED = 20
_BACK = "↩↑^⤴"


def series_in(page: Page, heading: int | None) -> Iterator[tuple[Box, str]]:
    """Yield every box that belongs to a series which is no article, with the reason, outer boxes first.

    Args:
        page: The page after the walk.
        heading: Index of the displayed headline's line, or None; no box around it is yielded.
    """
    whole = "\n".join([line.text for line in page.lines])
    found = [(box, "other_story") for box in other_stories(page, heading)]
    found += [(box, "gallery") for box in _galleries(page)]
    found += [(box, "chart") for box in _charts(page)]
    if "omment" in whole or "OMMENT" in whole:
        found += [(box, "comments") for box in _comment_systems(page)]
    found += [(box, "comments") for box in _threads(page, heading)]
    found += [(box, "teaser_card") for box in _named_lists(page)]
    if any(map(whole.__contains__, _BACK)):
        found += [(box, "footnote") for box in _footnotes(page)]
    for box, reason in found:
        if heading is None or not box.start <= heading < box.end:
            yield box, reason


def signed_from(page: Page, kept: list[int]) -> int | None:
    """Return the index of the first line of readers' comments among the lines kept, or None.

    Comments are a series of at least three lines of one make that give a writer's name with a time, with words between
    them, behind at least two sentences of the article.
    """
    signed = [i for i in kept if len(page.lines[i].text) <= 90 and _SIGNED.match(page.lines[i].text)]
    makes = Counter((page.lines[i].box.tag, page.lines[i].box.name) for i in signed)
    if not makes:
        return None
    make, times = makes.most_common(1)[0]
    if times < _SEVERAL:
        return None
    signed = [i for i in signed if (page.lines[i].box.tag, page.lines[i].box.name) == make]
    first, second = signed[0], signed[1]
    if sum(1 for i in kept if i < first and page.lines[i].prose) < 2:
        return None
    if any(i > first and i < second for i in kept) and page.lines[first].text.lower().startswith("posted by"):
        return _opening(page, kept, first)
    return first


def _opening(page: Page, kept: list[int], signature: int) -> int:
    """Return where the words begin that a signature behind them closes: in its box, or the paragraph before it."""
    parent = page.lines[signature].box.parent
    if parent is not None and parent.start == signature:
        return signature
    before = [i for i in kept if i < signature]
    inside = [i for i in before if parent.start <= i] if parent is not None else []
    if inside and len(inside) <= 12 and len(inside) < 0.5 * len(before):
        return inside[0]
    return before[-1] if before else signature


def _galleries(page: Page) -> Iterator[Box]:
    r"""Yield the box around at least three parts that count themselves ("2/6", "2 of 6"\) next to an article of sentences."""
    counted: dict[str, list[Line]] = {}
    for line in page.lines:
        match = _COUNT.match(line.text) if line.text[0].isdigit() else None
        if match is not None and int(match[2]) >= 3 and int(match[1]) <= int(match[2]):
            counted.setdefault(match[2], []).append(line)
    yield from _slides(page)
    for lines in counted.values():
        homes = {id(line.box) for line in lines}
        if len(homes) < _SEVERAL:
            continue
        around = _around(lines)
        if around is None or around.tag in ("body", "main", "article"):
            continue
        outside = sum(
            1
            for line in page.lines
            if line.prose and not around.start <= line.index < around.end and line.box.role is None
        )
        if outside >= 2:
            title = _titled(around)
            yield title if title is not None and title.raw == around.raw else around


def _slides(page: Page) -> Iterator[Box]:
    """Yield lists of at least three items that each hold a picture and open with one and the same heading, the title of the pictures.

    A title that states a fate, or people with their ages, may head the dead.
    """
    for box in page.boxes:
        items = box.children
        if box.tag not in ("ul", "ol") or len(items) < _SEVERAL or box.parent is None:
            continue
        first = page.lines[items[0].start]
        if (
            first.box.tag in _TITLES
            and len(first.text) >= _TITLED
            and all(page.lines[item.start].text == first.text and holds_picture(item) for item in items)
            and box.raw < page.root.raw - box.raw
            and states_nothing(first.text)
            and not any(names_aged(line.text) for line in page.lines[box.start : box.end])
        ):
            yield box


def _titled(box: Box) -> Box | None:
    """Return the box around a list and its own heading, where it holds nothing else."""
    parent = box.parent
    return parent if parent is not None and parent.end - parent.start <= box.end - box.start + 2 else None


def _around(lines: list[Line]) -> Box | None:
    """Return the smallest box around several lines."""
    first, last = lines[0].index, lines[-1].index
    step: Box | None = lines[0].box
    while step is not None and not (step.start <= first and last < step.end):
        step = step.parent
    return step


def _charts(page: Page) -> Iterator[Box]:
    """Yield boxes of labels: at least three placed on a picture, or many short ones without a sentence among them."""
    placed: dict[int, list[Box]] = {}
    for box in page.boxes:
        size = box.end - box.start
        if size <= _PLACED:
            style = box.node.get("style") if box.styled and box.raw < 300 else None
            if style and box.parent is not None and _ABSOLUTE.search(style):
                placed.setdefault(id(box.parent), []).append(box)
        elif size >= _LABELS and not box.links and not box.raw and box.tag in ("div", "figure", "section"):
            lines = page.lines[box.start : box.end]
            figured = sum(1 for line in lines if any(map(str.isdigit, line.text)))
            if (
                all(
                    len(line.text) <= _LABEL and line.box.tag not in ("li", "td", "th", "dt", "dd")
                    for line in lines
                )
                and figured * 5 >= 2 * len(lines)
                and len({line.box.name for line in lines}) <= 3
            ):
                yield box
    for boxes in placed.values():
        if len(boxes) >= _SEVERAL:
            yield from boxes


def _named_lists(page: Page) -> Iterator[Box]:
    """Yield boxes that open with the name of a list of other stories and hold at least two titles."""
    total = page.root.raw
    for line in page.lines:
        if len(line.text) > 45 or not _opens_list(line.text) or _OTHERS.match(line.text) is None:
            continue
        box = line.box if line.box.end - line.box.start > 1 else line.box.parent
        while (
            box is not None
            and box.start == line.index
            and 2 * box.raw <= total
            and box.end - box.start <= _CARDS
        ):
            titles = sum(
                1
                for other in page.lines[line.index + 1 : box.end]
                if len(other.text) >= 15
                and (
                    other.box.tag in _TITLES
                    or other.links >= 0.9 * len(other.text)
                    or min(other.links, other.lead) >= 15
                )
            )
            if titles >= 2:
                yield box
                break
            box = box.parent


def _opens_list(text: str) -> bool:
    """Return whether a line's first word is one with which the names of lists open; what has no such words is let through."""
    if text[0] >= "\u2e80":
        return True
    if text[0] not in ":»" and text[:2].lower() not in _OPENINGS:
        return False
    return text.split(None, 1)[0].strip(":»").lower() in _FIRST


def _footnotes(page: Page) -> Iterator[Box]:
    """Yield lists of footnotes: items that end in an arrow back to where their mark stands."""
    if not any(line.invites and line.text[-1] in _BACK for line in page.lines):
        return
    for box in page.boxes:
        if box.tag in ("ol", "ul", "dl", "section", "div") and box.end - box.start <= _NOTES:
            lines = page.lines[box.start : box.end]
            back = sum(1 for line in lines if line.invites and line.text[-1] in _BACK)
            if back and 2 * back >= len(lines):
                yield box


def _is_reply(text: str) -> bool:
    """Return whether a line is what is pressed to reply; most short lines open with a letter that none of them does."""
    return (text[:2].lower() in _REPLY_OPENINGS or not text[0].isalpha()) and _REPLY.fullmatch(
        text
    ) is not None


def _threads(page: Page, heading: int | None) -> Iterator[Box]:
    """Yield the boxes of one make that each hold words and something to press to reply to them, behind the text."""
    pressed = [line for line in page.lines if len(line.text) <= _PRESSED and _is_reply(line.text)]
    if len(pressed) < _SEVERAL:
        return
    makes: dict[tuple[str, str | None], dict[int, Box]] = {}
    for line in pressed:
        box: Box | None = line.box
        while box is not None and not box.raw and box.end - box.start <= _CARDS:
            box = box.parent
        if box is not None and box.end - box.start <= _CARDS:
            makes.setdefault((box.tag, box.name), {})[id(box)] = box
    for boxes in makes.values():
        first = min(box.start for box in boxes.values())
        opened = (
            line for line in page.lines[heading + 1 if heading is not None else 0 : first] if line.prose
        )
        if len(boxes) >= _SEVERAL and sum(1 for _ in opened) >= 2:
            yield from boxes.values()


def _comment_systems(page: Page) -> Iterator[Box]:
    """Yield boxes most of whose lines are the words of a system for comments."""
    total = page.root.raw
    talks, talking = [0], 0
    for line in page.lines:
        text = line.text
        # One after another, as `any` over them takes twice as long for such short lines.
        talking += (
            "omment" in text
            or "OMMENT" in text
            or "eplies" in text
            or "eply" in text
            or "ogged in" in text
            or "og in" in text
            or "adge" in text
            or "oderat" in text
            or "lagged" in text
        )
        talks.append(talking)
    if talking < _SYSTEM:
        return
    for box in page.boxes:
        size = box.end - box.start
        talk = talks[box.end] - talks[box.start]
        if (
            talk >= _SYSTEM
            and size >= 5
            and talk >= 0.4 * size
            and box.raw * 2 <= total
            and box.tag in ("div", "section", "ul", "ol", "aside")
        ):
            yield box
