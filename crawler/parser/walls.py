"""Tells where a page ends in a wall that keeps the rest of its text from readers who have not paid or signed in."""

import re
from dataclasses import dataclass

from crawler.parser.boxes import STOPS, Box, Line, Page
from crawler.parser.container import home_box_of
from crawler.parser.remembered import remembered

# What walls say outright, in the languages of the news pages read 2026-11-28.
_WALL = re.compile(
    r"\b(?:(?:subscribe|sign in|sign up|log ?in|register|create (?:a|an|your) (?:free )?account|join|upgrade|become a (?:member|subscriber)) (?:now |today |for free )?(?:to|and) "
    r"(?:(?:continue|keep|finish) reading|continue\b|read (?:this|the|more|on|our|unlimited)|(?:view|access|see|unlock) (?:this (?:article|story)|the (?:full|rest|entire|complete|article|story)|full))|"
    r"to (?:continue|keep|finish) reading|to (?:read|access|view|unlock|see) (?:the (?:full|rest of the|entire|complete) (?:article|story|text|piece)|this (?:article|story)\b|full (?:article|story))|"
    r"(?:this|the full|the rest of this) (?:article|story) is (?:only |exclusively |reserved |available )*(?:for|to) (?:our |paying |registered |premium )*(?:subscribers|members)|(?:article|story) exclusive to subscribers|"
    r"(?:reached|used) (?:up )?(?:your|all of your|all your) (?:\w+ ){0,3}(?:free )?(?:limit|allowance|articles?|stories|views)\b|(?:allowance|limit) of \d+ (?:free )?(?:articles|stories)|"
    r"(?:register|sign in|subscribe)\W{1,3}(?:sign in )?to unlock\b|this content is reserved for subscribers\b|create an account or sign in to continue\b|unlock (?:this (?:article|story)|the (?:full|rest)|full access|unlimited access)|"
    r"jetzt weiterlesen|weiterlesen mit|um (?:den|diesen) (?:ganzen |vollständigen )?artikel (?:zu lesen|weiterzulesen)|(?:dieser|der) (?:artikel|text) ist (?:nur |exklusiv )?für abonnenten|mit \S{1,12} ?(?:plus|\+) (?:weiter)?lesen|"
    r"(?:article|contenu) réservé (?:aux|à nos) abonnés|pour lire la suite|(?:lire|accéder à) la suite de (?:cet|l['’]) ?article|il vous reste \d+ ?%|"
    r"(?:contenido|artículo|noticia) (?:exclusiv[oa]|solo|sólo) para suscriptores|suscríbe(?:te|ase) para (?:seguir|continuar|leer)|para (?:seguir|continuar) leyendo|"
    r"(?:articolo|contenuto) (?:riservato|esclusivo) (?:agli|per gli) abbonati|per continuare a leggere|abbonati (?:per|e) (?:continua|legg)\w*|(?:conteúdo|matéria) exclusiv[oa] para assinantes|para continuar (?:lendo|a ler)|"
    r"logga in för att läsa|(?:artikeln är|läs hela artikeln).{0,30}prenumeranter|for å lese (?:hele|videre|resten)|logg inn for å lese|for at læse (?:hele|videre)|lees (?:verder|dit artikel) met|(?:artikel is |lezen is ).{0,20}voor abonnees)|"
    r"(?:この|本)記事は(?:会員|有料)(?![^。]{0,20}では(?:ありません|なく|ない))|(?:残り|あと)\s?\d+\s?文字|続き(?:を(?:読む|お読み)に|は).{0,14}(?:は|登録|ログイン|会員)|(?:登录|登入|注册|订阅|訂閱)后?(?:继续|繼續)(?:阅读|閱讀)|구독.{0,8}(?:계속|이어)|"
    r"(?:чтобы|для того чтобы) (?:дочитать|читать дальше|прочитать)|(?:статья|материал) доступн\w+ только",
    re.IGNORECASE,
)
# Every form above holds one of these, so that most lines are judged without it; lines of ASCII need not be asked for the rest.
_ASCII = (
    "reading", "free ", "subscri", "members", "unlock", "limit", "allowance", "to continue", "and continue", "to read", "to access", "to view", "to see t", "and read", "and access", "weiterlesen",
    "artikel", "abonn", "la suite", "il vous reste", "suscr", "leyendo", "abbonati", "leggere", "assinantes", "continuar", "prenumer", "logga in", "logg inn", "lees ", "lezen",
)  # fmt: skip
_SIGNS = (
    *_ASCII, "réservé", "for å lese", "for at læse", "记", "記事", "文字", "続き", "登录", "登入", "注册", "订阅", "訂閱", "구독", "читать", "доступн",
)  # fmt: skip
# "To read on" and "an account" come together in a gate, in whatever order (twenty languages, written by hand, 2026-11-29).
_ON = re.compile(
    r"continue reading|keep reading|read on\b|weiter ?zu ?lesen|weiterlesen|poursuivre (?:votre|la) lecture|continuer (?:votre|la) lecture|lire la suite|(?:seguir|continuar) leyendo|continuare a leggere|continua a leggere|"
    r"continuar (?:a leitura|lendo|a ler)|verder (?:te )?lezen|lees verder|czytać dalej|czytaj dalej|devamını oku|okumaya devam|читать дальше|дочитать|читати далі|дочитати|(?:متابعة|مواصلة) القراءة|להמשיך לקרוא|המשך קריאה|"
    r"आगे पढ़|(?:melanjutkan|lanjut) (?:mem)?baca|läsa vidare|læse? videre|lese videre|lukea? (?:lisää|loppuun)|číst dál|pokračovat ve čtení|tovább olvas|citi mai departe|ادامه (?:مطلب|خواندن)",
    re.IGNORECASE,
)
# As with the walls above.
_ON_ASCII = ("read", "lesen", "lecture", "la suite", "leyendo", "legge", "leitura", "lendo", "a ler", "lezen", "lees verder", "czyta", "devam", "videre", "vidare", "luke", "baca", "citi mai")  # fmt: skip
_ON_SIGNS = (*_ON_ASCII, "читат", "القراءة", "לקרוא", "קריאה", "आगे पढ़", "číst dál", "čtení", "tovább", "ادامه")  # fmt: skip
_ACCOUNT = re.compile(
    r"\b(?:account|register|sign (?:up|in)|log ?in|subscri\w+|registrier\w*|konto\w*|anmeld\w*|abonn\w*|compte|inscri\w+|connect\w+|regístr\w+|registr\w+|cuenta|suscr\w+|accedi|cadastr\w+|assin\w+|zaloguj|załóż|üye\w*|giriş|"
    r"зарегистр\w+|войдите|подпис\w+|зареєстр\w+|увійдіть|передплат\w+|daftar|masuk|langganan|kirjaudu|tilaa|přihla\w+|předplat\w+|előfizet\w*|ثبت)\b|سجل|اشترك|הירשמו|התחברו|הצטרפו|खाता|सदस्य|लॉगिन",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"\b(?:you|your|you['’]re|yours|regist\w+|subscri\w+|free|trial|account|e-?mail|privacy|month(?:ly)?|cancel|offer|unlimited|log ?in|sign ?in|password|membership|newsletter|"
    r"abonn\w+|sie|ihre?|vous|votre|compte|gratuit\w*|suscri\w+|cuenta|gratis|konto|prenumer\w+|registrer\w*)\b|会員|登録|無料|ログイン|購読",
    re.IGNORECASE,
)
_STATED = re.compile(r"[“„«]|\b(?:said|told|according to)\b")
_OUTSIDE = frozenset(["navigation", "header", "footer", "hidden", "archive", "comments", "dialog", "player"])
# 2026-11-28, 343 news pages: the longest page marked as cut by a wall shows 2,485 characters in four paragraphs before it.
PART = 3000
PARAGRAPHS = 6
_GATE = 160
_REACH = 14
_END = 14
_SHORT = 1200


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """A wall in which a page's text ends.

    Attributes:
        lines: Indices of the lines that were read as text and are the wall's own words.
        words: What it says, as printed.
        part: True where a real part of the article stands before it.
    """

    lines: frozenset[int]
    words: str
    part: bool


