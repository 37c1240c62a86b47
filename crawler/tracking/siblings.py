"""Learns a target's site template from siblings: other articles of its site, fetched once for all of it."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from crawler.address import page_key
from crawler.archive.urlkey import site_of, urlkey_of
from crawler.errors import ArchiveError, InputError, NoCaptureError
from crawler.model import Capture, SitewideArchive, StoredCapture, Target
from crawler.parser import PARSER_VERSION, Template
from crawler.parser.template import Sample, sample_of
from crawler.store import Store
from crawler.tracking.classify import classify
from crawler.tracking.pipeline import Pipeline
from crawler.tracking.prefixes import MOST_ROWS
from crawler.tracking.retries import is_due
from crawler.tracking.site_pages import MOST_SIBLINGS, Quarter, candidates_in, prefixes_of, siblings_of
from diffs.model import Outcome, digest_of

FEWEST = 3
MOST = 12
# An archive that fails twice in a row is not asked for more that is not needed.
PATIENCE = 2
# A template learnt from another season's pages tells little: sites are redesigned every year or two.
DAYS = 120
# Captures on either side of a time among which a dozen targets are looked for (2026-11-28: a page that is watched
# daily for a season has ninety, and there are a dozen neighbours).
WIDEST = 1200
_Page = tuple[str, str]  # address and SHA-256 of what is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class SiblingPlan:
    """The siblings of a target, as the listings that are kept name them.

    Attributes:
        captures: What to read, in order.
        missing: The prefix whose listing is still to be asked for before more can be named, or None.
    """

    captures: tuple[Capture, ...]
    missing: str | None


def plan_for(store: Store, target: Target, quarter: Quarter) -> SiblingPlan:
    """Return which siblings a target has, by the listings that are kept.

    A section that names too few is filled up from its site, for one sibling less: the seven requests that a
    site costs are one for each listing, the rest for bodies.
    """
    candidates: list[Capture] = []
    chosen: tuple[Capture, ...] = ()
    for asked, prefix in enumerate(prefixes_of(target.url)):
        listed = store.sites.listing(prefix, str(quarter))
        if listed is None:
            return SiblingPlan(captures=chosen, missing=prefix)
        known = {page_key(each.url) for each in candidates}
        candidates += [each for each in listed if page_key(each.url) not in known]
        most = MOST_SIBLINGS - asked
        chosen = tuple(islice(siblings_of(target.url, candidates), most))
        if len(chosen) == most:
            break
    return SiblingPlan(captures=chosen, missing=None)


def requests_for(pipeline: Pipeline, target: Target, *, now: datetime) -> int:
    """Return how many requests learning a target's template would take at most; none where it has been learnt."""
    store = pipeline.store
    quarter = _quarter(store, target) if pipeline.siblings else None
    if quarter is None:
        return 0
    plan = plan_for(store, target, quarter)
    if plan.missing:
        return MOST_SIBLINGS + 1
    return sum(1 for capture in plan.captures if not _is_settled(store, capture, now=now))


def learn_template(pipeline: Pipeline, target: Target, *, now: datetime) -> int:
    """Learn what a target's site shares and read the target with it from now on, where that was not done yet.

    The site's pages of the quarter of the target's first capture are listed once, and up to six of them
    fetched, each once, whichever targets they serve. A target whose pages were read before keeps its way of
    reading until maintenance rebuilds it, which records the findings that flip. Where the archive cannot be
    asked, or holds too few articles, the target is read alone.

    Returns:
        How many requests it took.

    Raises:
        StoreError: The store failed.
    """
    store, requests = pipeline.store, 0
    quarter = _quarter(store, target) if pipeline.siblings else None
    if quarter is None:
        return 0
    failed = 0
    try:
        while (plan := plan_for(store, target, quarter)).missing:
            requests += 1
            store.sites.put_listing(
                plan.missing, str(quarter), _listed(pipeline, plan.missing, quarter), now=now
            )
        for capture in plan.captures:
            fetched = _fetch(pipeline, capture, now=now)
            requests += fetched is not None
            failed += fetched is Outcome.FAILED
            if failed == PATIENCE:
                return requests
    except ArchiveError:
        return requests
    template, source = template_from(store, plan)
    if template is not None:
        with store.together():
            store.templates.adopt(target, template, source=source, now=now)
            _read_again(pipeline, target, now=now)
    return requests


