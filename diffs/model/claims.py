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


class Place(StrEnum):
    """Where in the article a claim stands; the lead is the first body paragraph."""

    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    LEAD = "lead"
    BODY = "body"
    CAPTION = "caption"
    CORRECTION = "correction"


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
