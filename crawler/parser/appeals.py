"""Tells a publisher's appeal to its readers in many languages by what has to come together in one."""

import re
from collections import Counter

from crawler.parser.boxes import Line, Page
from crawler.parser.closings import shares_class, without_titles
from crawler.parser.credits import states_origin
from crawler.parser.guards import states_nothing
from crawler.parser.wording import names_speech, states_toll
from diffs.model import BlockKind

# An appeal in the flow of a text has up to three sentences (designs in twenty languages written from memory, read 2026-11-29).
_LONGEST = 420
_SHORTEST = 30
_PRESS = re.compile(
    r"\b(?:journalis\w*|reporting|newsrooms?|newspapers?|paywall\w*|stor(?:y|ies) like this|rédaction|l['’]information|periodismo|giornal\w*|jornalis\w*|journalisti\w+|dziennikar\w+|gazetecili\w+|jurnalis\w*|"
    r"журналисти\w+|журналісти\w+|редакц\w+|toimitus\w*|novinář\w*|újságír\w*|jurnalism\w*)|الصحافة|עיתונות|पत्रकारिता|روزنامه‌?نگاری",
    re.IGNORECASE,
)
_GIVING = re.compile(
    r"\b(?:support|donat\w+|contribut\w+|giv(?:e|ing)|chip in|funded|subscrib\w+|member(?:s|ship)?|unterstütz\w+|spende\w*|beitrag|hilf\w+|helfen|abonn\w+|souten\w+|dons?|apoy\w+|ayud\w+|sostien\w+|contribu\w+|suscri\w+|sosteni\w+|"
    r"aiut\w+|apoi\w+|ajud\w+|assin\w+|steun\w*|wspar\w+|wesprz\w+|destek\w*|okurlar\w+|поддерж\w+|підтрим\w+|dukung\w*|stöd\w*|støt\w*|tuke\w*|podpoř\w*|támoga\w+|sprijin\w*)|دعم|ساهم|תמכו|תרמו|सहयोग|साथ|حمایت",
    re.IGNORECASE,
)
_READER = re.compile(
    r"\b(?:you|your|readers?|our|us|we|ihnen|sie|uns|unser\w*|leser\w*|vous|votre|lecteurs?|usted|lectores|nos|nuestr\w+|lettori|ci|você|leitor\w*|ons|onze|lezers?|nas|czytelni\w+|bize|okur\w+|"
    r"читател\w+|редакцию|редакцію|читач\w+|pembaca\w*|kami|oss|läsare\w*|os|læsere\w*|meitä|lukija\w*)|قرائها|معنا|לקוראים|בנו|पाठक|हमारा|خوانندگان",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"[$€£]\s?\d|\d\s?[$€£]|\b(?:month(?:ly)?|monat\w*|mois|mes|al mese|mês|maand\w*|miesię\w+|ayda|в месяц|на місяць|per bulan|rupiah|i månaden|om måneden|euro\w*|kronor|kroner|lira|z[łl]ot\w+|reais)\b|شهري|חודשי|महीने",
    re.IGNORECASE,
)
_SPEAKING = frozenset([BlockKind.PARAGRAPH, BlockKind.QUOTE])
# One text asked twice at most, and three other paragraphs stood around the appeal, in the designs above.
_RARE = 2
_OTHERS = 3
# A text of four paragraphs of one make or more, half of all, and the longest note that stood between them.
_EVEN = 4
_ODD = 260
_QUOTES = frozenset(["blockquote", "li", "td", "th", "dd"])
_QUOTED = '“”„«»"'


def asks_readers(text: str, *, apart: bool = False) -> bool:
    """Return whether a paragraph asks readers to pay for the paper's own work.

    The press, giving and the reader have to come together in it, or with money two of the three; it quotes nobody and states no toll.

    Args:
        text: The paragraph.
        apart: Whether it stands in a box, or in a type, that no other paragraph of the text has; two of the four are enough then.
    """
    if not _SHORTEST <= len(text) <= _LONGEST or any(sign in text for sign in _QUOTED):
        return False
    if _GIVING.search(text) is None or _READER.search(text) is None:
        return False
    press = _PRESS.search(text) is not None
    if not (press or (apart and _MONEY.search(text) is not None)):
        return False
    return not names_speech(text) and not states_toll(text)


def cut_odd(page: Page, kept: dict[int, BlockKind]) -> None:
    """Take away what is set otherwise than a text's paragraphs: appeals for money, and what states nothing behind the first of them.

    A sentence in a box or of a class that one line in the text has, which holds no figure, fate, quotation or source, is an invitation, a note or
    a hint in every design read; the text's first two paragraphs and its last may have a class of their own.
    """
    order = [i for i in sorted(kept) if kept[i] in _SPEAKING and page.lines[i].prose]
    makes = Counter(_make(page.lines[i]) for i in order)
    common, times = makes.most_common(1)[0] if makes else ((), 0)
    even = times >= _EVEN and 2 * times >= len(order)
    last = max((place for place, i in enumerate(order) if _make(page.lines[i]) == common), default=0)
    first = next((place for place, i in enumerate(order) if _make(page.lines[i]) == common), 0)
    for place, index in enumerate(order):
        line = page.lines[index]
        make = _make(line)
        rare = makes[make] <= _RARE and len(order) >= _OTHERS + makes[make]
        apart = rare or 20 * line.bold >= 19 * len(line.text)
        odd = even and makes[make] == 1 and make != common and place > first + 1 and len(line.text) <= _ODD
        if (
            odd
            and _is_strange(line, page.lines[order[first]], inside=place < last)
            and states_nothing(without_titles(line.text))
            and not states_origin(line.text)
        ) or ((apart or line.anchors) and asks_readers(line.text, apart=apart)):
            line.reason = "appeal" if not odd else "promotion"
            del kept[index]


def _is_strange(line: Line, sentence: Line, *, inside: bool) -> bool:
    """Return whether a line has a class, or a box around it, that is not the text's own: an element of the site's own or one with a class."""
    box, other = line.box, sentence.box
    if box.tag in _QUOTES or (box.parent is not None and box.parent.tag in _QUOTES):
        return False
    if box.name and not shares_class(box.name, other.name):
        return True
    around = box.parent
    if around is None or around is other.parent:
        return False
    return "-" in around.tag or (inside and bool(around.name))


def _make(line: Line) -> tuple[str | None, ...]:
    """Return how a paragraph is set: its tag and class, and those of the box around it."""
    around = line.box.parent
    if around is None or around.flow >= _OTHERS:
        return line.box.tag, line.box.name
    return line.box.tag, line.box.name, around.tag, around.name
