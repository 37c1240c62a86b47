"""What stands in a page's markup and is not read by eyes as part of the text around it."""

import re
from collections.abc import Sequence
from functools import lru_cache

from lxml import etree

from crawler.parser.wording import is_guarded, states_toll

# Class names of text for screen readers alone, as Bootstrap, WordPress and others print them (read 2026-11-28).
_SPOKEN_ONLY = re.compile(
    r"(?:^|[\s_-])(?:sr-only|screen-?reader(?:s|-text|-only)?|visually-?hidden|visuallyhidden|offscreen|off-screen|"
    r"assistive-?text|a11y-(?:hidden|text))(?:$|[\s_-])",
    re.IGNORECASE,
)
_UNSEEN = re.compile(
    r"display:none|visibility:hidden|font-size:0(?:px|pt|em|rem|%)?(?:;|!|$)|text-indent:-\d{3,}|left:-\d{4,}px|"
    r"clip:rect\((?:0|1px)"
)
_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[*†‡§¶]{1,3})(?:[,;]\d{1,3})*[\])]?")
_UNIT = re.compile(r"(?:^|[\s\d])(?:[kcdm]?m|km|cm|ft|yd|mi|in|s|x|10)$")
_COUNTER = re.compile(r"^\(?\d{1,3} (?:of|/|von|de|sur|di) \d{1,3}\)?\s{0,3}[|:–—-]?\s{1,3}(?=\S)")
_SHORTCODE = re.compile(
    r"\[/?[a-z][\w-]{1,30}(?: [\w-]{1,30}=(?:\"[^\"\]]{0,300}\"|'[^'\]]{0,300}'|“[^”\]]{0,300}”|[^\s\]\"'“][^\s\]\"']{0,119})){1,12} ?/?\]|"
    r"\[/(?:caption|gallery|embed|quote|video|audio|cartoon|poll|tweet|youtube)\]"
)
_QUOTE = re.compile(r"\s{0,3}[+\-−–▲▼]?\s?\d{1,4}(?:[.,]\d{1,4})?\s?%\s{0,3}")
_TICKER = re.compile(
    r" ?\((?:[A-Z][A-Za-z]{1,9} ?: ?[A-Z][A-Z.]{0,5}(?:[,;] ?[A-Z][A-Za-z]{1,9} ?: ?[A-Z][A-Z.]{0,5})*|\s?)\)(?= |,|\.|$)"
)
_BRACKETED = re.compile(
    r"\(\s?(?:[A-Za-z]{2,9} ?: ?)?[A-Z][A-Z.]{0,5}(?:\s{0,3}[+\-−–]?\d{1,4}[.,]\d{1,2}\s?%)?\s?\)"
)
_LABEL = re.compile(
    r"\s{0,9}(?:(?:image|media|video|picture|photo)\s(?:caption|source|credit|copyright)|credit(?:\.{3}|…)?|photograph(?:\sby)?|"
    r"(?:photo|image|picture)\s(?:by|credit))[:,.]?\s{0,9}",
    re.IGNORECASE,
)
# A row between two breaks that is one link of three words invites to read or watch something else (articles typed with breaks, two
# captures of 2019 and 2022, read 2026-11-28).
_ROW = 3
_ROW_LABEL = 30
# The attributes that `is_hidden` asks for.
HIDING = frozenset(["style", "hidden", "aria-hidden"])
DELETED = frozenset(["del", "s", "strike"])
RUBY = frozenset(["rt", "rp"])


def is_hidden(node: etree._Element, names: Sequence[str | bytes]) -> bool:
    """Return whether an element's own attributes, its class left out, keep it out of sight; what has a class needs more than `aria-hidden`.

    Args:
        node: The element.
        names: The names of its attributes: most elements have few, and asking for one that is not there costs as much.
    """
    if "style" in names and _is_unseen((node.get("style") or "")[:300]):
        return True
    if "hidden" in names and node.get("hidden") != "until-found":
        return True
    return "aria-hidden" in names and "class" not in names and node.get("aria-hidden") == "true"


@lru_cache(maxsize=8192)
def _is_unseen(style: str) -> bool:
    return _UNSEEN.search(style.replace(" ", "").lower()) is not None


@lru_cache(maxsize=8192)
def is_spoken_only(name: str) -> bool:
    """Return whether a class says that its text is for screen readers alone."""
    if len(name) >= 300:
        return False
    low = name.lower()
    # One of these stands in each of them: most names have none and need no pattern.
    if not ("sr-only" in low or "hidden" in low or "screen" in low or "assistive" in low or "a11y" in low):
        return False
    return "not-sr-only" not in name and _SPOKEN_ONLY.search(name) is not None


def is_spoken_stop(node: etree._Element) -> bool:
    """Return whether hidden type is nothing but a stop or dash, which keeps the words around it apart."""
    text = node.text
    return (
        text is not None and 0 < len(text.strip()) <= 2 and not len(node) and not any(map(str.isalnum, text))
    )


