"""What lines that close a text say about it: who wrote it, that it goes on, whose it is."""

import re
from collections import Counter

from crawler.parser.boxes import STOPS, Line, Page
from crawler.parser.calls import calls_readers
from crawler.parser.credits import states_origin
from crawler.parser.guards import says_act, states_nothing
from crawler.parser.remembered import remembered
from crawler.parser.wording import names_speech, states_toll
from diffs.model import BlockKind

# Lines near the headline among which its writers are named (designs of 1998 to 2025 written from memory, read 2026-11-29).
_NEAR = 10
_NAMING = re.compile(
    r"(?:^|[\s_-])(?:by-?lines?|authors?|autore?s?|auteurs?|writers?|verfasser|by)(?:$|[\s_-])|authored",
    re.IGNORECASE,
)
_BY = re.compile(
    r"^(?:by|von|par|por|di|door|av|af|text|texto|tekst|autore?|yazan|автор|بقلم|كتب(?:ت)?|מאת|द्वारा|oleh)(?:\s*:\s*|\s+)(?=\S)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\s*(?:[,;/|·•&]|\b(?:and|und|et|y|e|och|og|en|i|ve|dan|и|і|та)\b|\bו|و)\s+", re.IGNORECASE
)
_NAME = re.compile(r"[^\W\d_][\w'’.-]* [^\W\d_][\w'’.-]*")
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[:.h]\d\d")
_SHORTEST = 6
_QUOTED = re.compile(r"[“„«\"].{3,300}[”“»\"]")
# Two people named in full: a line that says who did what.
_FULL_NAME = re.compile(r"\b[A-ZÀ-Þ][\w'’-]+ [A-ZÀ-Þ][\w'’-]+")
_NAMED = 2
_SPEAKER = re.compile(r"[^\W\d_a-z][\w'’-]* [^\W\d_a-z][\w'’-]*: ")
_LAST = re.compile(r"last|final|end|lead|body|text|paragraph|content", re.IGNORECASE)
_TITLE = re.compile(r"[“„«\"]\s?([^“”„«»\".,!?]{2,40})\s?[”“»\"]")
# A label before the name, as in a note on a person.
_LABEL = re.compile(r"[^\W\d_][^:\d.!?]{2,20}: ")
# Names of channels are loan-words nearly everywhere.
_CHANNELS = re.compile(
    r"whats-?app|telegram|viber|podcast|newsletter|instagram|facebook|tiktok|youtube|linkedin|e-?paper|ctrl\s?\+\s?enter|телеграм|[вв]атсап|вайбер|подкаст|واتس|تلغرام|تيليغرام|بودكاست|"
    r"וואטסאפ|טלגרם|פודקאסט|व्हाट्स|टेलीग्राम|पॉडकास्ट|واتساپ|تلگرام|پادکست",
    re.IGNORECASE,
)
# Every form of ASCII holds one of these, so that most lines of ASCII are judged without it.
_CHANNEL_SIGNS = ("whats", "telegram", "viber", "podcast", "newsletter", "instagram", "facebook", "tiktok", "youtube", "linkedin", "paper", "ctrl")  # fmt: skip
_LONGEST = 60
_LIFE = 400
# A note of a text's state has up to 90 characters in the languages below.
_NOTE = 90
# Words before a note's own: "We will update this story", and none of who did or did not update what.
_BEFORE = 2
_STORY = (
    r"(?:stor(?:y|ies)|article|report|post|page|artik[ek]?l\w*|beitrag|text\w*|meldung|bericht\w*|nieuws\w*|cet article|notícia|reportagem|matéria|noticia|nota|información|artículo|articolo|notizia|"
    r"artykuł\w*|tekst\w*|wiadomość|haber\w*|новость|новина|материал\w*|матеріал\w*|стат(?:ья|тя)|текст\w*|ख़?ख?बर|समाचार|berita\w*|artikkeli|juttu|saken|nyheden|الخبر|المقال|الموضوع|הידיעה|הכתבה|خبر|گزارش|مطلب)"
)
_GOES_ON = (
    r"(?:developing|updated|updates?|being updated|aktualisiert\w*|ergänzt|laufend|mis(?:e)? à jour|actualisé\w*|en desarrollo|actualiz\w+|ampliación|in aggiornamento|aggiornat\w+|atualiza\w+|"
    r"aangevuld|bijgewerkt|bijwerken|aktualizowan\w*|aktualizacj\w*|uzupełnian\w*|güncellen\w*|gelişme\w*|дополня\w+|обновля\w+|доповню\w+|оновлю\w+|تحديث\w*|التحديث|מתעדכנ\w*|תעודכן|"
    r"अपडेट|diperbarui|diupdate|uppdateras|opdateres|oppdateres|päivit\w+|تکمیل|به‌روز\w*)"
)
_OPEN = re.compile(
    rf"(?<!\w){_STORY}(?!\w).*(?<!\w){_GOES_ON}(?!\w)|(?<!\w){_GOES_ON}(?!\w).*(?<!\w){_STORY}(?!\w)",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r"(?:^|[.!?©] |\()this (?:document|article|text|work|content|page) is (?:subject to|protected by) copyright\b|(?:^|[.!?] )no part (?:of (?:this|it)(?: \w+){0,3} )?may be reproduced(?: (?:or|and|without|in|by)\b|[.,])|\b(?:all rights reserved|alle rechten? voorbehouden|alle rechte vorbehalten|niets (?:van deze|uit deze)\b.{0,40}\b(?:overgenomen|verveelvoudigd)|tous droits (?:de reproduction )?réservés|derechos reservados|direitos reservados|"
    r"reproducción (?:total|prohibida)|é proibida a reprodução|riproduzione riservata|diritti (?:sono )?riservati|wszelkie prawa zastrzeżone|kopiowanie bez zgody|hakları saklıdır|izinsiz (?:kopyalan|kullanıl)\w+|"
    r"права защищены|перепечатка\b.{0,60}\b(?:разрешения|ссылк\w+)|права захищен[оі]|передрук\b.{0,60}\b(?:дозвол\w+|\w*посилання\w*)|hak cipta dilindungi|dilarang (?:mengutip|memperbanyak|menyalin)|"
    r"alla rättigheter förbehåll\w+|alle rettigheter (?:er )?(?:forbehold\w*|reserver\w*)|alle rettigheder forbehold\w*|må ikke gengives|kaikki oikeudet pidätetään|všechna práva vyhrazena|minden jog fenntartva|toate drepturile rezervate)"
    r"|版权所有|版權所有|الحقوق محفوظة|הזכויות שמורות|धिकार सुरक्षित|حقوق محفوظ",
    re.IGNORECASE,
)
_RIGHTS_LINE = 240
# A shorter headline may stand in a sentence by chance.
_CITED = 20
# The longest call to readers in the designs written from memory (2026-11-29).
_ASIDE = 160
# Lines that close a text: a writer's life, a note and the rights one under the other (designs written from memory, read 2026-11-29).
_CLOSING = 4
_BODY = 3
_FULL = ".!?…。！？؟۔।॥”»"


