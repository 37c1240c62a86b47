"""The pages of one target: its report, each step side by side, each finding with its citations."""

import html
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache, lru_cache

from diffs.model import Change, Citation, Disclosure, History, Note, Transition, Weight
from diffs.reports.chart import render_chart
from diffs.reports.citation_forms import CITATIONS
from diffs.reports.citations import archive_name
from diffs.reports.citing import Cited, cited_change
from diffs.reports.document import (
    Block,
    Code,
    Column,
    Item,
    Line,
    Link,
    List,
    Paragraph,
    Picture,
    Quote,
    Reference,
    Section,
    Strong,
    Table,
    joined,
    line,
    plain,
)
from diffs.reports.figures import Known
from diffs.reports.findings import context_of, dismissed_ids, head_of, notes_on
from diffs.reports.html import html_blocks, html_line
from diffs.reports.names import headline, outlet
from diffs.reports.safe import visible
from diffs.reports.steps import ANSWERS, Row, rows_known, rows_of
from diffs.reports.target import report_of
from diffs.reports.times import span
from diffs.reports.wording import count, exactly
from diffs.site.entries import outlet_shown
from diffs.site.frame import Site, framed
from diffs.site.paging import page_place, pages_of, shortened_line
from diffs.site.places import (
    ENDING,
    climb,
    place_of_comparison,
    place_of_finding,
    place_of_outlet,
    place_of_step,
    place_of_target,
)
from diffs.site.side_by_side import side_by_side_of

_ROWS = tuple(Column(title=one) for one in ("What", "Old → new", "Did the page say so?", "Finding"))
_LONGEST = 4_000
_MOST_LINKS = 3
_FORM_NAMES = {
    "csl": "CSL JSON (Zotero, pandoc)",
    "bibtex": "BibTeX",
    "ris": "RIS (EndNote, Mendeley)",
    "wikipedia": "Wikipedia",
    "robustlink": "Link for a web page",
    "affidavit": "List for an affidavit",
}
File = tuple[str, str]


def target_files(
    site: Site,
    history: History,
    *,
    stories: Sequence[str] = (),
    notes: Sequence[Note],
    reader: str,
    known: Known | None = None,
) -> Iterator[File]:
    """Yield the files of one target's pages: name, with its ending, and text.

    Args:
        site: The site.
        history: What is known of the target.
        stories: The stories it belongs to.
        notes: What readers said about its findings.
        reader: What read the captures, with its versions, for citations.
        known: What is known of the history's figures, where the caller has it.
    """
    by_change: dict[str, list[Note]] = defaultdict(list)
    for note in sorted(notes, key=lambda one: one.at):
        by_change[note.change].append(note)
    dismissed = dismissed_ids(notes)
    known = known or Known(history, dismissed)
    places = {step.after.number: place_of_step(history.url, step) for step in history.transitions}
    yield from _report_files(site, known, stories, notes, places)
    for step in history.transitions:
        place = places[step.after.number]
        shown = rows_known(known, step)
        heads = {change.id: head_of(change) for change in step.changes}
        yield from _step_files(site, history, step, place, dismissed=dismissed, rows=shown, heads=heads)
        rows = rows_of(step, ()) if dismissed else shown
        opening = _opening(history, step, place)
        for change in step.changes:
            yield _finding_file(
                site,
                history,
                step,
                change,
                head=heads[change.id],
                opening=opening,
                rows=rows,
                notes=by_change,
                reader=reader,
            )


def paged_files(
    site: Site, place: str, title: str, blocks: Sequence[Block], *, indexed: bool = False, kind: str = ""
) -> Iterator[File]:
    """Yield the pages that a document of the site takes, each with links to its neighbours.

    Args:
        site: The site.
        place: Where its first page stands, without an ending.
        title: Its heading.
        blocks: What stands under it.
        indexed: Whether the search finds its words.
        kind: A name by which the style knows its content, or an empty string.
    """
    texts = pages_of(blocks, place)
    for number, text in enumerate(texts, start=1):
        here = page_place(place, number)
        name = title if number == 1 else f"{title} (page {number})"
        turns = turns_of(place, number, len(texts))
        body = f'<div class="{kind}">\n{text}</div>\n' if kind else text
        yield f"{here}{ENDING}", framed(site, here, title=name, body=body, turns=turns, indexed=indexed)


