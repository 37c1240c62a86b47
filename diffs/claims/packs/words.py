"""The words of a language pack by role, read once from its folder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Generic, TypeVar

from diffs.claims.packs.patterns import Patterns
from diffs.language.words import Phrase, expanded, phrases_in, words_of
from diffs.model import ClaimKind, Qualifier

_LEVELS = (Qualifier.AT_LEAST, Qualifier.MORE_THAN, Qualifier.ABOUT, Qualifier.UP_TO)
T = TypeVar("T")


class Table(dict[Phrase, T], Generic[T]):
    """Phrases with what they mean, looked up by their first or last word before they are compared."""

    __slots__ = ("firsts", "lasts")

    def __init__(self, rows: Mapping[Phrase, T]) -> None:
        super().__init__(rows)
        self.firsts = frozenset(phrase[0] for phrase in rows)
        self.lasts = frozenset(phrase[-1] for phrase in rows)


@dataclass(frozen=True, slots=True)
class PackCue:
    """What a phrase of a pack says happened.

    Attributes:
        kind: The kind of claim.
        form: `state` of people (a noun, participle or adjective), `happen` a verb whose subject they are, `do` one whose
            object they are, `act` a noun with its victims behind it, `toll` a number of victims.
        one: Whether it is said of one person only.
        needs: What the sentence must hold for the phrase to mean it ("den Tod" finds its verb in "fanden"), or None.
        never: Whom it says nothing of ("fehlen" of staff that is short), or None.
    """

    kind: ClaimKind
    form: str
    one: bool = False
    needs: Patterns | None = None
    never: Patterns | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One language's words, by what the reader does with them."""

    tag: str
    confidence: float
    noun_capitals: bool
    verb_final: bool
    have: frozenset[str]
    been: frozenset[str]
    rise: frozenset[str]
    labels: frozenset[str]
    undone: Patterns
    idioms: Table[None]
    participles: frozenset[str]
    sport: Patterns
    wronged: Patterns
    struck: Patterns
    drill: Patterns
    drilled: Patterns
    particles: Patterns
    sports: frozenset[str]
    public: Patterns
    squads: Patterns
    journeys: Patterns
    mishaps: Patterns
    surviving: frozenset[str]
    aboard: frozenset[str]
    survivors: frozenset[str]
    totals: frozenset[str]
    confirmed: frozenset[str]
    numbers: Mapping[str, int]
    compose: Callable[[str, Mapping[str, int]], int | None]
    joints: frozenset[str]
    collectives: Table[tuple[int, Qualifier]]
    vague: Mapping[str, int]
    zero: frozenset[str]
    not_words: frozenset[str]
    not_verbs: frozenset[str]
    ones: frozenset[str]
    person: frozenset[str]
    before: Table[Qualifier | None]
    after: Table[Qualifier]
    between: frozenset[str]
    range_to: frozenset[str]
    range_and: frozenset[str]
    of: frozenset[str]
    complement: frozenset[str]
    articles: frozenset[str]
    oblique: frozenset[str]
    joins: frozenset[str]
    more: frozenset[str]
    toll_links: frozenset[str]
    cues: Mapping[str, tuple[tuple[Phrase, PackCue], ...]]
    acts: frozenset[str]
    classes: Mapping[str, str]
    people: frozenset[str]
    things: frozenset[str]
    animals: frozenset[str]
    thing_ends: tuple[str, ...]
    person_ends: tuple[str, ...]
    finite_ends: tuple[str, ...]
    objects: frozenset[str]
    ratio: frozenset[str]
    half: frozenset[Phrase]
    percent: frozenset[Phrase]
    preterites: frozenset[str]
    relatives: frozenset[str]
    died: frozenset[str]
    works: frozenset[str]
    compared: Table[None]
    said: frozenset[str]
    tallying: frozenset[str]
    says: Table[None]
    agents: frozenset[str]
    source_ends: tuple[str, ...]
    demonyms: tuple[str, ...]
    compounds: tuple[str, ...]
    heads: tuple[str, ...]
    denied: frozenset[str]
    according: Table[None]
    afterwards: frozenset[str]
    sources: frozenset[str]
    party: frozenset[str]
    witness: frozenset[str]
    nameless: frozenset[str]
    hedges: Table[None]
    hypothetical: Patterns
    background: Patterns
    cumulative: Patterns
    running: Patterns
    now: Patterns
    spans: Patterns
    subset_before: Table[None]
    subset_openers: frozenset[str]
    among: frozenset[str]
    whole_openers: frozenset[str]
    definite: frozenset[str]
    subset_after: Table[None]


