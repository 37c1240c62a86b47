"""The frozen records that every part of Variorum speaks in."""

import dataclasses
import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

# --------------------------------------------------------------------------- articles


class BlockKind(StrEnum):
    """What a block of an article is; only captions and corrections stand outside `Article.text`."""

    PARAGRAPH = "paragraph"
    SUBHEADING = "subheading"
    QUOTE = "quote"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    LIVE_UPDATE = "live_update"
    CAPTION = "caption"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of an article in reading order.

    Attributes:
        kind: What the block is.
        text: Its words as printed, white space folded to single spaces.
        at: For a live-update entry, when the publisher says it was posted (aware UTC), else None.
    """

    kind: BlockKind
    text: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A piece of page furniture that the parser took away, so that a reader can check it.

    Attributes:
        reason: The name of the rule that took it, such as `video_caption` or `related_link`.
        text: Its words as they stood on the page.
    """

    reason: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Headlines:
    """Every headline a page carries, by the place it stands in; None where the page has none there.

    Attributes:
        h1: The one a reader sees.
        og: `og:title`, which social networks show.
        json_ld: `headline` of the page's JSON-LD article.
        title: The `<title>` of the window, as printed (site name included).
    """

    h1: str | None = None
    og: str | None = None
    json_ld: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The clean text of one snapshot.

    Attributes:
        headline: The displayed headline, or None where the page shows none.
        headlines: Every variant of the headline by place.
        standfirst: The summary printed under the headline, or None.
        byline: The authors as printed, or None.
        published: When the publisher says it published (aware UTC), or None.
        modified: When the publisher says it last modified (aware UTC), or None.
        language: BCP 47 tag as declared or detected, lower case (`en`, `pt-br`), or None.
        publisher: The site's own name for itself, or None.
        url: The address the page was asked by.
        canonical_url: What the page calls its own address, or None.
        captured_at: When the archive captured it (aware UTC), or None.
        parser: Version of the parser, and the template's hash after a `+` where one was used.
        blocks: The body in reading order, captions and corrections included.
        removed: What was stripped and why.
        suspect: Why no change may be claimed from this article, or None.
        notes: What the parser wants known but that does not make the article suspect,
            such as disagreeing dates.
    """

    headline: str | None = None
    headlines: Headlines = field(default_factory=Headlines)
    standfirst: str | None = None
    byline: str | None = None
    published: datetime | None = None
    modified: datetime | None = None
    language: str | None = None
    publisher: str | None = None
    url: str | None = None
    canonical_url: str | None = None
    captured_at: datetime | None = None
    parser: str = "text"
    blocks: tuple[Block, ...] = ()
    removed: tuple[Removed, ...] = ()
    suspect: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The body: every block but captions and corrections, joined by a blank line."""
        apart = (BlockKind.CAPTION, BlockKind.CORRECTION)
        return "\n\n".join(block.text for block in self.blocks if block.kind not in apart)

    @classmethod
    def from_text(cls, headline: str | None, *paragraphs: str) -> Self:
        """Make an article from a headline (or None) and its paragraphs, furniture already gone."""
        blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in paragraphs if text.strip())
        return cls(headline=headline, headlines=Headlines(h1=headline), blocks=blocks)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what a reader reads: headlines, standfirst, byline, blocks; never of stamps.

        Two snapshots with the same fingerprint show the same revision.
        """
        heads = self.headlines
        parts = [self.headline, heads.og, heads.json_ld, self.standfirst, self.byline]
        parts += [item for block in self.blocks for item in (block.kind.value, block.text)]
        return digest_of(*parts)


# --------------------------------------------------------------------------- claims


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


# --------------------------------------------------------------------------- changes


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


# --------------------------------------------------------------------------- histories


class Outcome(StrEnum):
    """What became of a capture that an archive listed."""

    PENDING = "pending"  # listed, bytes not asked for yet
    FETCHED = "fetched"  # bytes kept and read as an article
    UNCHANGED = "unchanged"  # the archive's digest equals that of a fetched neighbour: nothing to fetch
    REVISIT = "revisit"  # a revisit record: the archive saw the same bytes again
    REDIRECT = "redirect"  # the page redirected when it was captured
    NOT_ARTICLE = "not_article"  # an archived error, another file type, a block page, a soft 404
    FAILED = "failed"  # the archive could not serve it; `reason` says why


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One capture as a report cites it.

    Attributes:
        at: When the archive captured it (aware UTC).
        url: The address captured.
        archive: Name of the source in the configuration, such as `wayback`.
        link: Where a reader can see it, or None where the archive has no public address.
        digest: The archive's digest of the stored bytes, or None.
        sha256: SHA-256 of the bytes we keep, in hex, or None where none are kept.
    """

    at: datetime
    url: str
    archive: str
    link: str | None = None
    digest: str | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One capture and what became of it.

    Attributes:
        capture: The capture.
        outcome: What became of it.
        reason: Why, where the outcome wants a reason (a failure, a rejection, a redirect's target).
        fingerprint: `Article.fingerprint` of what it shows, where known: read from its bytes, or by
            the archive's digest from those of an equal capture.
    """

    capture: Citation
    outcome: Outcome
    reason: str | None = None
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A distinct article and how long it stood without interruption.

    After A to B to A there are three revisions, the first and third with equal fingerprints.

    Attributes:
        number: 1 for the first of its history.
        article: The article as first captured.
        first: The first capture that shows it.
        last: The last capture that shows it before another text.
        captures: How many captures show it in that time (revisits and equal digests included).
        suspect: Why no change is claimed from it, or None.
    """

    number: int
    article: Article
    first: Citation
    last: Citation
    captures: int = 1
    suspect: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """When a change happened: after the one capture, not later than the other.

    Attributes:
        after: The last capture with the old text.
        until: The first capture with the new text.
        widened: Captures between the two that could not be used (failed, suspect, pending ...).
    """

    after: Citation
    until: Citation
    widened: tuple[Observation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """The step from one trusted revision to the next.

    Attributes:
        before: The old revision.
        after: The new revision.
        interval: When it happened.
        changes: What changed, substantive changes first.
        reverts_to: Number of the earlier revision whose text came back, or None.
        flap: True on the step to, and on the step back from, a text that stood so briefly between equal
            neighbours that a stale cache is the likelier cause than an editor.
    """

    before: Revision
    after: Revision
    interval: Interval
    changes: tuple[Change, ...]
    reverts_to: int | None = None
    flap: bool = False


class Certainty(StrEnum):
    """How well an interval without a change is known."""

    PROVEN = "proven"  # every capture in it was read, or equals one that was
    BRACKETED = "bracketed"  # only its ends were read; a text that came and went between is invisible


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A time in which one text is believed to have stood, and how surely.

    Attributes:
        revision: Number of the revision.
        since: First capture of the stretch.
        until: Last capture of the stretch.
        certainty: Proven, or only bracketed.
        unread: Captures inside that were not read.
    """

    revision: int
    since: Citation
    until: Citation
    certainty: Certainty
    unread: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All that is known of one target.

    Attributes:
        url: The tracked address.
        revisions: In order of time, suspect ones included.
        transitions: Between neighbouring trusted revisions, in order of time.
        stretches: How surely each text stood, in order of time.
        observations: Every capture seen, in order of time.
        aliases: Other addresses that belong to the same article.
        contradictions: Figures that disagree inside one version, each once for the run of revisions
            that shows it, in order of time.
        alternations: Pairs of headlines that took turns.
    """

    url: str
    revisions: tuple[Revision, ...] = ()
    transitions: tuple[Transition, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    observations: tuple[Observation, ...] = ()
    aliases: tuple[str, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    alternations: tuple[Alternation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a reader said about a finding; it stays with the finding's id.

    Attributes:
        change: The finding's `Change.id`.
        text: The reader's words.
        dismissed: True where the reader judged the finding wrong or irrelevant.
        at: When it was written (aware UTC).
    """

    change: str
    text: str
    dismissed: bool
    at: datetime


# --------------------------------------------------------------------------- forms


def to_json(record: Any) -> Any:
    """Give a record's JSON form: objects keyed by field, enums by value, datetimes in UTC RFC 3339."""
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        return {f.name: to_json(getattr(record, f.name)) for f in dataclasses.fields(record)}
    if isinstance(record, (tuple, list)):
        return [to_json(item) for item in record]
    if isinstance(record, dict):
        return {str(key): to_json(value) for key, value in record.items()}
    if isinstance(record, StrEnum):
        return record.value
    if isinstance(record, datetime):
        return record.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return record


def digest_of(*parts: str | None) -> str:
    """Give the SHA-256, in hex, of a sequence of strings; None differs from the empty string."""
    hasher = hashlib.sha256()
    for part in parts:
        data = b"\x00" if part is None else b"\x01" + part.encode("utf-8", "surrogatepass")
        hasher.update(len(data).to_bytes(8, "big") + data)
    return hasher.hexdigest()
