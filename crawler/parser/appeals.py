"""Tells a publisher's appeal to its readers in many languages by what has to come together in one."""

import re
from collections import Counter

from crawler.parser.boxes import Line, Page
from crawler.parser.calls import calls_readers
from crawler.parser.closings import names_channel
from crawler.parser.guards import states_nothing
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
    r"aiut\w+|apoi\w+|ajud\w+|assin\w+|steun\w*|wspar\w+|wesprz\w+|destek\w*|okurlar\w+|поддерж\w+|підтрим\w+|dukung\w*|stöd\w*|støt\w*|tuke\w*|podpoř\w*|támoga\w+|sprijin\w*)\b|دعم|ساهم|תמכו|תרמו|सहयोग|साथ|حمایت",
    re.IGNORECASE,
)
# Readers who are spoken to, and a paper that speaks of its own work; "US" and German "sie" are others.
_READER = re.compile(
    r"\b(?:you|your|(?-i:Ihnen|Ihre\w?|Sie)|vous|votre|usted|você|anda)\b|قرائها|خوانندگان|"
    r"\b(?:our|unser\w{0,2}|notre|nuestr[oa]|noss[oa]|onze|vores|vår\w?|kami) (?:\w+ )?(?:journalis\w+|reporting|newsroom|redaktion\w*|rédaction|periodismo|jornalismo|redactie|readers|leser\w*|lezers|lectores|läsare|læsere)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"[$€£]\s?\d|\d\s?[$€£]|\b(?:month(?:ly)?|monat\w*|mois|mes|al mese|mês|maand\w*|miesię\w+|ayda|в месяц|на місяць|per bulan|rupiah|i månaden|om måneden|euro\w*|kronor|kroner|lira|z[łl]ot\w+|reais)\b|شهري|חודשי|महीने",
    re.IGNORECASE,
)
# A sum that readers are asked for, in figures or in a word before the coin.
_SUM = re.compile(
    r"[$€£]\s?\d[\d.,]*|\d[\d.,]*\s?[$€£]|\w[\w.,]*\s(?:(?:euros?|dollars?|pounds?|kronor|kroner|lira|z[łl]ot\w+|reais|рубл\w+|грив\w+|rupiah)\b)",
    re.IGNORECASE,
)
_SPEAKING = frozenset([BlockKind.PARAGRAPH, BlockKind.QUOTE])
# One text asked twice at most, and three other paragraphs stood around the appeal, in the designs above.
_RARE = 2
_OTHERS = 3
_QUOTED = '“”„«»"'


def asks_readers(text: str) -> bool:
    """Return whether a paragraph that is set apart asks readers to pay for the paper's own work.

    Giving, and a reader who is spoken to or an imperative, have to come together in it with the press or with money; but for the sum asked for
    it states nothing.
    """
    if not _SHORTEST <= len(text) <= _LONGEST or any(sign in text for sign in _QUOTED):
        return False
    if _GIVING.search(text) is None or not (_READER.search(text) is not None or calls_readers(text)):
        return False
    if _PRESS.search(text) is None and _MONEY.search(text) is None:
        return False
    return states_nothing(_SUM.sub("", text))


def cut_appeals(page: Page, kept: dict[int, BlockKind]) -> None:
    """Take away paragraphs that ask readers for money, or to follow a channel, and stand in a type or a box that one or two of the text have."""
    order = [i for i in sorted(kept) if kept[i] in _SPEAKING and page.lines[i].prose]
    makes = Counter(_make(page.lines[i]) for i in order)
    for index in order:
        line = page.lines[index]
        times = makes[_make(line)]
        rare = times <= _RARE and len(order) >= _OTHERS + times
        if (rare or 20 * line.bold >= 19 * len(line.text)) and (
            asks_readers(line.text) or names_channel(line.text)
        ):
            line.reason = "appeal"
            del kept[index]


def _make(line: Line) -> tuple[str | None, ...]:
    """Return how a paragraph is set: its tag and class, and those of the box around it."""
    around = line.box.parent
    if around is None or around.flow >= _OTHERS:
        return line.box.tag, line.box.name
    return line.box.tag, line.box.name, around.tag, around.name
