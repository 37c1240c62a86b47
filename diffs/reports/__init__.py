"""Reports: what is known of a target, for readers and for machines, without touching the disk."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diffs.reports.atom import render_atom
    from diffs.reports.chart import render_chart, render_story_chart
    from diffs.reports.comparison import comparison_of, narrowed
    from diffs.reports.coverage import coverage_document
    from diffs.reports.dismissals import dismissed_in
    from diffs.reports.formats import (
        FORMATS,
        Format,
        Options,
        render_index,
        render_markdown,
        render_story,
        story_stem,
        target_stem,
    )
    from diffs.reports.index import index_of
    from diffs.reports.names import file_stem
    from diffs.reports.story import story_of
    from diffs.reports.structured import json_chunks, render_json
    from diffs.reports.tables import render_changes_csv, render_claims_csv
    from diffs.reports.target import report_of
    from diffs.reports.terminal import render_terminal
    from diffs.reports.version import article_as_it_stood, figures_as_they_stood

__all__ = [
    "FORMATS",
    "Format",
    "Options",
    "article_as_it_stood",
    "comparison_of",
    "coverage_document",
    "dismissed_in",
    "figures_as_they_stood",
    "file_stem",
    "index_of",
    "json_chunks",
    "narrowed",
    "render_atom",
    "render_changes_csv",
    "render_chart",
    "render_claims_csv",
    "render_index",
    "render_json",
    "render_markdown",
    "render_story",
    "render_story_chart",
    "render_terminal",
    "report_of",
    "story_of",
    "story_stem",
    "target_stem",
]

# Where each name lives: a module is loaded when its name is asked for, since few commands need them all.
_HOMES = {
    "FORMATS": "formats",
    "Format": "formats",
    "Options": "formats",
    "article_as_it_stood": "version",
    "comparison_of": "comparison",
    "dismissed_in": "dismissals",
    "narrowed": "comparison",
    "coverage_document": "coverage",
    "figures_as_they_stood": "version",
    "file_stem": "names",
    "index_of": "index",
    "json_chunks": "structured",
    "render_atom": "atom",
    "render_changes_csv": "tables",
    "render_chart": "chart",
    "render_claims_csv": "tables",
    "render_index": "formats",
    "render_json": "structured",
    "render_markdown": "formats",
    "render_story": "formats",
    "render_story_chart": "chart",
    "render_terminal": "terminal",
    "report_of": "target",
    "story_of": "story",
    "story_stem": "formats",
    "target_stem": "formats",
}


def __getattr__(name: str) -> Any:
    """Return a name of this package, from the module that has it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
