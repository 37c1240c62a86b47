"""The Markdown report of one target."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from diffs.model import (
    Change,
    ChangeKind,
    ChangeType,
    Contradiction,
    History,
    Note,
    Revision,
    Transition,
    Weight,
)
from diffs.reports.citations import Footnotes, moment
from diffs.reports.examined import examined_in, widened_by
from diffs.reports.findings import (
    Finding,
    dismissed_ids,
    figures_moved,
    findings_in,
    head_of,
    notes_on,
    redated,
    split_returns,
    step_of,
)
from diffs.reports.marking import shortened
from diffs.reports.naming import headline, outlet
from diffs.reports.runs import Run, correction_runs, headline_runs
from diffs.reports.safe import Markdown, markdown_code, markdown_text
from diffs.reports.series import Point, Series, counted_in, flapping, headline_source, series_in, trusted
from diffs.reports.summary import summary_of
from diffs.reports.templating import render_template
from diffs.reports.wording import (
    READ,
    UNNAMED,
    amount,
    count,
    counted,
    duration,
    figure,
    in_headline,
    openness,
    source,
    sources,
    stamp,
    when,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The changes from one version to the next, ready to print."""

    title: str
    lead: Markdown
    findings: tuple[Finding, ...]
    rest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A text that stood for a time, ready for a table."""

    text: Markdown
    first: Markdown
    last: Markdown
    changed: Markdown


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """One source's series, ready for a table."""

    source: str
    counted: str
    path: Markdown
    first: Markdown
    last: Markdown


@dataclass(frozen=True, slots=True, kw_only=True)
class TollRow:
    """One change of a casualty figure, ready for a table."""

    source: str
    counted: str
    step: Markdown
    when: str
    note: Markdown
    openness: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FullText:
    """One version as a reader saw it."""

    title: str
    paragraphs: tuple[str, ...]


def render_markdown(
    history: History, *, notes: Sequence[Note] = (), chart: str | None = None, full_text: bool = False
) -> str:
    """Return the report that a reader reads: what changed, when, how openly, and what proves it.

    The same history gives the same text, whatever the day. Nothing in a page's own text can become
    anything but text.

    Args:
        history: What is known of the target.
        notes: What readers said about its findings.
        chart: File name of the chart beside the report, or None without one.
        full_text: Also give every version in full, and long changed passages unshortened.
    """
    footnotes = Footnotes()
    dismissed = dismissed_ids(notes)
    by_change: dict[str, list[Note]] = defaultdict(list)
    for note in sorted(notes, key=lambda one: one.at):
        by_change[note.change].append(note)
    changes = [change for transition in history.transitions for change in transition.changes]
    seen = history.observations
    return render_template(
        "report.md.j2",
        history=history,
        title=headline(history),
        outlet=outlet(history),
        published=_published(history),
        first=stamp(seen[0].capture.at) if seen else "",
        last=stamp(seen[-1].capture.at) if seen else "",
        seen=len(seen),
        read=sum(1 for observation in seen if observation.outcome in READ),
        versions=len(trusted(history)),
        tally={"all": len(changes), "substantive": sum(c.weight is Weight.SUBSTANTIVE for c in changes)},
        summary=summary_of(history, footnotes, dismissed),
        chart=Markdown(quote(chart)) if chart else None,
        headlines=[_row(run, footnotes, flapping(history)) for run in headline_runs(history)],
        alternations=_alternations(history),
        figures=[_figures(series, footnotes) for series in series_in(history)],
        tolls=_tolls(history, footnotes, dismissed),
        contradictions=[
            _contradiction(one, history, footnotes, by_change)
            for one in history.contradictions
            if one.id not in dismissed
        ],
        corrections=[_row(run, footnotes) for run in correction_runs(history)],
        steps=[
            _step(one, by_change, dismissed, footnotes, full=full_text)
            for one in reversed(history.transitions)
        ],
        no_change=_no_change(history),
        moved=_moved(history, dismissed, footnotes, full=full_text),
        dismissed=_dismissed(history, by_change, dismissed, footnotes),
        examined=examined_in(history, footnotes),
        texts=[_full_text(revision) for revision in trusted(history)] if full_text else [],
        footnotes=footnotes,
    )


def _published(history: History) -> str | None:
    moments = [revision.article.published for revision in trusted(history) if revision.article.published]
    return when(moments[-1]) if moments else None