@remembered
def says_wall(text: str) -> bool:
    """Return whether a line says that the text goes on for those who pay or sign in."""
    if len(text) > 600 or "“" in text or "«" in text or "„" in text:
        return False
    if ("said" in text or "told" in text or "according to" in text) and _STATED.search(text) is not None:
        return False
    low, plain = text.lower(), text.isascii()
    if (
        len(text) <= _GATE
        and any(map(low.__contains__, _ON_ASCII if plain else _ON_SIGNS))
        and _ON.search(text) is not None
        and _ACCOUNT.search(text) is not None
    ):
        return True
    return any(map(low.__contains__, _ASCII if plain else _SIGNS)) and _WALL.search(text) is not None


def wall_in(page: Page, kept: list[int]) -> Wall | None:
    """Find the wall in which a page's text ends.

    Args:
        page: The page after the walk, furniture marked.
        kept: Indices of the sentences read as text, in reading order.

    Returns:
        The wall, or None where the text goes on behind every line that sounds like one.
    """
    if not kept:
        return None
    near = frozenset(kept[-_END:])
    order = [i for i in kept if page.lines[i].prose or (i in near and says_wall(page.lines[i].text))]
    inside = next((i for i in order[-_END:] if says_wall(page.lines[i].text)), None)
    if inside is not None:
        own = _own_lines(page, order, inside)
        rest = [i for i in order if i not in own]
        behind = [i for i in rest if i > max(own)]
        if len(behind) <= 1 and sum(len(page.lines[i].text) for i in behind) <= 200:
            return _judged(page, rest, own | set(behind), page.lines[inside].text)
        return None
    last = order[-1] if order else kept[-1]
    size = sum(len(page.lines[i].text) for i in order)
    for line in page.lines[last + 1 : last + 1 + _REACH]:
        if line.box.reason in _OUTSIDE or line.box.role in _OUTSIDE:
            continue
        if says_wall(line.text) and (not line.links or size < _SHORT):
            wall = _judged(page, order, set(), line.text)
            return None if wall.part and _is_whole(page.lines[last].text) else wall
    return None


