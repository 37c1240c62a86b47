"""One form for the words that British and American English spell apart."""

import re
from functools import lru_cache

# Endings, behind the stems that have both spellings. Endings alone, tried on 245,000 words (2026-11-29), made one word of
# surnames such as Sylvestre and Sylvester, and a name that was corrected is a change.
_OUR = "arm|behavi|clam|col|demean|endeav|fav|ferv|flav|harb|hon|hum|lab|neighb|od|parl|ranc|rum|sav|splend|tum|val|vap|vig"
_RE = "calib|cent|fib|lit|meag|met|mit|sab|somb|spect|theat"
_LL = (
    "bevel|cancel|channel|counsel|dial|duel|equal|fuel|funnel|grovel|jewel|label|level|marshal|marvel|model|pummel|quarrel"
    "|ravel|revel|rival|shovel|shrivel|signal|snorkel|spiral|swivel|total|towel|travel|tunnel"
)
_ENDINGS = (
    (re.compile(rf"((?:{_OUR}))our"), r"\1or"),
    (re.compile(r"(def|off|lic|pret)enc(?=e)"), r"\1ens"),
    (re.compile(rf"((?:{_RE}))re(?=s?$)"), r"\1er"),
    (re.compile(r"(?<=[a-z]{3})is(?=(?:e|es|ed|er|ers|ing|ation|ations)$)"), "iz"),
    (re.compile(r"(?<=l)ys(?=(?:e|es|ed|ing)$)"), "yz"),
    (re.compile(rf"({_LL})l(?=(?:ed|ing|or|ors|er|ers)$)"), r"\1"),
    (re.compile(r"(?<=al)ogue(?=s?$)"), "og"),
    (re.compile(r"(progra)mme(?=s?$)"), r"\1m"),
    (re.compile(r"\b(ortho)?paed(?=i)"), r"\1ped"),
    (re.compile(r"\bhaemo"), "hemo"),
)
_SHORTEST = 5  # letters; "four" and "fire" have no second spelling


@lru_cache(maxsize=8192)
def spelled(word: str) -> str:
    """Return the form in which a folded word compares with the same word in the other spelling.

    Example:
        >>> spelled("defence") == spelled("defense"), spelled("labour") == spelled("labor")
        (True, True)
    """
    if len(word) < _SHORTEST or not word.isascii():
        return word
    for ending, form in _ENDINGS:
        word = ending.sub(form, word)
    return word
