"""The words by which a language prints what a claim says besides its number, read once from its folder."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

_CLOCK = r"\d{1,2}(?:[:.]\d{2})?(?: ?(?:[ap]\.?m\b\.?|gmt|utc|hrs|h\b|uhr))+(?: local time)?|\d{1,2}:\d{2}"
_FOUND_BY_FIRST = ("apart", "unverified", "confirmed", "older", "results", "as_of", "by", "citing")
_RUN = re.compile(r"[^\W_]+")
_FOUR_DIGITS = re.compile(r"\d{4}")
_NEVER = re.compile(r"(?!)")
_YEAR = r"(?:1[5-9]|20)\d\d"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldWords:
    """One language's words, as patterns over a sentence with plain quotes and dashes.

    Attributes:
        tag: The language's two-letter tag.
        before: An increment, right before a number.
        behind: An increment, right behind a number.
        withdrawing: What takes a number back, right before it.
        results: What brings a toll to its new height.
        older: What calls a count an older one.
        linking: The word before what a toll came from.
        families: Head nouns of families.
        bodies: Head nouns of bodies.
        groups: Head nouns of groups of people.
        cut: Words at which the head of a noun phrase has passed.
        as_of: When a count stood; the group `time` is the time.
        period: The period of a count.
        confirmed: What makes a figure sure.
        presumed: What makes it presumed.
        unverified: What leaves it to be verified.
        negations: What turns "confirmed" round when right before it.
        agents: Head nouns of those who kill.
        objects: Words before those who suffer or are met ("against militants").
        described: Nouns that an agent's noun before them only describes ("an army base").
        forces: Words in the names of what kills without an aim ("Typhoon Mara").
        ends: Words at which a name ends.
        of: Words that join nouns.
        joins: Words that join clauses.
        by: The agent of a passive; the group `name` is the noun phrase.
        subject: Who did it, before an active verb; the group `name` is the name.
        citing: A cited source; the group `name` is the source.
        place: A place; the group `name` is the place.
        time: A time of an event.
        ago: A time of an event counted back from the news.
        apart: What calls an event another one.
        weekdays: The number of each weekday's name, 0 for Monday.
        hints: Words of which one stands wherever a pattern matches, by the pattern's name.
    """

    tag: str
    before: re.Pattern[str]
    behind: re.Pattern[str]
    withdrawing: re.Pattern[str]
    results: re.Pattern[str]
    older: re.Pattern[str]
    linking: re.Pattern[str]
    families: frozenset[str]
    bodies: frozenset[str]
    groups: frozenset[str]
    cut: frozenset[str]
    as_of: re.Pattern[str]
    period: re.Pattern[str]
    confirmed: re.Pattern[str]
    presumed: re.Pattern[str]
    unverified: re.Pattern[str]
    negations: re.Pattern[str]
    agents: frozenset[str]
    objects: frozenset[str]
    described: frozenset[str]
    forces: frozenset[str]
    ends: frozenset[str]
    of: frozenset[str]
    joins: frozenset[str]
    by: re.Pattern[str]
    subject: re.Pattern[str]
    citing: re.Pattern[str]
    place: re.Pattern[str]
    time: re.Pattern[str]
    ago: re.Pattern[str]
    apart: re.Pattern[str]
    weekdays: dict[str, int]
    hints: Mapping[str, frozenset[str]]

    def within(self, text: str) -> "FieldWords":
        """Return the words for one sentence: a pattern of which no hint stands in it is replaced by one that never matches."""
        said = set(_RUN.findall(text.lower()))
        idle = [name for name, hints in self.hints.items() if hints.isdisjoint(said)]
        if "time" in idle and _FOUR_DIGITS.search(text):
            idle.remove("time")
        return _without(self.tag, tuple(idle)) if idle else self


@lru_cache(maxsize=512)
def _without(tag: str, idle: tuple[str, ...]) -> FieldWords:
    """Return a language's words with some patterns replaced by one that never matches."""
    never: dict[str, Any] = dict.fromkeys(idle, _NEVER)
    return replace(field_words(tag), **never)


def _hints(*lists: str) -> frozenset[str]:
    """Return the first run of letters or digits of every phrase."""
    return frozenset(_RUN.findall(phrase.replace("_", " "))[0] for text in lists for phrase in text.split())


def _any_of(text: str | Iterable[str]) -> str:
    """Return a pattern of any phrase of a list; one that nothing matches for an empty list."""
    phrases = text.split() if isinstance(text, str) else list(text)
    phrases.sort(key=len, reverse=True)
    return "|".join(re.escape(phrase).replace("_", " ") for phrase in phrases) or r"(?!)"


def _words(text: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_any_of(text)})\b", re.IGNORECASE)


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