def _is_whole(text: str) -> bool:
    """Return whether a text's last line ends as a sentence does and does not trail off."""
    return text[-1] in STOPS and not text.endswith(("…", "...", "[…]", "[...]"))


def _own_lines(page: Page, order: list[int], wall: int) -> set[int]:
    """Return the sentences that are the wall's own words: its box where all of it talks so, and what talks so next to it."""
    own = {wall}
    home: Box | None = home_box_of(page.lines[wall])
    while home is not None and home.parent is not None:
        inside = [i for i in order if home.start <= i < home.end]
        talking = sum(1 for i in inside if i == wall or _talks(page.lines[i]))
        if talking < 0.6 * len(inside) or len(inside) == len(order):
            break
        own |= set(inside)
        home = home.parent
    place = order.index(wall)
    for index in order[place + 1 :]:
        if not _talks(page.lines[index]) and index not in own:
            break
        own.add(index)
    return own


def _talks(line: Line) -> bool:
    return _TALK.search(line.text) is not None and _STATED.search(line.text) is None


def _judged(page: Page, rest: list[int], own: set[int], words: str) -> Wall:
    size = sum(len(page.lines[i].text) for i in rest)
    return Wall(lines=frozenset(own), words=words, part=size >= PART and len(rest) >= PARAGRAPHS)
