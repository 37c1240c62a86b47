"""The report of one target as a document: its sections in order."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

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
from diffs.reports.citations import side_by_side
from diffs.reports.document import (
    Block,
    Break,
    Code,
    Document,
    Item,
    Line,
    Link,
    List,
    Paragraph,
    Picture,
    Section,
    Strong,
    joined,
    line,
    plain,
)
from diffs.reports.entries import findings_in
from diffs.reports.evidence import (
    evidence_of,
    not_seen,
    unread_figures,
    unread_languages,
    widened_by,
)
from diffs.reports.figures import Known, who_counts
from diffs.reports.findings import dismissed_ids, head_of, notes_on, redated
from diffs.reports.headlines import counts_of, finding_of
from diffs.reports.highlights import worth_a_look
from diffs.reports.linked import linked_headlines
from diffs.reports.marking import shortened
from diffs.reports.names import headline, outlet
from diffs.reports.numbering import FindingMarks
from diffs.reports.runs import correction_runs
from diffs.reports.safe import web_address
from diffs.reports.series import trusted
from diffs.reports.steps import is_long, steps_in_order, weighs
from diffs.reports.times import between, clock, clock_kept, span
from diffs.reports.wording import READ, count, counted, duration, figure, source, stamp

_DISAGREE = "Figures that disagree"
_FLAP = "One of the two texts stood so briefly, between equal neighbours, that a stale cache is likelier than an editor."


def report_of(
    history: History,
    *,
    notes: Sequence[Note] = (),
    chart: str | None = None,
    svg: str = "",
    full_text: bool = False,
    known: Known | None = None,
) -> Document:
    """Return the report that a reader reads: what changed, when, how openly, and what proves it.

    The same history gives the same document, whatever the day.

    Args:
        history: What is known of the target.
        notes: What readers said about its findings.
        chart: File name of the chart next to the report, or None without one.
        svg: The chart itself, for formats that hold it.
        full_text: Also give every version in full, and long changed passages unshortened.
        known: What is known of the history's figures without the findings that notes dismiss, where the caller has it.
    """
    dismissed = dismissed_ids(notes)
    by_change: dict[str, list[Note]] = defaultdict(list)
    for note in sorted(notes, key=lambda one: one.at):
        by_change[note.change].append(note)
    known = known or Known(history, dismissed)
    blocks: list[Block] = [Paragraph(_identity(history)), *_counts(known)]
    blocks += who_counts(known)
    blocks += worth_a_look(known)
    if chart:
        blocks.append(Picture(description="Casualty figures by source over time", name=chart, svg=svg))
    marks = FindingMarks(history)
    words = _words(history, by_change, dismissed, marks, full=full_text)
    disagreeing = _listed(_DISAGREE, _contradictions(history, by_change, dismissed, marks))
    blocks += steps_in_order(known, marks.jumps)
    blocks += [Paragraph(one) for one in (*_alternations(history), not_seen(history)) if one]
    blocks += [*words, *disagreeing]
    blocks += linked_headlines(history)
    blocks += _listed("Corrections and editor's notes", _corrections(history))
    blocks += _listed("Moved passages", _moved(history, dismissed, full=full_text))
    blocks += _listed("Findings that a reader dismissed", _dismissed(history, by_change, dismissed))
    blocks.append(evidence_of(known))
    if full_text:
        blocks.append(Section(line("Full text of each version"), tuple(map(_full_text, trusted(history)))))
    title = known.once(("title", 0), lambda: finding_of(known))
    return Document(title=line(title), facts=tuple(_facts(known, title)), blocks=tuple(blocks))


def _facts(known: Known, title: str) -> Iterable[tuple[str, str | int]]:
    history = known.history
    seen = history.observations
    findings = [change for step in history.transitions for change in step.changes]
    yield "title", title
    yield "headline", headline(history)
    yield "page", history.url
    yield "outlet", outlet(history)
    yield "first_capture", stamp(seen[0].capture.at) if seen else ""
    yield "last_capture", stamp(seen[-1].capture.at) if seen else ""
    yield "captures", len(seen)
    yield "captures_read", sum(observation.outcome in READ for observation in seen)
    yield "versions", len(trusted(history))
    yield "figure_changes", len(known.moves)
    yield "findings", len(findings)


def _identity(history: History) -> Line:
    """Return which page this is: outlet, headline, the page itself and where all its captures are."""
    name = headline(history)
    parts = [
        (Strong(outlet(history)),),
        line(f"“{name}”") if name != history.url else (Code(history.url),),
        (Link("the page", history.url),) if web_address(history.url) else (),
        _calendar(history),
        line(_published(history)),
        line(clock_kept(history)),
    ]
    aliases = joined([(Code(alias),) for alias in history.aliases], ", ")
    also = (Break(), "Also captured as ", aliases) if aliases else ()
    return line(joined(parts, " · "), *also)


def _published(history: History) -> str:
    """Return when the page first said that it was published, and what it says now where that is another time."""
    stated = [one.article.published for one in trusted(history) if one.article.published]
    if not stated:
        return ""
    first, last = stated[0], stated[-1]
    now = f", now dated {clock(last, first, day=False)}" if last != first else ""
    return f"published {clock(first)}{now}"


def _calendar(history: History) -> Line:
    """Return the link to the Wayback Machine's own list of captures, where they come from it."""
    if not any(one.capture.archive == "wayback" and one.capture.link for one in history.observations):
        return ()
    return (Link("all its captures", f"https://web.archive.org/web/*/{history.url}"),)


