"""One casualty figure as one source stated it."""

from dataclasses import dataclass
from enum import StrEnum


class ClaimKind(StrEnum):
    """What is said to have happened to the counted people."""

    KILLED = "killed"
    WOUNDED = "wounded"
    MISSING = "missing"
    CAPTURED = "captured"
    DISPLACED = "displaced"
    TRAPPED = "trapped"
    CASUALTIES = "casualties"


class Qualifier(StrEnum):
    """How the printed number bounds the count (DESIGN's table gives value, low and high of each)."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    ABOUT = "about"
    UP_TO = "up_to"
    RANGE = "range"
    VAGUE = "vague"
    ZERO = "zero"


class AttributionClass(StrEnum):
    """What sort of source a claim is attributed to."""

    PARTY = "party"
    OFFICIAL = "official"
    WITNESS = "witness"
    MEDIA = "media"
    MONITOR = "monitor"
    IMPERSONAL = "impersonal"


class Polarity(StrEnum):
    """Whether the text asserts the claim, doubts it, or denies it."""

    ASSERTED = "asserted"
    DOUBTED = "doubted"
    DENIED = "denied"


class Scope(StrEnum):
    """Which count the number belongs to: this event's, a part of another, a period's, an older event's."""

    EVENT = "event"
    SUBSET = "subset"
    CUMULATIVE = "cumulative"
    BACKGROUND = "background"


class Role(StrEnum):
    """What a number does to the count that it belongs to."""

    TOTAL = "total"
    INCREMENT = "increment"
    PART = "part"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Unit(StrEnum):
    """What the number counts."""

    PEOPLE = "people"
    FAMILIES = "families"
    BODIES = "bodies"
    GROUPS = "groups"


class Status(StrEnum):
    """How far the text says a figure has been established."""

    CONFIRMED = "confirmed"
    PRESUMED = "presumed"
    UNDER_VERIFICATION = "under_verification"


class Place(StrEnum):
    """Where in the article a claim stands; the lead is the first body paragraph."""

    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    LEAD = "lead"
    BODY = "body"
    CAPTION = "caption"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventKey:
    """Which event a claim counts, as far as its sentence prints it.

    Attributes:
        place: Its place as printed ("the nearby village of Soko"), or None.
        time: Its time as printed ("Monday night"), or None.
        weekday: The weekday of that time, 0 for Monday, or None where it names none.
        year: The year that it prints, or None.
        apart: True where the text itself calls it another event ("in a separate attack", "elsewhere").
    """

    place: str | None = None
    time: str | None = None
    weekday: int | None = None
    year: int | None = None
    apart: bool = False

    def __str__(self) -> str:
        """Return place and time as printed, parted by a semicolon."""
        return "; ".join(part for part in (self.place, self.time) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One casualty figure as one source stated it.

    `sentence[start:end] == number_text` for an explicit claim; an implicit one spans its cue.

    Attributes:
        kind: What happened to the people.
        value: The number, or None for a range or a vague amount.
        low: Lower bound, or None.
        high: Upper bound, or None.
        qualifier: How the number bounds the count.
        number_text: The number as printed (`at least` and the like excluded), or None when implicit.
        explicit: False where no number is printed ("a man", a named person).
        who: The victims as printed, without the number, or None.
        attribution: The source as printed, or None.
        attribution_class: What sort of source, or None without one.
        hedge: The hedging word as printed, or None.
        polarity: Asserted, doubted or denied.
        scope: Which count the number belongs to.
        subset_of: The value (or lower bound) of the count this is a part of, where the text says.
        place: Where in the article it stands.
        sentence: The whole sentence as printed.
        start: Offset of the number (or cue) in `sentence`, in characters.
        end: Offset after it.
        cue: The trigger word as printed.
        rule: Name of the grammar rule that read it.
        confidence: Calibrated share of such readings that were right on the development data, 0 to 1.
        block: Index into `Article.blocks`, or None in headline, standfirst and bare text.
        offset: Offset of `sentence` in its block, headline, standfirst or bare text, in characters.
        role: What the number does to its count: the total, what was added, a part, an older total, or taken back.
        unit: What is counted: people, families, bodies, or groups of people.
        event_key: Place and time of the event as printed, or None where the sentence prints neither.
        as_of: The time at which the count stood, as printed ("6 a.m. on Sunday"), or None.
        period: The period of a cumulative count as printed ("since January"), or None.
        status: Confirmed, presumed or under verification, or None where the text does not say.
        perpetrator: Who did it, as printed, or None where nobody is named.
        source_chain: The sources from the nearest to the origin ("the agency", "the ministry"); empty without one.
    """

    kind: ClaimKind
    value: int | None
    low: int | None
    high: int | None
    qualifier: Qualifier
    number_text: str | None
    explicit: bool = True
    who: str | None = None
    attribution: str | None = None
    attribution_class: AttributionClass | None = None
    hedge: str | None = None
    polarity: Polarity = Polarity.ASSERTED
    scope: Scope = Scope.EVENT
    subset_of: int | None = None
    place: Place = Place.BODY
    sentence: str
    start: int
    end: int
    cue: str
    rule: str
    confidence: float
    block: int | None = None
    offset: int = 0
    role: Role = Role.TOTAL
    unit: Unit = Unit.PEOPLE
    event_key: EventKey | None = None
    as_of: str | None = None
    period: str | None = None
    status: Status | None = None
    perpetrator: str | None = None
    source_chain: tuple[str, ...] = ()
