"""Facts as English words: dates, counts, figures, kinds of change."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from diffs.changes.doubts import stands_in
from diffs.model import (
    Change,
    ChangeKind,
    ChangeType,
    Claim,
    ClaimKind,
    Disclosure,
    Outcome,
    Place,
    Polarity,
    Qualifier,
    Scope,
)
from diffs.text import folded

KIND_WORDS = {
    ChangeKind.HEADLINE: "headline",
    ChangeKind.STANDFIRST: "standfirst",
    ChangeKind.BYLINE: "byline",
    ChangeKind.CASUALTY: "casualty figure",
    ChangeKind.FIGURE: "figure",
    ChangeKind.QUOTE: "quotation",
    ChangeKind.ATTRIBUTION: "attribution",
    ChangeKind.CORRECTION: "correction note",
    ChangeKind.TEXT: "text",
    ChangeKind.STAMP: "date stamp",
}
TYPE_WORDS = {
    ChangeType.ADDED: "added",
    ChangeType.REMOVED: "removed",
    ChangeType.EDITED: "edited",
    ChangeType.MOVED: "moved",
    ChangeType.INCREASED: "increased",
    ChangeType.DECREASED: "decreased",
    ChangeType.QUALIFIER: "qualified differently",
    ChangeType.SPECIFIED: "made specific",
    ChangeType.UNSPECIFIED: "made vague",
    ChangeType.REATTRIBUTED: "given to another source",
    ChangeType.RESCOPED: "counted for something else",
    ChangeType.HEDGED: "hedged differently",
    ChangeType.DISPUTED: "disputed or confirmed",
    ChangeType.ALTERED: "altered",
    ChangeType.REVERTED: "changed back",
    ChangeType.LAYOUT: "placed elsewhere by the layout",
}
# What became of passages and quotations, as they are counted.
COUNTED_TYPES = {
    ChangeType.ADDED: "added",
    ChangeType.REMOVED: "removed",
    ChangeType.EDITED: "reworded",
    ChangeType.ALTERED: "altered",
    ChangeType.MOVED: "moved",
    ChangeType.LAYOUT: "placed elsewhere by the layout",
    ChangeType.REVERTED: "changed back",
}
OUTCOME_WORDS = {
    Outcome.PENDING: "not asked for yet",
    Outcome.FETCHED: "read",
    Outcome.UNCHANGED: "same bytes as a capture that was read, by the archive's digest",
    Outcome.REVISIT: "same bytes as before, by the archive's own record",
    Outcome.REDIRECT: "a redirect to another page",
    Outcome.NOT_ARTICLE: "not the article",
    Outcome.FAILED: "could not be had from the archive",
    Outcome.CONFLICT: "contradicted by the archive itself, which shows another text for the same second",
    Outcome.DISPUTED: "contradicted by another archive, which shows another text for the same second",
}
READ = frozenset({Outcome.FETCHED, Outcome.UNCHANGED, Outcome.REVISIT})
COUNTED = {
    ClaimKind.KILLED: "killed",
    ClaimKind.WOUNDED: "wounded",
    ClaimKind.MISSING: "missing",
    ClaimKind.CAPTURED: "captured",
    ClaimKind.DISPLACED: "displaced",
    ClaimKind.TRAPPED: "trapped",
    ClaimKind.CASUALTIES: "casualties",
}
PLACES = {
    Place.HEADLINE: "the headline",
    Place.STANDFIRST: "the standfirst",
    Place.LEAD: "the lead",
    Place.BODY: "the text",
    Place.CAPTION: "a caption",
    Place.CORRECTION: "a correction",
}
UNNAMED = "no source named"
_ANYBODY = frozenset({"people", "persons", "person", "others", "other people", "other persons"})
OPENNESS = {
    Disclosure.CORRECTION: "in a correction",
    Disclosure.EXPLAINED: "explained in the text",
    Disclosure.NEW_DATE: "new date only",
    Disclosure.SILENT: "silent",
    Disclosure.UNKNOWN: "not known",
}
_WORDS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_UNITS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))


@lru_cache(maxsize=4096)
def when(moment: datetime) -> str:
    """Return a time as `2016-09-18 02:26 UTC`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


@lru_cache(maxsize=4096)
def exactly(moment: datetime) -> str:
    """Return a time to the second: `2016-09-18 02:26:05 UTC`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


@lru_cache(maxsize=4096)
def stamp(moment: datetime) -> str:
    """Return a time in RFC 3339, UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: `1 capture`, `12 captures`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def times(number: int) -> str:
    """Return how often: `once`, `twice`, `5 times`."""
    return {1: "once", 2: "twice"}.get(number, f"{number_word(number)} times")


def listed(items: Sequence[str]) -> str:
    """Join words as prose does: `a, b and c`."""
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1] if items else ""


def duration(start: datetime, end: datetime) -> str:
    """Return the time between two moments in its two largest units, the rest cut off: `2 days 3 hours`, `14 minutes`.

    From an hour on it counts between the minutes that the clock shows, so that it agrees with the times printed.
    """
    if end - start >= timedelta(hours=1):
        start, end = (one.replace(second=0, microsecond=0) for one in (start, end))
    left = max(0, int((end - start).total_seconds()))
    parts = []
    for name, seconds in _UNITS:
        number, left = divmod(left, seconds)
        if number:
            parts.append(count(number, name))
        elif parts:
            break
    return " ".join(parts[:2]) if parts else "no time"


