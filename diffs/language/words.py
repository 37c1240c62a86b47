"""The words of a language by role, read once from its folder."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Phrase = tuple[str, ...]


_NAMED = re.compile(r"«([a-z_]+\.[a-z_]+)»")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language.

    A role is named by its table and its key in the language's `words.toml` ("time.units"); a role that does not
    stand there raises `KeyError`, so that a misspelt one is found when its module is imported.

    Attributes:
        tag: The language's two-letter tag.
        data: The tables as read.
        patterns: The tables of regular expressions, in which «table.key» stands for the words of a role or for
            another pattern.
    """

    tag: str
    data: Mapping[str, Any]
    patterns: Mapping[str, Mapping[str, str]]

    def role(self, name: str) -> Any:
        """Return what stands under a role's name."""
        table, _, key = name.partition(".")
        return self.data[table][key]

    def words(self, *names: str) -> frozenset[str]:
        """Return the words of one or several roles, folded; "_" joins those of a phrase."""
        return frozenset(word for name in names for word in self.sequence(name))

    def sequence(self, name: str) -> tuple[str, ...]:
        """Return the words of a role in the order in which they stand."""
        return tuple(" ".join(phrase) for phrase in phrases_in(self.role(name)))

    def pattern(self, name: str, flags: int = 0) -> re.Pattern[str]:
        """Return a regular expression by its role."""
        return re.compile(self.expression(name), flags)

    def expression(self, name: str) -> str:
        """Return the text of a regular expression, or of one for the words of a role."""
        table, _, key = name.partition(".")
        if key not in self.patterns.get(table, {}):
            return f"(?:{'|'.join(map(re.escape, self.sequence(name)))})"
        joined = "".join(self.patterns[table][key].splitlines())
        return _NAMED.sub(lambda match: self.expression(match[1]), joined)


def expanded(word: str) -> Iterator[str]:
    """Yield the forms of "muert:o:a:os:as" (a stem with its endings), of "vida:s" (a word and its plural), or the word."""
    stem, *endings = word.split(":")
    if len(endings) < 2:
        yield stem
    yield from (stem + ending for ending in endings)


def phrases_in(text: str) -> Iterator[Phrase]:
    """Yield the phrases of a list: white space parts them, "_" joins their words, ":" lists endings."""
    for item in text.split():
        found: list[Phrase] = [()]
        for word in item.split("_"):
            found = [(*phrase, form) for phrase in found for form in expanded(word)]
        yield from found


@cache
def words_of(tag: str) -> Words:
    """Return the words of a language that has a folder, by its two-letter tag."""
    folder = files(f"diffs.language.{tag}")
    words, patterns = folder.joinpath("words.toml"), folder.joinpath("patterns.toml")
    return Words(
        tag,
        tomllib.loads(words.read_text(encoding="utf-8")),
        tomllib.loads(patterns.read_text(encoding="utf-8")) if patterns.is_file() else {},
    )
