"""Which of the encodings of before UTF-8 some bytes were written in, by the letters that each makes of them."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

# Labels that a browser reads as a larger encoding (WHATWG Encoding Standard).
_LARGER = {
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "x-euc-jp": "euc-jp",
    "big5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "iso-8859-9": "windows-1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "x-cp1251": "windows-1251",
    "x-mac-cyrillic": "mac-cyrillic",
}
_GUESSES = (
    "windows-1252", "windows-1251", "windows-1250", "iso-8859-2", "koi8-r", "windows-1253", "windows-1254", "windows-1255",
    "windows-1256", "cp932", "euc-jp", "gb18030", "big5hkscs", "cp949",
)  # fmt: skip
# The letters of a language beyond ASCII, the frequent ones first.
_LETTERS = (
    "éèàêçôâîûùëïœæ", "üäößé", "óáíéñúü", "ãçáéíóêõâúàô", "àèéùòì", "àéèíïóòúüç", "äåöé", "åøæéö", "áíéóðþöýæú", "ëïéèöü",
    "íáéěřčšžýůúňťďóľĺäôŕ", "łąęóżćśźń", "éáőöóüúíű", "ăîțșâţş", "čšžćđ", "ıüşöçğâî",
    "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё", "оаинтевіркслмдупязьгбйчхцжюїшєщфґ", "аиоетнрсвлкдпмзугбъячщцжхйюфш",
    "ατοιεσνηςρκπυμλίόέάήδγύθχώφβξζψϊ", "יוהלארתמבשןםנעדקפגחכצטסזךףץ", "المينترودبعسفكهقحجةصشطخىءزضأإذغثآظئؤ",
    "いのたにとしでるはをなが、。かっんてりれこらーンスさトまルイリクアもすレラドきシジけよそくタみわえあマコせおフテムツメデパ",
    "다이의에은는가을를고지한하로사인서도기리대정어자시를라",
)  # fmt: skip
_MARKS = frozenset("“”‘’„‚«»‹›–—…·•\xa0、。「」『』（）：；，！？・％＝؟،؛־׳״№¡¿")
_SIGNS = frozenset("©®°§€£™±½×²ºª«»")
_WORD = re.compile(rb"[^\s<>\"]+")
_LONGEST_WORD = 200
_SAMPLE, _FEWEST = 6000, 6
# How far ahead of what is believed another encoding must be, in all and for each byte (natural logarithms).
_AHEAD, _AHEAD_EACH = 8.0, 0.3
_KANA = re.compile("[\u3041-\u30fe]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_HAN = re.compile("[\u4e00-\u9fff]")


def name_of(label: str) -> str:
    """Give the encoding that a label means to a browser."""
    return _LARGER.get(label, label)


def likeliest(body: bytes, believed: str | None) -> str | None:
    """Name the encoding that makes the likeliest letters of some bytes that are no UTF-8.

    Args:
        body: A page's bytes.
        believed: The encoding to keep unless another is clearly likelier; None where nothing is declared that fits.

    Returns:
        The encoding, or None where there are too few letters to tell by.
    """
    sample = b" ".join(_beyond_ascii(body))
    high = sum(byte > 0x7F for byte in sample)
    if high < _FEWEST:
        return None
    scores: dict[str, float] = {}
    for name in dict.fromkeys([*([believed] if believed else []), *_GUESSES]):
        text = sample.decode(name, "replace")
        if text.count("\ufffd") * 50 <= high:
            scores[name] = _fit(text, name) / high
    if not scores:
        return None
    best, kept = max(scores, key=lambda name: scores[name]), believed or _GUESSES[0]
    ahead = scores[best] - scores.get(kept, -math.inf)
    return best if ahead > max(_AHEAD_EACH, _AHEAD / high) else believed


def _beyond_ascii(body: bytes) -> Iterator[bytes]:
    """Yield words with bytes beyond ASCII until the sample is full."""
    size = 0
    for match in _WORD.finditer(body):
        word = match[0][:_LONGEST_WORD]
        if not word.isascii():
            yield word
            size += len(word)
            if size > _SAMPLE:
                return


def _fit(text: str, name: str) -> float:
    """Give the logarithm of how likely the letters are beyond ASCII, in the language they fit best."""
    found = Counter(zip(text, " " + text[:-1], text[1:] + " ", strict=True))
    beyond = {key: count for key, count in found.items() if key[0] > "\x7f"}
    wide = {char: math.log(_common(char, name)) for char, _, _ in beyond if char > "\u2fff"}
    best = -math.inf
    for letters in _WEIGHTS:
        total = 0.0
        for (char, before, after), count in beyond.items():
            if char in wide:
                total += count * wide[char]
            elif char.lower() in letters:
                total += count * (letters[char.lower()] + _company(char, before, after))
            else:
                total += count * _other(char, before)
        best = max(best, total)
    return best


def _company(char: str, before: str, after: str) -> float:
    """Give the logarithm of how well a letter stands between its neighbours."""
    fits = 0.0
    if char != char.lower():
        fits += math.log(0.003 if before.islower() else 0.08)
    latin = char < "\u0250"
    if latin:
        return fits + (math.log(0.1) if before > "\x7f" and before.isalpha() else 0.0)
    ascii_letter = (before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha())
    return fits + (math.log(0.002) if ascii_letter else 0.0)


def _other(char: str, before: str) -> float:
    """Give the logarithm for what is no letter of a language."""
    if char in _MARKS:
        return math.log(0.02)
    if char in _SIGNS:
        return math.log(0.001 if before.isalpha() else 0.004)
    if char == "\ufffd" or unicodedata.category(char)[0] == "C":
        return math.log(1e-8)
    return math.log(3e-4 if char.isalpha() and before.isascii() else 3e-5)


def _common(char: str, name: str) -> float:
    """Give how likely a character of East Asia is, by whether its standard's first level holds it."""
    if _KANA.match(char):
        return 0.006
    if _HANGUL.match(char):
        return 0.0012
    if _HAN.match(char):
        return 3e-4 if _first_level(char, name) else 1e-6
    return 0.01 if char in _MARKS else 1e-5


def _first_level(char: str, name: str) -> bool:
    """Tell whether a Chinese character is a frequent one in the standard that an encoding writes."""
    standard, first, last = _LEVELS.get(name, ("gb2312", 0xB0, 0xD7))
    try:
        return first <= char.encode(standard)[0] <= last
    except UnicodeEncodeError:
        return False


_LEVELS = {
    "gb18030": ("gb2312", 0xB0, 0xD7),
    "big5hkscs": ("big5", 0xA4, 0xC6),
    "euc-jp": ("euc-jp", 0xB0, 0xCF),
    "cp932": ("euc-jp", 0xB0, 0xCF),
    "cp949": ("euc-kr", 0xFF, 0xFF),
}


def _weighed(letters: str) -> dict[str, float]:
    """Give each letter the logarithm of a share that falls with its place."""
    shares = {letter: 1 / (place + 3) for place, letter in enumerate(dict.fromkeys(letters))}
    whole = sum(shares.values()) / 0.8
    return {letter: math.log(share / whole) for letter, share in shares.items()}


_WEIGHTS = tuple(_weighed(letters) for letters in _LETTERS)
