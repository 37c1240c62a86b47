"""What the daemon does after pages changed: the site, and index, feeds and stories of the reports' folder."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from crawler.errors import HistoryError, PublishError, StoreError
from crawler.maintenance.jobs import Job
from crawler.publish import delete_stories, owner_of, publish_index, publish_story
from crawler.site.build import SiteBuilder
from crawler.site.opening import site_of
from crawler.store import Store
from crawler.store.marks import Mark, marks_in
from crawler.tracker import Tracker
from diffs.model import History, Note, digest_of
from diffs.reports.wording import count

EVERY_SECONDS = 60.0
# A job takes no more than one part in so many of the daemon's time, however large the store grows.
_SHARE = 20
# Targets up to which the daemon makes index and feed of the reports' folder, which need the histories of all at once:
# some 100 MB at 300 KB each (demo's history, 2026-11-28). The site has no such bound.
MOST_INDEXED = 300


# Targets up to which one look brings the index up to date itself: under a second of work at 20 ms each (2026-11-28).
MOST_AT_ONCE = 40


def refresh_index(tracker: Tracker) -> None:
    """Bring the index of the reports' folder up to date after one look, where there is one and few targets are in it.

    A folder of more targets, of another store, or of a page that is damaged is left to the daemon and to `variorum report`.
    """
    if not (tracker.settings.reports / "index.md").is_file():
        return
    seen = (mark for mark in marks_in(tracker.store.database) if mark.seen)
    marks = list(islice(seen, MOST_AT_ONCE + 1))
    if len(marks) <= MOST_AT_ONCE:
        with suppress(PublishError, StoreError):
            Together(tracker).write_index(marks)


def publishing_jobs(tracker: Tracker) -> dict[str, tuple[float, Job]]:
    """Return the jobs that keep fresh what is made of several pages, by name: seconds between two runs, and what to call."""
    jobs: dict[str, tuple[float, Job]] = {
        "index": (EVERY_SECONDS, Paced(Together(tracker), clock=tracker.clock))
    }
    if tracker.settings.site.out is not None:
        jobs["site"] = (EVERY_SECONDS, Paced(Room(site_of(tracker)), clock=tracker.clock))
    return jobs


class Paced:
    """Runs a job only where a target changed since it last ran, and never more than its share of the time.

    Args:
        work: What to do with the marks of all targets.
        clock: Returns the time (aware UTC).
    """

    def __init__(self, work: Callable[[list[Mark]], str | None], *, clock: Callable[[], datetime]) -> None:
        self._work, self._clock = work, clock
        self._done = ""
        self._not_before: datetime | None = None

    def __call__(self, store: Store, stop: Callable[[], bool]) -> str | None:
        """Run once where there is something to do; returns what was done, in words.

        A folder that cannot be written is said in words too, and tried again after the next change.
        """
        began = self._clock()
        if stop() or (self._not_before is not None and began < self._not_before <= began + timedelta(days=1)):
            return None
        marks = list(marks_in(store.database))
        state = digest_of(*(part for mark in marks for part in (mark.target.url, mark.state)))
        if state == self._done:
            return None
        try:
            done = self._work(marks)
        except PublishError as error:
            done = str(error)
        self._done = state
        self._not_before = self._clock() + _SHARE * (self._clock() - began)
        return done


@dataclass(frozen=True, slots=True)
class Room:
    """Brings the site up to date."""

    builder: SiteBuilder

    def __call__(self, marks: list[Mark]) -> str | None:
        """Return what was written, in words."""
        del marks
        built = self.builder.build()
        return f"site: {built.written} files written, {built.removed} removed" if built.written else None


class Together:
    """Writes the comparisons of stories that changed, and index and feed of all reports."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker
        self._stories: dict[str, str] = {}

    def __call__(self, marks: list[Mark]) -> str | None:
        """Return what was written, in words."""
        folder = self._tracker.settings.reports
        stories: dict[str, list[Mark]] = defaultdict(list)
        for mark in marks:
            for story in mark.target.stories:
                stories[story].append(mark)
        written = 0
        for story, members in sorted(stories.items()):
            state = digest_of(*(one.state for one in members))
            if any(one.seen for one in members) and self._stories.get(story) != state:
                histories, notes = self._read(members)
                publish_story(story, histories, folder, notes=notes, owner=owner_of(self._tracker))
                written += 1
            self._stories[story] = state
        self._stories = {story: self._stories[story] for story in stories}
        pages = [mark.target.url for mark in marks]
        delete_stories(folder, stories, pages=pages, owner=owner_of(self._tracker))
        seen = [one for one in marks if one.seen]
        if 0 < len(seen) <= MOST_INDEXED:
            self.write_index(seen)
            return f"index and {count(written, 'story', 'stories')}"
        return count(written, "story", "stories") if written else None

    def write_index(self, marks: Iterable[Mark]) -> None:
        """Write index and feed of all reports."""
        histories, notes = self._read(marks)
        folder, owner = self._tracker.settings.reports, owner_of(self._tracker)
        publish_index(histories, folder, notes=notes, owner=owner)

    def _read(self, marks: Iterable[Mark]) -> tuple[list[History], list[Note]]:
        histories: list[History] = []
        notes: list[Note] = []
        for mark in marks:
            try:
                histories.append(self._tracker.pipeline.history(mark.target))
            except HistoryError:
                continue  # its own visit reports it
            notes += self._tracker.store.findings.notes(mark.target)
        return histories, notes