def template_from(store: Store, plan: SiblingPlan) -> tuple[Template | None, str]:
    """Return what the siblings that are kept share, None where fewer than three show an article, and its source.

    Raises:
        StoreError: A body is missing or damaged.
    """
    shown = _shown_in(store, plan)
    if len(shown) < FEWEST:
        return None, ""
    return Template.learn((url, store.bodies.read(sha256)) for url, sha256 in shown), source_of(shown)


def _shown_in(store: Store, plan: SiblingPlan) -> list[_Page]:
    rows = [row for capture in plan.captures if (row := _row_of(store, capture)) is not None]
    return [(row.capture.url, row.sha256) for row in rows if row.sha256 and row.outcome is Outcome.FETCHED]


def source_of(pages: Iterable[_Page]) -> str:
    """Return what tells the pages that a template is learnt from, and the parser that reads them; neither order nor repetition matters."""
    return digest_of("template", PARSER_VERSION, *(part for page in sorted(set(pages)) for part in page))[:16]


def _quarter(store: Store, target: Target) -> Quarter | None:
    """Return the quarter whose pages a target's template is learnt from, or None where it is not to be learnt."""
    first = next(store.captures.of(target), None)
    if first is None or store.templates.of(target) is not None:
        return None
    read = islice((row for row in store.captures.of(target) if row.fingerprint and row.sha256), 2)
    return Quarter.of(first.capture.at) if len(list(read)) < 2 else None


def _listed(pipeline: Pipeline, prefix: str, quarter: Quarter) -> tuple[Capture, ...]:
    """Ask the first archive that can be asked about a whole site for the articles of a quarter.

    Raises:
        ArchiveError: It could not be asked.
    """
    for archive in pipeline.archives.values():
        if isinstance(archive, SitewideArchive):
            try:
                rows = archive.captures_under(prefix, since=quarter.start, until=quarter.end)
                return candidates_in(islice(rows, MOST_ROWS))
            except NoCaptureError:
                return ()
    return ()


def _fetch(pipeline: Pipeline, capture: Capture, *, now: datetime) -> Outcome | None:
    """Fetch a sibling unless that was tried; returns what became of it, or None where nothing was asked for.

    Raises:
        ArchiveError: The archive asks for a pause.
    """
    store = pipeline.store
    if _is_settled(store, capture, now=now):
        return None
    try:
        sibling = store.targets.ensure_sibling(capture.url, now)
    except InputError:
        return None
    store.captures.observe(sibling, [capture], now=now)
    row = _row_of(store, capture)
    if row is None or capture.archive not in pipeline.archives:
        return None
    return pipeline.fetch(sibling, row, now=now).outcome


def _is_settled(store: Store, capture: Capture, *, now: datetime) -> bool:
    """Return whether a sibling was fetched, or could not be had and is not yet to be asked for again."""
    row = _row_of(store, capture)
    return row is not None and row.outcome is not Outcome.PENDING and not is_due(row, now=now)


def _row_of(store: Store, capture: Capture) -> StoredCapture | None:
    """Return a sibling's capture as the store remembers it, or None where it does not."""
    try:
        target = store.targets.find(capture.url)
    except InputError:
        return None
    return next((row for row in store.captures.of(target) if _key(row.capture) == _key(capture)), None)


def _key(capture: Capture) -> tuple[object, ...]:
    return (capture.archive, capture.url, capture.at, capture.digest)


