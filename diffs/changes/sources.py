"""Whether two printed names are those of one source."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from diffs.align import likeness
from diffs.changes.weigh import plain_name
from diffs.language.en import ENGLISH
from diffs.text import folded

_ARTICLES = ENGLISH.words("stop.little")
_COLLECTIVE = ENGLISH.words("saying.collective")
_ANYONES = ENGLISH.words("saying.collective", "saying.anyones")
_ALIKE = 0.5  # share of words from which two names are one source's
_NAMES = 2  # words from which a name tells one source from the others of its sort
_STEM = 4  # letters that Russia and Russian, or Israel and Israeli, share


@lru_cache(maxsize=8192)
def name_words(source: str) -> tuple[str, ...]:
    """Return the words of a source's name as they compare: no case, no article, one spelling, nobody's possession."""
    words = (word.strip(".,") for word in plain_name(source).split())
    return tuple(_owner(word) or word for word in words if word not in _ARTICLES)


def _owner(word: str) -> str:
    """Return the owner that a possessive names, or an empty text."""
    return word[: -len("'s")] if word.endswith("'s") else word[:-1] if word.endswith("s'") else ""


@lru_cache(maxsize=8192)
def same_name(one: str, other: str) -> bool:
    """Return whether two names can be those of one source.

    They share half their words, whatever the spelling; of two words they share the first ("Gaza officials", "Gaza
    authorities"): the second is only what sort of source it is ("Health Ministry", "Interior Ministry"). What two
    countries own ("Israel's army", "Lebanon's army") is two sources'.
    """
    names = (name_words(one), name_words(other))
    if names[0] == names[1]:
        return True
    if likeness(*(" ".join(name) for name in names)) < _ALIKE:
        return False
    if all(len(name) == 2 for name in names) and names[0][0] != names[1][0] and names[0][1] == names[1][1]:
        return bool(_stems(names[0][:1]) & _stems(names[1][:1]))
    owners = (_owners(one), _owners(other))
    if not all(owners):
        return True
    return bool(owners[0] & _stems(names[1])) or bool(owners[1] & _stems(names[0]))


@lru_cache(maxsize=8192)
def _owners(source: str) -> frozenset[str]:
    return _stems(filter(None, map(_owner, folded(source).split())))


def _stems(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in words)


def is_short_for(short: str, long: str) -> bool:
    """Return whether a name is another one without the words before it: "Foreign Ministry" for "Italy's foreign ministry"."""
    names = (name_words(short), name_words(long))
    return 0 < len(names[0]) < len(names[1]) and names[1][-len(names[0]) :] == names[0]


def is_collective(source: str) -> bool:
    """Return whether a name stands for whoever counts officially: "authorities", "local officials".

    A country, a town or an office before the word names one of them: "Lebanese officials", "hospital officials".
    """
    words = name_words(source)
    return bool(words) and words[-1] in _COLLECTIVE and _ANYONES.issuperset(words[:-1])


def whole_names(names: Iterable[str]) -> dict[str, str]:
    """Return the whole name of each source that a text also names in short.

    "Foreign Ministry" is "Italy's foreign ministry" where the text names that one and no other country's. A single
    word ("officials", "ministry") is nobody's name.
    """
    known: defaultdict[tuple[str, ...], dict[tuple[str, ...], str]] = defaultdict(dict)
    short = [name for name in dict.fromkeys(names) if len(name_words(name)) >= _NAMES]
    for name in short:
        words = name_words(name)
        for start in range(1, len(words) - _NAMES + 1):
            known[words[start:]].setdefault(tuple(sorted(words)), name)
    whole = {}
    for name in short:
        longer = [*known.get(name_words(name), {}).values()]
        longest = [one for one in longer if not any(is_short_for(one, other) for other in longer)]
        if len(longest) == 1:
            whole[name] = longest[0]
    return whole