def turns_of(place: str, number: int, last: int) -> list[tuple[str | None, str]]:
    """Return the links of a page among several: the one before, where it stands itself, the one after."""
    if last == 1:
        return []
    name = place.rpartition("/")[2]
    turns: list[tuple[str | None, str]] = []
    if number > 1:
        turns.append((f"{page_place(name, number - 1)}{ENDING}", "← Previous page"))
    turns.append((None, f"Page {number} of {last}"))
    if number < last:
        turns.append((f"{page_place(name, number + 1)}{ENDING}", "Next page →"))
    return turns


def _report_files(
    site: Site, known: Known, stories: Sequence[str], notes: Sequence[Note], places: Mapping[int, str]
) -> Iterator[File]:
    history = known.history
    place = place_of_target(history.url)
    chart = render_chart(history, dismissed=known.dismissed, known=known)
    name = f"{place.rpartition('/')[2]}.svg"
    if chart:
        yield f"{place}.svg", chart
    document = report_of(history, notes=notes, chart=name if chart else None, svg=chart or "", known=known)
    links = [(Reference("All changes of this outlet", f"../{place_of_outlet(outlet_shown(history))}"),)]
    for story in stories:
        words = "Compare the outlets of " + ("this story" if len(stories) == 1 else f"the story {story}")
        links.append((Reference(words, f"../{place_of_comparison(story)}"),))
    blocks = list(document.blocks)
    if history.transitions:
        steps = Section(line("Side by side"), (List(items=tuple(_step_items(history, places))),))
        first = next((index for index, one in enumerate(blocks) if isinstance(one, Picture)), len(blocks) - 1)
        blocks.insert(first + 1, steps)
    blocks.insert(1, Paragraph(joined(links, " · ")))
    yield from paged_files(site, place, plain(document.title), blocks, indexed=True)


def _step_items(history: History, places: Mapping[int, str]) -> Iterator[Item]:
    for step in history.transitions:
        number = count(len(step.changes), "finding")
        versions = f"version {step.before.number} → {step.after.number}"
        label = Reference(versions, f"../{places[step.after.number]}")
        yield Item(line(plain(span(step.interval)), ": ", label, f", {number}"))


def _identity(history: History, root: str) -> Paragraph:
    page = Reference(headline(history), f"{root}{place_of_target(history.url)}")
    return Paragraph(line(Strong(outlet(history)), " · ", page))


def _step_files(
    site: Site,
    history: History,
    step: Transition,
    place: str,
    *,
    dismissed: Collection[str],
    rows: Sequence[Row],
    heads: Mapping[str, Line],
) -> Iterator[File]:
    root = climb(place)
    facts = tuple(
        (*map(shortened_line, (row.what, row.path, row.answer)), _permalinks(row.ids[:_MOST_LINKS], root))
        for row in rows
    )
    findings = [
        Item(
            line(
                shortened_line(heads[one.id]),
                " · ",
                Reference(f"finding {one.id[:6]}", f"{root}{place_of_finding(one.id)}"),
                " (dismissed by a reader)" if one.id in dismissed else "",
            )
        )
        for one in step.changes
        if one.weight is not Weight.COSMETIC
    ]
    blocks: list[Block] = [
        _identity(history, root),
        Paragraph(line("Between ", span(step.interval), ", as captured.")),
        Table(columns=_ROWS, rows=facts),
        Section(line("Side by side"), (side_by_side_of(step),)),
    ]
    if findings:
        blocks.append(Section(line("Findings of this step"), (List(items=tuple(findings)),)))
    title = f"{outlet(history)}: versions {step.before.number} and {step.after.number}, side by side"
    yield from paged_files(site, place, title, blocks, kind="pair")


