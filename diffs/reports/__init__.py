"""Reports: what is known of a target, for readers and for machines, without touching the disk."""

from diffs.reports.atom import render_atom
from diffs.reports.chart import render_chart, render_story_chart
from diffs.reports.comparison import comparison_of
from diffs.reports.coverage import coverage_document
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
    "figures_as_they_stood",
    "file_stem",
    "index_of",
    "json_chunks",
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
