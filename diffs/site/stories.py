"""The comparison of a story's outlets, as pages of the site."""

from collections.abc import Iterator, Sequence

from diffs.reports.chart import render_story_chart
from diffs.reports.document import Paragraph, Reference, plain
from diffs.reports.figures import Known
from diffs.reports.story import story_of
from diffs.reports.tolls import tolls_known
from diffs.site.frame import Site
from diffs.site.pages import File, paged_files
from diffs.site.places import place_of_comparison, place_of_story


def comparison_files(site: Site, name: str, pages: Sequence[Known]) -> Iterator[File]:
    """Yield the pages that compare a story's outlets, and its chart.

    Args:
        site: The site.
        name: The story's name.
        pages: What is known of the figures of each of its pages, without what readers dismissed.
    """
    place = place_of_comparison(name)
    histories = [one.history for one in pages]
    gone = frozenset().union(*(one.dismissed for one in pages))
    tolls = tolls_known(pages)
    chart = render_story_chart(name, histories, tolls=tolls)
    if chart:
        yield f"{place}.svg", chart
    svg = f"{place.rpartition('/')[2]}.svg"
    document = story_of(
        name, histories, chart=svg if chart else None, svg=chart or "", dismissed=gone, tolls=tolls
    )
    link = Paragraph((Reference("All changes of this story, in order", f"../{place_of_story(name)}"),))
    yield from paged_files(site, place, plain(document.title), (link, *document.blocks), indexed=True)
