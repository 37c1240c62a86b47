"""Reports: what is known of a target, for readers and for machines, without touching the disk."""

from diffs.reports.atom import render_atom
from diffs.reports.chart import render_chart, render_story_chart
from diffs.reports.index import render_index
from diffs.reports.markdown import render_markdown
from diffs.reports.names import file_stem
from diffs.reports.story import render_story
from diffs.reports.structured import render_json
from diffs.reports.tables import render_changes_csv, render_claims_csv

__all__ = [
    "file_stem",
    "render_atom",
    "render_changes_csv",
    "render_chart",
    "render_claims_csv",
    "render_index",
    "render_json",
    "render_markdown",
    "render_story",
    "render_story_chart",
]
