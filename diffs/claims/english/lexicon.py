"""The words of the casualty grammar, read once from the package's data."""

import re
from collections.abc import Iterable, Iterator, KeysView, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Generic, TypeVar

from diffs.language.numerals import NumberWords, number_words
from diffs.language.words import phrases_in, words_of
from diffs.model import ClaimKind, Qualifier

T = TypeVar("T")
_LETTERS = re.compile(r"[a-z]+")
FORMS = ("base", "third", "past", "participle", "ing")


@dataclass(frozen=True, slots=True)
class Cue:
    """What a trigger means.

    Attributes:
        kind: What it says happened, or None for an idiom that says nothing of the sort.
        form: `base`, `third`, `past`, `participle` or `ing` of a verb; `adjective`, `act` (victims follow
            "of"), `counted` (a number stands before it), `toll`, or `idiom`.
        transitive: True for a verb whose victims are its object.
    """

    kind: ClaimKind | None
    form: str
    transitive: bool = True


IDIOM = Cue(None, "idiom")


class Phrases(Generic[T]):
    """Longest-match lookup of phrases in a sequence of lower-case words."""

    __slots__ = ("_table",)

    def __init__(self, entries: Iterable[tuple[tuple[str, ...], T]]) -> None:
        self._table: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for words, value in entries:
            self._table.setdefault(words[0], []).append((words, value))
        for found in self._table.values():
            found.sort(key=lambda entry: -len(entry[0]))

    @property
    def heads(self) -> KeysView[str]:
        """The words with which a phrase begins."""
        return self._table.keys()

    def at(self, words: Sequence[str], index: int) -> tuple[int, list[T]]:
        """Return the length of the longest phrase at `index` and all its meanings (0 and none without one)."""
        length, values = 0, []
        for phrase, value in self._table.get(words[index], ()):
            if len(phrase) < length:
                break
            if len(phrase) == 1 or tuple(words[index : index + len(phrase)]) == phrase:
                length = len(phrase)
                values.append(value)
        return length, values

    def ending(self, words: Sequence[str], end: int) -> tuple[int, list[T]]:
        """Return the length of the longest phrase that ends before `end`, for a table of reversed phrases."""
        if end == 0:
            return 0, []
        window = list(reversed(words[max(0, end - 6) : end]))
        return self.at(window, 0)


def _split(text: str) -> frozenset[str]:
    return frozenset(" ".join(phrase) for phrase in phrases_in(text))


def _reversed_phrases(text: str) -> Iterator[tuple[str, ...]]:
    for phrase in phrases_in(text):
        yield tuple(reversed(phrase))


def _verb_cues(verb: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], Cue]]:
    kind = ClaimKind(verb["kind"])
    transitive = not verb.get("intransitive", False)
    for row in verb["forms"].replace("\n", "/").split("/"):
        seen: set[tuple[str, str]] = set()
        for form, word in zip(FORMS, row.split(), strict=True):
            if (word, "past") in seen and form == "participle":
                continue
            seen.add((word, form))
            yield tuple(word.split("_")), Cue(kind, form, transitive)