def is_hover_card(node: etree._Element) -> bool:
    """Return whether an inline element repeats the link right before it with further links: a card shown on pointing."""
    before = node.getprevious()
    if before is None or before.tag != "a" or (before.tail and not before.tail.isspace()):
        return False
    links = node.findall(".//a")
    return len(links) >= 2 and _words(links[0]) == _words(before) != []


def is_note_mark(node: etree._Element, before: str) -> bool:
    """Return whether raised type is the mark of a footnote and no power, unit or ordinal.

    Args:
        node: A `sup` element.
        before: The text printed right before it.
    """
    text = "".join(map(str, node.itertext())).strip()
    if _MARK.fullmatch(text) is None or not before or before[-1].isspace():
        return False
    return not text.isdigit() or _UNIT.search(before[-5:]) is None


def is_under_picture(node: etree._Element) -> bool:
    """Return whether slanted words stand right behind a picture in one inline part of a text, as the captions of portals do."""
    above, parent = node.getprevious(), node.getparent()
    return (
        above is not None
        and above.tag == "img"
        and parent is not None
        and parent.tag == "span"
        and not (above.tail or "").strip()
        and not (node.tail or "").strip()
    )


def is_ticker(node: etree._Element) -> bool:
    """Return whether an element is a share's code in brackets with a link, and perhaps its last price."""
    text = node.text
    if text is None or text.strip() != "(" or not len(node) or node[0].tag != "a":
        return False
    return _BRACKETED.fullmatch("".join(map(str, node.itertext())).strip()) is not None


def is_note_link(node: etree._Element, before: str) -> bool:
    """Return whether a link to a place on the page itself is the mark of a footnote, printed right behind a word."""
    return (
        len(before) > 0
        and not before[-1].isspace()
        and (node.get("href") or "").startswith("#")
        and _MARK.fullmatch("".join(map(str, node.itertext())).strip()) is not None
    )


_PICTURE = 20
_TAIL = 140
_PICTURED = r"cr[ée]dit[oi]?|photograph|photo|foto|fot\.|fotoğraf|фото|صورة|تصوير|צילום|तस्वीर|फ़ोटो|عکس|image|picture|bild|kuva"
_CREDITED = re.compile(
    r"\s*(?:\((?:(?:photo|foto|image|bild)s?(?: by)?:? )?[^()/\d]{2,60}/[^()\d]{2,60}\)|\((?:AP|AFP|EPA|Reuters|Getty|[Ff]ile|[Ss]taff) [Pp]hotos?\)|"
    rf"(?<=[.!?”\"')\s])(?:photograph|photo|foto|image|picture|bild|cr[ée]dito?|quelle)s?(?: by| credit)?\s?[:/©] ?[^.!?\d]{{2,60}}\.?|(?<=[.!?”\"')])\s*©\s?[^.!?\d]{{2,60}}|"
    rf"\((?:staff )?(?:{_PICTURED})(?: by)?[ :/©]{{1,2}}[^()\d]{{2,60}}\)|(?<=[.!?”\"')।۔؟])\s*(?:staff )?(?:{_PICTURED})(?: by)?[ :/©]{{1,3}}[^.!?\d]{{2,60}}\.?|"
    r"(?<=[.!?])\s*(?-i:[A-ZÀ-Þ][\w.'’-]+(?: [A-ZÀ-Þ][\w.'’-]+){1,3}\s?/\s?[A-Z][\w .&-]{1,40}))$",
    re.IGNORECASE,
)


_PICTURE_WORDS = ("credit", "crédit", *_PICTURED.replace("\\", "").split("|")[1:])
_CREDIT_LINE = 320
_UNSIGNED = 200
_AGENCY_ALONE = re.compile(
    r"\((?:Reuters|AFP|AP|AP Photo|Getty|EPA|PTI|ANI|IANS|dpa|Xinhua)\b[^()]{0,30}\)\.?$"
)
_AGENCY_CREDIT = re.compile(
    r"/\s?(?:getty(?: images)?|reuters|afp|ap|dpa|epa|efe|ansa|tass|тасс|anp|tt|aa|pti)\b", re.IGNORECASE
)
_OPENED = re.compile(
    rf"[( ]*(?:staff )?(?:photograph|{_PICTURED}|cr[ée]dito?|quelle)s?(?: by| credit)?\s?[:/© ]",
    re.IGNORECASE,
)
# "She holds up a photo: both her sons ..." goes on with the sentence.
_POINTS = re.compile(
    r"\b(?:an?|the|this|that|these|those|his|her|their|its|our|my|grim|bleak|same|eine?|das|die|dieses|als|un|une|la|el|le|como|como la)$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_][\w.'’-]*")
_SMALL = frozenset(
    [
        "dpa",
        "afp",
        "ap",
        "epa",
        "imago",
        "handout",
        "courtesy",
        "file",
        "picture",
        "alliance",
        "photo",
        "foto",
        "image",
        "archiv",
        "archive",
        "via",
        "for",
        "by",
        "of",
        "the",
        "de",
        "del",
        "di",
        "da",
        "la",
        "le",
        "van",
        "von",
        "der",
        "den",
        "and",
        "und",
        "et",
        "y",
        "bin",
        "al",
        "el",
        "e",
    ]
)