def _counts(known: Known) -> Iterator[Block]:
    leading, rest = counts_of(known)
    languages = unread_languages(known.history)
    unread = unread_figures(languages) if languages else ""
    yield Paragraph(joined([(Strong(leading),), line(rest), line(unread)], " "))


def _listed(title: str, lines: Sequence[Line]) -> list[Block]:
    """Return a section of one list, or nothing where the list is empty."""
    return [Section(line(title), (List(items=tuple(map(Item, lines))),))] if lines else []


def _alternations(history: History) -> list[Line]:
    return [
        line(
            f"The headlines “{one.headlines[0]}” and “{one.headlines[1]}” took turns "
            f"in versions {', '.join(map(str, one.revisions))}."
        )
        for one in history.alternations
    ]


def _corrections(history: History) -> list[Line]:
    runs = correction_runs(history)
    return [line(f"“{run.text}” Seen ", between(run.first, run.last), ".") for run in runs]


def _contradictions(
    history: History, notes: Mapping[str, Sequence[Note]], dismissed: Collection[str], marks: FindingMarks
) -> list[Line]:
    numbers = {revision.number: revision for revision in history.revisions}
    return [
        line(_contradiction(one, numbers, notes), marks.set((one.id,), _DISAGREE))
        for one in history.contradictions
        if one.id not in dismissed
    ]


def _contradiction(
    one: Contradiction, numbers: Mapping[int, Revision], notes: Mapping[str, Sequence[Note]]
) -> Line:
    first, last = numbers.get(one.since), numbers.get(one.until)
    what = "Two figures disagree"
    if one.stale_headline:
        what = f"The headline {'no longer agrees' if one.arose else 'does not agree'} with the text"
    both = (
        f"{what}: {one.one.place.value} has {figure(one.one)} ({counted(one.one)}), "
        f"{one.other.place.value} has {figure(one.other)} ({counted(one.other)}, {source(one.other)})"
    )
    seen = ("; seen ", between(first.first, last.last)) if first and last else ()
    return line(both, *seen, ".", *(line(" ", note) for note in notes_on(one.id, notes)))


def _words(
    history: History,
    notes: Mapping[str, Sequence[Note]],
    dismissed: Collection[str],
    marks: FindingMarks,
    *,
    full: bool,
) -> list[Block]:
    fold = is_long(history)
    steps = [
        replace(section, closed=fold and not weighs(one, dismissed))
        for one in history.transitions
        if (section := _step(one, notes, dismissed, marks, full=full)) is not None
    ]
    shown = tuple(steps)
    return [Section(line("The words"), shown)] if shown else []