_MOST_SILENT = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The words of one language, by what the grammar does with them."""

    verbs: Mapping[str, ClaimKind]
    numerals: NumberWords
    numbers: Mapping[str, int]
    ordinals: frozenset[str]
    before: Phrases[Qualifier | None]
    after: Phrases[Qualifier]
    cues: Phrases[Cue]
    signs: frozenset[str]
    classes: dict[str, str]
    people: frozenset[str]
    things: frozenset[str]
    idle_objects: frozenset[str]
    months: frozenset[str]
    weekdays: frozenset[str]
    labels: frozenset[str]
    hedges: Phrases[str]
    distancing: frozenset[str]
    hypothetical: frozenset[str]
    conditional: frozenset[str]
    bare_modals: frozenset[str]
    reports: frozenset[str]
    finite: frozenset[str]
    revising: frozenset[str]
    bereaving: frozenset[str]
    rising: frozenset[str]
    deny: frozenset[str]
    doubt: Phrases[str]
    doubted: frozenset[str]
    sources: dict[str, frozenset[str]]
    source_nouns: frozenset[str]
    not_adverbs: frozenset[str]
    silent: set[str] = field(default_factory=set)

    def note_silent(self, sentence: str) -> None:
        """Remember a sentence without a cue, since versions print most of their sentences again; of thousands the last few."""
        if len(self.silent) >= _MOST_SILENT:
            self.silent.clear()
        self.silent.add(sentence)


def _verbs(data: Mapping[str, Any]) -> Iterator[tuple[str, ClaimKind]]:
    """Yield the forms of the verbs of one word that tell of a fate wherever they stand, with their kinds."""
    for verb in data["verb"]:
        for phrase, cue in _verb_cues(verb):
            if len(phrase) == 1 and cue.kind is not None:
                yield phrase[0], cue.kind


def letters_in(text: str) -> list[str]:
    """Return the runs of plain letters in a folded text."""
    runs: list[str] = _LETTERS.findall(text)
    return runs


def _sign(phrase: tuple[str, ...]) -> str:
    """Return the letters that a text must hold for a phrase to stand in it: the longest run of them."""
    return max((run for word in phrase for run in letters_in(word)), key=len)


def _cues(data: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Cue]]:
    for verb in data["verb"]:
        yield from _verb_cues(verb)
    for section, form in (
        ("adjectives", "adjective"),
        ("acts", "act"),
        ("counted", "counted"),
        ("tolls", "toll"),
    ):
        for kind, text in data[section].items():
            for phrase in phrases_in(text):
                yield phrase, Cue(ClaimKind(kind), form)
    for phrase in phrases_in(data["idioms"]["phrases"]):
        yield phrase, IDIOM


_CLASSES = (
    ("adverb", "B"),
    ("determiner", "D"),
    ("preposition", "P"),
    ("pronouns", "O"),
    ("conjunction", "&"),
    ("subordinate", "S"),
    ("relative", "R"),
    ("modal", "M"),
    ("have", "H"),
    ("be", "A"),
    ("including", "I"),
    ("leave", "L"),
)


def _classes(data: Mapping[str, Any]) -> dict[str, str]:
    found = dict.fromkeys(_split(data["reports"]["verbs"]), "T")
    for name, mark in _CLASSES:
        found |= dict.fromkeys(_split(data["words"][name]), mark)
    return found


@cache
def lexicon_of(language: str) -> Lexicon:
    """Return the words of a language; English is the only one shipped."""
    data = words_of(language).data
    numbers, nouns, hedges = data["numbers"], data["nouns"], data["hedges"]
    levels, numerals = data["qualifiers"], number_words(language)
    before: list[tuple[tuple[str, ...], Qualifier | None]] = [
        (p, None) for p in _reversed_phrases(levels["ignored"])
    ]
    after: list[tuple[tuple[str, ...], Qualifier]] = []
    for level in (Qualifier.AT_LEAST, Qualifier.MORE_THAN, Qualifier.ABOUT, Qualifier.UP_TO):
        before += [(p, level) for p in _reversed_phrases(levels[level.value])]
        after += [(p, level) for p in phrases_in(levels.get(f"after_{level.value}", ""))]
    hedge_words = " ".join(
        hedges[name] for name in ("adverbs", "participles", "nouns", "modals", "distancing")
    )
    reports = data["reports"]
    return Lexicon(
        verbs=dict(_verbs(data)),
        numerals=numerals,
        numbers=numerals.numbers,
        ordinals=_split(numbers["ordinals"]),
        before=Phrases(before),
        after=Phrases(after),
        cues=Phrases(_cues(data)),
        signs=frozenset(_sign(phrase) for phrase, cue in _cues(data) if cue.kind is not None)
        | _split(data["people"]["prisoners"])
        | _split(data["verbs"]["searching"])
        | _split(data["outcomes"]["nights"])
        | _split(data["outcomes"]["ruins"])
        | _split(data["outcomes"]["roofs"])
        | _split(data["outcomes"]["no_survivors"]),
        classes=_classes(data),
        people=_split(nouns["people"]),
        things=_split(nouns["things"]),
        idle_objects=_split(data["idioms"]["objects"]),
        months=_split(nouns["months"]),
        weekdays=_split(nouns["weekdays"]),
        labels=_split(nouns["labels"]),
        hedges=Phrases([(p, " ".join(p)) for p in phrases_in(hedge_words)]),
        distancing=_split(hedges["distancing"]),
        hypothetical=_split(data["hypothetical"]["words"]),
        conditional=_split(data["hypothetical"]["conditional"]),
        bare_modals=_split(data["hypothetical"]["bare_modals"]),
        reports=_split(reports["verbs"]),
        finite=_split(reports["finite"]),
        revising=_split(reports["revising"]),
        bereaving=_split(nouns["bereaving"]),
        rising=_split(data["tolls_rise"]["verbs"]),
        deny=_split(reports["deny"]),
        doubt=Phrases([(p, " ".join(p)) for p in phrases_in(reports["doubt"])]),
        doubted=_split(reports["numbers"]),
        source_nouns=frozenset().union(
            *(_split(t) for n, t in data["sources"].items() if n not in {"stop", "impersonal"})
        ),
        not_adverbs=_split(data["words"]["not_adverbs"]),
        sources={name: _split(text) for name, text in data["sources"].items()},
    )