def without_count(text: str) -> str:
    """Return a caption without the counter of pictures before it ("2 of 7 | Rescuers carry ...")."""
    return _COUNTER.sub("", text, count=1)


def without_credit(text: str) -> tuple[str, str]:
    """Return a caption without who took the picture, set behind it ("... (Jon Roy/Valley Wire)"), and that credit or nothing."""
    found = _CREDITED.search(text, max(0, len(text) - _TAIL))
    if found is None or found.start() < _PICTURE:
        return text, ""
    left, credit = text[: found.start()], found[0].strip()
    return (left, credit) if _names_maker(left, credit) else (text, "")


def _names_maker(left: str, credit: str) -> bool:
    """Return whether words behind a caption hold names alone, and state nothing that the caption goes on to say."""
    if is_guarded(credit) or states_toll(credit):
        return False
    label = _OPENED.match(credit)
    if label is not None and _POINTS.search(left) is not None:
        return False
    words = _WORD.findall(credit[label.end() if label is not None else 0 :])
    return bool(words) and all(not word[0].islower() or word.lower() in _SMALL for word in words)


def is_credited(text: str, *, typed: bool) -> bool:
    """Return whether a line is a picture's caption because it ends with who took the picture.

    Args:
        text: The line.
        typed: Whether it is typed as a paragraph; then the credit has to call itself one or to name somebody before the agency, since texts
            are signed with agencies too.
    """
    if not _PICTURE < len(text) <= _CREDIT_LINE:
        return False
    tail = text[-_TAIL:].lower()
    if not typed and text[-1] in ").":
        agency = _AGENCY_ALONE.search(text)
        if (
            agency is not None
            and agency.start() >= _PICTURE
            and len(text) <= _UNSIGNED
            and not is_guarded(text)
        ):
            return True
    if "/" not in tail and not any(map(tail.__contains__, _PICTURE_WORDS)):
        return False
    _, credit = without_credit(text)
    if not credit:
        return False
    if any(map(credit.lower().__contains__, _PICTURE_WORDS)):
        return True
    return (not typed or " " in credit.split("/", 1)[0].strip()) and _AGENCY_CREDIT.search(credit) is not None


def opens_link_row(node: etree._Element) -> bool:
    """Return whether a break is followed by a row of its own that is one link, perhaps behind a label ("Watch:").

    Args:
        node: A `br` element.
    """
    label = (node.tail or "").strip()
    link = node.getnext()
    if link is None or link.tag != "a" or (label and not (label[-1] == ":" and len(label) <= _ROW_LABEL)):
        return False
    behind = link.getnext()
    return (
        not (link.tail and not link.tail.isspace())
        and (behind is None or behind.tag == "br")
        and len("".join(map(str, link.itertext())).split()) >= _ROW
    )


def is_link_behind(node: etree._Element) -> bool:
    """Return whether an inline element is the last one in its box and nothing but a link: the page a quotation was taken from."""
    if node.getnext() is not None or (node.tail and not node.tail.isspace()):
        return False
    if node.tag == "a":
        return "href" in node.attrib
    inner = node[0] if len(node) == 1 else None
    return (
        inner is not None
        and inner.tag == "a"
        and not any(text and not text.isspace() for text in (node.text, inner.tail))
    )


def is_live_quote(node: etree._Element) -> bool:
    """Return whether an element is the percentage that a page refreshes after a ticker's name in one link."""
    text = node.text
    if text is None or "%" not in text or len(node):
        return False
    parent = node.getparent()
    if parent is None or parent.tag != "a":
        return False
    first = parent.text or (parent[0].text if parent[0] is not node else "") or ""
    return _QUOTE.fullmatch(text) is not None and first.strip().isupper()


def without_tickers(text: str) -> tuple[str, list[str]]:
    """Return a line without the codes of shares in brackets, and those codes; brackets that a code left empty go with it."""
    if ":" not in text and "()" not in text and "( )" not in text:
        return text, []
    found = [match[0].strip() for match in _TICKER.finditer(text)]
    if not found:
        return text, found
    return _TICKER.sub("", text), [code for code in found if any(map(str.isalpha, code))]


def is_caption_label(node: etree._Element) -> bool:
    """Return whether an element of a caption opens with, or is, the label of a picture's credit or caption."""
    text = node.text
    if text is None or text.isspace():
        text = node[0].text if len(node) else None
    return text is not None and len(text) < 200 and _LABEL.match(text) is not None


def without_shortcodes(text: str) -> tuple[str, list[str]]:
    """Return a line without the codes that a site's editor left unexpanded, and those codes."""
    if "[" not in text or ("=" not in text and "[/" not in text):
        return text, []
    found = [match[0] for match in _SHORTCODE.finditer(text)]
    return (" ".join(_SHORTCODE.sub(" ", text).split()), found) if found else (text, found)


def _words(node: etree._Element) -> list[str]:
    return "".join(map(str, node.itertext())).split()
