"""What is known of each language before a text is read: words that betray it, and where its sentences end."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from diffs.language.registry import PACKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One language.

    Attributes:
        common: Words that betray it in a single sentence.
        frequent: The commonest words of its pages; empty where only single sentences are told apart by it.
        kin: Tags of the languages for which it is easily taken.
        betraying: Words that are none of its near kin's: two of them decide.
        shared: Words of `common` that are function words of other languages too.
        abbreviations: What a full stop stands behind in mid-sentence.
        may_end: Those of them that may end a sentence before one of `openers`.
        lower_case: Those of them that are printed without a capital.
        openers: Words with which a sentence begins.
    """

    common: frozenset[str]
    frequent: frozenset[str]
    kin: frozenset[str]
    betraying: frozenset[str]
    shared: frozenset[str]
    abbreviations: frozenset[str]
    may_end: frozenset[str]
    lower_case: frozenset[str]
    openers: frozenset[str]


def _words(table: Mapping[str, str], name: str) -> frozenset[str]:
    return frozenset(table.get(name, "").split())


def _profile(data: Mapping[str, Any]) -> Profile:
    ends = data.get("sentences", {})
    return Profile(
        common=_words(data, "common"),
        frequent=_words(data, "frequent"),
        kin=_words(data, "kin"),
        betraying=_words(data, "betraying"),
        shared=_words(data, "shared"),
        abbreviations=_words(ends, "abbreviations"),
        may_end=_words(ends, "may_end"),
        lower_case=_words(ends, "lower_case"),
        openers=_words(ends, "openers"),
    )


@cache
def profiles() -> Mapping[str, Profile]:
    """Return the profiles by two-letter tag: of each language with a pack from its folder, of others from one table."""
    room = files("diffs.language")
    others = tomllib.loads(room.joinpath("others.toml").read_text(encoding="utf-8"))
    own = {
        tag: tomllib.loads(room.joinpath(tag, "profile.toml").read_text(encoding="utf-8"))
        for tag in sorted(PACKS)
    }
    return {tag: _profile(data) for tag, data in (others | own).items()}
