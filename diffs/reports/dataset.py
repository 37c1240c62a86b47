"""A whole store as four tables, each column documented: captures, versions, claims, changes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from diffs.changes.readings import claims_of
from diffs.model import History, Note
from diffs.reports.series import trusted
from diffs.reports.tables import CHANGE_COLUMNS, CLAIM_COLUMNS, change_rows, claim_row
from diffs.reports.wording import stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column.

    Attributes:
        name: Its name.
        type: `string`, `integer`, `number`, `boolean` or `datetime` (UTC), as Frictionless names them.
        meaning: What it says, in a sentence.
        unit: What a number counts, or None.
    """

    name: str
    type: str
    meaning: str
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A table.

    Attributes:
        name: Its name, which is that of its file.
        title: What a row is.
        fields: Its columns.
        rows: Returns the rows of one target, a value for each column, from its history and what readers noted.
        key: The columns that tell one row from all others; empty where several may be alike.
        of_version: The column that names the version of a row in the table of versions, or None.
    """

    name: str
    title: str
    fields: tuple[Field, ...]
    rows: Callable[[History, Sequence[Note]], Iterable[list[object]]]
    key: tuple[str, ...] = ()
    of_version: str | None = None


_URL = ("url", "string", "Address of the tracked page.")
_LINK = "Where a reader can see {0}; empty where the archive has no public address."
_SIDES = ("the last capture with the old text", "the first capture with the new text")
_PEOPLE = "people, or what `unit` says"
# Name, type, meaning and, of a number, what it counts.
_CAPTURES: tuple[tuple[str, ...], ...] = (
    _URL,
    ("captured", "datetime", "When the archive captured it."),
    ("archive", "string", "Name of the archive in the configuration."),
    ("captured_url", "string", "The address that was captured."),
    ("outcome", "string", "What became of it: fetched, unchanged, revisit, redirect, not_article, failed, conflict or pending."),
    ("reason", "string", "Why, in words, where the outcome wants a reason."),
    ("may_pass", "boolean", "Whether it could not be had for a reason that may pass."),
    ("link", "string", _LINK.format("it")),
    ("digest", "string", "The archive's digest of the stored bytes."),
    ("sha256", "string", "SHA-256 of the bytes that are kept, in hex."),
    ("fingerprint", "string", "SHA-256 of the text that it shows; equal texts have equal fingerprints."),
)  # fmt: skip
_VERSIONS: tuple[tuple[str, ...], ...] = (
    _URL,
    ("revision", "integer", "Number of the version, from 1 in order of time.", "versions"),
    ("first_capture", "datetime", "The first capture that shows it."),
    ("last_capture", "datetime", "The last capture that shows it before another text."),
    ("captures", "integer", "How many captures show it in that time.", "captures"),
    ("suspect", "string", "Why no change is claimed from it; empty for a trusted version."),
    ("partial", "string", "Why its text ends before the article does; empty where it is whole."),
    ("headline", "string", "The headline as displayed."),
    ("standfirst", "string", "The summary under the headline."),
    ("byline", "string", "The authors as printed."),
    ("published", "datetime", "When the publisher says it was published."),
    ("modified", "datetime", "When the publisher says it was last modified."),
    ("language", "string", "BCP 47 tag as declared or detected."),
    ("publisher", "string", "The site's own name for itself."),
    ("text", "string", "The body, paragraphs parted by a blank line (in CSV by spaces)."),
    ("fingerprint", "string", "SHA-256 of headline, standfirst, byline and body."),
    ("parser", "string", "Version of the parser that read it."),
    ("link", "string", _LINK.format("its first capture")),
    ("sha256", "string", "SHA-256 of the bytes of its first capture, in hex."),
)
_CLAIMS: tuple[tuple[str, ...], ...] = (
    _URL,
    ("revision", "integer", "Number of the version that makes the claim.", "versions"),
    ("first_capture", "datetime", "The first capture that shows the version."),
    ("last_capture", "datetime", "The last capture that shows the version."),
    ("kind", "string", "What happened: killed, wounded, missing, captured, displaced, trapped or casualties."),
    ("value", "integer", "The number; empty for a range or a vague amount.", _PEOPLE),
    ("low", "integer", "Lower bound; empty where none is given.", _PEOPLE),
    ("high", "integer", "Upper bound; empty where none is given.", _PEOPLE),
    ("qualifier", "string", "How the number bounds the count: exact, at_least, more_than, about, up_to, range, vague or zero."),
    ("number_text", "string", "The number as printed; empty where none is."),
    ("explicit", "boolean", "Whether a number is printed."),
    ("who", "string", "The victims as printed."),
    ("attribution", "string", "The source as printed."),
    ("attribution_class", "string", "What sort of source: party, official, witness, media, monitor or impersonal."),
    ("hedge", "string", "The hedging word as printed."),
    ("polarity", "string", "Whether the text asserts, doubts or denies it: asserted, doubted or denied."),
    ("scope", "string", "Which count it belongs to: event, subset, cumulative or background."),
    ("subset_of", "integer", "The count that it is a part of, where the text says.", _PEOPLE),
    ("place", "string", "Where it stands: headline, standfirst, lead, body, caption or correction."),
    ("sentence", "string", "The whole sentence as printed."),
    ("rule", "string", "The rule of the grammar that read it."),
    ("confidence", "number", "Share of such readings that were right on the development data, 0 to 1.", "share"),
    ("first_link", "string", _LINK.format("the first capture of the version")),
    ("last_link", "string", _LINK.format("the last capture of the version")),
    ("sha256", "string", "SHA-256 of the bytes of the version's first capture, in hex."),
    ("role", "string", "What it does to the count that it belongs to: total, increment, part, superseded or withdrawn."),
    ("unit", "string", "What the number counts: people, families, bodies or groups."),
    ("event_key", "string", "Place and time of the event as its sentence prints them."),
    ("as_of", "string", "As of when, as printed."),
    ("period", "string", "Over which time, as printed."),
    ("status", "string", "How far it is established by the text: confirmed, presumed or under_verification."),
    ("perpetrator", "string", "Who is said to have done it, as printed."),
    ("source_chain", "string", "Sources that pass the claim on, nearest first, parted by semicolons."),
)  # fmt: skip
_CHANGES: tuple[tuple[str, ...], ...] = (
    ("id", "string", "The finding's id, the same in every form and after every rebuild."),
    _URL,
    ("kind", "string", "Which part changed: headline, standfirst, byline, casualty, figure, quote, attribution, correction, text or stamp."),
    ("type", "string", "What happened to it, such as added, removed, edited, increased, decreased or reverted."),
    ("weight", "string", "How much it matters: substantive, minor or cosmetic."),
    ("disclosure", "string", "How openly it was made: correction, explained, new_date, silent or unknown."),
    ("declared", "boolean", "Whether the publisher owned up, in a note or by a new date; empty where that cannot be known."),
    ("declared_by", "string", "In what way it did: note or stamp."),
    ("before_revision", "integer", "Number of the old version.", "versions"),
    ("after_revision", "integer", "Number of the new version.", "versions"),
    ("after_capture", "datetime", f"When it cannot have happened before: {_SIDES[0]}."),
    ("until_capture", "datetime", f"When it had happened at the latest: {_SIDES[1]}."),
    ("flap", "boolean", "Whether a stale cache is a likelier cause than an editor."),
    ("reverts_to", "integer", "Number of the earlier version whose text came back.", "versions"),
    ("figure_before", "string", "The old figure in words, of a casualty change."),
    ("figure_after", "string", "The new figure in words, of a casualty change."),
    ("unit", "string", "What the figures count, of a casualty change: killed, wounded and so on."),
    ("value_before", "integer", "The old number.", "people"),
    ("value_after", "integer", "The new number.", "people"),
    ("low_before", "integer", "Lower bound of the old figure.", "people"),
    ("low_after", "integer", "Lower bound of the new figure.", "people"),
    ("high_before", "integer", "Upper bound of the old figure.", "people"),
    ("high_after", "integer", "Upper bound of the new figure.", "people"),
    ("qualifier_before", "string", "How the old number bounds its count."),
    ("qualifier_after", "string", "How the new number bounds its count."),
    ("source_before", "string", "The source of the old figure as printed."),
    ("source_after", "string", "The source of the new figure as printed."),
    ("text_before", "string", "The old words."),
    ("text_after", "string", "The new words."),
    ("detail", "string", "What else there is to say, for a reader."),
    ("archives", "string", "Archives that show it, parted by spaces."),
    ("independent_archives", "integer", "How many archives show it that do not copy from each other.", "archives"),
    ("before_link", "string", _LINK.format(_SIDES[0])),
    ("after_link", "string", _LINK.format(_SIDES[1])),
    ("before_sha256", "string", f"SHA-256 of the bytes of {_SIDES[0]}, in hex."),
    ("after_sha256", "string", f"SHA-256 of the bytes of {_SIDES[1]}, in hex."),
    ("dismissed", "boolean", "Whether a reader dismissed it as wrong or irrelevant: reports count it among no changes."),
)  # fmt: skip


def _fields(table: Iterable[tuple[str, ...]], columns: Iterable[str] = ()) -> tuple[Field, ...]:
    """Return the columns of a table; one that is not documented is plain text."""
    known = {
        name: Field(name=name, type=kind, meaning=meaning, unit=unit[0] if unit else None)
        for name, kind, meaning, *unit in table
    }
    return tuple(known.get(name, Field(name=name, type="string", meaning="")) for name in columns or known)


def _captures(history: History, _notes: Sequence[Note]) -> Iterator[list[object]]:
    for seen in history.observations:
        one = seen.capture
        yield [
            *(history.url, stamp(one.at), one.archive, one.url, seen.outcome, seen.reason, seen.may_pass),
            *(one.link, one.digest, one.sha256, seen.fingerprint),
        ]


def _versions(history: History, _notes: Sequence[Note]) -> Iterator[list[object]]:
    for revision in history.revisions:
        shown = revision.article
        dates = [stamp(at) if at else None for at in (shown.published, shown.modified)]
        yield [
            *(history.url, revision.number, stamp(revision.first.at), stamp(revision.last.at)),
            *(revision.captures, revision.suspect, shown.partial),
            *(shown.headline, shown.standfirst, shown.byline, *dates),
            *(shown.language, shown.publisher, shown.text, shown.fingerprint, shown.parser),
            *(revision.first.link, revision.first.sha256),
        ]


def _claims(history: History, _notes: Sequence[Note]) -> Iterator[list[object]]:
    for revision in trusted(history):
        for claim in claims_of(revision.article):
            yield claim_row(history, revision, claim)


RESOURCES = (
    Resource(
        name="captures", title="A capture, and what became of it", fields=_fields(_CAPTURES), rows=_captures
    ),
    Resource(
        name="versions",
        title="A distinct text of a page, and how long it stood",
        fields=_fields(_VERSIONS),
        rows=_versions,
        key=("url", "revision"),
    ),
    Resource(
        name="claims",
        title="A casualty figure as one source stated it in one version",
        fields=_fields(_CLAIMS, CLAIM_COLUMNS),
        rows=_claims,
        of_version="revision",
    ),
    Resource(
        name="changes",
        title="A typed, weighed difference between two neighbouring versions",
        fields=_fields(_CHANGES, CHANGE_COLUMNS),
        rows=change_rows,
        key=("url", "id"),
        of_version="after_revision",
    ),
)


def schema_of(resource: Resource) -> dict[str, Any]:
    """Return the table schema (Frictionless) of a resource: each column with its type, meaning and unit."""
    fields = []
    for one in resource.fields:
        form = {"name": one.name, "type": one.type, "description": one.meaning}
        fields.append(form | ({"unit": one.unit} if one.unit else {}))
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if resource.key:
        schema["primaryKey"] = list(resource.key)
    if resource.of_version:
        versions = {"resource": "versions", "fields": ["url", "revision"]}
        schema["foreignKeys"] = [{"fields": ["url", resource.of_version], "reference": versions}]
    return schema