def bylines_near(page: Page, place: int | None, author: str | None) -> tuple[str, ...]:
    """Return the bylines of a text, as its metadata and the lines under its headline print them.

    A line names writers where its box calls itself so, where it opens with "By", or where it goes on with a time.

    Args:
        page: The page after the walk.
        place: Index of the displayed headline's line, or None.
        author: The byline of the page's metadata, or None.
    """
    found = [author] if author else []
    start = place + 1 if place is not None else 0
    for line in page.lines[start : start + _NEAR]:
        text = line.text
        if line.prose or len(text) > _LONGEST + 60:
            continue
        opened = _BY.match(text)
        if opened is not None or _is_named(line) or line.stamp or _DATED.search(text) is not None:
            found.append(text[opened.end() :] if opened is not None else text)
    return tuple(dict.fromkeys(found))


def _is_named(line: Line) -> bool:
    around = (line.box, line.box.parent)
    return any(
        one is not None and one.name is not None and _NAMING.search(one.name) is not None for one in around
    )


def tells_of(text: str, bylines: tuple[str, ...]) -> bool:
    """Return whether a paragraph opens with the full name of one of a text's writers, as a note on their life does.

    No text that somebody signs speaks of its writer by full name, in whatever language. An answer of an interview ("Ana Ruiz: ...") is none, nor
    is what states a toll, quotes or names who said something.
    """
    label = _LABEL.match(text)
    name = _NAME.match(text, label.end() if label is not None else 0)
    if (
        name is None
        or len(text) > _LIFE
        or len(name[0]) < _SHORTEST
        or text[name.end() : name.end() + 1] == ":"
    ):
        return False
    return (
        any(_opens(byline, name[0]) for byline in bylines)
        and not states_toll(text)
        and not (names_speech(text) or _QUOTED.search(text))
    )


def _opens(byline: str, name: str) -> bool:
    """Return whether a byline's text opens with a name, or has it behind another one."""
    at = byline.find(name)
    behind = byline[at + len(name) : at + len(name) + 1]
    return (at == 0 or (at > 0 and _BETWEEN.search(byline[:at][-6:]) is not None)) and not behind.isalpha()


@remembered
def says_open(text: str) -> bool:
    """Return whether a line says only that the text it stands under is or will be updated, in one of eighteen languages."""
    found = _OPEN.search(text) if len(text) <= _NOTE else None
    return found is not None and len(text[: found.start()].split()) <= _BEFORE and states_nothing(text)