def _set(text: str) -> frozenset[str]:
    return frozenset(phrase[0] for phrase in phrases_in(text))


def _cues(data: Mapping[str, Any]) -> dict[str, tuple[tuple[Phrase, PackCue], ...]]:
    found: dict[str, list[tuple[Phrase, PackCue]]] = {}
    singular = _singular(data)
    needs = {
        phrase: Patterns(text)
        for forms, text in data.get("needs", {}).items()
        for phrase in phrases_in(forms)
    }
    never = {
        phrase: Patterns(text)
        for forms, text in data.get("never", {}).items()
        for phrase in phrases_in(forms)
    }
    for form in ("state", "happen", "do", "act", "toll"):
        for kind, text in data[form].items():
            for phrase in phrases_in(text):
                found.setdefault(phrase[0], []).append(
                    (
                        phrase,
                        PackCue(
                            ClaimKind(kind), form, phrase in singular, needs.get(phrase), never.get(phrase)
                        ),
                    )
                )
    return {first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in found.items()}


def _singular(data: Mapping[str, Any]) -> frozenset[Phrase]:
    """Return the cues that agree with one person only: those listed, and the states whose plural is a cue too."""
    states = {phrase for text in data["state"].values() for phrase in phrases_in(text)}
    plurals = {phrase for phrase in states if len(phrase) == 1 and phrase[0].endswith("s")}
    found = {(phrase[0][:-1],) for phrase in plurals} & states
    return frozenset(found if data["words"].get("plurals") else ()) | frozenset(
        phrases_in(data["words"].get("singular", ""))
    )


def _forms(data: Mapping[str, Any], form: str) -> frozenset[str]:
    return frozenset(
        phrase[0] for text in data[form].values() for phrase in phrases_in(text) if len(phrase) == 1
    )


def _qualifiers(rows: dict[str, str]) -> dict[Phrase, Qualifier]:
    return {phrase: level for level in _LEVELS for phrase in phrases_in(rows.get(level.value, ""))}


