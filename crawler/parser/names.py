"""Reads what a box's class or id says it is, in the words that sites share, where its build does not contradict."""

import re
from functools import lru_cache
from itertools import pairwise

from crawler.parser.boxes import Box, Page
from crawler.parser.guards import says_act
from crawler.parser.sites import letters_of
from crawler.parser.wording import is_correction, names_speech, states_toll

# Words that extractors have long gone by (those of readability and trafilatura among them), whole parts of a name only.
_WORDS = {
    "comments": "comments commentlist commenting disqus livefyre fbcomments replies shoutbox",
    "overlay": "modal popup popover overlay lightbox flyout tooltip toast interstitial gdpr cookiebanner",
    "teaser_card": "related recommended recommendations recirc recirculation trending outbrain taboola zergnet revcontent "
    "promo promos mostread mostpopular mostviewed readmore readalso relatedstories relatedposts relatedarticles",
    "promotion": "newsletter newsletters signup optin mailchimp newslettersignup sponsored advert advertisement advertising adslot adsense",
    "widget": "poll polls pollbox quiz share sharing sharebar sharetools sharedaddy addthis addtoany sociable social socials",
    "byline": "byline bylines authorline authorbox authorbio authorinfo",
    "navigation": "breadcrumb breadcrumbs pagination pager navbar subnav",
    "aside": "sidebar sidebars",
}
_PAIRS = {
    "teaser_card": "most-read most-viewed most-popular most-shared read-more read-next read-also also-read see-also up-next more-stories more-news "
    "more-from other-stories you-may dont-miss onward-journey",
    "promotion": "sign-up opt-in subscribe-box subscribe-form subscription-box subscription-form",
    "byline": "author-bio author-box author-info author-card author-profile author-details author-description about-author about-the author-about post-author",
}
_BY_WORD = {word: reason for reason, words in _WORDS.items() for word in words.split()}
_BY_PAIR = {pair: reason for reason, pairs in _PAIRS.items() for pair in pairs.split()}
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PARTS = re.compile(r"[^a-z0-9]+")
_LIFE = re.compile(
    r"(?:^|[\s_-])(?:author[-_]?(?:bio|info|profile|details|description)|about[-_](?:the[-_])?author)(?:$|[\s_-])"
)
# A name that says what a page has or lacks is the name of the page.
_STATES = frozenset(
    [
        "has",
        "with",
        "no",
        "not",
        "non",
        "without",
        "is",
        "enable",
        "enabled",
        "enables",
        "hide",
        "show",
        "js",
        "page",
        "single",
        "template",
        "layout",
    ]
)
_TEXT = frozenset(["content", "grid", "main", "body", "wrap", "wrapper", "container"])
_OPEN = frozenset(["comments", "overlay"])
_LONG = 300
# Limits of caution, not of kind: a box with a third of a page's sentences, or four paragraphs in a row, is no furniture whatever its
# name. Half or twice as much reads the 343 and 245 news pages alike (varied 2026-11-28).
_SHARE = 3
_FLOW = 4
_BEFORE = 600
_BY = 6
# Two like boxes are a pair, three a series; more than so many would cost too much to look at for each.
_ALIKE = 3
_MOST = 200
_LIVES = frozenset(["div", "section", "aside", "table"])
_LABEL = 25
# What stands over a writer's life, in languages of the news pages read 2026-11-28 and 2026-11-29.
_AUTHOR = frozenset(
    [
        "author",
        "about the author",
        "about the authors",
        "autor",
        "autorin",
        "der autor",
        "die autorin",
        "über den autor",
        "über die autorin",
        "zum autor",
        "zur autorin",
        "auteur",
        "l'auteur",
        "l’auteur",
        "à propos de l'auteur",
        "à propos de l’auteur",
        "sobre el autor",
        "sobre la autora",
        "sobre o autor",
        "sobre a autora",
        "l'autore",
        "l’autore",
        "over de auteur",
        "o autorze",
        "об авторе",
        "про автора",
        "om forfatteren",
        "om författaren",
        "yazar hakkında",
        "作者简介",
    ]
)
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])


