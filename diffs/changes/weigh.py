"""How much a difference in wording matters: which of the things a reader believes it touches."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable
from enum import StrEnum
from functools import lru_cache
from sys import intern

from diffs.changes.quotes import SPEECH, named_sources, quotes_in
from diffs.claims.english.lexicon import lexicon_of
from diffs.edits import edits_between, swaps_in
from diffs.language.counts import recounts
from diffs.language.en import ENGLISH
from diffs.language.en import single as en
from diffs.language.en.spelling import spelled
from diffs.language.figures import Figure, figures_in
from diffs.model import Article, Weight
from diffs.text import folded, levelled, sentences_in, word_texts_in


class Touch(StrEnum):
    """What a difference touches that a reader would believe by."""

    FIGURE = "figure"
    NAME = "name"
    QUOTATION = "quotation"
    SOURCE = "source"
    HEDGE = "hedge"
    NEGATION = "negation"
    FATE = "fate"
    CLAUSE = "clause"


HEDGES = ENGLISH.words("hedges.adverbs", "weighing.hedges")
NEGATIONS = ENGLISH.words("denials.negations", "weighing.negations")
PLAIN_SPEECH = ENGLISH.words("weighing.plain_speech")
# The stems tell a fate by its nouns too; the verbs are those that claims are read from.
_FATES = ENGLISH.pattern("weighing.fates", re.IGNORECASE)
_NO_FATES = ENGLISH.words("verbs.seldom_deadly", "verbs.shot", "weighing.no_fates")
_ONES = ENGLISH.pattern("weighing.ones", re.IGNORECASE)
_STOP = ENGLISH.words("stop.function", "stop.content")
_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l"}
)
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]\.?")
_STEM = 5  # letters that the forms of a word share
_CLAUSE = 5  # content words that come or go together and make an edit as heavy as a sentence
_TOKEN = re.compile(r"[^\W_]+(?:['.&][^\W_]+)*|[^\w\s.,;:!()\[\]/…—-]")


@lru_cache(maxsize=256)
def names_in(article: Article) -> frozenset[str]:
    """Return the words an article uses as names: capitalised inside its sentences and never in lower case.

    Headlines are left out, since many papers capitalise every word in them.
    """
    cases = [
        _cases_in(text) for text in (article.standfirst or "", *(block.text for block in article.blocks))
    ]
    upper: set[str] = set().union(*(words for words, _ in cases))
    # Few words have a capital, and each text many without: these are asked for those, and never put together.
    folds = {word.casefold() for word in upper}
    lower: set[str] = set().union(*(folds & words for _, words in cases))
    return frozenset(word for word in upper if word.casefold() not in lower)


@lru_cache(maxsize=4096)
def _cases_in(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words of a text in upper case inside its sentences, and those in lower case."""
    upper: set[str] = set()
    lower: set[str] = set()
    for sentence in sentences_in(text):
        words = [word for word in word_texts_in(sentence.text) if word[0].isalpha()]
        capitals = [word for word in words if word[0].isupper()]
        if len(capitals) > 0.7 * len(words) and len(words) > 4:
            continue
        upper.update(capitals[1:] if words[:1] == capitals[:1] else capitals)
        lower.update([word for word in words if word[0].islower()])
    return frozenset(map(intern, upper - {"I"})), frozenset(map(intern, lower))


@lru_cache(maxsize=8192)
def canonical(text: str) -> tuple[str, ...]:
    """Return what remains of a text when typography, case and the spelling of numbers no longer count."""
    plain = levelled(text)
    pieces: list[str] = []
    at = 0
    for figure in figures_in(text):
        pieces += _TOKEN.findall(plain[at : figure.start].casefold())
        pieces.append(f"#{figure.key.casefold()}")
        at = figure.end
    pieces += _TOKEN.findall(plain[at:].casefold())
    return tuple(intern(undotted(piece if piece.isascii() else folded(piece))) for piece in pieces)


def undotted(word: str) -> str:
    """Return initials without their full stops, other words as they are: `U.N.` and `UN` are one name."""
    return word.replace(".", "") if "." in word and _INITIALS.fullmatch(word) else word


def plain_name(source: str) -> str:
    """Return a source's name without case, without the full stops of initials and in one of two spellings."""
    return " ".join(spelled(undotted(word)) for word in folded(source).split())


def counted(text: str) -> tuple[Figure, ...]:
    """Return the figures of a text that count something: `one` as a pronoun or article is left out."""
    return tuple(figure for figure in figures_in(text) if figure.text.casefold() != en.ONE)


@lru_cache(maxsize=8192)
def _folded_words(text: str) -> tuple[str, ...]:
    return tuple(map(intern, word_texts_in(folded(text))))


def vocabulary(text: str, words: Collection[str]) -> Counter[str]:
    """Count which of some folded words stand in a text, and how often."""
    return Counter(word for word in _folded_words(text) if word in words)


def _ones(text: str) -> int:
    return len(_ONES.findall(text))