def _row(run: Run, notes: Footnotes, brief: Collection[int] = ()) -> Row:
    changed = Markdown("there when first captured")
    if run.before:
        pair = notes.cite(run.before.last, run.first)
        changed = Markdown(f"after {when(run.before.last.at)}, not later than {when(run.first.at)}{pair}")
    if run.start.number in brief:
        changed = Markdown(f"{changed}, probably a stale cache")
    return Row(
        text=markdown_text(run.text) if run.text else Markdown("(no headline)"),
        first=moment(run.first, notes),
        last=moment(run.last, notes),
        changed=changed,
    )


def _alternations(history: History) -> list[Markdown]:
    return [
        Markdown(
            f"The headlines “{markdown_text(one.headlines[0])}” and “{markdown_text(one.headlines[1])}” took turns "
            f"in versions {', '.join(map(str, one.revisions))}."
        )
        for one in history.alternations
    ]


def _figures(series: Series, notes: Footnotes) -> FigureRow:
    return FigureRow(
        source=series.label,
        counted=counted_in(series),
        path=Markdown(" → ".join(_pointed(step) for step in series.steps)),
        first=moment(series.points[0].revision.first, notes),
        last=moment(series.points[-1].revision.last, notes),
    )


def _pointed(point: Point) -> str:
    return markdown_text(amount(point.claim)) + (" (perhaps of another event)" if point.turned else "")


def _tolls(history: History, notes: Footnotes, dismissed: Collection[str]) -> list[TollRow]:
    rows: list[TollRow] = []
    for transition in history.transitions:
        plain, returns = split_returns([one for one in transition.changes if one.id not in dismissed])
        for change in figures_moved(plain):
            claim = change.claim_after or change.claim_before
            if claim is None:
                continue
            remarks = [openness(change), *(f"back to {_version(one)}" for one in returns.get(change.id, ()))]
            remarks += ["probably a stale cache"] if transition.flap else []
            remarks += ["perhaps of another event"] if change.other_event else []
            row = TollRow(
                source=_told_by(change, transition),
                counted=counted(claim),
                step=step_of(change),
                when=_interval(transition),
                note=notes.between(transition.interval),
                openness=", ".join(remarks),
            )
            if not any(replace(row, openness=other.openness) == other for other in rows):
                rows.append(row)
    return rows


def _told_by(change: Change, transition: Transition) -> str:
    """Name the source of a changed figure, and the headline where only it gives the figure or its source."""
    told = ", then ".join(sources(change))
    if not in_headline(change):
        named = headline_source(change, transition)
        return f"{told}; {named}, in the headline" if named else told
    return f"headline, {told}" if told.startswith(UNNAMED) else f"{told}, in the headline"


def _version(change: Change) -> str:
    return f"version {change.reverts_to}"


def _interval(transition: Transition) -> str:
    interval = transition.interval
    return f"after {when(interval.after.at)}, not later than {when(interval.until.at)}"


def _contradiction(
    one: Contradiction, history: History, footnotes: Footnotes, notes: Mapping[str, Sequence[Note]]
) -> Markdown:
    by_number = {revision.number: revision for revision in history.revisions}
    first, last = by_number.get(one.since), by_number.get(one.until)
    what = "Two figures disagree"
    if one.stale_headline:
        what = f"The headline {'no longer agrees' if one.arose else 'does not agree'} with the text"
    told = (
        f"{what}: {markdown_text(one.one.place.value)} has {markdown_text(figure(one.one))} "
        f"({markdown_text(counted(one.one))}), {markdown_text(one.other.place.value)} has "
        f"{markdown_text(figure(one.other))} ({markdown_text(counted(one.other))}, {markdown_text(source(one.other))})"
    )
    if first and last:
        told += f"; seen {_seen(first, last)} {footnotes.cite(first.first)}"
    noted = "".join(f" {line}." for line in notes_on(one.id, notes))
    return Markdown(f"{told}. {markdown_code(one.id)}{noted}")


def _seen(first: Revision, last: Revision) -> str:
    start, end = first.first.at, last.last.at
    if start == end:
        return f"in the one capture of {when(start)}"
    if when(start) == when(end):
        return f"in the captures of {when(start)}"
    return f"from {when(start)} to {when(end)}"


