"""What a report rests on: the captures seen, used and not used, and how surely each text stood."""

from collections import Counter
from dataclasses import dataclass

from diffs.model import Certainty, History, Interval, Observation, Outcome
from diffs.reports.citations import Footnotes, archive_name, moment
from diffs.reports.languages import unread_figures, unread_languages
from diffs.reports.safe import Markdown, markdown_code, markdown_text
from diffs.reports.series import trusted
from diffs.reports.wording import OUTCOME_WORDS, READ, count, duration, listed, period, when

_MOST_ROWS = 40
_DECLARED = (
    "How openly: “named in a note” where a new note on the page names the change; “modification date moved” where "
    "the page's own date moved with it, which does not say what changed; “silent” where the page has such a date or a "
    "new note, and neither tells of it; “not known” where it has neither."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StretchRow:
    """One line of the table of how surely a text stood."""

    number: int
    since: Markdown
    until: Markdown
    certainty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """The last part of a report, ready to print.

    Attributes:
        lines: What was seen, as list items.
        stretches: How surely each text stood.
        unused: Captures and versions that were not used, as list items.
    """

    lines: tuple[Markdown, ...]
    stretches: tuple[StretchRow, ...]
    unused: tuple[Markdown, ...]


def examined_in(history: History, notes: Footnotes) -> Examined:
    """Return what was examined and what was not, with the reasons."""
    return Examined(
        lines=tuple(_lines(history)),
        stretches=tuple(_stretches(history, notes)),
        unused=tuple(_unused(history, notes)),
    )


def _lines(history: History) -> list[Markdown]:
    seen = history.observations
    lines = []
    if seen:
        start, end = seen[0].capture.at, seen[-1].capture.at
        lines.append(
            f"{count(len(seen), 'capture')} seen, {when(start)} to {when(end)} ({duration(start, end)}), "
            f"from {markdown_text(listed([archive_name(name) for name in sorted({one.capture.archive for one in seen})]))}."
        )
        counts = Counter(one.outcome for one in seen)
        told = [f"{counts[kind]:,} {OUTCOME_WORDS[kind]}" for kind in Outcome if counts[kind]]
        lines.append("Of these: " + "; ".join(told) + ".")
    good = trusted(history)
    texts = len({revision.article.fingerprint for revision in good})
    suspect = len(history.revisions) - len(good)
    lines.append(
        f"{count(len(good), 'version')} in order of time, {count(texts, 'different text')}"
        + (f"; {count(suspect, 'suspect version')} left out." if suspect else ".")
    )
    lines += _unread_figures(history)
    if any(change.declared is not None for step in history.transitions for change in step.changes):
        lines.append(_DECLARED)
    remarks = dict.fromkeys(note for revision in good for note in revision.article.notes)
    lines += [f"The parser remarks: {markdown_text(remark)}." for remark in remarks]
    parsers = sorted({revision.article.parser for revision in good})
    if parsers:
        lines.append(f"Read by parser {listed([markdown_code(name) for name in parsers])}.")
    return [Markdown(line) for line in lines]


def widened_by(interval: Interval) -> str:
    """Return which captures inside an interval could not be used, or nothing where there are none."""
    counts = Counter(one.outcome for one in interval.widened)
    if not counts:
        return ""
    words = {**OUTCOME_WORDS, **dict.fromkeys(READ, "suspect")}
    told = listed([f"{number:,} {words[kind]}" for kind, number in sorted(counts.items())])
    return f"{count(len(interval.widened), 'capture')} could not be used ({told})"


def _unread_figures(history: History) -> list[str]:
    foreign = unread_languages(history)
    if not foreign:
        return []
    return [f"{unread_figures(foreign)} Figures are read in English only; wording was compared all the same."]


def _stretches(history: History, notes: Footnotes) -> list[StretchRow]:
    rows = []
    for stretch in history.stretches:
        if stretch.since == stretch.until:
            certainty = "one capture"
        elif stretch.certainty is Certainty.PROVEN:
            certainty = "proven: every capture in it was read or has the same digest"
        else:
            unread = (
                f"{count(stretch.unread, 'capture')} inside not read"
                if stretch.unread
                else "only its ends were read"
            )
            certainty = f"bracketed: {unread}"
        rows.append(
            StretchRow(
                number=stretch.revision,
                since=moment(stretch.since, notes),
                until=moment(stretch.until, notes),
                certainty=certainty,
            )
        )
    return rows


def _unused(history: History, notes: Footnotes) -> list[Markdown]:
    lines = [
        f"Version {revision.number}, {period(revision.first.at, revision.last.at)}: "
        f"{count(revision.captures, 'capture')}, suspect: {markdown_text(revision.suspect)}. {notes.cite(revision.first)}"
        for revision in history.revisions
        if revision.suspect
    ]
    refused = [one for one in history.observations if one.outcome not in READ]
    lines += [_refused(observation, notes) for observation in refused[:_MOST_ROWS]]
    if len(refused) > _MOST_ROWS:
        lines.append(f"{count(len(refused) - _MOST_ROWS, 'more capture')}, listed in the JSON form.")
    return [Markdown(line) for line in lines]


def _refused(observation: Observation, notes: Footnotes) -> str:
    reason = f": {markdown_text(observation.reason)}" if observation.reason else ""
    words = OUTCOME_WORDS[observation.outcome]
    return f"{moment(observation.capture, notes)}, {words}{reason}."
