"""Whether a few words of another language than English state something: a denial, a doubt, a source, a fate."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from diffs.text import folded, word_texts_in

_WHOLE = "."
_JOINED = "_"


@cache
def _openings() -> Mapping[str, tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]]:
    """Return by language the whole words, the openings of words and the phrases that state something."""
    table = tomllib.loads(files("diffs.language").joinpath("labels.toml").read_text(encoding="utf-8"))
    found = {}
    for tag, words in table.items():
        signs = [folded(word) for word in words.split()]
        found[tag] = (
            frozenset(sign[:-1] for sign in signs if sign.endswith(_WHOLE)),
            tuple(sign for sign in signs if not sign.endswith(_WHOLE) and _JOINED not in sign),
            tuple(sign.replace(_JOINED, " ") for sign in signs if _JOINED in sign),
        )
    return found


def states_gravely(text: str, language: str | None) -> bool:
    """Return whether a label denies, doubts, cites or speaks of people dead, hurt or missing.

    Args:
        text: A few words.
        language: Their language (BCP 47), or None; one that no table has is asked in all of them.

    Example:
        >>> states_gravely("Polizei dementiert", "de"), states_gravely("Der Blick vom Damm", "de")
        (True, False)
    """
    tables = _openings()
    tag = (language or "").split("-")[0].lower()
    tag = {"nb": "no", "nn": "no"}.get(tag, tag)
    words, plain = word_texts_in(folded(text)), f" {folded(text)}"
    return any(
        any(word in whole or word.startswith(openings) for word in words)
        or any(f" {phrase}" in plain for phrase in phrases)
        for whole, openings, phrases in ([tables[tag]] if tag in tables else tables.values())
    )
