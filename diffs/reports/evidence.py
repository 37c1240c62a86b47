"""What a report rests on: versions, captures used and not used with their digests, and the findings' ids."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from diffs.changes.readings import MOST_SENTENCES, is_read_whole
from diffs.claims import MOST_CLAIMS
from diffs.language import PACKS
from diffs.model import (
    Certainty,
    ChangeKind,
    ChangeType,
    Citation,
    History,
    Interval,
    Observation,
    Outcome,
    Stretch,
)
from diffs.reports.citations import archive_name
from diffs.reports.coverage import coverage_line
from diffs.reports.document import (
    Block,
    Code,
    Column,
    Item,
    Line,
    Link,
    List,
    Mark,
    Paragraph,
    Section,
    Table,
    joined,
    line,
    listed_lines,
)
from diffs.reports.figures import Known
from diffs.reports.limits import limit_lines
from diffs.reports.numbering import IDS, numbers_in
from diffs.reports.series import trusted
from diffs.reports.times import clock, on_the_clock, start_of
from diffs.reports.witnesses import disagreements_of, fetched_again, lost_captures, witness_lines
from diffs.reports.wording import (
    OUTCOME_WORDS,
    READ,
    count,
    duration,
    exactly,
    listed,
    number_word,
    sentence,
)

_MOST_ROWS = 40
_MOST_PARTS = 5
_LONGEST_SOURCE = 60  # characters of the name of an archive's file that tell who captured a page
_AGAIN = "not to be had yet, to be asked for again"
_DISCLOSED = (
    "Did the page say so: “in a correction” where a new note names the change; “explained in the text” where words that "
    "came in the same step say how the figure moved; “new date only” where nothing but the page's own date moved with "
    "it, which does not say what changed; “no” where the page has such a date or a new note and neither speaks of "
    "it; “cannot tell” where it has neither, or a new note that may speak of it."
)
_VERSIONS = (
    Column(title="Version", numeric=True),
    Column(title="From"),
    Column(title="Until"),
    Column(title="Captures", numeric=True),
    Column(title="How surely it stood all that time"),
)
_CAPTURES = (
    Column(title="Capture (UTC)"),
    Column(title="Shows"),
    Column(title="Archive digest"),
    Column(title="SHA-256"),
    Column(title="Findings first seen in it"),
)


def evidence_of(facts: Known) -> Section:
    """Return what was examined, how surely each version stood, and every capture that bounds a version."""
    history = facts.history
    lines = [
        *_lines(history),
        *_findings(facts),
        *_numbered_apart(history),
        *witness_lines(history),
        *fetched_again(history),
        *map(coverage_line, history.coverage),
    ]
    blocks: list[Block] = [List(items=tuple(Item(one) for one in lines)), *lost_captures(history)]
    versions = _versions(history)
    if versions:
        blocks.append(Section(line("Versions"), (Table(columns=_VERSIONS, rows=versions),)))
    captures = _captures(history)
    if captures:
        blocks.append(Section(line("Captures"), captures))
    blocks += disagreements_of(history)
    return Section(line("Evidence"), tuple(blocks))


def _numbered_apart(history: History) -> list[Line]:
    """Return which numbers of this report are contradictions: they come after those of the changes."""
    numbers = numbers_in(history)
    apart = sorted(numbers[name] for name in history.contradiction_ids if name in numbers)
    if not apart:
        return []
    one = len(apart) == 1
    what = (
        f"Finding {apart[0]} is a contradiction"
        if one
        else f"Findings {apart[0]} to {apart[-1]} are contradictions"
    )
    return [
        line(
            f"{what}: what disagrees at one time without having changed. JSON lists {'it' if one else 'them'} apart."
        )
    ]


def _findings(facts: Known) -> list[Line]:
    """Return how many findings the forms for machines have, and how they make the changes that the report counts."""
    every = [(step, change) for step in facts.history.transitions for change in step.changes]
    figures = [(step, change) for step, change in every if change.kind is ChangeKind.CASUALTY]
    if not figures:
        return []
    gone = sum(change.id in facts.dismissed for _, change in figures)
    left = [(step, change) for step, change in figures if change.id not in facts.dismissed]
    stale = sum(step.flap for step, _ in left)
    steady = [change for step, change in left if not step.flap]
    returns = sum(change.type is ChangeType.REVERTED for change in steady)
    again = len(steady) - returns - len(facts.moves)
    if again < 0:
        returns, again = returns + again, 0
    changed = len(facts.moves)
    parts = [
        f"the {'change of a figure' if changed == 1 else f'{number_word(changed)} changes of figures'} counted above"
        if changed
        else "",
        f"{number_word(returns)} of a return to an earlier figure" if returns else "",
        f"{number_word(again)} more about the same figures (their wording, source or spelling)"
        if again
        else "",
        f"{number_word(stale)} that a stale cache explains" if stale else "",
        f"{number_word(gone)} that a reader dismissed" if gone else "",
    ]
    rest = len(every) - len(figures)
    others = (
        f" The {'other is' if rest == 1 else f'other {number_word(rest)} are'} of words, dates and layout."
        if rest
        else ""
    )
    return [
        line(
            f"JSON and CSV list {count(len(every), 'finding')}. {number_word(len(figures)).capitalize()} "
            f"{'is of a casualty figure' if len(figures) == 1 else 'are of casualty figures'}: {listed([one for one in parts if one])}.{others}"
        )
    ]


def _refusal_kind(observation: Observation) -> Outcome | str:
    return _AGAIN if observation.may_pass else observation.outcome


def not_seen(history: History) -> Line:
    """Return in a sentence which captures show no article that was read, or nothing where all do."""
    refused = [one for one in history.observations if one.outcome not in READ]
    suspect = [revision for revision in history.revisions if revision.suspect]
    if not refused and not suspect:
        return ()
    counts: Counter[Outcome | str] = Counter(_refusal_kind(one) for one in refused)
    kinds = [*((kind, OUTCOME_WORDS[kind]) for kind in Outcome), (_AGAIN, _AGAIN)]
    parts = [f"{number_word(counts[kind])} {words}" for kind, words in kinds if counts[kind]]
    if suspect:
        parts.append(f"{number_word(sum(revision.captures for revision in suspect))} suspect")
    number = len(refused) + sum(revision.captures for revision in suspect)
    noun = (
        f"the {count(number, 'capture')} not read as the article"
        if number > 1
        else "the one capture not read as the article"
    )
    return line(f"Not seen: what stood only in {noun} ({listed(parts)}).")


def _lines(history: History) -> list[Line]:
    seen = history.observations
    lines = []
    if seen:
        start, end = seen[0].capture.at, seen[-1].capture.at
        archives = sorted({one.capture.archive for one in seen})
        lines.append(
            line(
                f"{count(len(seen), 'capture')} seen, {clock(start)} to {clock(end, start)} ({duration(start, end)}), "
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
    lines += _read_in_part(history)
    lines += limit_lines(history)
    if history.transitions:
        lines.append(line(_DISCLOSED))
    remarks = dict.fromkeys(note for revision in good for note in revision.article.notes)
    lines += [line(f"The parser remarks: {sentence(on_the_clock(remark))}") for remark in remarks]
    local = sorted({one.capture.archive for one in seen if not one.capture.link})
    if local:
        names = listed([archive_name(name) for name in local])
        lines.append(
            line(
                f"No public address is known of captures without a link: they were read from {names}, and their digests "
                "identify them."
            )
        )
    brought = sum(one.capture.imported for one in seen)
    if brought:
        lines.append(
            line(
                f"The bytes of {count(brought, 'capture')} were imported from a file, which names their archive; the archive "
                "itself was not asked for them."
            )
        )
    parsers = sorted({revision.article.parser for revision in good})
    if parsers:
        lines.append(line("Read by parser ", listed_lines((Code(name),) for name in parsers), "."))
    return lines


def widened_by(interval: Interval) -> str:
    """Return which captures inside an interval were not read as the article, or nothing where all were."""
    counts = Counter(one.outcome for one in interval.widened)
    if not counts:
        return ""
    words = {**OUTCOME_WORDS, **dict.fromkeys(READ, "suspect")}
    parts = listed([f"{number:,} {words[kind]}" for kind, number in sorted(counts.items())])
    return f"{count(len(interval.widened), 'capture')} {'was' if len(interval.widened) == 1 else 'were'} not read as the article ({parts})"


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
    rest = "Figures are read in the languages that there is a pack for; wording was compared all the same."
    return [line(f"{unread_figures(foreign)} {rest}")]


def _read_in_part(history: History) -> list[Line]:
    """Return which versions show only a part of the article, or were read for figures only in part."""
    partial = [revision for revision in trusted(history) if revision.article.partial]
    lines = [
        line(
            f"Version {revision.number} is partial ({revision.article.partial}): what it lacks behind its end is not "
            "said to be removed."
        )
        for revision in partial[:_MOST_PARTS]
    ]
    if len(partial) > _MOST_PARTS:
        lines.append(line(f"{count(len(partial) - _MOST_PARTS, 'further version')} partial too."))
    long = [str(one.number) for one in trusted(history) if not is_read_whole(one.article)]
    if long:
        rest = f" and {len(long) - _MOST_PARTS:,} more" if len(long) > _MOST_PARTS else ""
        lines.append(
            line(
                f"Figures were read in the first {MOST_SENTENCES:,} sentences, and of these the first {MOST_CLAIMS:,} figures, only of version "
                f"{', '.join(long[:_MOST_PARTS])}{rest}: behind them no figure is known to be unchanged. Wording was "
                "compared to the end."
            )
        )
    return lines


def _versions(history: History) -> tuple[tuple[Line, ...], ...]:
    stretches = {stretch.revision: stretch for stretch in history.stretches}
    rows = []
    for revision in history.revisions:
        stretch = stretches.get(revision.number)
        surely = f"suspect: {revision.suspect}" if revision.suspect else _surely(stretch)
        since, until = (stretch.since, stretch.until) if stretch else (revision.first, revision.last)
        if not revision.suspect and stretch is None:
            continue
        rows.append(
            (
                line(str(revision.number)),
                line(clock(since.at, start_of(history))),
                line(clock(until.at, start_of(history))),
                line(f"{revision.captures:,}"),
                line(surely),
            )
        )
    return tuple(rows)


def _surely(stretch: Stretch | None) -> str:
    if stretch is None or stretch.since == stretch.until:
        return "one capture"
    if stretch.certainty is Certainty.PROVEN:
        return "proven: every capture in it was read or has the same digest"
    if stretch.unread:
        return f"bracketed: {count(stretch.unread, 'capture')} inside not read"
    return "bracketed: only its ends were read"


def _captures(history: History) -> tuple[Block, ...]:
    first = {revision.number: revision.first for revision in history.revisions}
    sights: dict[str, Citation] = {}
    for step in history.transitions:
        for change in step.changes:
            sights.setdefault(change.id, step.interval.until)
    for one in history.contradictions:
        if one.since in first:
            sights.setdefault(one.id, first[one.since])
    numbers = numbers_in(history)
    ids: dict[Citation, list[Line]] = defaultdict(list)
    for name, capture in sights.items():
        ids[capture].append(line(Mark(str(numbers[name]), IDS), "\u00a0", Code(name)))
    bounds: dict[Citation, str] = {}
    for revision in history.revisions:
        name = f"version {revision.number}{', suspect' if revision.suspect else ''}"
        for capture in (revision.first, revision.last):
            bounds.setdefault(capture, name)
    refused = [one for one in history.observations if one.outcome not in READ]
    shown = {one.capture: _refusal(one) for one in refused[:_MOST_ROWS]}
    rows = sorted({**shown, **bounds}.items(), key=lambda item: item[0].at)
    origins = _origins([capture for capture, _ in rows])
    table = Table(
        columns=(*_CAPTURES[:2], *origins.columns, *_CAPTURES[2:]),
        rows=tuple(_capture(capture, words, ids.get(capture, ()), origins) for capture, words in rows),
    )
    left = len(history.observations) - len(rows)
    if left <= 0:
        return (table,)
    more = f"{count(left, 'further capture')} between these {'is' if left == 1 else 'are'} listed in the JSON form."
    return table, Paragraph(line(more))


@dataclass(frozen=True, slots=True)
class _Origins:
    """Which columns say where captures are from: the archive where there are several, and who captured them."""

    archive: bool
    source: bool

    @property
    def columns(self) -> tuple[Column, ...]:
        titles = (("Archive", self.archive), ("Captured by", self.source))
        return tuple(Column(title=title) for title, shown in titles if shown)

    def cells(self, capture: Citation) -> Iterator[Line]:
        if self.archive:
            yield line(archive_name(capture.archive))
        if self.source:
            yield (Code(capture.source[:_LONGEST_SOURCE]),) if capture.source else ()


def _origins(captures: Sequence[Citation]) -> _Origins:
    return _Origins(
        archive=len({one.archive for one in captures}) > 1, source=any(one.source for one in captures)
    )


def _capture(capture: Citation, words: str, ids: Sequence[Line], origins: _Origins) -> tuple[Line, ...]:
    return (
        (Link(exactly(capture.at).removesuffix(" UTC"), capture.link),),
        line(words),
        *origins.cells(capture),
        (Code(capture.digest),) if capture.digest else (),
        (Code(capture.sha256[:16]),) if capture.sha256 else (),
        joined(ids, " "),
    )


def _refusal(observation: Observation) -> str:
    reason = f": {observation.reason.rstrip('.')}" if observation.reason else ""
    return f"{OUTCOME_WORDS[observation.outcome]}{reason}"