@cache
def pack_of(tag: str) -> Pack:
    """Return the pack of a language by its two-letter tag."""
    data = words_of(tag).data
    words, source, scope = data["words"], data["source"], data["scope"]
    sports = data.get("sports", {})
    before: dict[Phrase, Qualifier | None] = dict(_qualifiers(data["before"]))
    before |= dict.fromkeys(phrases_in(data["before"]["ignored"]))
    classes: dict[str, str] = {}
    for name, mark in (
        ("stop", "S"),
        ("adverb", "B"),
        ("determiner", "D"),
        ("preposition", "P"),
        ("aux", "A"),
    ):
        classes |= dict.fromkeys(_set(words[name]), mark)
    return Pack(
        tag=tag,
        confidence=data["confidence"],
        noun_capitals=data.get("noun_capitals", False),
        verb_final=data.get("verb_final", False),
        have=_set(words["have"]),
        been=_set(words["been"]),
        rise=_set(words["rise"]),
        labels=_set(words["labels"]),
        undone=Patterns(data["undone"]),
        participles=_forms(data, "state") & _forms(data, "do"),
        idioms=Table(dict.fromkeys(phrases_in(data["idioms"]))),
        sport=Patterns(data["sport"]),
        wronged=Patterns(data.get("wronged", "")),
        struck=Patterns(data.get("struck", "")),
        drill=Patterns(data.get("drill", "")),
        drilled=Patterns(data.get("drilled", "")),
        particles=Patterns(data.get("particles", "")),
        sports=_set(sports.get("words", "")),
        public=Patterns(sports.get("public", "") + " " + sports.get("mishaps", "")),
        journeys=Patterns(data.get("journeys", "")),
        squads=Patterns(sports.get("squads", "")),
        mishaps=Patterns(sports.get("mishaps", "")),
        survivors=_set(words.get("survivors", "")),
        surviving=_set(words.get("surviving", "")),
        aboard=_set(words.get("aboard", "")),
        totals=_set(words.get("totals", "")),
        confirmed=_set(words.get("confirmed", "")),
        numbers=data["numbers"],
        compose=import_module(f"diffs.language.{tag}.hooks").number_of,
        joints=_set(words["number_joint"]),
        collectives=Table(
            {
                phrase: (row["value"], Qualifier(row["qualifier"]))
                for row in data["collective"]
                for phrase in phrases_in(row["forms"])
            }
        ),
        vague={word: low for forms, low in data["vague"].items() for word in expanded(forms)},
        zero=_set(words["zero"]),
        not_words=_set(words["not"]),
        not_verbs=_set(words["not_verbs"]),
        ones=_set(words["one"]),
        person=_set(words["person"]),
        before=Table(before),
        after=Table(_qualifiers(data["after"])),
        between=_set(words["between"]),
        range_to=_set(words["range_to"]),
        range_and=_set(words["range_and"]),
        of=_set(words["of"]),
        complement=_set(source["complement"]),
        articles=_set(source["articles"]),
        oblique=_set(source.get("oblique", "")),
        joins=_set(words["and"]),
        more=_set(words["more"]),
        toll_links=_set(words["toll_links"]),
        cues=_cues(data),
        acts=frozenset(phrase[0] for text in data["act"].values() for phrase in phrases_in(text)),
        classes=classes,
        people=_set(words["people"]),
        things=_set(words["things"]) | _set(words.get("animals", "")),
        animals=_set(words.get("animals", "")),
        thing_ends=tuple(words.get("thing_ends", "").split()),
        finite_ends=tuple(words.get("finite_ends", "").split()),
        person_ends=tuple(words.get("person_ends", "").split()),
        objects=_set(words.get("objects", "")),
        percent=frozenset(phrases_in(words.get("percent", ""))),
        half=frozenset(phrases_in(words.get("half", ""))),
        ratio=_set(words.get("ratio", "")),
        preterites=_set(words.get("preterites", "")),
        relatives=_set(words.get("relatives", "")),
        died=_set(words.get("died", "")),
        works=_set(words["works"]),
        compared=Table(dict.fromkeys(phrases_in(words["compared"]))),
        said=_set(source["said"]),
        tallying=_set(source.get("tallying", "")),
        says=Table(dict.fromkeys(phrases_in(source.get("says", "")))),
        agents=_set(source.get("agents", "")),
        demonyms=tuple(source.get("demonyms", "").split()),
        source_ends=tuple(source.get("ends", "").split()),
        compounds=tuple(source.get("compounds", "").split()),
        heads=tuple(words.get("heads", "").split()),
        denied=_set(source["denied"]),
        according=Table(dict.fromkeys(phrases_in(source["according"]))),
        afterwards=_set(source["afterwards"]),
        sources=_set(source["nouns"]),
        party=_set(source["party"]),
        nameless=_set(source["nameless"]),
        witness=_set(source["witness"]),
        hedges=Table(dict.fromkeys(phrases_in(data["hedges"]))),
        hypothetical=Patterns(data["hypothetical"]),
        background=Patterns(scope["background"]),
        cumulative=Patterns(scope["cumulative"]),
        running=Patterns(scope.get("running", "")),
        spans=Patterns(scope.get("spans", "")),
        now=Patterns(scope.get("now", "")),
        among=_set(scope["among"]),
        definite=_set(scope.get("definite", "")),
        whole_openers=_set(scope["whole_openers"]),
        subset_openers=frozenset(phrase[0] for phrase in phrases_in(scope["subset_before"])),
        subset_before=Table(dict.fromkeys(phrases_in(scope["subset_before"]))),
        subset_after=Table(dict.fromkeys(phrases_in(scope["subset_after"]))),
    )


def longest(words: list[str], i: int, table: Table[Any], most: int = 5) -> int:
    """Return the length of the longest phrase of a table that begins at word `i`, 0 without one."""
    if i >= len(words) or words[i] not in table.firsts:
        return 0
    for length in range(min(most, len(words) - i), 0, -1):
        if tuple(words[i : i + length]) in table:
            return length
    return 0


def longest_ending(words: list[str], end: int, table: Table[Any], most: int = 5) -> int:
    """Return the length of the longest phrase of a table that ends before word `end`, 0 without one."""
    if not end or words[end - 1] not in table.lasts:
        return 0
    for length in range(min(most, end), 0, -1):
        if tuple(words[end - length : end]) in table:
            return length
    return 0