def _read_again(pipeline: Pipeline, target: Target, *, now: datetime) -> None:
    """Read what is kept of a target with its template: a page may have been a sibling before it was a target."""
    store, read = pipeline.store, pipeline.reader(target)
    rows, shown = list(store.captures.of(target)), {}
    for row in rows:
        if row.sha256 and row.outcome in (Outcome.FETCHED, Outcome.NOT_ARTICLE):
            outcome, reason, article = classify(store.snapshot(row), read)
            parser = article.parser if article else ""
            new = store.captures.rederive(row, article, parser, outcome=outcome, reason=reason, now=now)
            shown[row.fingerprint] = new.fingerprint
    for row in rows:
        if row.outcome in (Outcome.UNCHANGED, Outcome.REVISIT) and row.fingerprint in shown:
            store.captures.mark(
                row, row.outcome, reason=row.reason, fingerprint=shown[row.fingerprint], now=now
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A kept article of a site: when it was captured, of which target, and its bytes' name."""

    at: datetime
    target: int
    url: str
    sha256: str


class Neighbourhood:
    """What the kept pages of each target's site teach, for a rebuild, which asks no archive.

    Args:
        store: Where the pages are kept.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._sites: dict[str, list[Target]] = defaultdict(list)
        self._rows: dict[str, list[_Row]] = {}
        self._samples: dict[_Page, Sample | None] = {}
        for target in store.targets.all(include_untracked=True):
            self._sites[site_of(urlkey_of(target.url))].append(target)

    def adopt_for(self, target: Target, *, now: datetime) -> None:
        """Let a target be read with what its siblings or, where none were fetched, the other targets of its site share.

        Nothing is learnt where the same pages, read by the same parser, taught the template that it has. Where fewer
        than three pages show an article, it keeps what it has: the pages that this was learnt from may be gone,
        or never have come with an import.

        Raises:
            StoreError: A body is missing or damaged.
        """
        learnt = self.learn_for(target)
        if learnt is not None:
            self._store.templates.adopt(target, learnt[0], source=learnt[1], now=now)

    def learn_for(self, target: Target) -> tuple[Template, str] | None:
        """Return the template that `adopt_for` would let a target be read with, and its source; writes nothing.

        Returns:
            None where the target keeps what it has.

        Raises:
            StoreError: A body is missing or damaged.
        """
        pages, store = self._teaching(target), self._store
        if len(pages) < FEWEST:
            return None
        source = source_of(pages)
        if store.templates.source_of(target) == source:
            return None
        return Template.of_samples(self._sample(page) for page in pages), source

    def _teaching(self, target: Target) -> list[_Page]:
        first = next(self._store.captures.of(target), None)
        if first is None:
            return []
        fetched = _shown_in(self._store, plan_for(self._store, target, Quarter.of(first.capture.at)))
        return fetched if len(fetched) >= FEWEST else self._of_targets(target)

    def _of_targets(self, target: Target) -> list[_Page]:
        """Return pages of the other targets of the same site, in the time of this one's captures.

        The choice depends on what the store holds alone, not on the order in which it came: of each other
        target the capture nearest to the middle of this target's, the nearest dozen of those.
        """
        own = [seen.capture.at for seen in self._store.captures.of(target, outcome=Outcome.FETCHED)]
        return self._near(target, own[len(own) // 2]) if own else []

    def _near(self, target: Target, middle: datetime) -> list[_Page]:
        """Return address and SHA-256 of the nearest capture of the nearest dozen other targets of a site."""
        rows = self._rows_of(site_of(urlkey_of(target.url)))
        place = bisect_left(rows, middle, key=lambda row: row.at)
        earlier, later = reversed(rows[max(0, place - WIDEST) : place]), rows[place : place + WIDEST]
        found: dict[int, tuple[float, str, str]] = {}
        for row in sorted((*earlier, *later), key=lambda row: (abs(row.at - middle), row.at)):
            distance = abs((row.at - middle).total_seconds())
            full = len(found) >= MOST and distance > max(found.values())[0]
            if distance > DAYS * 86_400 or full:
                break
            if row.target != target.id:
                found.setdefault(row.target, (distance, row.url, row.sha256))
        return [(url, sha256) for _, url, sha256 in sorted(found.values())[:MOST]]

    def _rows_of(self, site: str) -> list[_Row]:
        """Return every kept article of a site in order of time; the store is asked once a site."""
        if site not in self._rows:
            self._rows[site] = sorted(
                (
                    _Row(at=seen.capture.at, target=other.id, url=other.url, sha256=seen.sha256)
                    for other in self._sites[site]
                    for seen in self._store.captures.of(other, outcome=Outcome.FETCHED)
                    if seen.sha256
                ),
                key=lambda row: row.at,
            )
        return self._rows[site]

    def _sample(self, page: _Page) -> Sample | None:
        """Return what a page teaches; neighbours share most of theirs."""
        if page not in self._samples:
            while len(self._samples) >= 4 * MOST:
                del self._samples[next(iter(self._samples))]
            url, sha256 = page
            self._samples[page] = sample_of(url, self._store.bodies.read(sha256))
        return self._samples[page]