def _permalinks(ids: Sequence[str], root: str) -> Line:
    return joined(
        [(Reference(one[:6], f"{root}{place_of_finding(one)}"),) for one in dict.fromkeys(ids)], ", "
    )


def _opening(history: History, step: Transition, versions: str) -> tuple[str, str, str, str]:
    """Return what the pages of all findings of a step share, as HTML: which page it is, when, in which versions and captures."""
    root = climb(place_of_finding(""))
    both = Reference(f"{step.before.number} and {step.after.number}, side by side", f"{root}{versions}")
    identity = html_blocks((_identity(history, root),))
    ends = (("Capture before", step.interval.after), ("Capture after", step.interval.until))
    captures = "".join(_fact(name, _capture(end)) for name, end in ends)
    between = _fact("Between", line(plain(span(step.interval))))
    return identity, between, _fact("Versions", line(both)), f"<dl>\n{captures}</dl>\n"


def _capture(end: Citation) -> Line:
    """Return a capture as paper needs it too: exact time, archive, address and digest."""
    digest = ("; SHA-256 ", Code(end.sha256)) if end.sha256 else ()
    digest = digest or (("; archive digest ", Code(end.digest)) if end.digest else ())
    return line(Link(exactly(end.at), end.link), f", {archive_name(end.archive)}", *digest)


def _fact(name: str, value: Line) -> str:
    return f"<dt>{html.escape(name)}</dt><dd>{html_line(value)}</dd>\n"


@cache
def _said(disclosure: Disclosure) -> str:
    return _fact("Did the page say so?", ANSWERS[disclosure])


@cache
def _weight(weight: Weight) -> str:
    return _fact("Weight", line(weight.value))


def _finding_file(
    site: Site,
    history: History,
    step: Transition,
    change: Change,
    *,
    head: Line,
    opening: tuple[str, str, str, str],
    rows: Sequence[Row],
    notes: Mapping[str, Sequence[Note]],
    reader: str,
) -> File:
    place = place_of_finding(change.id)
    identity, between, versions, captures = opening
    words = shortened_line(context_of(change, full=True), _LONGEST)
    blocks: list[Block] = []
    if words:
        blocks.append(Section(line("The words"), (Quote((words,)),)))
    noted = [shortened_line(one) for one in notes_on(change.id, notes)]
    if noted:
        blocks.append(Section(line("What readers noted"), (List(items=tuple(map(Item, noted))),)))
    said, weight = _said(change.disclosure), _weight(change.weight)
    named = f"{between}{said}{weight}{versions}{_fact('Finding', (Code(change.id),))}"
    body = (
        f"{identity}<dl>\n{named}</dl>\n"
        + html_blocks(blocks)
        + _citations(cited_change(history, step, change.id, reader=reader, rows=rows), captures)
    )
    return f"{place}{ENDING}", framed(site, place, title=plain(head), body=body)


def _citations(captures: Sequence[Cited], named: str) -> str:
    """Return the section that cites both captures, as HTML: named for readers, then in each form for programs."""
    parts = [f"<section>\n<h2>Cite this</h2>\n{named}"]
    for name, render in CITATIONS.items():
        lines = _escaped(render(captures))
        parts.append(
            f'<details class="form"><summary>{_FORM_NAMES[name]}</summary><pre>{lines}</pre></details>\n'
        )
    return f"{''.join(parts)}</section>\n"


# The list for an affidavit is the same for all findings of a step.
@lru_cache(maxsize=64)
def _escaped(text: str) -> str:
    return html.escape(_visible_lines(text.strip()))


def _visible_lines(text: str) -> str:
    """Return lines with every unprintable character named; the whole is asked first, as it mostly has none."""
    if text.replace("\n", "").isprintable():
        return text
    return "\n".join(map(visible, text.split("\n")))
