"""What a report rests on: the captures seen, used and not used, and how surely each text stood."""

from collections import Counter
from collections.abc import Sequence

from diffs.language import PACKS
from diffs.model import Certainty, History, Interval, Observation, Outcome
from diffs.reports.citations import Cited, archive_name, moment
from diffs.reports.document import Block, Code, Column, Item, Line, List, Section, Table, line, listed_lines
from diffs.reports.series import trusted
from diffs.reports.wording import OUTCOME_WORDS, READ, count, duration, listed, period, when

_MOST_ROWS = 40
_DECLARED = (
    "How openly: “named in a note” where a new note on the page names the change; “modification date moved” where "
    "the page's own date moved with it, which does not say what changed; “silent” where the page has such a date or a "
    "new note, and neither tells of it; “not known” where it has neither."
)


def examined_in(history: History, cited: Cited) -> Section:
    """Return what was examined and what was not, with the reasons."""
    blocks: list[Block] = [List(items=tuple(Item(one) for one in _lines(history)))]
    stretches = _stretches(history, cited)
    if stretches:
        titles = ("Version", "From", "Until", "How surely it stood all that time")
        blocks.append(Table(columns=tuple(Column(title=one) for one in titles), rows=stretches))
    unused = _unused(history, cited)
    if unused:
        blocks.append(Section(line("Not used"), (List(items=tuple(Item(one) for one in unused)),)))
    return Section(line("What was examined"), tuple(blocks))


def _lines(history: History) -> list[Line]:
    seen = history.observations
    lines = []
    if seen:
        start, end = seen[0].capture.at, seen[-1].capture.at
        archives = sorted({one.capture.archive for one in seen})
        lines.append(
            line(
                f"{count(len(seen), 'capture')} seen, {when(start)} to {when(end)} ({duration(start, end)}), "
                f"from {listed([archive_name(name) for name in archives])}."
            )
        )
        counts = Counter(one.outcome for one in seen)
        parts = [f"{counts[kind]:,} {OUTCOME_WORDS[kind]}" for kind in Outcome if counts[kind]]
        lines.append(line("Of these: " + "; ".join(parts) + "."))
    good = trusted(history)
    texts = len({revision.article.fingerprint for revision in good})
    suspect = len(history.revisions) - len(good)
    rest = f"; {count(suspect, 'suspect version')} left out." if suspect else "."
    lines.append(
        line(f"{count(len(good), 'version')} in order of time, {count(texts, 'different text')}{rest}")
    )
    lines += _unread_figures(history)
    if any(change.declared is not None for step in history.transitions for change in step.changes):
        lines.append(line(_DECLARED))
    remarks = dict.fromkeys(note for revision in good for note in revision.article.notes)
    lines += [line(f"The parser remarks: {remark}.") for remark in remarks]
    parsers = sorted({revision.article.parser for revision in good})
    if parsers:
        lines.append(line("Read by parser ", listed_lines((Code(name),) for name in parsers), "."))
    return lines


def widened_by(interval: Interval) -> str:
    """Return which captures inside an interval could not be used, or nothing where there are none."""
    counts = Counter(one.outcome for one in interval.widened)
    if not counts:
        return ""
    words = {**OUTCOME_WORDS, **dict.fromkeys(READ, "suspect")}
    told = listed([f"{number:,} {words[kind]}" for kind, number in sorted(counts.items())])
    return f"{count(len(interval.widened), 'capture')} could not be used ({told})"


def unread_languages(history: History) -> list[str]:
    """Return the tags of the languages of a history in which no casualty figure is read, in order."""
    tags = {revision.article.language for revision in trusted(history)}
    return sorted(tag for tag in tags if tag and tag.casefold().partition("-")[0] not in PACKS)


def unread_figures(tags: Sequence[str]) -> str:
    """Return that the figures of articles in these languages were not read."""
    return f"Figures not read: {'language' if len(tags) == 1 else 'languages'} {listed(tags)}."


def _unread_figures(history: History) -> list[Line]:
    foreign = unread_languages(history)
    if not foreign:
        return []
    rest = "Figures are read in English only; wording was compared all the same."
    return [line(f"{unread_figures(foreign)} {rest}")]


def _stretches(history: History, cited: Cited) -> tuple[tuple[Line, ...], ...]:
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
        ends = (moment(stretch.since, cited), moment(stretch.until, cited))
        rows.append((line(str(stretch.revision)), *ends, line(certainty)))
    return tuple(rows)


def _unused(history: History, cited: Cited) -> list[Line]:
    lines = [
        line(
            f"Version {revision.number}, {period(revision.first.at, revision.last.at)}: "
            f"{count(revision.captures, 'capture')}, suspect: {revision.suspect}. ",
            cited.cite(revision.first),
        )
        for revision in history.revisions
        if revision.suspect
    ]
    refused = [one for one in history.observations if one.outcome not in READ]
    lines += [_refused(observation, cited) for observation in refused[:_MOST_ROWS]]
    if len(refused) > _MOST_ROWS:
        more = count(len(refused) - _MOST_ROWS, "more capture")
        lines.append(line(f"{more}, listed in the JSON form."))
    return lines


def _refused(observation: Observation, cited: Cited) -> Line:
    reason = f": {observation.reason}" if observation.reason else ""
    words = OUTCOME_WORDS[observation.outcome]
    return line(moment(observation.capture, cited), f", {words}{reason}.")
