"""What differs between two versions, or disagrees inside one."""

from dataclasses import dataclass
from enum import StrEnum

from diffs.model.claims import Claim


class EditOp(StrEnum):
    """What a word-level edit does to its text."""

    EQUAL = "equal"
    DELETE = "delete"
    INSERT = "insert"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One piece of a word-level difference; the pieces in order spell out both texts."""

    op: EditOp
    text: str


class ChangeKind(StrEnum):
    """Which part of the article changed."""

    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    BYLINE = "byline"
    CASUALTY = "casualty"
    FIGURE = "figure"
    QUOTE = "quote"
    ATTRIBUTION = "attribution"
    CORRECTION = "correction"
    TEXT = "text"
    STAMP = "stamp"


class ChangeType(StrEnum):
    """What happened to that part."""

    ADDED = "added"
    REMOVED = "removed"
    EDITED = "edited"
    MOVED = "moved"
    INCREASED = "increased"
    DECREASED = "decreased"
    QUALIFIER = "qualifier"
    SPECIFIED = "specified"
    UNSPECIFIED = "unspecified"
    REATTRIBUTED = "reattributed"
    RESCOPED = "rescoped"
    HEDGED = "hedged"
    DISPUTED = "disputed"
    ALTERED = "altered"
    REVERTED = "reverted"


class Weight(StrEnum):
    """How much a change matters to what a reader would believe happened."""

    SUBSTANTIVE = "substantive"
    MINOR = "minor"
    COSMETIC = "cosmetic"


class DeclaredBy(StrEnum):
    """How a publisher owned up to a change: in words, or only by a new date."""

    NOTE = "note"
    STAMP = "stamp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where in one version the proof of a change stands.

    Attributes:
        place: `headline`, `og`, `json_ld`, `title`, `standfirst`, `byline`, `published`, `modified`
            or the `BlockKind` of the block.
        block: Index into `Article.blocks`, or None outside the body.
        start: Offset of `text` in that place, in characters.
        end: Offset after it.
        text: The words themselves (a sentence, a headline, a stamp).
    """

    place: str
    block: int | None = None
    start: int = 0
    end: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A typed, weighed difference between two revisions.

    Attributes:
        id: Stable across runs, formats and rebuilds: a hash of what changed.
        kind: Which part changed.
        type: What happened to it.
        weight: How much it matters.
        declared: True where the publisher owned up (moved its modified date or named the change in a
            note), False where it could have and did not, None where that cannot be known.
        declared_by: How it owned up: `note` where a new note names the change, `stamp` where nothing but
            the modified date moved, which does not say what changed. None where `declared` is not True.
        edits: The word-level difference, empty for additions, removals and moves.
        claim_before: The claim before, for casualty changes.
        claim_after: The claim after, for casualty changes.
        before: Where the old text stands, or None for an addition.
        after: Where the new text stands, or None for a removal.
        detail: What a reader needs beyond the texts, such as which headline; empty where nothing.
        told_by: Ids of the finer changes (casualty, figure, quote, attribution) of the same sentence
            that together tell all this one tells: it is then only their context. Empty where it tells more.
    """

    id: str
    kind: ChangeKind
    type: ChangeType
    weight: Weight
    declared: bool | None = None
    declared_by: DeclaredBy | None = None
    edits: tuple[Edit, ...] = ()
    claim_before: Claim | None = None
    claim_after: Claim | None = None
    before: Evidence | None = None
    after: Evidence | None = None
    detail: str = ""
    told_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two figures of one version for the same count that cannot both be right.

    Attributes:
        id: Stable across runs: a hash of what disagrees.
        one: The claim that is read first (the headline's, where `stale_headline`).
        other: The claim that disagrees with it.
        stale_headline: True where the headline (or standfirst) disagrees with all that the body says.
        since: Number of the first revision that shows it, 0 outside a history.
        until: Number of the last revision in a row that shows it, 0 outside a history.
        arose: True where an earlier revision did not show it: one figure moved and the other was left.
    """

    id: str
    one: Claim
    other: Claim
    stale_headline: bool = False
    since: int = 0
    until: int = 0
    arose: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternation:
    """Two headlines that took turns, as in a headline test.

    Attributes:
        headlines: The two displayed headlines, the one seen first leading.
        revisions: Numbers of the revisions that took turns, in order of time.
    """

    headlines: tuple[str, str]
    revisions: tuple[int, ...]
