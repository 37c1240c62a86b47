"""Several outlets on one event: whose figures moved, when, and whose did not."""

from collections.abc import Sequence
from dataclasses import dataclass

from diffs.model import Citation, ClaimKind, History
from diffs.reports.citations import Footnotes, moment
from diffs.reports.names import file_stem
from diffs.reports.naming import headline, outlet
from diffs.reports.safe import Markdown, markdown_text
from diffs.reports.series import claims_of, counted_in, level, series_in, tolls_in, trusted
from diffs.reports.templating import render_template
from diffs.reports.wording import amount, count, figure, listed, when


@dataclass(frozen=True, slots=True, kw_only=True)
class Toll:
    """The number killed that a page led with for a time."""

    amount: str
    first: Citation
    last: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletRow:
    """One page of the story, ready for a table."""

    report: Markdown
    outlet: str
    path: Markdown
    first: Markdown
    last: Markdown
    versions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One source in one outlet, ready for a table."""

    outlet: str
    source: str
    counted: str
    path: Markdown
    first: Markdown
    last: Markdown


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """One figure and the order in which the outlets were first captured with it."""

    amount: str
    order: Markdown


def render_story(name: str, histories: Sequence[History], *, chart: str | None = None) -> str:
    """Give a Markdown report that compares outlets on one event.

    "First" always means first *captured*: an outlet may have published earlier than an archive looked.

    Args:
        name: The story's name.
        histories: One a page, in any order.
        chart: File name of the story's chart beside the report, or None without one.
    """
    known = sorted(histories, key=lambda one: (outlet(one), one.url))
    notes = Footnotes()
    return render_template(
        "story.md.j2",
        story=name,
        chart=Markdown(chart) if chart else None,
        summary=[Markdown(line) for line in _summary(known, notes)],
        outlets=[_outlet(history, notes) for history in known],
        sources=[row for history in known for row in _sources(history, notes)],
        figures=_figures(known, notes),
        behind=[line for history in known for line in _behind(history, notes)],
        footnotes=notes,
    )


def tolls_of(history: History) -> list[Toll]:
    """Give the number killed that a page led with, step by step: in each version the largest stated."""
    tolls: list[Toll] = []
    for revision in trusted(history):
        stated = [claim for claim in tolls_in(claims_of(revision.article)) if claim.kind is ClaimKind.KILLED]
        if not stated:
            continue
        most = amount(max(stated, key=lambda claim: level(claim) or 0))
        if tolls and tolls[-1].amount == most:
            tolls[-1] = Toll(amount=most, first=tolls[-1].first, last=revision.last)
        else:
            tolls.append(Toll(amount=most, first=revision.first, last=revision.last))
    return tolls


def _summary(histories: Sequence[History], notes: Footnotes) -> list[str]:
    captures = sum(len(history.observations) for history in histories)
    pages, outlets = count(len(histories), "page"), count(len({outlet(one) for one in histories}), "outlet")
    lines = [f"{pages} of {outlets} compared, over {count(captures, 'capture')}."]
    paths = [(history, tolls_of(history)) for history in histories]
    moved = [(history, tolls) for history, tolls in paths if len(tolls) > 1]
    if moved:
        first = min(moved, key=lambda pair: (pair[1][1].first.at, pair[0].url))
        before, after = first[1][0], first[1][1]
        lines.append(
            f"The first to be captured with a changed number killed was {markdown_text(outlet(first[0]))}: "
            f"{markdown_text(before.amount)} to {markdown_text(after.amount)}, after {when(before.last.at)} and not "
            f"later than {when(after.first.at)}. {notes.cite(before.last, after.first)}"
        )
    still = [outlet(history) for history, tolls in paths if len(tolls) == 1 and len(history.observations) > 1]
    if still:
        told = markdown_text(listed(still))
        lines.append(f"No capture shows a changed number killed in {told}.")
    silent = [outlet(history) for history, tolls in paths if not tolls]
    if silent:
        lines.append(f"No number killed was read in {markdown_text(listed(silent))}.")
    behind = [
        outlet(history) for history in histories if any(one.stale_headline for one in history.contradictions)
    ]
    if behind:
        lines.append(f"A headline stayed behind its own text in {markdown_text(listed(behind))}.")
    return lines


def _outlet(history: History, notes: Footnotes) -> OutletRow:
    tolls = tolls_of(history)
    revisions = trusted(history)
    ends = (revisions[0].first, revisions[-1].last) if revisions else None
    return OutletRow(
        report=Markdown(f"[{markdown_text(headline(history))}]({file_stem(history.url)}.md)"),
        outlet=outlet(history),
        path=Markdown(
            " → ".join(f"{markdown_text(toll.amount)}{notes.cite(toll.first)}" for toll in tolls)
            or "none read"
        ),
        first=moment(ends[0], notes) if ends else Markdown("never read"),
        last=moment(ends[1], notes) if ends else Markdown("never read"),
        versions=len(revisions),
    )


def _sources(history: History, notes: Footnotes) -> list[SourceRow]:
    return [
        SourceRow(
            outlet=outlet(history),
            source=series.source,
            counted=counted_in(series),
            path=Markdown(
                " → ".join(
                    f"{markdown_text(amount(step.claim))}{notes.cite(step.revision.first)}"
                    for step in series.steps
                )
            ),
            first=moment(series.points[0].revision.first, notes),
            last=moment(series.points[-1].revision.last, notes),
        )
        for series in series_in(history)
    ]


def _figures(histories: Sequence[History], notes: Footnotes) -> list[FigureRow]:
    seen: dict[str, dict[str, Citation]] = {}
    for history in histories:
        for toll in tolls_of(history):
            outlets = seen.setdefault(toll.amount, {})
            name = outlet(history)
            if name not in outlets or toll.first.at < outlets[name].at:
                outlets[name] = toll.first
    rows = []
    for amount_, outlets in sorted(
        seen.items(), key=lambda item: (min(one.at for one in item[1].values()), item[0])
    ):
        order = sorted(outlets.items(), key=lambda item: (item[1].at, item[0]))
        told = [f"{markdown_text(name)} {when(first.at)}{notes.cite(first)}" for name, first in order]
        rows.append(FigureRow(amount=amount_, order=Markdown(", then ".join(told))))
    return rows


def _behind(history: History, notes: Footnotes) -> list[Markdown]:
    by_number = {revision.number: revision for revision in history.revisions}
    lines = []
    for one in history.contradictions:
        first, last = by_number.get(one.since), by_number.get(one.until)
        if not one.stale_headline or first is None or last is None:
            continue
        still = " (its last version)" if last is trusted(history)[-1] else ""
        lines.append(
            Markdown(
                f"{markdown_text(outlet(history))}: the {one.one.place.value} says {markdown_text(figure(one.one))}, "
                f"the text {markdown_text(figure(one.other))}, from {when(first.first.at)} to "
                f"{when(last.last.at)}{still}. {notes.cite(first.first)}"
            )
        )
    return lines
