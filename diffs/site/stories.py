"""The comparison of a story's outlets, as pages of the site."""

from collections.abc import Iterator, Sequence

from diffs.model import History
from diffs.reports.chart import render_story_chart
from diffs.reports.document import Paragraph, Reference
from diffs.reports.story import story_of
from diffs.site.frame import Site
from diffs.site.pages import File, paged_files
from diffs.site.places import place_of_comparison, place_of_story


def comparison_files(site: Site, name: str, histories: Sequence[History]) -> Iterator[File]:
    """Yield the pages that compare a story's outlets, and its chart."""
    place = place_of_comparison(name)
    chart = render_story_chart(name, histories)
    if chart:
        yield f"{place}.svg", chart
    svg = f"{place.rpartition('/')[2]}.svg"
    document = story_of(name, histories, chart=svg if chart else None, svg=chart or "")
    link = Paragraph((Reference("All changes of this story, in order", f"../{place_of_story(name)}"),))
    yield from paged_files(site, place, name, (link, *document.blocks), indexed=True)