@cache
def field_words(tag: str) -> FieldWords:
    """Return the words of a language by its two-letter tag."""
    text = files("diffs.language").joinpath(tag, "fields.toml").read_text(encoding="utf-8")
    data: dict[str, str] = tomllib.loads(text)
    weekday, month, part = (_any_of(data[name]) for name in ("weekdays", "months", "dayparts"))
    near, inside, joining = (_any_of(data[name]) for name in ("near", "place_words", "joining"))
    heads = _any_of(data["place_heads"])
    on, early = _any_of(data["on"]), _any_of(data["early"])
    day = rf"(?:(?:{early}) )?(?:{weekday})(?: (?:{part}))?"
    date = rf"\d{{1,2}}\.? (?:de )?(?:{month})\b(?:,? (?:de )?{_YEAR})?|(?:{month})\b(?: \d{{1,2}}\b(?!:))?(?:,? (?:de )?{_YEAR})?"
    ago = rf"(?:\w+ )(?:{_any_of(data['ago'])}) (?:{_any_of(data['ago_after'])})"
    time = rf"{day}|{date}|{_any_of(data['deictic'])}|(?<=\b(?:in|en|im) )(?:the )?{_YEAR}\b"
    stand = rf"(?:(?:{_CLOCK}|{part})(?:,? (?:{on})? ?(?:{day}|{date}))?|{day}|{date})"
    # A name: capitals, joined by small words that stand inside names ("Rio de la Plata").
    name = rf"[^\W\d_a-zß-öø-ÿ][\w'-]*(?:(?:,? | (?:{joining}) )[^\W\d_a-zß-öø-ÿ][\w'-]*){{0,4}}"
    phrase = r"[^,;:.()\"]{2,70}"
    return FieldWords(
        tag=tag,
        before=re.compile(rf"\b(?:{_any_of(data['before'])})\b[^,;\d]{{0,12}}\Z", re.IGNORECASE),
        behind=re.compile(rf"\A (?:{_any_of(data['behind'])})\b", re.IGNORECASE),
        withdrawing=re.compile(rf"\b(?:{_any_of(data['withdrawing'])})(?: \w+)?\s*\Z", re.IGNORECASE),
        results=_words(data["results"]),
        older=_words(data["older"]),
        linking=re.compile(rf"\b(?:{_any_of(data['linking'])}) (?:\w+ ){{0,2}}\Z", re.IGNORECASE),
        families=_set(data["families"]),
        bodies=_set(data["bodies"]),
        groups=_set(data["groups"]),
        cut=_set(data["near"]) | _set(data["of"]),
        as_of=re.compile(rf"\b(?:{_any_of(data['as_of'])}) (?P<time>{stand})", re.IGNORECASE),
        period=re.compile(
            rf"\b(?:{_any_of(data['whole_period'])})\b"
            rf"|\b(?:{_any_of(data['period'])})\b(?: (?!(?:{_any_of(data['period_end'])})\b)[\w'-]+){{1,5}}",
            re.IGNORECASE,
        ),
        confirmed=_words(data["confirmed"]),
        presumed=_words(data["presumed"]),
        unverified=_words(data["unverified"]),
        negations=re.compile(rf"\b(?:{_any_of(data['negations'])}) (?:\w+ ){{0,2}}\Z", re.IGNORECASE),
        agents=_set(data["agents"]),
        objects=_set(data["objects"]),
        described=_set(data["described"]),
        forces=_set(data["forces"]),
        ends=_set(data["ends"]),
        of=_set(data["of"]),
        joins=_set(data["joins"]),
        by=re.compile(rf"\b(?:{_any_of(data['by'])}) (?P<name>{phrase})", re.IGNORECASE),
        # Two capitals or an acronym: one capital is a name of anything.
        subject=re.compile(
            rf"(?:\A|[,;:] )(?P<name>(?:(?i:{_any_of(data['articles'])}) )?"
            rf"(?:[A-Z][\w'-]+(?: (?:al-)?[A-Z][\w'-]+){{1,4}}|[A-Z]{{2,6}}))(?: (?:{_any_of(data['perfect'])}))? \Z"
        ),
        citing=re.compile(rf"\b(?:{_any_of(data['citing'])}) (?P<name>{phrase})", re.IGNORECASE),
        place=re.compile(
            rf"\b(?i:{near}) (?P<name>(?:(?:{inside}|{_any_of(data['of'])}) ){{0,6}}{name}(?: (?:{heads})\\b)?)"
        ),
        time=re.compile(rf"\b(?:{time})\b", re.IGNORECASE),
        ago=re.compile(rf"\b{ago}\b", re.IGNORECASE),
        apart=_words(data["apart"]),
        weekdays={word: number for number, word in enumerate(data["weekdays"].split())},
        hints={
            **{name: _hints(data[name]) for name in _FOUND_BY_FIRST},
            "period": _hints(data["period"], data["whole_period"]),
            "time": _hints(data["weekdays"], data["months"], data["deictic"]),
            "ago": _hints(data["ago_after"]),
        },
    )
