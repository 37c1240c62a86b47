"""Which of the encodings of before UTF-8 some bytes were written in, the only door to chardet."""

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
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "x-cp1251": "windows-1251",
    "x-mac-cyrillic": "mac-cyrillic",
}
_FINDINGS = {
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
    "iso-8859-1": "windows-1252",
    "iso-8859-9": "windows-1254",
}
_TAG = re.compile(rb"<[^<>]{0,400}>")
_SAMPLE, _FEWEST = 60_000, 6
# The fewer bytes beyond ASCII there are to tell by, the further ahead of what is believed another encoding must be:
# chardet 7.7.0 puts windows-1251 3.9 times ahead for five letters of French, 2.1 for seven (2026-11-28).
_DOUBT = 20


def name_of(label: str) -> str:
    """Give the encoding that a label means to a browser."""
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
    scores: dict[str, float] = {}
    for found in detect_all(sample, ignore_threshold=True, encoding_era=eras):
        name = (found["encoding"] or "").lower()
        name = _FINDINGS.get(name, name)
        scores[name] = max(scores.get(name, 0.0), found["confidence"])
    best, kept = max(scores, key=lambda name: scores[name], default=None), believed or "windows-1252"
    if best is None or scores[best] <= (1 + _DOUBT / high) * scores.get(kept, 0.0):
        return believed
    return best
