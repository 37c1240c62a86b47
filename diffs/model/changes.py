"""What differs between two versions, or disagrees inside one."""

from dataclasses import dataclass, field
from enum import StrEnum

from diffs.model.claims import Claim, Place
from diffs.model.kinds import ChangeKind, Weight

OTHER_EVENT = "the other number stands in the text, so the headline may have turned to another event"
DIVIDED = "the same words are divided differently"


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
    LAYOUT = "layout"


class Disclosure(StrEnum):
    """How openly a publisher made a change, the most open form first."""

    CORRECTION = "correction"  # a new note names what changed
    EXPLAINED = "explained"  # the text of the same step says how the figure moved
    NEW_DATE = "new_date"  # nothing but the modified date moved, which does not say what changed
    SILENT = "silent"  # the page could have said so and did not
    UNKNOWN = "unknown"  # the page has no way to say so, or the change is itself a note or a date


class DeclaredBy(StrEnum):
    """How a publisher owned up to a change: in words, or only by a new date."""

    NOTE = "note"
    STAMP = "stamp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where in one version the proof of a change stands.

    Attributes:
        place: `headline`, `og`, `json_ld`, `title`, `standfirst`, `byline`, `published`, `modified`, `page`
            (visible text outside the article's blocks) or the `BlockKind` of the block.
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
        disclosure: How openly the publisher made it.
        dated: True where the page's modified date moved forward in the same step, False where it stood
            still, None where either version has none or it went back.
        edits: The word-level difference, empty for additions, removals and moves.
        claim_before: The claim before, for casualty changes.
        claim_after: The claim after, for casualty changes.
        before: Where the old text stands, or None for an addition.
        after: Where the new text stands, or None for a removal.
        told_by: Ids of the finer changes (casualty, figure, quote, attribution) of the same sentence
            that together tell all this one tells: it is then only their context. Empty where it tells more.
        places: Of a headline, every place that took this step: `displayed`, `og`, `json_ld`, `title`; of a
            date stamp, its name: `published` or `modified`. Empty for other kinds.
        also_in: Other places of the text that show the same casualty change.
        other_event: True where a rewritten headline took another number and the text of the other version
            gives the one it lacks: the headline may have turned to another event.
        terms_before: The words a finer change is about, as printed, before: a figure, or the sources,
            hedges or negations that went.
        terms_after: The same after: a figure, or what came.
        speaker_before: Who speaks a quotation in the old version, as printed, or None.
        speaker_after: Who speaks it in the new version, as printed, or None.
        moved: True where an edited passage also stands elsewhere.
        divided: True where nothing but the division into blocks differs.
        reverts_to: Number of the earlier revision that had what came back, or None.
        archives: Names of the archives that show it, in order; empty where only one archive was read.
        independent: How many independent archives these are, counted by operator, captures of one digest and one
            second once; 0 where only one archive was read.
        declared: Derived from `disclosure`: True where the publisher owned up (in a note that names the
            change, or by a new modified date), False where it could have and did not, None where that
            cannot be known. Of an explained change it says what the date alone says.
        declared_by: Derived: `note` or `stamp` where `declared` is True, else None.
        detail: Derived: the fields from `places` to `reverts_to` in a phrase, for a reader; empty where
            there is nothing to add to the texts.
    """

    id: str
    kind: ChangeKind
    type: ChangeType
    weight: Weight
    disclosure: Disclosure = Disclosure.UNKNOWN
    dated: bool | None = None
    edits: tuple[Edit, ...] = ()
    claim_before: Claim | None = None
    claim_after: Claim | None = None
    before: Evidence | None = None
    after: Evidence | None = None
    told_by: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    also_in: tuple[Place, ...] = ()
    other_event: bool = False
    terms_before: tuple[str, ...] = ()
    terms_after: tuple[str, ...] = ()
    speaker_before: str | None = None
    speaker_after: str | None = None
    moved: bool = False
    divided: bool = False
    reverts_to: int | None = None
    archives: tuple[str, ...] = ()
    independent: int = 0
    declared: bool | None = field(init=False)
    declared_by: DeclaredBy | None = field(init=False)
    detail: str = field(init=False)

    def __post_init__(self) -> None:
        """Derive what is printed and exported from the facts."""
        declared = _DECLARED.get(self.disclosure, self.dated)
        by = DeclaredBy.NOTE if self.disclosure is Disclosure.CORRECTION else DeclaredBy.STAMP
        object.__setattr__(self, "declared", declared)
        object.__setattr__(self, "declared_by", by if declared else None)
        object.__setattr__(self, "detail", _detail(self))


_DECLARED = {
    Disclosure.CORRECTION: True,
    Disclosure.NEW_DATE: True,
    Disclosure.SILENT: False,
    Disclosure.UNKNOWN: None,
}


def _detail(change: Change) -> str:
    """Return in a phrase what the fields of a change say beyond its texts."""
    if change.reverts_to is not None:
        return f"revision {change.reverts_to}"
    if change.places:
        return ", ".join(change.places)
    if change.terms_before or change.terms_after:
        return " → ".join(", ".join(side) or "–" for side in (change.terms_before, change.terms_after))
    if change.speaker_before or change.speaker_after:
        if change.type is ChangeType.REATTRIBUTED:
            return f"{change.speaker_before} → {change.speaker_after}"
        return change.speaker_after or change.speaker_before or ""
    also = f"also in {', '.join(place.value for place in change.also_in)}" if change.also_in else ""
    parts = (
        also,
        OTHER_EVENT if change.other_event else "",
        "moved" if change.moved else "",
        DIVIDED if change.divided else "",
    )
    return "; ".join(part for part in parts if part)


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
