"""How well an archive covers a page or an outlet: its captures a month, and each gap with its cause and proof."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice

from crawler.address import host_of_page
from crawler.errors import ArchiveError, BlockedError, NoCaptureError
from crawler.model import Archive, Capture, SitewideArchive, StoredCapture
from crawler.tracking.robots import Closure, closures_in, rules_over_time
from crawler.tracking.site_pages import is_article_address
from diffs.model import Citation, Coverage, Gap, GapCause, Month, Outcome

# An index lists captures late: Save Page Now's within a day, crawls' within days (`crawler.tracking.prefixes`).
LAG = timedelta(days=3)
# Later than this nothing is expected any more of a news page (indexes of 2025 were built weeks late; 2026-11-28).
LATEST = timedelta(days=14)
# One page of an index; an outlet of more captures in a month is counted as "at least".
MOST_ROWS = 25_000
# A robots.txt that turned against the crawler later than this after the last capture explains the rest of a gap only.
_A_MONTH = timedelta(days=31)
UNREADABLE = frozenset({Outcome.NOT_ARTICLE, Outcome.FAILED})
_REFUSALS = frozenset({401, 403, 429, 451})


@dataclass(frozen=True, slots=True)
class _Row:
    """A listed capture as coverage counts it."""

    capture: Capture
    usable: bool
    refused: bool


def coverage_of_page(
    archive: Archive,
    url: str,
    *,
    now: datetime,
    operator: str | None = None,
    unreadable: Mapping[datetime, bool] | None = None,
) -> Coverage:
    """Return how well an archive covers one page; asks its index twice and for at most 16 copies of robots.txt.

    Args:
        archive: Which archive.
        url: The page.
        now: The time (aware UTC).
        operator: Who runs the archive.
        unreadable: By time of capture, whether a capture that was fetched could not be read as an article.

    Raises:
        ArchiveError: The archive could not be asked.
    """
    known = unreadable or {}
    try:
        captures = list(archive.captures(url))
    except NoCaptureError:
        captures = []
    except BlockedError as error:
        return _excluded(url, archive.name, now, error)
    rows = [_row(one, is_article=True, unreadable=known.get(one.at, False)) for one in captures]
    look = _Look(archive, scope=url, host=host_of_page(url), page=url, operator=operator, now=now)
    return look.coverage(rows, since=None, cut=frozenset())


def coverage_of_host(
    archive: Archive, host: str, *, now: datetime, operator: str | None = None, months: int = 12
) -> Coverage:
    """Return how well an archive covers an outlet's articles in its last months.

    Asks the index once a month looked at and once for robots.txt, and for at most 16 copies of that. An archive
    that lists one page at a time is asked about the outlet's home page instead, which the remarks say.

    Raises:
        ArchiveError: The archive could not be asked.
    """
    if not _lists_sites(archive):
        found = coverage_of_page(archive, f"https://{host}/", now=now, operator=operator)
        remark = f"{archive.name} lists one page at a time: the home page was looked at, not the articles."
        return Coverage(
            scope=host,
            archive=archive.name,
            looked=now,
            months=found.months,
            last_article=found.last_article,
            gaps=found.gaps,
            remarks=(remark, *found.remarks),
        )
    assert isinstance(archive, SitewideArchive)
    rows: list[_Row] = []
    cut: set[str] = set()
    starts = _starts_of_months(now, months)
    for start, end in zip(starts, (*starts[1:], None), strict=True):
        until = end - timedelta(seconds=1) if end else None
        try:
            listed = list(
                islice(archive.captures_under(f"https://{host}/", since=start, until=until), MOST_ROWS)
            )
        except NoCaptureError:
            continue
        except BlockedError as error:
            return _excluded(host, archive.name, now, error)
        if len(listed) == MOST_ROWS:
            cut.add(f"{start:%Y-%m}")
        rows += [_row(one, is_article=is_article_address(one.url)) for one in listed]
    rows.sort(key=lambda row: row.capture.at)
    articles = [row.capture.url for row in rows if is_article_address(row.capture.url)]
    page = articles[-1] if articles else f"https://{host}/a-story-of-today"
    look = _Look(archive, scope=host, host=host, page=page, operator=operator, now=now)
    if rows and not articles:
        look.remarks.append("No address looks like an article's: every page counts as one.")
        rows = [_row(row.capture, is_article=True) for row in rows]
    return look.coverage(rows, since=starts[0], cut=cut)


def coverage_of_known(scope: str, captures: Iterable[StoredCapture]) -> tuple[Coverage, ...]:
    """Return what is known of a page or an outlet from captures in the store, an archive each; asks nobody.

    Such a look has no gaps: what an archive has besides, and why it has nothing, only its index tells.

    Args:
        scope: The page, or the host.
        captures: What the store has of it, in any order.
    """
    by_archive: dict[str, list[StoredCapture]] = defaultdict(list)
    for one in sorted(captures, key=lambda each: each.capture.at):
        by_archive[one.capture.archive].append(one)
    found = []
    for archive, mine in sorted(by_archive.items()):
        rows = [_row(one.capture, is_article=True, unreadable=one.outcome in UNREADABLE) for one in mine]
        usable = [row.capture.at for row in rows if row.usable]
        times = [at for one in mine for at in (one.retrieved_at, one.fetched, one.capture.at) if at]
        found.append(
            Coverage(
                scope=scope,
                archive=archive,
                looked=max(times),
                months=tuple(_months(rows, frozenset())),
                last_article=usable[-1] if usable else None,
                remarks=("Counted from the captures in the store; gaps and their causes need the network.",),
            )
        )
    return tuple(found)


def _lists_sites(archive: Archive) -> bool:
    source = getattr(archive, "source", None)
    return isinstance(archive, SitewideArchive) and (source is None or source.dialect.lists_sites)


def _row(capture: Capture, *, is_article: bool, unreadable: bool = False) -> _Row:
    status = capture.status
    refused = status in _REFUSALS or (status is not None and status >= 500)
    fine = capture.is_revisit or status is None or 200 <= status < 300
    return _Row(capture, usable=fine and is_article and not unreadable, refused=refused or unreadable)


def _excluded(scope: str, archive: str, now: datetime, error: BlockedError) -> Coverage:
    gap = Gap(since=None, until=None, cause=GapCause.EXCLUDED, rule=str(error))
    return Coverage(scope=scope, archive=archive, looked=now, gaps=(gap,))


class _Look:
    """One look at what an archive has of a page or host."""

    def __init__(
        self, archive: Archive, *, scope: str, host: str, page: str, operator: str | None, now: datetime
    ) -> None:
        self.archive, self.scope, self.host, self.page = archive, scope, host, page
        self.operator, self.now = operator, now
        self.remarks: list[str] = list(archive.complaints())

    def coverage(self, rows: Sequence[_Row], *, since: datetime | None, cut: Iterable[str]) -> Coverage:
        usable = [row.capture.at for row in rows if row.usable]
        spans = list(self._spans(usable, since))
        closures = self._closures() if spans else []
        return Coverage(
            scope=self.scope,
            archive=self.archive.name,
            looked=self.now,
            since=since,
            months=tuple(_months(rows, frozenset(cut))),
            last_article=usable[-1] if usable else None,
            gaps=tuple(self._gap(span, rows, closures) for span in spans),
            remarks=tuple(self.remarks),
        )

    def _spans(
        self, usable: Sequence[datetime], since: datetime | None
    ) -> Iterator[tuple[datetime | None, datetime | None]]:
        """Yield the times without a usable capture: those that hold a whole calendar month, and the last days."""
        bounds: list[datetime | None] = [since, *usable]
        for before, after in zip(bounds, usable, strict=False):
            if before is not None and _holds_a_month(before, after):
                yield before, after
        last = usable[-1] if usable else since
        if last is None or self.now - last > LAG:
            yield last, None

    def _closures(self) -> list[Closure]:
        try:
            rules = rules_over_time(self.archive, self.host, self.page, operator=self.operator)
        except ArchiveError as error:
            self.remarks.append(f"The archived robots.txt of {self.host} could not be read: {error}")
            return []
        return closures_in(rules)

    def _gap(
        self, span: tuple[datetime | None, datetime | None], rows: Sequence[_Row], closures: Sequence[Closure]
    ) -> Gap:
        since, until = span
        start, end = since or datetime.min.replace(tzinfo=UTC), until or self.now
        for closure in reversed(closures):
            if closure.first.at < end and (closure.until is None or closure.until > start):
                return Gap(
                    since=since,
                    until=until,
                    cause=GapCause.BLOCKED,
                    certain=closure.first.at - start <= _A_MONTH
                    or (since is None and closure.allowed is None),
                    proof=closure.first,
                    rule=closure.agent,
                    in_force=closure.first.at,
                    allowed=closure.allowed,
                )
        inside = [row for row in rows if start < row.capture.at < end]
        refused = next((row for row in inside if row.refused), None)
        if refused is not None:
            proof, rule = self._cited(refused.capture), refused.capture.status
            return Gap(
                since=since,
                until=until,
                cause=GapCause.REFUSED,
                proof=proof,
                rule=f"HTTP {rule}" if rule else None,
            )
        home = [row for row in inside if _is_home(row.capture.url)] if self.scope == self.host else []
        if home:
            return Gap(
                since=since,
                until=until,
                cause=GapCause.EXCLUDED,
                certain=False,
                proof=self._cited(home[-1].capture),
            )
        late = until is None and since is not None and self.now - since <= LATEST
        return Gap(since=since, until=until, cause=GapCause.LATE if late else GapCause.NEVER, certain=False)

    def _cited(self, capture: Capture) -> Citation:
        return Citation(
            at=capture.at,
            url=capture.url,
            archive=capture.archive,
            operator=self.operator,
            link=self.archive.link(capture),
            digest=capture.digest,
        )


def _months(rows: Sequence[_Row], cut: frozenset[str]) -> Iterator[Month]:
    for month, group in groupby(rows, key=lambda row: f"{row.capture.at:%Y-%m}"):
        mine = list(group)
        yield Month(
            month=month,
            captures=len(mine),
            articles=sum(row.usable for row in mine),
            unusable=sum(row.refused for row in mine),
            more=month in cut,
        )


def _is_home(url: str) -> bool:
    return not url.partition("://")[2].partition("/")[2].strip("/")


def _holds_a_month(before: datetime, after: datetime) -> bool:
    """Return whether a whole calendar month lies between two times."""
    start = _next_month(before)
    return _next_month(start) <= after


def _next_month(at: datetime) -> datetime:
    return datetime(at.year + at.month // 12, at.month % 12 + 1, 1, tzinfo=UTC)


def _starts_of_months(now: datetime, months: int) -> list[datetime]:
    """Return the starts of the last months, the running one included, oldest first."""
    number = now.year * 12 + now.month - 1
    return [
        datetime(each // 12, each % 12 + 1, 1, tzinfo=UTC) for each in range(number - months + 1, number + 1)
    ]
