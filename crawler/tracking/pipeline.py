"""One address end to end: captures, snapshots, articles, history."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import chain, islice

from crawler.archive import Estimate, Sample, estimate, next_captures
from crawler.errors import ArchiveError, InputError, NoCaptureError, UnreachableError
from crawler.model import Archive, Snapshot, StoredCapture, Target
from crawler.parser import PARSER_VERSION, parse
from crawler.store import FindingDelta, Store
from crawler.tracking.classify import Reader, classify, classify_row
from crawler.tracking.redirects import is_page, own_address, same_article
from diffs.claims import GRAMMAR_VERSION
from diffs.history import history_of, revisions_in
from diffs.model import Article, Citation, History, Observation, Outcome

NOT_NOW = "not now: "
PATIENCE = 3
MOST_ALIASES = 6
MOST_LOOKS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a look at the archives' indexes gave.

    Attributes:
        new: Captures not known before.
        known: Captures known now.
        within: How many of these lie in the time asked for.
        failures: What went wrong with single archives; at least one answered.
        complaints: What could not be read of the answers, a line each.
    """

    new: int
    known: int
    within: int
    failures: tuple[ArchiveError, ...] = ()
    complaints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One capture fetched and judged.

    Attributes:
        seen: The capture as remembered now.
        requests: How many bodies were asked for so far in this pass.
    """

    seen: StoredCapture
    requests: int


class Pipeline:
    """Brings one target's captures from the archives into the store, and its history out of it.

    Args:
        store: Where everything is remembered.
        archives: The sources, first the preferred one; their names are unique.
        read: Reads a page, by default in this process; takes what `crawler.parser.parse` takes.
        siblings: Whether other articles of a target's site are fetched to learn its template.
    """

    def __init__(
        self, store: Store, archives: Sequence[Archive], *, read: Reader = parse, siblings: bool = False
    ) -> None:
        self.store = store
        self.siblings = siblings
        self.read = read
        self.archives = {archive.name: archive for archive in archives}

    # ------------------------------------------------------------------ listing

    def list_captures(
        self,
        target: Target,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        answered: Collection[str] = (),
    ) -> Listed:
        """Ask every archive which captures it holds, and remember them.

        Those named in `answered` have answered already, when they were asked about several targets at once.

        Raises:
            NoCaptureError: Every archive said that it holds none, and none is known from before.
            ArchiveError: No archive answered.
        """
        since = since or target.since
        new, failures, answers = 0, [], len(answered)
        for archive in (each for each in self.archives.values() if each.name not in answered):
            for url in (target.url, *self.store.targets.aliases(target)):
                try:
                    new += self.store.captures.observe(
                        target, archive.captures(url, since=since, until=until)
                    )
                    answers += 1
                except ArchiveError as error:
                    failures.append(error)
        known = self._settle(target)
        hard = [error for error in failures if not isinstance(error, NoCaptureError)]
        if not answers and hard:
            raise hard[0]
        if not known:
            names = " and ".join(self.archives)
            span = " in that time" if since or until else ""
            raise NoCaptureError(
                f"{names} holds no capture of {target.url}{span}. Check the address; `variorum capture` asks for one."
            )
        complaints = [line for archive in self.archives.values() for line in archive.complaints()]
        return Listed(
            new=new,
            known=known,
            within=sum(_within(row.capture.at, since, until) for row in self.store.captures.of(target)),
            failures=tuple(hard),
            complaints=(*complaints, *self._orphans(target)),
        )

    def _orphans(self, target: Target) -> Iterator[str]:
        """Return which archives hold captures that are still to be read and are no longer configured."""
        unread = Counter(row.capture.archive for row in self.store.captures.of(target) if _unread(row))
        for name, number in sorted(unread.items()):
            if name not in self.archives:
                yield (
                    f"{number} captures from the archive {name!r} cannot be read: it is not configured. "
                    "Name it under [[archives]]."
                )

    def _settle(self, target: Target) -> int:
        """Judge what needs no bytes: redirects, errors, other file types, bytes already read."""
        rows = list(self.store.captures.of(target))
        shown = {
            row.capture.digest: row.fingerprint for row in rows if row.capture.digest and row.fingerprint
        }
        for row in rows:
            if not _unread(row):
                continue
            same = shown.get(row.capture.digest or "")
            if same:
                self._repeat(row, same)
                continue
            judged = classify_row(row.capture)
            if judged:
                self.store.captures.mark(row, judged[0], reason=judged[1])
        return len(rows)

    def _repeat(self, seen: StoredCapture, fingerprint: str) -> StoredCapture:
        """Note that a capture shows bytes already read."""
        outcome = Outcome.REVISIT if seen.capture.is_revisit else Outcome.UNCHANGED
        self.store.captures.mark(seen, outcome, fingerprint=fingerprint)
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

        Raises:
            RateLimitError: The archive asked us to slow down.
            PenaltyError: The archive refuses us for now.
            UnreachableError: The archive failed several times in a row.
        """
        self._forgive(target)
        known = self.store.targets.aliases(target)
        rows = list(self._in_reach(target, since, until))
        requests, in_a_row = 0, 0
        for index in self._wanted(rows, every=every):
            if budget is not None and requests >= budget:
                return
            seen = rows[index] = self.fetch(target, rows[index], now=now)
            self._spread(rows, seen)
            requests += 1
            in_a_row = in_a_row + 1 if (seen.reason or "").startswith(NOT_NOW) else 0
            if in_a_row >= PATIENCE:
                raise UnreachableError(f"{(seen.reason or '').removeprefix(NOT_NOW)} Run it again later.")
            yield Fetched(seen=seen, requests=requests)
        if len(known) < len(self.store.targets.aliases(target)) < MOST_ALIASES:
            self.list_captures(target, since=since, until=until)
            left = None if budget is None else budget - requests
            yield from self.backfill(target, now=now, since=since, until=until, every=every, budget=left)

    def _in_reach(
        self, target: Target, since: datetime | None, until: datetime | None
    ) -> Iterator[StoredCapture]:
        """Yield the captures of a period that are read, or that an archive at hand could serve."""
        for row in self.store.captures.of(target):
            if _within(row.capture.at, since, until) and (
                row.capture.archive in self.archives or not _unread(row)
            ):
                yield row

    def _wanted(self, rows: list[StoredCapture], *, every: bool) -> Iterator[int]:
        """Yield which of the rows to fetch next; the caller puts what it learnt into them meanwhile."""
        while wanted := next_captures([_sample(row) for row in rows], every=every):
            for index in wanted if every else wanted[:1]:
                if _unread(rows[index]):
                    yield _original(rows, index)
        if rows and rows[-1].outcome is Outcome.REDIRECT and rows[-1].sha256 is None:
            yield len(rows) - 1

    def _spread(self, rows: list[StoredCapture], seen: StoredCapture) -> None:
        """Let captures of the same bytes share in what one of them showed."""
        if seen.fingerprint is None or seen.capture.digest is None:
            return
        for index, row in enumerate(rows):
            if _unread(row) and row.capture.digest == seen.capture.digest:
                rows[index] = self._repeat(row, seen.fingerprint)

    def forecast(
        self,
        target: Target,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        every: bool = False,
    ) -> Estimate:
        """Return how many bodies a backfill would ask for, without asking for any."""
        rows = self._in_reach(target, since, until)
        return estimate([_sample(row) for row in rows], every=every)

    def _forgive(self, target: Target) -> None:
        """Return captures that the archive could not serve for the moment another chance."""
        for seen in list(self.store.captures.of(target, outcome=Outcome.FAILED)):
            if (seen.reason or "").startswith(NOT_NOW):
                self.store.captures.mark(seen, Outcome.PENDING)

    def fetch(self, target: Target, seen: StoredCapture, *, now: datetime) -> StoredCapture:
        """Fetch one capture, classify it, and keep what came of it; nothing where another process has done so.

        Raises:
            RateLimitError: The archive asked us to slow down.
            PenaltyError: The archive refuses us for now.
        """
        known = self.store.captures.current(seen)
        if known.sha256 is not None and not _unread(known):
            return known
        try:
            snapshot = self.archives[seen.capture.archive].fetch(seen.capture)
        except UnreachableError as error:
            return self._failed(seen, f"{NOT_NOW}{error}")
        except ArchiveError as error:
            if error.transient:
                raise
            return self._failed(seen, str(error))
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

    def _failed(self, seen: StoredCapture, reason: str) -> StoredCapture:
        self.store.captures.mark(seen, Outcome.FAILED, reason=reason)
        return replace(seen, outcome=Outcome.FAILED, reason=reason)

    def newest(self, target: Target, *, now: datetime) -> StoredCapture:
        """Fetch the newest capture that shows an article, unless its bytes are known already.

        Raises:
            NoCaptureError: None of the newest dozen shows an article.
            UnreachableError: The archive failed several times in a row.
        """
        self._forgive(target)
        failed = 0
        for seen in list(islice(reversed(list(self._in_reach(target, None, None))), MOST_LOOKS)):
            known = self.fetch(target, seen, now=now) if _unread(seen) else seen
            if known.fingerprint:
                self._settle(target)
                return known
            failed = failed + 1 if (known.reason or "").startswith(NOT_NOW) else 0
            if failed >= PATIENCE:
                raise UnreachableError(f"{(known.reason or '').removeprefix(NOT_NOW)} Run it again later.")
        raise NoCaptureError(
            f"None of the newest captures of {target.url} shows an article. "
            f"`variorum status {target.url}` says what they show."
        )

    # ------------------------------------------------------------------ reading back

    def history(self, target: Target) -> History:
        """Put together all that is known of one target."""
        observations = tuple(self.observation(seen) for seen in self.store.captures.of(target))
        revisions = revisions_in(observations, self.store.articles.of(target))
        return history_of(
            revisions, observations, url=target.url, aliases=tuple(self.store.targets.aliases(target))
        )

    def observation(self, seen: StoredCapture) -> Observation:
        """Return a remembered capture in the form that reports cite."""
        archive = self.archives.get(seen.capture.archive)
        citation = Citation(
            at=seen.served_at or seen.capture.at,
            url=seen.capture.url,
            archive=seen.capture.archive,
            link=archive.link(seen.capture) if archive else None,
            digest=seen.capture.digest,
            sha256=seen.sha256,
        )
        return Observation(
            capture=citation, outcome=seen.outcome, reason=seen.reason, fingerprint=seen.fingerprint
        )

    def remember_findings(self, target: Target, history: History, *, now: datetime) -> FindingDelta:
        """Write the history's changes down as findings, so that notes can hang on them."""
        changes = chain.from_iterable(transition.changes for transition in history.transitions)
        return self.store.findings.record(
            target, changes, grammar=GRAMMAR_VERSION, parser=PARSER_VERSION, now=now
        )

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
                f"No article of {target.url} is kept from that time; the first is of {first.timestamp}."
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
        found = [seen for seen in self.store.captures.of(target) if seen.sha256 and seen.fingerprint]
        if not found:
            raise InputError(
                f"No article of {target.url} is kept yet: `variorum backfill {target.url}` fetches its past."
            )
        return found


def _sample(seen: StoredCapture) -> Sample:
    usable = seen.fingerprint is not None or _unread(seen)
    return Sample(at=seen.capture.at, digest=seen.capture.digest, fingerprint=seen.fingerprint, usable=usable)


def _unread(seen: StoredCapture) -> bool:
    """Whether a capture's bytes may still tell something."""
    return seen.fingerprint is None and seen.outcome in (Outcome.PENDING, Outcome.REVISIT)


def _original(rows: Sequence[StoredCapture], index: int) -> int:
    """Return the capture that a revisit repeats, where it is there to be read, or the one asked for."""
    asked = rows[index].capture
    if not asked.is_revisit or asked.digest is None:
        return index
    same = (
        n for n, row in enumerate(rows) if row.capture.digest == asked.digest and not row.capture.is_revisit
    )
    return next((n for n in same if _unread(rows[n])), index)


def _within(at: datetime, since: datetime | None, until: datetime | None) -> bool:
    return (since is None or at >= since) and (until is None or at <= until)
