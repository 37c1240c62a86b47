"""Which of the encodings of before UTF-8 some bytes were written in, the only door to chardet."""

import codecs
import re

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
    "iso-8859-1": "windows-1252",
    "shift-jis-2004": "cp932",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "x-cp1251": "windows-1251",
    "x-mac-cyrillic": "mac-cyrillic",
}
_TAG = re.compile(rb"<[^<>]{0,400}>")
_SAMPLE, _FEWEST = 60_000, 6
# How far ahead of a declared encoding another must be; Latin-1 is what servers say of everything. The fewer bytes beyond
# ASCII there are, the further: chardet 7.7.0 puts windows-1251 3.9 times ahead for five letters of French (2026-11-28).
_AHEAD, _DOUBT = 2, 20
_WIDE = frozenset(codecs.lookup(name).name for name in ("gb18030", "cp932", "cp949", "euc-jp", "big5hkscs"))


def name_of(label: str) -> str:
    """Return the encoding that a label means to a browser."""
    return _LARGER.get(label, label)


def likeliest(body: bytes, believed: str | None) -> str | None:
    """Name the encoding that makes the likeliest text of some bytes that are no UTF-8.

    Args:
        body: A page's bytes.
        believed: The encoding to keep unless another is clearly likelier; None where nothing is declared that fits.

    Returns:
        The encoding, or None where there are too few letters to tell by.
    """
    from chardet import EncodingEra, detect_all  # noqa: PLC0415 - it loads its models, which few pages need

    sample = _TAG.sub(b" ", body[: 4 * _SAMPLE])[:_SAMPLE]
    high = len(sample) - len(sample.decode("ascii", "ignore"))
    if high < _FEWEST:
        return None
    eras = EncodingEra.MODERN_WEB | EncodingEra.LEGACY_ISO
    kept = believed or "windows-1252"
    scores: dict[str, float] = {}
    for found in detect_all(sample, ignore_threshold=True, encoding_era=eras):
        name = name_of((found["encoding"] or "ascii").lower())
        scores[_plain(name)] = max(scores.get(_plain(name), 0.0), found["confidence"])
    own = scores.get(_plain(kept), 0.0)
    best = max(scores, key=lambda name: scores[name], default=_plain(kept))
    if believed and (own == 0.0 or (_plain(believed) in _WIDE and best not in _WIDE)):
        return believed
    ahead = (1 if kept == "windows-1252" else _AHEAD) + _DOUBT / high
    return best if best != _plain(kept) and scores[best] > ahead * own else believed


def _plain(name: str) -> str:
    """Return the one name that Python has for an encoding; an unknown one as it is."""
    try:
        return codecs.lookup(name).name
    except LookupError:
        return name
