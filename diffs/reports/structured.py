"""A history as one versioned JSON document."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace

from diffs.changes.readings import claims_of
from diffs.history.linked import linked_changes
from diffs.model import (
    SCHEMA_VERSION,
    Alternation,
    Article,
    Change,
    Citation,
    Claim,
    Contradiction,
    Coverage,
    Disagreement,
    EvidenceFinding,
    History,
    Interval,
    LinkedChange,
    LinkedHeadline,
    Note,
    Observation,
    Revision,
    Stretch,
    Transition,
    to_json,
)
from diffs.reports.safe import json_text

FORMAT = "variorum-report"
VERSION = SCHEMA_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionEntry:
    """A distinct article, how long it stood, and what it claims.

    Attributes:
        number: 1 for the first of its history.
        article: The article as first captured.
        first: The first capture that shows it.
        last: The last capture that shows it before another text.
        captures: How many captures show it in that time.
        suspect: Why no change is claimed from it, or null.
        claims: Its casualty claims; empty for a suspect revision.
    """

    number: int
    article: Article
    first: Citation
    last: Citation
    captures: int
    suspect: str | None
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionEntry:
    """The step from one trusted revision to the next.

    Attributes:
        before: Number of the old revision.
        after: Number of the new revision.
        interval: When it happened.
        changes: What changed, substantive changes first.
        reverts_to: Number of the earlier revision whose text came back, or null.
        flap: True where a stale cache is the likelier cause than an editor.
    """

    before: int
    after: int
    interval: Interval
    changes: tuple[Change, ...]
    reverts_to: int | None
    flap: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The whole document; fields may be added within a version, never removed or given a new meaning.

    Attributes:
        format: Always `variorum-report`.
        version: Version of this schema.
        url: The tracked address.
        aliases: Other addresses that belong to the same article.
        revisions: In order of time, suspect ones included.
        transitions: Between neighbouring trusted revisions, in order of time.
        stretches: How surely each text stood, in order of time.
        observations: Every capture seen, in order of time.
        contradictions: Figures that disagree inside one version.
        alternations: Pairs of headlines that took turns.
        disagreements: Where two archives show different texts of one time, in order of time.
        coverage: How well archives cover the page and its outlet, as they were last looked at.
        evidence: Captures that archives no longer serve as kept: findings about captures, none of the page's changes.
        linked: The headlines under which other pages link the article, in order of source and time.
        linked_changes: What changed of these from one wording to the next of the same page, in order of time.
        notes: What readers said about findings, by the finding's id.
    """

    format: str
    version: int
    url: str
    aliases: tuple[str, ...]
    revisions: tuple[RevisionEntry, ...]
    transitions: tuple[TransitionEntry, ...]
    stretches: tuple[Stretch, ...]
    observations: tuple[Observation, ...]
    contradictions: tuple[Contradiction, ...]
    alternations: tuple[Alternation, ...]
    disagreements: tuple[Disagreement, ...]
    coverage: tuple[Coverage, ...]
    evidence: tuple[EvidenceFinding, ...]
    linked: tuple[LinkedHeadline, ...]
    linked_changes: tuple[LinkedChange, ...]
    notes: tuple[Note, ...]


def record_of(history: History, notes: Sequence[Note] = ()) -> Report:
    """Return a history as the record whose JSON form the schema describes; notes in order of time."""
    return Report(
        format=FORMAT,
        version=VERSION,
        url=history.url,
        aliases=history.aliases,
        revisions=tuple(map(_revision, history.revisions)),
        transitions=tuple(map(_transition, history.transitions)),
        stretches=history.stretches,
        observations=history.observations,
        contradictions=history.contradictions,
        alternations=history.alternations,
        disagreements=history.disagreements,
        coverage=history.coverage,
        evidence=history.evidence,
        linked=history.linked,
        linked_changes=linked_changes(history.linked),
        notes=tuple(sorted(notes, key=lambda note: (note.at, note.change, note.text))),
    )


def _revision(revision: Revision) -> RevisionEntry:
    return RevisionEntry(
        number=revision.number,
        article=revision.article,
        first=revision.first,
        last=revision.last,
        captures=revision.captures,
        suspect=revision.suspect,
        claims=() if revision.suspect else claims_of(revision.article),
    )


def _transition(step: Transition) -> TransitionEntry:
    return TransitionEntry(
        before=step.before.number,
        after=step.after.number,
        interval=step.interval,
        changes=step.changes,
        reverts_to=step.reverts_to,
        flap=step.flap,
    )


def render_json(history: History, notes: Sequence[Note] = ()) -> str:
    """Return a history as JSON text; `docs/report.schema.json` describes it.

    Control and direction characters of a page's text stand as escapes, so the text can be shown raw.
    """
    return "".join(json_chunks(history, notes))


def json_chunks(history: History, notes: Sequence[Note] = ()) -> Iterator[str]:
    """Yield the text of `render_json` in pieces, to be written as they come.

    A revision, a step or a capture stands on one line, so that a long report can be searched and compared by lines.
    """
    opening = "{"
    for name, value in _fields(history, notes):
        yield f'{opening}\n  "{name}": '
        opening = ","
        if isinstance(value, str | int):
            yield _encoded(value)
            continue
        bracket = "["
        for item in value:
            yield f"{bracket}\n    {_encoded(item)}"
            bracket = ","
        yield "[]" if bracket == "[" else "\n  ]"
    yield "\n}\n"


def _fields(history: History, notes: Sequence[Note]) -> Iterator[tuple[str, str | int | Iterable[object]]]:
    """Yield the fields of the report, those with a record for each revision or step as they are made."""
    report = record_of(replace(history, revisions=(), transitions=()), notes)
    made: dict[str, Iterable[object]] = {
        "revisions": map(_revision, history.revisions),
        "transitions": map(_transition, history.transitions),
    }
    for field in fields(report):
        yield field.name, made.get(field.name, getattr(report, field.name))


def _encoded(value: object) -> str:
    return json_text(json.dumps(to_json(value), ensure_ascii=False))