def amount(claim: Claim) -> str:
    """Return the figure of a claim in a form that is the same for the same meaning: `at least 7`, `20–30`."""
    low, high, value = claim.low, claim.high, claim.value
    match claim.qualifier:
        case Qualifier.EXACT:
            return _number(value)
        case Qualifier.AT_LEAST:
            return f"at least {_number(_first(low, value))}"
        case Qualifier.MORE_THAN:
            return f"more than {_number(_first(low, value))}"
        case Qualifier.ABOUT:
            return f"about {_number(value)}"
        case Qualifier.UP_TO:
            return f"up to {_number(_first(high, value))}"
        case Qualifier.RANGE:
            return f"{_number(low)}–{_number(high)}"
        case Qualifier.VAGUE:
            return f"“{claim.number_text.lower()}”" if claim.number_text else "an unstated number"
        case Qualifier.ZERO:
            return "0"


def figure(claim: Claim) -> str:
    """Return the figure with what bears on its meaning: hedge, doubt, and which count it belongs to."""
    extras = []
    if claim.hedge:
        extras.append(f"hedged “{claim.hedge}”")
    if claim.polarity is Polarity.DENIED:
        extras.append("denied")
    elif claim.polarity is Polarity.DOUBTED:
        extras.append("doubted")
    if claim.scope is Scope.SUBSET:
        extras.append(
            f"part of {claim.subset_of:,}" if claim.subset_of is not None else "part of another count"
        )
    elif claim.scope is Scope.CUMULATIVE:
        extras.append("over a period")
    elif claim.scope is Scope.BACKGROUND:
        extras.append("an earlier event")
    return amount(claim) + (f" ({', '.join(extras)})" if extras else "")


def counted_as(kind: ClaimKind, who: str | None) -> str:
    """Return what is counted: `killed: soldiers`, or only the kind where nobody in particular is named."""
    return COUNTED[kind] if who is None or folded(who) in _ANYBODY else f"{COUNTED[kind]}: {who}"


def counted(claim: Claim) -> str:
    """Return what is counted: `killed: soldiers`, or only the kind where nobody is named."""
    return counted_as(claim.kind, claim.who)


def source(claim: Claim) -> str:
    """Return the source as printed, a leading article in lower case, or words that say there is none."""
    name = claim.attribution or UNNAMED
    start = name.partition(" ")[0]
    return name[0].lower() + name[1:] if start in {"The", "A", "An"} else name


def sources(change: Change) -> tuple[str, ...]:
    """Return the sources of a casualty change: two where the new figure is not that of who gave the old one."""
    claims = [claim for claim in (change.claim_before, change.claim_after) if claim]
    names = [source(claim) for claim in claims]
    moved = change.type is ChangeType.REATTRIBUTED or not _one_name([claim.attribution for claim in claims])
    return tuple(dict.fromkeys(names if moved else names[-1:]))


def _one_name(names: Sequence[str | None]) -> bool:
    """Return whether a source is named twice, perhaps in fewer words once, or not at all."""
    old, new = names[0], names[-1]
    if old is None or new is None:
        return old is new
    return folded(old) == folded(new) or stands_in(old, new) or stands_in(new, old)


def title(change: Change) -> str:
    """Name a change: `Casualty figure increased`."""
    return f"{KIND_WORDS[change.kind]} {TYPE_WORDS[change.type]}".capitalize()


_UNSEEN = {
    "og": "headline for sharing (og:title)",
    "json_ld": "headline for search engines (JSON-LD)",
    "title": "window title",
}


def headline_name(change: Change) -> str:
    """Return what a headline is called: one that readers of the page do not see, by its places."""
    if not change.places or any(place not in _UNSEEN for place in change.places):
        return KIND_WORDS[change.kind]
    return listed([_UNSEEN[place] for place in change.places])


def in_headline(change: Change) -> bool:
    """Return whether a casualty change is one of the headline's own figures and of nothing else."""
    claims = [claim for claim in (change.claim_before, change.claim_after) if claim]
    return all(claim.place is Place.HEADLINE for claim in claims) and not change.also_in


def openness(change: Change) -> str:
    """Return how openly the publisher made a change, in few words."""
    return OPENNESS[change.disclosure]


def brief(claim: Claim) -> str:
    """Return a figure as short as a table can have it: `7`, `≥ 7`, `~ 30`, `20–30`, with `?` where it is doubted."""
    low, high, value = claim.low, claim.high, claim.value
    match claim.qualifier:
        case Qualifier.AT_LEAST:
            text = f"≥ {_number(_first(low, value))}"
        case Qualifier.MORE_THAN:
            text = f"> {_number(_first(low, value))}"
        case Qualifier.ABOUT:
            text = f"~ {_number(value)}"
        case Qualifier.UP_TO:
            text = f"≤ {_number(_first(high, value))}"
        case _:
            text = amount(claim)
    return f"{text}?" if claim.polarity is Polarity.DOUBTED else text


def number_word(number: int) -> str:
    """Return a number as prose writes it: in words up to twelve."""
    return _WORDS[number] if 0 <= number < len(_WORDS) else f"{number:,}"


def sentence(words: str) -> str:
    """Return words that begin with a capital and end with one full stop."""
    text = words.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", "…")) else ".")


def _first(*numbers: int | None) -> int | None:
    return next((number for number in numbers if number is not None), None)


def _number(number: int | None) -> str:
    return "?" if number is None else f"{number:,}"