@remembered
def claims_rights(text: str) -> bool:
    """Return whether a line says whose text it is and what others may not do with it, in one of twenty languages."""
    return (
        len(text) <= _RIGHTS_LINE
        and _RIGHTS.search(text) is not None
        and not (states_toll(text) or names_speech(text) or says_act(text))
    )


def shares_class(one: str | None, other: str | None) -> bool:
    """Return whether two class attributes share a class: a drop cap's or a last paragraph's has one more than the others have."""
    return one == other or not set((one or "").split()).isdisjoint((other or "").split())


def without_titles(text: str) -> str:
    """Return a line that names a channel without the quotation marks around its programme's title; every other line as it is."""
    if not _has_channel(text):
        return text
    return _TITLE.sub(r"\1", text)


def _has_channel(text: str) -> bool:
    if text.isascii() and not any(map(text.lower().__contains__, _CHANNEL_SIGNS)):
        return False
    return _CHANNELS.search(text) is not None


def names_channel(text: str) -> bool:
    """Return whether a short line asks readers to follow or hear a channel that it names, and states nothing."""
    return (
        len(text) <= _RIGHTS_LINE
        and _has_channel(text)
        and calls_readers(text)
        and states_nothing(without_titles(text))
    )


def cites_itself(text: str, title: str) -> bool:
    """Return whether a line tells how to cite the text it stands under: by its whole headline and its address."""
    return len(title) >= _CITED and title in text and "://" in text and len(text) <= len(title) + _RIGHTS_LINE


def is_aside(text: str, name: str | None) -> bool:
    """Return whether a last line that is set apart calls readers, and states nothing. One that is called the last is text."""
    if len(text) > _ASIDE or (name and _LAST.search(name)) or _SPEAKER.match(text):
        return False
    return calls_readers(text) and states_nothing(text) and len(_FULL_NAME.findall(text)) < _NAMED


def is_signature(text: str, stopped: int, unstopped: int) -> bool:
    """Return whether the last line of a text is a name or stands in brackets where every other one is a sentence: a source, an agency.

    Args:
        text: The line.
        stopped: How many of the paragraphs before it end as a sentence does.
        unstopped: How many do not.
    """
    bare = text.strip("()[] ")
    return (
        unstopped == 0
        and stopped >= 3
        and len(bare) <= _LONGEST
        and (bare == text or text[0] in "([")
        and (text[-1] not in STOPS or text[-1] in ")]")
        and bare[-1:] not in ("…", ":")
        and (bare != text or all(word[0].isupper() for word in bare.split()))
        and states_nothing(text)
    )


def cut_closing(page: Page, kept: dict[int, BlockKind], bylines: tuple[str, ...], title: str) -> None:
    """Take away what closes a text in its last lines: its writers' lives, notes that it goes on, whose it is, an agency's name.

    Args:
        page: The page after the walk.
        kept: The lines kept, with their kinds.
        bylines: What `bylines_near` found.
        title: The displayed headline, or nothing.
    """
    order = [i for i in sorted(kept) if kept[i] is BlockKind.PARAGRAPH]
    if len(order) <= _BODY:
        return
    makes = Counter((page.lines[i].box.name, id(page.lines[i].box.parent)) for i in order)
    common = makes.most_common(1)[0][0]
    for place in range(len(order) - 1, max(_BODY - 1, len(order) - 1 - _CLOSING), -1):
        line = page.lines[order[place]]
        text = line.text
        apart = _is_apart(line, common)
        if states_origin(text) or not (
            (_is_elsewhere(line, common) and tells_of(text, bylines))
            or (apart and is_aside(text, line.box.name))
            or says_open(text)
            or cites_itself(text, title)
            or claims_rights(text)
            or names_channel(text)
            or is_signature(text, *_stops(page, order[:place]))
        ):
            return
        line.reason = "credit_line"
        del kept[order[place]]


def _is_apart(line: Line, common: tuple[str | None, int]) -> bool:
    """Return whether a paragraph next to a text's others is set otherwise: in slanted type, or of a class of its own."""
    name, parent = common
    if 20 * line.bold >= 19 * len(line.text):
        return True
    return id(line.box.parent) == parent and bool(line.box.name) and not shares_class(line.box.name, name)


def _is_elsewhere(line: Line, common: tuple[str | None, int]) -> bool:
    """Return whether a paragraph is set otherwise than most: as `_is_apart`, behind a rule or in another box."""
    if _is_apart(line, common) or id(line.box.parent) != common[1]:
        return True
    before = line.box.node.getprevious()
    return before is not None and before.tag == "hr"


def _stops(page: Page, order: list[int]) -> tuple[int, int]:
    """Count the paragraphs that end as sentences do, and those that do not."""
    stopped = sum(1 for i in order if page.lines[i].text[-1] in _FULL or page.lines[i].text[-1] in STOPS)
    return stopped, len(order) - stopped
