"""One address end to end: captures, snapshots, articles, history."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice

from crawler.address import host_of_page
from crawler.archive import Estimate, Sample, estimate
from crawler.errors import ArchiveError, BodyTooLargeError, InputError, NoCaptureError, UnreachableError
from crawler.model import Archive, Capture, Snapshot, StoredCapture, Target
from crawler.parser import PARSER_VERSION, parse
from crawler.sandbox import compose_history
from crawler.store import FindingDelta, Store
from crawler.store.alert_records import Alerting
from crawler.tracking.classify import Reader, classify, classify_row, contradicted
from crawler.tracking.fetch_pass import PATIENCE, Fetched, FetchPass, is_unread, sample_name, shared_name
from crawler.tracking.linked import linked_of
from crawler.tracking.listing import Listed, ask_archives, counted_once, none_held, orphans
from crawler.tracking.recording import record_history
from crawler.tracking.redirects import is_page, own_address, same_article
from crawler.tracking.retries import YOUNG, failure_of, is_due, pause_after
from diffs.history.grounds import with_evidence
from diffs.model import Article, Citation, History, Observation, Outcome
from diffs.reports.wording import when

Composer = Callable[..., History]
MOST_ALIASES = 6
MOST_LOOKS = 12


class Pipeline:
    """Brings one target's captures from the archives into the store, and its history out of it.

    Args:
        store: Where everything is remembered.
        archives: The sources, first the preferred one; their names are unique.
        read: Reads a page, by default in this process; takes what `crawler.parser.parse` takes.
        compose: Puts a history together, by default in this process; takes what `compose_history` takes.
        siblings: Whether other articles of a target's site are fetched to learn its template.
        body_limit: The size limit (bytes) that the archives hold to, or None where unknown.
        operators: Who runs each archive, by the archive's name; by default each runs itself.
        alerting: Chooses which changes are announced to which channels, or None where none is set.
        holds: Whether the archives hold a capture that is listed as theirs; by default they all do.
    """

    def __init__(
        self,
        store: Store,
        archives: Sequence[Archive],
        *,
        read: Reader = parse,
        compose: Composer = compose_history,
        siblings: bool = False,
        body_limit: int | None = None,
        operators: Mapping[str, str] | None = None,
        alerting: Alerting | None = None,
        holds: Callable[[Capture], bool] = lambda _: True,
    ) -> None:
        self.store, self.alerting, self._holds = store, alerting, holds
        self.operators = operators or {}
        self.siblings = siblings
        self.read, self.compose = read, compose
        self.body_limit = body_limit
        self.archives = {archive.name: archive for archive in archives}

    # ------------------------------------------------------------------ listing

    def list_captures(
        self,
        target: Target,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        answered: Collection[str] = (),
        now: datetime | None = None,
        health: bool = False,
        resting: Collection[str] = (),
    ) -> Listed:
        """Ask every archive which captures it holds, and remember them.

        Args:
            target: Of which page.
            since: Leave earlier captures alone.
            until: Leave later captures alone.
            answered: Archives that have answered already, when they were asked about several targets at once.
            now: The time for the log of custody (aware UTC).
            health: Whether the health of each of several archives is remembered; needs the time.
            resting: Archives that are left alone this time.

        Raises:
            NoCaptureError: Every archive said that it holds none, and none is known from before.
            ArchiveError: No archive answered.
        """
        since = since or target.since
        asked = ask_archives(
            self.store,
            list(self.archives.values()),
            target,
            since=since,
            until=until,
            skipped=frozenset({*answered, *resting}),
            now=now,
            health=health,
        )
        known = self._settle(target, now)
        if not answered and not asked.answers and asked.failures:
            raise asked.failures[0]
        if not known:
            raise none_held(self.archives.values(), target, bounded=bool(since or until))
        complaints = [line for archive in self.archives.values() for line in archive.complaints()]
        return Listed(
            new=asked.new,
            known=known,
            within=sum(_within(row.capture.at, since, until) for row in self.store.captures.of(target)),
            failures=asked.failures,
            complaints=(*complaints, *orphans(self.store, target, self.archives)),
        )

    def _settle(self, target: Target, now: datetime | None) -> int:
        """Judge what needs no bytes: redirects, errors, other file types, bytes already read."""
        rows = list(self.store.captures.of(target))
        shown = {
            shared_name(row, self.archives): row.fingerprint
            for row in rows
            if row.trusted_digest and row.fingerprint
        }
        for row in rows:
            if not is_unread(row):
                continue
            same = shown.get(shared_name(row, self.archives)) if row.capture.digest else None
            if same:
                self._repeat(row, same, now=now)
            elif judged := classify_row(row.capture):
                self.store.captures.mark_unread(row, judged[0], reason=judged[1], now=now)
        return len(rows)

    def _repeat(self, seen: StoredCapture, fingerprint: str, *, now: datetime | None) -> StoredCapture:
        """Note that a capture shows bytes already read."""
        outcome = Outcome.REVISIT if seen.capture.is_revisit else Outcome.UNCHANGED
        self.store.captures.mark_unread(seen, outcome, fingerprint=fingerprint, now=now)
        return replace(seen, outcome=outcome, fingerprint=fingerprint)

    # ------------------------------------------------------------------ fetching

    def backfill(
        self,
        target: Target,
        *,
        now: datetime,
        since: datetime | None = None,
        until: datetime | None = None,
        every: bool = False,
        budget: int | None = None,
        retry: bool = False,
    ) -> Iterator[Fetched]:
        """Fetch what tells most, capture by capture, until nothing is left to learn or the budget is spent.

        The caller may stop at any point; what was yielded is kept, and the next pass goes on from there.

        Args:
            target: What to fetch for.
            now: The time to remember with what is kept.
            since: Leave earlier captures alone.
            until: Leave later captures alone.
            every: Fetch every capture whose bytes are not known to equal others', instead of bisecting.
            budget: At most so many bodies.
            retry: Ask again at once for everything that could not be had.

        Raises:
            RateLimitError: The archive asked us to slow down.
            PenaltyError: The archive refuses us for now.
            UnreachableError: The archive failed several times in a row.
        """
        missed: set[int] = set()
        requests = 0
        while True:
            known = self.store.targets.aliases(target)
            current = FetchPass(
                [row for row in self._in_reach(target, since, until) if row.id not in missed],
                self.archives,
                fetch=partial(self.fetch, target, now=now),
                repeat=partial(self._repeat, now=now),
                now=now,
                every=every,
                budget=None if budget is None else budget - requests,
                retry=retry,
                body_limit=self.body_limit,
                operators=self.operators,
            )
            for step in current.steps():
                if step.seen.may_pass:
                    missed.add(step.seen.id)
                yield replace(step, requests=requests + step.requests)
            requests += current.requests
            if not len(known) < len(self.store.targets.aliases(target)) < MOST_ALIASES:
                return
            self.list_captures(target, since=since, until=until, now=now)

    def _in_reach(
        self, target: Target, since: datetime | None, until: datetime | None
    ) -> Iterator[StoredCapture]:
        """Yield the captures of a period that are read, or that an archive at hand could serve."""
        for row in self.store.captures.of(target):
            reached = self.serves(row.capture) or not (is_unread(row) or row.may_pass)
            if reached and _within(row.capture.at, since, until):
                yield row

    def serves(self, capture: Capture) -> bool:
        """Return whether an archive at hand could serve a capture."""
        return capture.archive in self.archives and self._holds(capture)

    def forecast(
        self,
        target: Target,
        *,
        now: datetime,
        since: datetime | None = None,
        until: datetime | None = None,
        every: bool = False,
    ) -> Estimate:
        """Return how many bodies a backfill would ask for, without asking for any."""
        rows = self._in_reach(target, since, until)
        return estimate([self._sample(row, now) for row in rows], every=every)

    def _sample(self, row: StoredCapture, now: datetime) -> Sample:
        again = is_due(row, now=now, body_limit=self.body_limit)
        usable = row.fingerprint is not None or is_unread(row) or again
        name = sample_name(shared_name(row, self.archives)) if row.trusted_digest else None
        return Sample(at=row.capture.at, digest=name, fingerprint=row.fingerprint, usable=usable)

    def fetch(self, target: Target, seen: StoredCapture, *, now: datetime) -> StoredCapture:
        """Fetch one capture, classify it, and keep what came of it; nothing where another process has done so.

        Raises:
            RateLimitError: The archive asked us to slow down.
            PenaltyError: The archive refuses us for now.
        """
        known = self.store.captures.current(seen)
        if known.sha256 is not None and not is_unread(known):
            return known
        try:
            snapshot = self.archives[seen.capture.archive].fetch(seen.capture)
        except ArchiveError as error:
            if error.transient and not isinstance(error, UnreachableError):
                raise
            return self._failed(known, error, now)
        read = self.reader(target)
        outcome, reason, article = classify(snapshot, read)
        if outcome is Outcome.REDIRECT:
            article = self._continued(target, snapshot, read)
            outcome = outcome if article is None else Outcome.FETCHED
        elif article is not None:
            own = own_address(article, target.url)
            if own:
                self.store.targets.add_alias(target, own)
        return self.store.captures.keep(
            seen,
            snapshot,
            outcome=outcome,
            reason=reason,
            article=article,
            parser=article.parser if article else PARSER_VERSION,
            now=now,
        )

    def reader(self, target: Target) -> Reader:
        """Return what reads the target's pages: with the template that the last rebuild adopted, if any.

        Only a rebuild changes the template, so that what is read never depends on the order of fetching.
        """
        return partial(self.read, template=self.store.templates.of(target))

    def _continued(self, target: Target, snapshot: Snapshot, read: Reader) -> Article | None:
        """Return the article that a redirect led to, where it is the target's, and remember its new address."""
        moved = classify(replace(snapshot, redirects=()), read)[2]
        known = [seen for seen in self.store.captures.of(target) if seen.sha256 and seen.fingerprint]
        if moved is None or not known or not same_article(self.store.articles.shown_by(known[-1]), moved):
            return None
        if is_page(snapshot.url):
            self.store.targets.add_alias(target, snapshot.url)
        return moved

    def _failed(self, seen: StoredCapture, error: ArchiveError, now: datetime) -> StoredCapture:
        pause = pause_after(seen.tries + 1)
        return self.store.captures.fail(
            seen,
            failure_of(error),
            reason=str(error),
            now=now,
            ask_again=None if pause is None else now + pause,
            parser=PARSER_VERSION,
            body_limit=error.limit if isinstance(error, BodyTooLargeError) else None,
        )

    def newest(self, target: Target, *, now: datetime) -> StoredCapture:
        """Fetch the newest capture that shows an article, unless its bytes are known already.

        Raises:
            NoCaptureError: None of the newest dozen shows an article.
            ArchiveError: The main archive asks for a pause, or failed several times in a row; another is left alone then.
        """
        failed: Counter[str] = Counter()
        over: set[str] = set()
        main = next(iter(self.archives), None)
        for seen in list(islice(reversed(list(self._in_reach(target, None, None))), MOST_LOOKS)):
            archive = seen.capture.archive
            if archive in over:
                continue
            again = seen.may_pass and (seen.tries <= YOUNG or is_due(seen, now=now))
            try:
                known = self.fetch(target, seen, now=now) if is_unread(seen) or again else seen
                if known.fingerprint:
                    self._settle(target, now)
                    return known
                failed[archive] = failed[archive] + 1 if known.may_pass else 0
                if failed[archive] >= PATIENCE and self.archives[archive].remote:
                    raise UnreachableError(f"{(known.reason or '').rstrip('.')}. Run it again later.")
            except ArchiveError:
                if archive == main:
                    raise
                over.add(archive)
        raise NoCaptureError(
            f"None of the newest captures of {target.url} shows an article. "
            f"`variorum status {target.url}` says what they show."
        )

    # ------------------------------------------------------------------ reading back

    def history(self, target: Target) -> History:
        """Put together all that is known of one target."""
        articles, aliases = self.store.articles.of(target), self.store.targets.aliases(target)
        history = self.compose(self.observations(target), articles, url=target.url, aliases=aliases)
        coverage = self.store.coverage.of(target.url, host_of_page(target.url))
        again = self.store.witnesses.of(target)
        linked = linked_of(self.store, target, self.archives)
        history = replace(history, coverage=coverage, witnessed=again, linked=linked)
        return with_evidence(history, self.store.witnesses.findings(target)) if again else history

    def observations(self, target: Target) -> tuple[Observation, ...]:
        """Return a target's captures in order of time, in the form that histories are made of."""
        rows = counted_once(self.store.captures.of(target))
        odd = contradicted(rows)
        return tuple(self.observation(seen, contradicted=seen.id in odd) for seen in rows)

    def observation(self, seen: StoredCapture, *, contradicted: bool = False) -> Observation:
        """Return a remembered capture in the form that reports cite."""
        archive = self.archives.get(seen.capture.archive)
        citation = Citation(
            at=seen.served_at or seen.capture.at,
            url=seen.capture.url,
            archive=seen.capture.archive,
            operator=self.operators.get(seen.capture.archive),
            link=archive.link(seen.capture) if archive else None,
            digest=seen.trusted_digest,
            sha256=seen.sha256,
            source=seen.archive_src,
            imported=seen.imported_at is not None,
        )
        return Observation(
            capture=citation,
            outcome=Outcome.CONFLICT if contradicted else seen.outcome,
            reason=seen.reason,
            fingerprint=seen.fingerprint,
            may_pass=seen.may_pass,
        )

    def record_history(
        self, target: Target, *, now: datetime, announce: bool = False
    ) -> tuple[History, FindingDelta]:
        """Put a target's history together, and write its changes down as findings, so that notes can hang on them.

        The history is computed while others may write; where the evidence changed meanwhile, it is computed again,
        and where it goes on changing, whoever changed it last records the findings. With `announce` what is new is
        announced to the channels that are set.
        """
        return record_history(self, target, now=now, announce=announce)

    def article_at(self, target: Target, at: datetime | None) -> tuple[StoredCapture, Article]:
        """Return the article that stood at a time (or now): that of the last read capture not later.

        Raises:
            InputError: No capture read is that early.
        """
        readable = self._readable(target)
        fits = [seen for seen in readable if at is None or (seen.served_at or seen.capture.at) <= at]
        if not fits:
            first = readable[0].capture
            raise InputError(
                f"No article of {target.url} is kept from that time; the first is of {when(first.at)}."
            )
        return fits[-1], self.store.articles.shown_by(fits[-1])

    def first_article(self, target: Target) -> tuple[StoredCapture, Article]:
        """Return the earliest article kept.

        Raises:
            InputError: None is kept.
        """
        first = self._readable(target)[0]
        return first, self.store.articles.shown_by(first)

    def _readable(self, target: Target) -> list[StoredCapture]:
        rows = list(self.store.captures.of(target))
        odd = contradicted(rows)
        found = [seen for seen in rows if seen.sha256 and seen.fingerprint and seen.id not in odd]
        if not found:
            raise InputError(
                f"No article of {target.url} is kept yet: `variorum backfill {target.url}` fetches its past."
            )
        return found


def _within(at: datetime, since: datetime | None, until: datetime | None) -> bool:
    return (since is None or at >= since) and (until is None or at <= until)
