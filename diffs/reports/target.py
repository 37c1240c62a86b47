"""The report of one target as a document."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

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
from diffs.reports.citations import Cited, moment
from diffs.reports.document import (
    Block,
    Break,
    Code,
    Column,
    Document,
    Item,
    Line,
    List,
    Paragraph,
    Picture,
    Section,
    Table,
    joined,
    line,
)
from diffs.reports.entries import findings_in
from diffs.reports.examined import examined_in, widened_by
from diffs.reports.figures import figures_section
from diffs.reports.findings import dismissed_ids, head_of, notes_on, redated
from diffs.reports.marking import shortened
from diffs.reports.names import headline, outlet
from diffs.reports.runs import Run, correction_runs, headline_runs
from diffs.reports.series import flapping, trusted
from diffs.reports.summary import summary_of
from diffs.reports.wording import READ, count, counted, duration, figure, source, stamp, when

_CITED = (
    "Times are those at which the archive captured the page. A change happened after the first capture of a pair and "
    "not later than the second."
)
_FLAP = " One of the two texts stood so briefly, between equal neighbours, that a stale cache is likelier than an editor."


def report_of(
    history: History,
    *,
    notes: Sequence[Note] = (),
    chart: str | None = None,
    svg: str = "",
    full_text: bool = False,
) -> Document:
    """Return the report that a reader reads: what changed, when, how openly, and what proves it.

    The same history gives the same document, whatever the day.

    Args:
        history: What is known of the target.
        notes: What readers said about its findings.
        chart: File name of the chart next to the report, or None without one.
        svg: The chart itself, for formats that hold it.
        full_text: Also give every version in full, and long changed passages unshortened.
    """
    cited = Cited()
    dismissed = dismissed_ids(notes)
    by_change: dict[str, list[Note]] = defaultdict(list)
    for note in sorted(notes, key=lambda one: one.at):
        by_change[note.change].append(note)
    blocks: list[Block] = [Paragraph(_identity(history)), _summary(history, cited, dismissed)]
    if chart:
        blocks.append(Picture(description="Casualty figures by source over time", name=chart, svg=svg))
    blocks += _headlines(history, cited)
    blocks += figures_section(history, cited, dismissed)
    blocks += _listed("Figures that disagree", _contradictions(history, cited, by_change, dismissed))
    blocks += _corrections(history, cited)
    blocks.append(_steps(history, by_change, dismissed, cited, full=full_text))
    blocks += _listed("Moved passages", _moved(history, dismissed, cited, full=full_text))
    blocks += _listed("Findings that a reader dismissed", _dismissed(history, by_change, dismissed, cited))
    blocks.append(examined_in(history, cited))
    if full_text:
        blocks.append(Section(line("Full text of each version"), tuple(map(_full_text, trusted(history)))))
    blocks.append(_captures(cited))
    return Document(title=line(headline(history)), facts=tuple(_facts(history)), blocks=tuple(blocks))


def _facts(history: History) -> Iterable[tuple[str, str | int]]:
    seen = history.observations
    weights = [change.weight for step in history.transitions for change in step.changes]
    yield "title", headline(history)
    yield "url", history.url
    yield "outlet", outlet(history)
    yield "first_capture", stamp(seen[0].capture.at) if seen else ""
    yield "last_capture", stamp(seen[-1].capture.at) if seen else ""
    yield "captures", len(seen)
    yield "captures_read", sum(observation.outcome in READ for observation in seen)
    yield "versions", len(trusted(history))
    yield "changes", len(weights)
    yield "substantive_changes", weights.count(Weight.SUBSTANTIVE)


def _identity(history: History) -> Line:
    moments = [revision.article.published for revision in trusted(history) if revision.article.published]
    published = f" · published {when(moments[-1])} by its own stamp" if moments else ""
    aliases = joined([(Code(alias),) for alias in history.aliases], ", ")
    also = (Break(), "Also captured as ", aliases) if aliases else ()
    return line(f"{outlet(history)}, ", Code(history.url), published, *also)


def _summary(history: History, cited: Cited, dismissed: Collection[str]) -> Section:
    sentences = summary_of(history, cited, dismissed)
    return Section(line("Summary"), (Paragraph(joined(sentences, " ")),))


def _listed(title: str, lines: Sequence[Line]) -> list[Block]:
    """Return a section of one list, or nothing where the list is empty."""
    return [Section(line(title), (List(items=tuple(map(Item, lines))),))] if lines else []


def _headlines(history: History, cited: Cited) -> list[Block]:
    brief = flapping(history)
    rows = tuple(_row(run, cited, brief) for run in headline_runs(history))
    if not rows:
        return []
    columns = tuple(Column(title=one) for one in ("Headline", "First seen", "Last seen", "Changed"))
    turns = [
        Paragraph(
            line(
                f"The headlines “{one.headlines[0]}” and “{one.headlines[1]}” took turns "
                f"in versions {', '.join(map(str, one.revisions))}."
            )
        )
        for one in history.alternations
    ]
    return [Section(line("Headline history"), (Table(columns=columns, rows=rows), *turns))]


def _row(run: Run, cited: Cited, brief: Collection[int]) -> tuple[Line, ...]:
    changed = line("there when first captured")
    if run.before:
        span = f"after {when(run.before.last.at)}, not later than {when(run.first.at)}"
        changed = line(span, cited.cite(run.before.last, run.first))
    if run.start.number in brief:
        changed = line(changed, ", probably a stale cache")
    return line(run.text or "(no headline)"), moment(run.first, cited), moment(run.last, cited), changed


def _corrections(history: History, cited: Cited) -> list[Block]:
    rows = tuple(_row(run, cited, ())[:3] for run in correction_runs(history))
    columns = tuple(Column(title=one) for one in ("Note", "First seen", "Last seen"))
    title = line("Corrections and editor's notes")
    return [Section(title, (Table(columns=columns, rows=rows),))] if rows else []


def _contradictions(
    history: History, cited: Cited, notes: Mapping[str, Sequence[Note]], dismissed: Collection[str]
) -> list[Line]:
    numbers = {revision.number: revision for revision in history.revisions}
    return [
        _contradiction(one, numbers, cited, notes)
        for one in history.contradictions
        if one.id not in dismissed
    ]


def _contradiction(
    one: Contradiction, numbers: Mapping[int, Revision], cited: Cited, notes: Mapping[str, Sequence[Note]]
) -> Line:
    first, last = numbers.get(one.since), numbers.get(one.until)
    what = "Two figures disagree"
    if one.stale_headline:
        what = f"The headline {'no longer agrees' if one.arose else 'does not agree'} with the text"
    both = (
        f"{what}: {one.one.place.value} has {figure(one.one)} ({counted(one.one)}), "
        f"{one.other.place.value} has {figure(one.other)} ({counted(one.other)}, {source(one.other)})"
    )
    seen = (f"; seen {_seen(first, last)} ", cited.cite(first.first)) if first and last else ()
    return line(both, *seen, ". ", Code(one.id), *(line(" ", note, ".") for note in notes_on(one.id, notes)))


def _seen(first: Revision, last: Revision) -> str:
    start, end = first.first.at, last.last.at
    if start == end:
        return f"in the one capture of {when(start)}"
    if when(start) == when(end):
        return f"in the captures of {when(start)}"
    return f"from {when(start)} to {when(end)}"


def _steps(
    history: History,
    notes: Mapping[str, Sequence[Note]],
    dismissed: Collection[str],
    cited: Cited,
    *,
    full: bool,
) -> Section:
    steps: list[Block] = [
        _step(one, notes, dismissed, cited, full=full) for one in reversed(history.transitions)
    ]
    return Section(line("Changes, newest first"), tuple(steps or [Paragraph(_no_change(history))]))


def _step(
    transition: Transition,
    notes: Mapping[str, Sequence[Note]],
    dismissed: Collection[str],
    cited: Cited,
    *,
    full: bool,
) -> Section:
    shown = [
        change
        for change in transition.changes
        if change.weight is not Weight.COSMETIC
        and change.type is not ChangeType.MOVED
        and change.id not in dismissed
        and not _only_date(change, notes)
    ]
    blocks: list[Block] = [Paragraph(_lead(transition, notes, dismissed, cited))]
    findings = findings_in(shown, notes, cited.between(transition.interval), full=full)
    blocks += [List(items=tuple(one.item for one in findings), loose=True)] if findings else []
    rest = _rest(transition.changes)
    blocks += [Paragraph(line(rest))] if rest else []
    numbers = f"version {transition.before.number} to {transition.after.number}"
    return Section(line(f"{when(transition.interval.until.at)}: {numbers}"), tuple(blocks))


def _lead(
    transition: Transition, notes: Mapping[str, Sequence[Note]], dismissed: Collection[str], cited: Cited
) -> Line:
    interval = transition.interval
    start, end = interval.after.at, interval.until.at
    lead = line(
        f"After {when(start)} and not later than {when(end)}, a span of {duration(start, end)}.",
        cited.between(interval),
        f" In between, {widened_by(interval)}." if interval.widened else "",
        _FLAP if transition.flap else "",
    )
    if transition.reverts_to is not None:
        codes = [(Code(change.id),) for change in transition.changes if _whole(change)]
        lead = line(lead, f" The whole text of version {transition.reverts_to} came back.")
        lead = joined([lead, *codes], " ")
    dates = [redated(one) for one in transition.changes if _only_date(one, notes) and one.id not in dismissed]
    return joined([lead, *dates], " ")


def _only_date(change: Change, notes: Mapping[str, Sequence[Note]]) -> bool:
    return change.kind is ChangeKind.STAMP and change.id not in notes


def _whole(change: Change) -> bool:
    return change.type is ChangeType.REVERTED and change.before is None and change.after is None


def _rest(changes: Sequence[Change]) -> str:
    moved = sum(change.type is ChangeType.MOVED for change in changes)
    tally = Counter(change.kind for change in changes if change.weight is Weight.COSMETIC)
    parts = [f"{count(moved, 'passage')} moved, listed below"] if moved else []
    if tally:
        number = count(sum(tally.values()), "cosmetic change")
        parts.append(f"{number} (typography, white space, spelling of a number)")
    text = "; ".join(parts)
    return f"Also: {text}." if text else ""


def _no_change(history: History) -> Line:
    read = sum(1 for observation in history.observations if observation.outcome in READ)
    if len(history.observations) < 2:
        return line(f"Nothing to compare yet: {count(read, 'capture')} read.")
    start, end = (when(history.observations[index].capture.at) for index in (0, -1))
    return line(f"No change found in {count(read, 'capture')} between {start} and {end}.")


def _moved(history: History, dismissed: Collection[str], cited: Cited, *, full: bool) -> list[Line]:
    lines = []
    for transition in reversed(history.transitions):
        interval = transition.interval
        for change in transition.changes:
            if change.type is not ChangeType.MOVED or change.id in dismissed:
                continue
            side = change.after or change.before
            text = side.text if side else ""
            lines.append(
                line(
                    f"After {when(interval.after.at)}, not later than {when(interval.until.at)}: "
                    f"“{text if full else shortened(text)}”{_places(change)}. ",
                    cited.between(interval),
                    " ",
                    Code(change.id),
                )
            )
    return lines


def _places(change: Change) -> str:
    old, new = (side.block if side else None for side in (change.before, change.after))
    return f", from paragraph {old + 1} to paragraph {new + 1}" if old is not None and new is not None else ""


def _dismissed(
    history: History, notes: Mapping[str, Sequence[Note]], dismissed: Collection[str], cited: Cited
) -> list[Line]:
    lines = [
        joined(
            [
                line(head_of(change), "."),
                *(line(note, ".") for note in notes_on(change.id, notes)),
                line(cited.between(transition.interval), " ", Code(change.id)),
            ],
            " ",
        )
        for transition in reversed(history.transitions)
        for change in transition.changes
        if change.id in dismissed
    ]
    numbers = {revision.number: revision for revision in history.revisions}
    return lines + [
        _contradiction(one, numbers, cited, notes) for one in history.contradictions if one.id in dismissed
    ]


def _full_text(revision: Revision) -> Section:
    article = revision.article
    texts = [article.headline, article.standfirst, article.byline, *(block.text for block in article.blocks)]
    title = f"Version {revision.number}, first captured {when(revision.first.at)}"
    return Section(line(title), tuple(Paragraph(line(text)) for text in texts if text))


def _captures(cited: Cited) -> Section:
    local = (
        f" Captures without a link have no public address: they were read from {cited.local}, and their digests "
        "identify them."
        if cited.local
        else ""
    )
    return Section(line("Captures cited"), (Paragraph(line(f"{_CITED}{local}")), cited.footnotes))