def named_reason(page: Page, box: Box, total: int, *, opened: bool) -> str | None:
    """Name what a box calls itself, or None where it calls itself nothing, or its build says that it is text.

    Args:
        page: The page after the walk.
        box: A box that is not around the displayed headline.
        total: Characters of the page's sentences.
        opened: True where two sentences of the text stand before it, or it stands before the headline. Between headline and
            text summaries stand under any name.
    """
    if _is_labelled(page, box):
        return "byline"
    own = box.node.get("id")
    names = (box.name, None if own and _spells_heading(page, box, own) else own)
    found = [
        reason for name in names if name and len(name) < _LONG and (reason := _reason_in(name)) is not None
    ]
    if not found:
        return None
    reason = next((one for one in found if one in _OPEN), found[0])
    if reason == "byline" and not (
        (box.chars <= _LONG and box.end - box.start <= _BY and not _holds_heading(page, box))
        or (
            opened
            and box.raw
            and box.chars <= 2 * _LONG
            and box.end - box.start <= _BY
            and _tells_life(names)
        )
    ):
        return None
    if reason in _OPEN:
        if 2 * box.raw <= total:
            return reason
        return (
            reason
            if sum(len(line.text) for line in page.lines[: box.start] if line.prose) >= _BEFORE
            else None
        )
    if box.raw and (not opened or _SHARE * box.raw > total or box.flow >= _FLOW):
        return None
    if box.raw and reason == "teaser_card" and _is_one_of_text(box, total):
        return None
    lines = page.lines[box.start : box.end]
    return None if _states_figure(page, box) or any(is_correction(line.text) for line in lines) else reason


def _spells_heading(page: Page, box: Box, own: str) -> bool:
    """Return whether an id that names an overlay only spells the heading of a part, for links to it ("the-toast-test"): no overlay is called so in print."""
    line = page.lines[box.start]
    return (
        line.box.tag in _HEADINGS
        and _reason_in(own) == "overlay"
        and letters_of(own) in letters_of(line.text)
    )


def _is_labelled(page: Page, box: Box) -> bool:
    """Return whether a box opens with a line that says "Author" and nothing else, then names them: a short life under a text.

    The name stands in a line of its own: a sentence under the label may be the story's.
    """
    size = box.end - box.start
    if not 2 <= size <= _BY or box.chars > 2 * _LONG or box.tag not in _LIVES:
        return False
    label, named = page.lines[box.start].text, page.lines[box.start + 1]
    if len(label) > _LABEL or label.strip(" :").casefold() not in _AUTHOR or _states_figure(page, box):
        return False
    if any(names_speech(line.text) or says_act(line.text) for line in page.lines[box.start : box.end]):
        return False
    return not named.prose


def _is_one_of_text(box: Box, total: int) -> bool:
    """Return whether boxes of one make side by side hold half of the page's sentences: they are its text, whatever they are named."""
    parent = box.parent
    if parent is None or len(parent.children) > _MOST:
        return False
    alike = [
        other for other in parent.children if (other.tag, other.name) == (box.tag, box.name) and other.raw
    ]
    if len(alike) < _ALIKE:
        return False
    return 2 * sum(other.raw for other in alike) > total


def _tells_life(names: tuple[str | None, ...]) -> bool:
    """Return whether a name says that the box tells who the author is, whatever heading it has."""
    return any(name and _LIFE.search(_CAMEL.sub("-", name[:_LONG]).lower()) is not None for name in names)


def _holds_heading(page: Page, box: Box) -> bool:
    return any(line.box is not box and line.box.tag in _HEADINGS for line in page.lines[box.start : box.end])


def _states_figure(page: Page, box: Box) -> bool:
    """Return whether a box holds a sentence outside links that states a toll with a figure."""
    return any(
        line.prose
        and 2 * line.links < len(line.text)
        and any(map(str.isdigit, line.text))
        and states_toll(line.text)
        for line in page.lines[box.start : box.end]
    )


@lru_cache(maxsize=8192)
def _reason_in(name: str) -> str | None:
    """Return what one of the names in a class or id says, or None."""
    for one in name.split():
        parts = [part for part in _PARTS.split(_CAMEL.sub("-", one).lower()) if part]
        if any(part in _STATES for part in parts):
            continue
        if "sidebar" in parts and any(part in _TEXT for part in parts):
            continue
        for first, second in pairwise(parts):
            if (found := _BY_PAIR.get(f"{first}-{second}")) is not None:
                return found
        for part in parts:
            if (found := _BY_WORD.get(part)) is not None:
                return found
    return None
