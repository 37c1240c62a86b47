"""Whether one number word took another's place, in languages whose figures are not read."""

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

from diffs.text import folded

_WORD = re.compile(r"[^\s.,;:!?()«»\"“”„]+")
_LONGEST = 48
_MOST = 3


@lru_cache(maxsize=1)
def _values() -> dict[str, dict[str, int]]:
    """Return of each number word its value, by language."""
    found: dict[str, dict[str, int]] = {}
    raw = (files("diffs.language") / "counts.toml").read_text(encoding="utf-8")
    for language, written in tomllib.loads(raw).items():
        for entry in written.split(", "):
            value, *forms = entry.split()
            for form in forms:
                found.setdefault(folded(form), {})[language] = int(value)
    return found


def recounts(gone: str, come: str) -> bool:
    """Return whether the few words that went and those that came open with a number word each, of one language, and of two values.

    Two forms of one number ("dwie", "dwóch") are no other count. A word that is a number in one language and something else in another
    ("to", "fire") counts only where the other word is a number of the same language.

    Example:
        >>> recounts("Fire", "Fem"), recounts("dwie", "dwóch"), recounts("to", "in")
        (True, False, False)
    """
    if max(len(gone), len(come)) > _LONGEST:
        return False
    sides = [_WORD.findall(text) for text in (gone, come)]
    if not all(1 <= len(side) <= _MOST for side in sides):
        return False
    old, new = (_values().get(folded(side[0]), {}) for side in sides)
    return any(old[language] != new[language] for language in old.keys() & new.keys())


def names_count(text: str) -> bool:
    """Return whether a text holds a number word above one of any of the languages, of four letters or more (three outside ASCII)."""
    values = _values()
    return any(
        len(word) >= (4 if word.isascii() else 3) and max(values[word].values()) > 1
        for word in map(folded, _WORD.findall(text))
        if word in values
    )
