"""Which event a claim counts: place and time as its clause prints them."""

import re
from collections.abc import Sequence
from functools import lru_cache

from diffs.claims.fields.words import FieldWords
from diffs.model import Claim, EventKey, Place, Scope
from diffs.text import levelled

_NAME = re.compile(r"[^\W\d_a-zß-öø-ÿ][\w'’-]*")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_OPENING = 45  # characters; "In the nearby village of Soko, gunmen ..." opens with its place
_DATE = 10  # characters; "In 2016, a ferry sank" opens with its date, "A court on Tuesday" does not
_GAP = 3  # words between a place and a number that it introduces ("and in Soko at least 6")
_FRONT = (Place.HEADLINE, Place.STANDFIRST)


def event_keys(text: str, claims: Sequence[Claim], words: FieldWords) -> list[EventKey | None]:
    """Return the event of each claim of one sentence.

    A claim has what is printed between its number and the next one; without that what opens the sentence, and
    without that what follows.

    Args:
        text: The sentence with plain quotes and dashes, character for character.
        claims: Its claims in order.
        words: The words of its language.
    """
    sources = _sources(text, claims)
    places = [] if text.isupper() else [span for span in _places(text, words) if not _within(span, sources)]
    times = sorted(_spans(words.time, text) + _spans(words.ago, text))
    apart_from = [*sources, *_spans(words.period, text)] if times else []
    times = [span for span in times if not _within(span, apart_from)]
    apart = [match.start() for match in words.apart.finditer(text)]
    if not (places or times or apart):
        return [None] * len(claims)
    found: list[EventKey | None] = []
    for index, claim in enumerate(claims):
        begin = claim.start
        end = claims[index + 1].start if index + 1 < len(claims) else len(text)
        old = claim.scope is Scope.BACKGROUND
        place = _nearest(text, places, (begin, end), words, old=old)
        time = _nearest(text, times, (begin, end), words, old=old)
        other = any(at < begin and not _parted(text, at, begin, claims) for at in apart)
        other = other or any(begin < at < end and _is_behind(text, (begin, at, end), words) for at in apart)
        if place is None and time is None and not other:
            found.append(None)
            continue
        printed = text[slice(*time)] if time else None
        year = _YEAR.search(printed) if printed else None
        found.append(
            EventKey(
                place=claim.sentence[slice(*place)] if place else None,
                time=claim.sentence[slice(*time)] if time else None,
                weekday=_weekday(printed, words) if printed else None,
                year=int(year.group()) if year else None,
                apart=other,
            )
        )
    return found


def _spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text)]


def _sources(text: str, claims: Sequence[Claim]) -> list[tuple[int, int]]:
    """Return where the sources of the claims are named: their seat is no place of the event."""
    names = {levelled(claim.attribution) for claim in claims if claim.attribution}
    found = ((text.find(name), len(name)) for name in names)
    return [(at, at + size) for at, size in found if at >= 0]


def _within(span: tuple[int, int], spans: Sequence[tuple[int, int]]) -> bool:
    return any(first <= span[0] < last for first, last in spans)


def _places(text: str, words: FieldWords) -> list[tuple[int, int]]:
    found = []
    for match in words.place.finditer(text):
        if words.time.match(text, match.start("name")):
            continue
        found.append(match.span("name"))
    return found


def _weekday(printed: str, words: FieldWords) -> int | None:
    names = (words.weekdays.get(word) for word in printed.lower().split())
    return next((number for number in names if number is not None), None)


def _nearest(
    text: str, spans: Sequence[tuple[int, int]], number: tuple[int, int], words: FieldWords, *, old: bool
) -> tuple[int, int] | None:
    """Return the span that belongs to a number, `number` being where it and the next one begin.

    Of an older event only what opens the sentence or stands behind its number is taken: the rest dates the news.
    """
    begin, end = number
    own = [span for span in spans if begin < span[0] < end]
    if own and end < len(text) and _introduces(text, own[-1][1], end, words):
        own.pop()
    if own:
        return own[0]
    ahead = [span for span in spans if span[1] <= begin and ";" not in text[span[1] : begin]]
    if ahead and _introduces(text, ahead[-1][1], begin, words):
        return ahead[-1]
    if ahead and ahead[0][0] < (_DATE if old else _OPENING):
        return ahead[0]
    if old:
        return None
    later = [span for span in spans if span[0] >= end and ";" not in text[end : span[0]]]
    return later[0] if later else ahead[-1] if ahead else None


def _introduces(text: str, after: int, number: int, words: FieldWords) -> bool:
    """Return whether what ends at `after` stands right before a number ("and in Soko at least 6")."""
    between = text[after:number]
    if any(sign in between for sign in ";.(,"):
        return False
    inside = between.casefold().split()
    return len(inside) <= _GAP and not any(word in words.joins for word in inside)


def _parted(text: str, at: int, begin: int, claims: Sequence[Claim]) -> bool:
    """Return whether a full clause with a claim of its own parts two offsets."""
    return ";" in text[at:begin] or any(
        at < claim.start < begin and "," in text[at:begin] for claim in claims
    )


def _is_behind(text: str, at: tuple[int, int, int], words: FieldWords) -> bool:
    """Return whether words between two numbers end the first one's clause ("six died in a separate raid and ...")."""
    begin, here, end = at
    if ";" in text[begin:here]:
        return False
    return end == len(text) or any(word in words.joins for word in text[here:end].casefold().split())


def other_event(one: Claim, other: Claim) -> bool:
    """Return whether two claims of one text or of two versions count different events, as far as print tells.

    Weekdays or years that differ part two events, and so do words that call one of them another event. Places
    part them where none of their names is shared: of a headline the place is often told in fewer words or by
    another name, so that its place parts nothing.
    """
    a, b = one.event_key, other.event_key
    if a is None or b is None or a == b:
        return bool((a and a.apart) or (b and b.apart)) and a != b
    if None not in (a.weekday, b.weekday) and a.weekday != b.weekday:
        return True
    if None not in (a.year, b.year) and a.year != b.year:
        return True
    elsewhere = _elsewhere(a, b)
    if a.apart != b.apart:
        return elsewhere is not False
    if one.place in _FRONT or other.place in _FRONT:
        return False
    return elsewhere is True


def _elsewhere(a: EventKey, b: EventKey) -> bool | None:
    """Return whether two places share no name; None where one is not printed."""
    if a.place is None or b.place is None:
        return None
    return names_of(a.place).isdisjoint(names_of(b.place))


@lru_cache(maxsize=4096)
def names_of(place: str) -> frozenset[str]:
    """Return the names in a place or a headline as printed, folded."""
    return frozenset(name.casefold() for name in _NAME.findall(place))