def touches_between(old: str, new: str, names: Collection[str] = ()) -> frozenset[Touch]:
    """Return what a difference between two wordings touches; nothing where they differ in typography or spelling only.

    Args:
        old: The words before.
        new: The words after.
        names: Words known as names (see `names_in`), capitals in a title being no sign of one.
    """
    if _is_one_wording(canonical(old), canonical(new)):
        return frozenset()
    found = set()
    keys_old, keys_new = ([figure.key for figure in counted(text)] for text in (old, new))
    if keys_old != keys_new or (_pronoun_lost(old, new)):
        found.add(Touch.FIGURE)
    if sorted(q.key for q in quotes_in(old)) != sorted(q.key for q in quotes_in(new)):
        found.add(Touch.QUOTATION)
    if _hedges(old) != _hedges(new):
        found.add(Touch.HEDGE)
    if _negations(old) != _negations(new):
        found.add(Touch.NEGATION)
    if _spoken(old) != _spoken(new) or _sources(old) != _sources(new):
        found.add(Touch.SOURCE)
    if fates_in(old) != fates_in(new):
        found.add(Touch.FATE)
    if _names_moved(old, new, names):
        found.add(Touch.NAME)
    swaps = tuple(swaps_in(edits_between(old, new)))
    if any(_clause(gone, come) for gone, come in swaps):
        found.add(Touch.CLAUSE)
    if any(recounts(gone, come) for gone, come in swaps):
        found.add(Touch.FIGURE)
    return frozenset(found)


def _sources(text: str) -> frozenset[str]:
    return frozenset(map(plain_name, named_sources(text)))


def _pronoun_lost(old: str, new: str) -> bool:
    """Return whether a `one` came or went that no article replaced."""
    printed = [sum(figure.text.casefold() == en.ONE for figure in figures_in(text)) for text in (old, new)]
    return printed[0] != printed[1] and _ones(old) != _ones(new)


def fates_in(text: str) -> frozenset[str | None]:
    """Return which fates a text speaks of: death, injury, loss, captivity, flight; the word for it is wording."""
    verbs = lexicon_of(ENGLISH.tag).verbs
    read: set[str | None] = {
        verbs[word] for word in _folded_words(text) if word in verbs and word not in _NO_FATES
    }
    return frozenset(read) | frozenset(match.lastgroup for match in _FATES.finditer(text))


def content_moved(old: str, new: str) -> tuple[int, int]:
    """Count the words of content that went and that came."""
    bags = [Counter(word for word in canonical(text) if word not in _STOP) for text in (old, new)]
    return (bags[0] - bags[1]).total(), (bags[1] - bags[0]).total()


def _hedges(text: str) -> list[str]:
    return sorted(word[:_STEM] for word in _folded_words(text) if word in HEDGES)


def _negations(text: str) -> list[str]:
    return sorted(word for word in _folded_words(text) if word in NEGATIONS)


def stems(words: Counter[str]) -> Counter[str]:
    """Fold the forms of a word (claims, claimed, claiming) into one by its first five letters."""
    folded_forms: Counter[str] = Counter()
    for word, count in words.items():
        folded_forms[word[:_STEM]] += count
    return folded_forms


def _spoken(text: str) -> frozenset[str]:
    return frozenset(
        en.SAY if word in PLAIN_SPEECH else word for word in _folded_words(text) if word in SPEECH
    )


def _is_one_wording(old: tuple[str, ...], new: tuple[str, ...]) -> bool:
    return old == new or (len(old) == len(new) and all(map(_is_one_word, old, new)))


def _is_one_word(old: str, new: str) -> bool:
    return old == new or spelled(old) == spelled(new)


def _names_moved(old: str, new: str, names: Collection[str]) -> bool:
    """Return whether a name came or went; accents, ligatures and spelling make no other name, nor do its capitals.

    A word that the other text prints in small letters, in either spelling, is still there ("defence ministry", "Defense
    Ministry").
    """
    sides = [Counter(_named(text, names)) for text in (old, new)]
    moved = {spelled(word.casefold()) for word in (sides[0] - sides[1]) + (sides[1] - sides[0])}
    if not moved:
        return False
    printed = [
        Counter(
            word
            for word in (spelled(_unaccented(one).casefold()) for one in word_texts_in(text))
            if word in moved
        )
        for text in (old, new)
    ]
    return printed[0] != printed[1]


def _named(text: str, names: Collection[str]) -> list[str]:
    """Return the names of a text; accents and ligatures are spelling, not another name."""
    return [_unaccented(word) for word in word_texts_in(text) if word in names]


def _unaccented(word: str) -> str:
    if word.isascii():
        return undotted(word)
    apart = unicodedata.normalize("NFKD", undotted(word).translate(_LIGATURES))
    return "".join(c for c in apart if not unicodedata.combining(c))


def _clause(gone: str, come: str) -> bool:
    longest = max(len(canonical(gone)), len(canonical(come)))
    return longest >= _CLAUSE and max(content_moved(gone, come)) >= _CLAUSE


def weight_between(old: str, new: str, names: Collection[str] = ()) -> Weight:
    """Weigh a difference between two wordings of one passage."""
    if touches_between(old, new, names):
        return Weight.SUBSTANTIVE
    return Weight.COSMETIC if canonical(old) == canonical(new) else Weight.MINOR


def heaviest(weights: Iterable[Weight]) -> Weight:
    """Return the heaviest of several weights, cosmetic where there is none."""
    order = (Weight.COSMETIC, Weight.MINOR, Weight.SUBSTANTIVE)
    return max(weights, key=order.index, default=Weight.COSMETIC)