def _step(
    transition: Transition,
    notes: Mapping[str, Sequence[Note]],
    dismissed: Collection[str],
    marks: FindingMarks,
    *,
    full: bool,
) -> Section | None:
    """Return the words of one step, or None where the table has said all of it."""
    shown = [
        change
        for change in transition.changes
        if change.weight is not Weight.COSMETIC
        and change.type is not ChangeType.MOVED
        and change.id not in dismissed
        and not _only_date(change, notes)
    ]
    title = line(
        span(transition.interval), f" · version {transition.before.number} → {transition.after.number}"
    )
    heading = plain(title)
    findings = [
        Item(line(one.item.content, marks.set(one.ids, heading)), one.item.blocks)
        for one in findings_in(shown, notes, full=full)
    ]
    lead, rest = _lead(transition, notes, dismissed), _rest(transition.changes)
    blocks: list[Block] = [Paragraph(lead)]
    blocks += [List(items=tuple(findings), loose=True)] if findings else []
    blocks += [Paragraph(line(rest))] if rest else []
    return Section(title, tuple(blocks))


def _lead(transition: Transition, notes: Mapping[str, Sequence[Note]], dismissed: Collection[str]) -> Line:
    interval = transition.interval
    comparison = side_by_side(interval.after, interval.until)
    parts = [
        line(f"Within {duration(interval.after.at, interval.until.at)}."),
        line(Link("Side by side", comparison), ".") if comparison else (),
        line(f"In between, {widened_by(interval)}.") if interval.widened else (),
        line(_FLAP) if transition.flap else (),
        line(f"The whole text of version {transition.reverts_to} came back.")
        if transition.reverts_to is not None
        else (),
        *(redated(one) for one in transition.changes if _only_date(one, notes) and one.id not in dismissed),
    ]
    return joined(parts, " ")


def _only_date(change: Change, notes: Mapping[str, Sequence[Note]]) -> bool:
    return change.kind is ChangeKind.STAMP and change.id not in notes


def _rest(changes: Sequence[Change]) -> str:
    moved = sum(change.type is ChangeType.MOVED for change in changes)
    tally = Counter(change.kind for change in changes if change.weight is Weight.COSMETIC)
    parts = [f"{count(moved, 'passage')} moved, listed below"] if moved else []
    if tally:
        number = count(sum(tally.values()), "cosmetic change")
        parts.append(f"{number} (typography, white space, spelling of a number)")
    text = "; ".join(parts)
    return f"Also: {text}." if text else ""


def _moved(history: History, dismissed: Collection[str], *, full: bool) -> list[Line]:
    lines = []
    for transition in history.transitions:
        for change in transition.changes:
            if change.type is not ChangeType.MOVED or change.id in dismissed:
                continue
            side = change.after or change.before
            text = side.text if side else ""
            words = f": “{text if full else shortened(text)}”{_places(change)}."
            lines.append(line(span(transition.interval), words))
    return lines


def _places(change: Change) -> str:
    old, new = (side.block if side else None for side in (change.before, change.after))
    return f", from paragraph {old + 1} to paragraph {new + 1}" if old is not None and new is not None else ""


def _dismissed(
    history: History, notes: Mapping[str, Sequence[Note]], dismissed: Collection[str]
) -> list[Line]:
    lines = [
        joined([line(head_of(change), "."), *notes_on(change.id, notes), line(span(step.interval), ".")], " ")
        for step in history.transitions
        for change in step.changes
        if change.id in dismissed
    ]
    numbers = {revision.number: revision for revision in history.revisions}
    return lines + [
        _contradiction(one, numbers, notes) for one in history.contradictions if one.id in dismissed
    ]


def _full_text(revision: Revision) -> Section:
    article = revision.article
    texts = [article.headline, article.standfirst, article.byline, *(block.text for block in article.blocks)]
    title = f"Version {revision.number}, first captured {clock(revision.first.at)}"
    return Section(line(title), tuple(Paragraph(line(text)) for text in texts if text))