def _step(
    transition: Transition,
    notes: Mapping[str, Sequence[Note]],
    dismissed: Collection[str],
    footnotes: Footnotes,
    *,
    full: bool,
) -> Step:
    interval = transition.interval
    lead = (
        f"After {when(interval.after.at)} and not later than {when(interval.until.at)}, "
        f"a span of {duration(interval.after.at, interval.until.at)}.{footnotes.between(interval)}"
    )
    if interval.widened:
        lead += f" In between, {widened_by(interval)}."
    if transition.flap:
        lead += " One of the two texts stood so briefly, between equal neighbours, that a stale cache is likelier than an editor."
    if transition.reverts_to is not None:
        codes = " ".join(markdown_code(change.id) for change in transition.changes if _whole(change))
        lead += f" The whole text of version {transition.reverts_to} came back. {codes}".rstrip()
    for change in transition.changes:
        if _only_date(change, notes) and change.id not in dismissed:
            lead += f" {redated(change)}"
    listed = [
        change
        for change in transition.changes
        if change.weight is not Weight.COSMETIC
        and change.type is not ChangeType.MOVED
        and change.id not in dismissed
        and not _only_date(change, notes)
    ]
    return Step(
        title=f"{when(interval.until.at)}: version {transition.before.number} to {transition.after.number}",
        lead=Markdown(lead),
        findings=tuple(findings_in(listed, notes, footnotes.between(interval), full=full)),
        rest=_rest(transition.changes),
    )


def _only_date(change: Change, notes: Mapping[str, Sequence[Note]]) -> bool:
    return change.kind is ChangeKind.STAMP and change.id not in notes


def _whole(change: Change) -> bool:
    return change.type is ChangeType.REVERTED and change.before is None and change.after is None


def _rest(changes: Sequence[Change]) -> str:
    moved = sum(change.type is ChangeType.MOVED for change in changes)
    tally = Counter(change.kind for change in changes if change.weight is Weight.COSMETIC)
    parts = [f"{count(moved, 'passage')} moved, listed below"] if moved else []
    if tally:
        parts.append(
            f"{count(sum(tally.values()), 'cosmetic change')} (typography, white space, spelling of a number)"
        )
    text = "; ".join(parts)
    return f"Also: {text}." if text else ""


def _no_change(history: History) -> Markdown:
    read = sum(1 for observation in history.observations if observation.outcome in READ)
    if len(history.observations) < 2:
        return Markdown(f"Nothing to compare yet: {count(read, 'capture')} read.")
    start, end = (when(history.observations[index].capture.at) for index in (0, -1))
    return Markdown(f"No change found in {count(read, 'capture')} between {start} and {end}.")


def _moved(history: History, dismissed: Collection[str], notes: Footnotes, *, full: bool) -> list[Markdown]:
    lines = []
    for transition in reversed(history.transitions):
        for change in transition.changes:
            if change.type is not ChangeType.MOVED or change.id in dismissed:
                continue
            side = change.after or change.before
            text = side.text if side else ""
            shown = markdown_text(text if full else shortened(text))
            lines.append(
                Markdown(
                    f"A{_interval(transition)[1:]}: “{shown}”{_places(change)}. "
                    f"{notes.between(transition.interval)} {markdown_code(change.id)}"
                )
            )
    return lines


def _places(change: Change) -> str:
    old, new = (side.block if side else None for side in (change.before, change.after))
    return f", from paragraph {old + 1} to paragraph {new + 1}" if old is not None and new is not None else ""


def _dismissed(
    history: History, notes: Mapping[str, Sequence[Note]], dismissed: Collection[str], footnotes: Footnotes
) -> list[Markdown]:
    changes = [
        Markdown(
            f"{head_of(change)}. {' '.join(f'{line}.' for line in notes_on(change.id, notes))} "
            f"{footnotes.between(transition.interval)} {markdown_code(change.id)}"
        )
        for transition in reversed(history.transitions)
        for change in transition.changes
        if change.id in dismissed
    ]
    return changes + [
        _contradiction(one, history, footnotes, notes)
        for one in history.contradictions
        if one.id in dismissed
    ]


def _full_text(revision: Revision) -> FullText:
    article = revision.article
    texts = [article.headline, article.standfirst, article.byline, *(block.text for block in article.blocks)]
    return FullText(
        title=f"Version {revision.number}, first captured {when(revision.first.at)}",
        paragraphs=tuple(text for text in texts if text),
    )
