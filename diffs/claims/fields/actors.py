"""Who did it and through whom it was learned, as a sentence prints it."""

import re
from collections.abc import Iterator
from functools import lru_cache

from diffs.claims.fields.words import FieldWords, field_words
from diffs.model import Claim
from diffs.text import levelled

_WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
_MOST = 7  # words of a name
_ACTIVE = "active"
_MARKS = re.compile(r"[,;:\"()]| - ")


def perpetrator_of(text: str, claim: Claim, around: tuple[int, int], words: FieldWords) -> str | None:
    """Return who did what a claim counts: the agent of a passive, or the subject of an active verb.

    Args:
        text: The sentence with plain quotes and dashes, character for character.
        claim: One of its claims.
        around: Where its agent may stand: from the sentence's start or its number up to the next claim.
        words: The words of its language.
    """
    for match in words.by.finditer(text, around[0], max(around[1], claim.end)):
        span = _name(text, match.start("name"), match.end("name"), words)
        if span is not None:
            return claim.sentence[slice(*span)]
    if claim.rule != _ACTIVE or not claim.explicit:
        return None
    cue = text.rfind(levelled(claim.cue), 0, claim.start)
    if cue < 0:
        return None
    named = _named_subject(text, cue, words)
    if named is not None:
        return claim.sentence[slice(*named)]
    said = levelled(claim.attribution or "")
    for begin, end in _agents(text, cue, words):
        if not said or text[begin:end] not in said:
            return claim.sentence[begin:end]
    return None


@lru_cache(maxsize=4)
def _found(text: str, tag: str) -> tuple[list[re.Match[str]], tuple[int, ...]]:
    """Return the words of a sentence, once for all its claims, and the indexes of those that kill by trade."""
    found, agents = list(_WORD.finditer(text)), field_words(tag).agents
    return found, tuple(k for k, word in enumerate(found) if word.group().casefold() in agents)


@lru_cache(maxsize=4)
def _shouts(text: str) -> bool:
    """Return whether most longer words of a sentence begin with a capital, as in a headline."""
    letters = [word.group() for word in _WORD.finditer(text) if len(word.group()) > 3]
    return 2 * sum(word[0].isupper() for word in letters) > len(letters)


def _agents(text: str, cue: int, words: FieldWords) -> Iterator[tuple[int, int]]:
    """Yield the noun phrases before a verb whose head kills by trade, the subject of the clause leading."""
    found, agents = _found(text, words.tag)
    for index in agents:
        word = found[index]
        if word.end() > cue:
            return
        after = found[index + 1] if index + 1 < len(found) and found[index + 1].end() <= cue else None
        if after is not None and after.group().casefold() in words.agents:
            continue
        if after is not None and text[word.end() : after.start()] == " " and _is_noun(after.group(), words):
            continue
        first = index
        while (
            first
            and index - first < _MOST
            and text[found[first - 1].end() : found[first].start()] in (" ", "-")
        ):
            low = found[first - 1].group().casefold()
            if low in words.ends or low in words.cut:
                break
            first -= 1
        before = found[first - 1].group().casefold() if first else ""
        if before not in words.cut and before not in words.objects:
            yield found[first].start(), word.end()


def _named_subject(text: str, cue: int, words: FieldWords) -> tuple[int, int] | None:
    """Return the name right before a verb where it can be that of a group: two capitals or an acronym, no storm's."""
    if _shouts(text):
        return None
    match = words.subject.search(text, 0, cue)
    if match is None or match.end() != cue:
        return None
    begin, end = match.span("name")
    if any(word.group().casefold() in words.forces for word in _WORD.finditer(text, begin, end)):
        return None
    return begin, end


def _is_noun(word: str, words: FieldWords) -> bool:
    """Return whether a word behind "military" is what it describes ("a military outpost")."""
    return word.casefold() in words.described


def _name(text: str, begin: int, end: int, words: FieldWords) -> tuple[int, int] | None:
    """Return the noun phrase that opens a stretch where its head kills by trade or is a name, else None."""
    mark = _MARKS.search(text, begin, end)
    end = mark.start() if mark else end
    last = None
    for number, word in enumerate(_WORD.finditer(text, begin, end)):
        low = word.group().casefold()
        if number >= _MOST or (number and (low in words.ends or (low in words.cut and low not in words.of))):
            break
        if words.time.match(text, word.start()):
            break
        if low in words.agents or (word.group()[0].isupper() and not text.isupper()):
            last = word.end()
        elif last is not None and low not in words.of:
            return None if text[last - 1].isalpha() and low not in words.ends else (begin, last)
    return (begin, last) if last is not None else None


def source_chain_of(text: str, claim: Claim, words: FieldWords) -> tuple[str, ...]:
    """Return the sources of a claim from the nearest to the origin: its own, and whom that one cites."""
    if claim.attribution is None:
        return ()
    if claim.source_chain:
        return claim.source_chain
    chain = [claim.attribution]
    at = text.find(levelled(claim.attribution))
    for match in words.citing.finditer(text, max(0, at)):
        begin, end = match.span("name")
        stop = next(
            (
                word.start()
                for word in _WORD.finditer(text, begin, end)
                if word.group().casefold() in words.ends
            ),
            end,
        )
        cited = claim.sentence[begin:stop].strip()
        if cited and cited not in chain:
            chain.append(cited)
    return tuple(chain)
