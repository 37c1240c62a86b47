"""Quotations in a text and who speaks them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from diffs.language.en import ENGLISH
from diffs.text import Span, folded, levelled, sentences_in

_QUOTED = re.compile(
    r"""(?<![\w"])"(?P<double>[^"\n]{1,900})(?:"|(?=\n\n)|$)
      | (?<![\w'])'(?P<single>(?:[^'\n]|(?<=\w)'(?=\w)){2,400})'(?!\w)""",
    re.VERBOSE,
)
_VERBS = ENGLISH.expression("speech.verbs")
SPEECH = ENGLISH.words("speech.verbs", "speech.participles")
_ROLE = ENGLISH.expression("quotes.role")
_PARTICLES = ENGLISH.expression("speech.particles")
_ARTICLE = ENGLISH.expression("quotes.article")
_BEHIND = ENGLISH.expression("quotes.behind_names")
_HAS = ENGLISH.expression("quotes.has")
_HAVE = ENGLISH.expression("quotes.have")
_ACCORDING = ENGLISH.expression("quotes.according")
_STATED_BY = ENGLISH.expression("quotes.stated_by")
_NAME = r"(?:(?:[A-Z]\.){1,9}|[A-Z][\w'’-]{0,60}+)"
# Where white space follows, all initials belong to the name, and no shorter reading of it needs a try.
_WHOLE_NAME = r"(?:(?>(?:[A-Z]\.){1,9})|[A-Z][\w'’-]{0,60}+)"
# A word of capitals is read from its first letter only: from the others it would end at the same place.
_INSIDE = r"(?!(?<=[A-Z])[A-Z][\w'’-])"


def _source(name: str, *, whole: bool) -> str:
    """Return the pattern of a source: an office with or without a name, or a name alone."""
    more = rf"(?:\s+(?:{_PARTICLES}\s+)?{name}){{0,5}}"
    # Atomic, not possessive: python/cpython#106052.
    named = rf"{name}(?>{more})" if whole else name + more
    return rf"(?P<source>{_ROLE}(?:\s+{named})?|{_INSIDE}{_ARTICLE}{named}(?:\s+{_BEHIND})?)"


_SOURCE = _source(_NAME, whole=False)
_SPEAKER = _source(_WHOLE_NAME, whole=True)
_SPEAKS = rf"\s+(?=[a-z]){_HAS}{_VERBS}\b"
_AFTER = re.compile(rf"^[,\s]*(?:{_VERBS}\s+{_SOURCE}|{_SPEAKER.replace('<source>', '<subject>')}{_SPEAKS})")
_BEFORE = re.compile(
    rf"{_SPEAKER}(?:,[^,\"]{{1,60}},)?{_SPEAKS}[^\"]{{0,60}}$|"
    rf"{_ACCORDING} {_SOURCE.replace('<source>', '<cited>')}[^\"]{{0,40}}$"
)
_STATED = re.compile(
    rf"{_STATED_BY}\s+{_SOURCE}"
    rf"|{_SPEAKER.replace('<source>', '<subject>')}\s+(?=[a-z]){_HAVE}{_VERBS}\b"
    rf"|{_VERBS}\s+{_SOURCE.replace('<source>', '<inverted>')}(?=[,.]|$)"
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation.

    Attributes:
        start: Offset of its opening mark.
        end: Offset after its closing mark.
        text: The words between the marks, as printed.
        speaker: Who is said to have spoken them, as printed nearby, or None where that is not clear.
        key: What compares: typography and the comma before the closing mark do not count.
    """

    start: int
    end: int
    text: str
    speaker: str | None
    key: str


@lru_cache(maxsize=4096)
def quotes_in(text: str) -> tuple[Quote, ...]:
    """Return the quotations of a text in order; one that never closes ends with its paragraph."""
    return tuple(_quotes(text, levelled(text)))


def _quotes(text: str, plain: str) -> Iterator[Quote]:
    for match in _QUOTED.finditer(plain):
        group = "double" if match["double"] is not None else "single"
        words = text[match.start(group) : match.end(group)]
        key = folded(words).rstrip(".,;:… ")
        yield Quote(match.start(), match.end(), words, _speaker(text, plain, match), key)


def _speaker(text: str, plain: str, match: re.Match[str]) -> str | None:
    """Find the speaker right after the quotation, else right before it in the same sentence."""
    after = _AFTER.search(plain[match.end() : match.end() + 120])
    if after is not None:
        group = "source" if after["source"] else "subject"
        return text[match.end() + after.start(group) : match.end() + after.end(group)]
    start = max(0, match.start() - 200)
    lead = _sentence_before(plain, start, match.start())
    before = _BEFORE.search(lead.text)
    if before is None:
        return None
    return before["source"] or before["cited"]


def _sentence_before(plain: str, start: int, end: int) -> Span:
    pieces = sentences_in(plain[start:end])
    return pieces[-1] if pieces else Span(0, 0, "")


@lru_cache(maxsize=4096)
def named_sources(text: str) -> tuple[str, ...]:
    """Return the sources that a sentence names for what it says, as printed, in order, each once."""
    found = []
    for match in _STATED.finditer(levelled(text)):
        source = match["source"] or match["subject"] or match["inverted"]
        if source not in found:
            found.append(source)
    return tuple(found)
