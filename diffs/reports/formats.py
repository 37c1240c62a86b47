"""The formats of reports, as a table: a new format is a renderer's file and a line here."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from diffs.model import History, Note
from diffs.reports import markdown
from diffs.reports.atom import render_atom
from diffs.reports.chart import render_chart, render_story_chart
from diffs.reports.document import Document
from diffs.reports.index import index_of
from diffs.reports.names import file_stem, outlet
from diffs.reports.story import story_of
from diffs.reports.structured import json_chunks
from diffs.reports.tables import render_changes_csv, render_claims_csv
from diffs.reports.target import report_of

File = tuple[str, Iterable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a reader may choose about a report.

    Attributes:
        notes: What readers said about findings.
        full_text: Give every version in full.
        base_url: Address at which the folder is published, for links in feeds.
    """

    notes: Sequence[Note] = ()
    full_text: bool = False
    base_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How one format prints a target, a story and the index; None where it does not.

    Each gives the files it makes, by the ending of their names, as pieces of text in order.
    """

    target: Callable[[History, Options], Iterator[File]]
    story: Callable[[str, Sequence[History], Options], Iterator[File]] | None = None
    index: Callable[[Sequence[History], Options], Iterator[File]] | None = None


def target_stem(history: History) -> str:
    """Return the name of a target's files without an ending."""
    return file_stem(history.url)


def story_stem(name: str) -> str:
    """Return the name of a story's files without an ending."""
    return f"story-{file_stem(name)}"


def _pages(ending: str, render: Callable[[Document], str], *, holds_chart: bool) -> Format:
    """Return the format of a renderer of documents.

    Args:
        ending: Of its files.
        render: The renderer.
        holds_chart: Whether a page holds its chart itself; else the chart is a file next to it.
    """

    def chart_file(chart: str | None) -> Iterator[File]:
        if chart and not holds_chart:
            yield ".svg", (chart,)

    def target(history: History, options: Options) -> Iterator[File]:
        chart = render_chart(history)
        name = f"{target_stem(history)}.svg" if chart else None
        yield from chart_file(chart)
        yield (
            ending,
            (
                render(
                    report_of(
                        history,
                        notes=options.notes,
                        chart=name,
                        svg=chart or "",
                        full_text=options.full_text,
                    )
                ),
            ),
        )

    def story(title: str, histories: Sequence[History], options: Options) -> Iterator[File]:
        del options
        chart = render_story_chart(title, histories)
        name = f"{story_stem(title)}.svg" if chart else None
        yield from chart_file(chart)
        yield ending, (render(story_of(title, histories, chart=name, svg=chart or "")),)

    def index(histories: Sequence[History], options: Options) -> Iterator[File]:
        del options
        yield ending, (render(index_of(histories)),)

    return Format(target=target, story=story, index=index)


def _json(history: History, options: Options) -> Iterator[File]:
    yield ".json", json_chunks(history, options.notes)


def _tables(history: History, options: Options) -> Iterator[File]:
    del options
    yield ".claims.csv", (render_claims_csv(history),)
    yield ".changes.csv", (render_changes_csv(history),)


def _feed(histories: Sequence[History], title: str, options: Options) -> Iterator[File]:
    yield ".atom", (render_atom(histories, title=title, base_url=options.base_url, notes=options.notes),)


FORMATS: Mapping[str, Format] = {
    "md": _pages(".md", markdown.render_document, holds_chart=False),
    "json": Format(target=_json),
    "csv": Format(target=_tables),
    "atom": Format(
        target=lambda history, options: _feed([history], f"{outlet(history)}: {history.url}", options),
        story=lambda name, histories, options: _feed(histories, name, options),
        index=lambda histories, options: _feed(histories, "All changes", options),
    ),
}


def render_markdown(
    history: History, *, notes: Sequence[Note] = (), chart: str | None = None, full_text: bool = False
) -> str:
    """Return the report of one target as Markdown.

    The same history gives the same text, whatever the day. Nothing in a page's own text can become anything
    but text.

    Args:
        history: What is known of the target.
        notes: What readers said about its findings.
        chart: File name of the chart next to the report, or None without one.
        full_text: Also give every version in full, and long changed passages unshortened.
    """
    return markdown.render_document(report_of(history, notes=notes, chart=chart, full_text=full_text))


def render_story(name: str, histories: Sequence[History], *, chart: str | None = None) -> str:
    """Return the comparison of several outlets on one event as Markdown.

    Args:
        name: The story's name.
        histories: One a page, in any order.
        chart: File name of the story's chart next to the report, or None without one.
    """
    return markdown.render_document(story_of(name, histories, chart=chart))


def render_index(histories: Iterable[History]) -> str:
    """Return a Markdown table of all targets, the one that changed last leading, with links to their reports."""
    return markdown.render_document(index_of(histories))
