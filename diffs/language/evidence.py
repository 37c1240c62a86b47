"""Tells by a single sentence's words and letters that it is not English."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache

from diffs.language.pages import script_language
from diffs.language.profiles import profiles
from diffs.language.registry import PACKS

# A possessive is one word ("women's"), an elided article or pronoun a word of its own ("l'attaque").
_WORD = re.compile(
    r"\b(?:[cdjlmnst]|qu|un|dell|all|nell|dall|sull)['’](?=[^\W\d_]{2})|[^\W\d_]+(?:[-'’][^\W\d_]+)*"
)
_ENGLISH = "en"
# Letters that English prints in names and loans only; two such words in a sentence weigh as one function word.
_FOREIGN = re.compile(r"[ßäöüñçãõåøæœáàâéèêëíìîïóòôúùûýþðłąęśżźćńşğıčšžřěůťďľĺŕőűăâțţđơưāēīūģķļņėįų¿¡]")
_NEXT = re.compile(r" (?:der|den|dem|la|las|los|el)\b")
_READ = 2000
_SHORT = 400  # characters of what is asked again and again; longer texts are kept in smaller number
# Measured on the English sentences of seven sets of casualty news and on made sentences of other languages
# (2026-11-28): at fewer than two foreign words, or below this ratio to the English ones, names decide.
_FEWEST = 2.0
_RATIO = 1.4
# "200 Arbeiter, die streiken": a relative pronoun, where no other word of the sentence is English.
_PRONOUN = re.compile(r",\s+die\s+[a-zäöüß]")
_ENOUGH_ENGLISH = 3
_NAMED = 1
_DIE = "die"
# "Die 120 Soldaten", "an die Grenze", "die Opfer": the article of German and Afrikaans, which English has as a verb. No English
# sentence but a title opens with it, and behind the verb only a day or a month has a capital.
_ARTICLE = re.compile(
    r"^\W*Die\s|\b(?:auf|als|an|aus|bei|durch|für|gegen|hinter|in|nach|ohne|seit|um|und|unter|vor|wie|über)\s+die\b"
    r"|\bdie\s+(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:January|February|March|April|May|June|July|August"
    r"|September|October|November|December)\b)[A-ZÄÖÜ]"
)
_PARTICLES = frozenset(
    [
        "al",
        "bin",
        "da",
        "das",
        "de",
        "del",
        "den",
        "der",
        "di",
        "do",
        "dos",
        "du",
        "el",
        "ibn",
        "la",
        "las",
        "le",
        "los",
        "van",
        "von",
        "y",
    ]
)


@cache
def _foreign() -> dict[str, tuple[str, ...]]:
    """Return the languages of each word that is common in one and no word of English, the shared ones apart."""
    known = profiles()
    own = known[_ENGLISH].common - known[_ENGLISH].shared
    found: defaultdict[str, list[str]] = defaultdict(list)
    for tag, profile in known.items():
        if tag != _ENGLISH:
            for word in profile.common - own:
                found[word].append(tag)
    return {word: tuple(tags) for word, tags in found.items()}


def language_shown(text: str) -> str | None:
    """Return the language that a text's words and letters are evidence of, or None where they are too few to tell.

    Args:
        text: A sentence, a headline or more; its first 2,000 characters are looked at.

    Returns:
        A two-letter tag; of near kin (Norwegian and Danish) it may be the other.
    """
    return _shown_short(text) if len(text) <= _SHORT else _shown_long(text[:_READ])


def _shown(text: str) -> str | None:
    script = script_language(text)
    if script is not None:
        return script
    if text.isupper():
        text = text.lower()
    common = profiles()[_ENGLISH].common
    alone, in_names = _function_words(text)
    english = len((alone | in_names) & common)
    article = _DIE in alone and (
        _ARTICLE.search(text) is not None or (english == 1 and _PRONOUN.search(text) is not None)
    )
    english -= article
    # In an English sentence "von der", "de la" and the like stand in names.
    weighed = alone if english >= _NAMED else alone | in_names
    lettered = 0.5 * sum(1 for word in weighed if not word.isascii() and _FOREIGN.search(word))
    languages = _foreign()
    votes = Counter(tag for word in weighed & languages.keys() for tag in languages[word])
    found, tag = _likeliest(votes, weighed & languages.keys())
    found += article and _DIE in profiles()[tag].common
    foreign = found + (lettered if found else 0)
    if foreign >= _FEWEST and foreign >= _RATIO * english:
        return tag
    if len(alone & _betraying()[0]) >= _FEWEST:
        for creole, betraying in _betraying()[1]:
            if len(alone & betraying) >= _FEWEST:
                return creole
    return _ENGLISH if english >= _ENOUGH_ENGLISH and english > 2 * foreign else None


@cache
def _betraying() -> tuple[frozenset[str], tuple[tuple[str, frozenset[str]], ...]]:
    """Return the words that betray near kin of English, together and by language."""
    rows = tuple((tag, profile.betraying) for tag, profile in profiles().items() if profile.betraying)
    return frozenset().union(*(words for _, words in rows)), rows


def _likeliest(votes: Counter[str], words: set[str]) -> tuple[int, str]:
    """Return how many words speak for the likeliest language, and which it is.

    Kin of a language with a pack shares most words with it: it is meant where two words speak for it alone, or one where none speaks
    for the other alone.
    """
    if not votes:
        return 0, _ENGLISH
    known = profiles()
    most = max(votes.values())
    first = [tag for tag, number in votes.items() if number == most]
    packs = [tag for tag in votes if tag in PACKS]
    if len(first) == 1 and (first[0] in PACKS or not packs):
        return most, first[0]

    def rank(tag: str) -> tuple[int, int, str]:
        # Short words are shared by chance, long ones are not: of as many, the longer ones decide.
        return votes[tag], sum(map(len, words & known[tag].common)), tag

    pack = max(packs, key=rank, default=None)
    other = max((tag for tag in first if tag not in PACKS), key=rank, default=None)
    if pack is None or other is None:
        tag = max(first, key=rank)
        return most, tag
    if other in known[pack].kin:
        own = len(words & known[other].common - known[pack].common)
        other_meant = own >= _FEWEST or own > len(words & known[pack].common - known[other].common)
    else:
        other_meant = rank(other)[:2] > rank(pack)[:2]
    return (votes[other], other) if other_meant else (votes[pack], pack)


_shown_short = lru_cache(maxsize=4096)(_shown)
_shown_long = lru_cache(maxsize=256)(_shown)


def _function_words(text: str) -> tuple[set[str], set[str]]:
    """Return the words that can be function words, in lower case: those that stand alone, and those that may open a name.

    A capital inside a sentence begins a name or a noun; a letter before a full stop is an initial.
    """
    # No word reaches over white space, and the words of news repeat: looking a piece up costs a fifth of matching it (2026-11-29).
    pieces = text.split()
    first = next((word for piece in pieces for word in _words_of(piece)), "")
    alone = {word for word in set().union(*map(_words_of, set(pieces))) if word[0].islower()}
    alone |= {first} - {""}
    placed = {word for word in alone if len(word) == 1 or word in _PARTICLES}
    in_names: set[str] = set()
    if placed:
        alone -= placed
        for word, start, end in _spans_of(placed, text, pieces):
            if not word[0].islower() and (word != first or word in text[:start]):
                continue
            if len(word) == 1 and (
                text[end : end + 1] not in (" ", "") or (start and text[start - 1] == ".")
            ):
                continue
            opens = word in _PARTICLES and _opens_name(text, end)
            (in_names if opens else alone).add(word)
    return _plain(alone), _plain(in_names)


def _spans_of(placed: set[str], text: str, pieces: list[str]) -> Iterator[tuple[str, int, int]]:
    """Yield where some of a text's words stand, in order; `pieces` are what white space parts it into."""
    holding = {piece for piece in set(pieces) if not placed.isdisjoint(_words_of(piece))}
    end = 0
    for piece in pieces:
        at = text.index(piece, end)
        end = at + len(piece)
        if piece in holding:
            for word in _words_of(piece):
                at = text.index(word, at)
                if word in placed:
                    yield word, at, at + len(word)
                at += len(word)


# A text without spaces is one piece, and each would be kept whole.
_PIECE = 40


def _words_of(piece: str) -> tuple[str, ...]:
    return _remembered(piece) if len(piece) <= _PIECE else tuple(_WORD.findall(piece))


@lru_cache(maxsize=8192)
def _remembered(piece: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(piece))


def _plain(words: set[str]) -> set[str]:
    return {word.lower().replace("’", "'") for word in words}


def _opens_name(text: str, end: int) -> bool:
    """Return whether a name goes on behind a particle that ends at an offset."""
    return text[end + 1 : end + 2].isupper() or _NEXT.match(text, end) is not None
