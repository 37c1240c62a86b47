"""One pass over a target's captures: which bodies are asked for, in which order, and what ends it."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from crawler.archive import Sample, next_captures
from crawler.errors import ArchiveError, PenaltyError, RateLimitError, UnreachableError
from crawler.model import Archive, StoredCapture
from crawler.tracking.retries import YOUNG, is_due
from diffs.model import Outcome

# So many failures in a row of one archive are taken for the archive's, not the captures'.
PATIENCE = 3
SharedName = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One capture asked for and judged.

    Attributes:
        seen: The capture as remembered now.
        requests: How many bodies were asked for so far in this pass.
    """

    seen: StoredCapture
    requests: int


class FetchPass:
    """Asks for the bodies that tell most, first those never asked for, then those that could not be had before.

    An archive that fails several times in a row, or asks for a pause where others are at hand, is left alone for
    the rest of the pass. Where it did so in
    earlier passes and served nothing since, one capture shows whether it is well again: if so, everything that
    failed meanwhile is asked for at once; if not, nothing else is.

    Args:
        rows: The target's captures in order of time, of archives at hand.
        archives: The archives at hand, by name.
        fetch: Asks for one capture, and returns it as remembered then.
        repeat: Notes that a capture shows the text of a fingerprint, and returns it as remembered then.
        now: The time (aware UTC).
        every: Fetch every capture instead of bisecting.
        budget: At most so many bodies.
        retry: Ask for everything that could not be had, whatever its pause.
        body_limit: The size limit in force (bytes), or None where unknown.
        operators: Who runs each archive, by its name; each by default itself. Where several run them, each is asked
            for a capture before and behind every step, so that its word is known.
    """

    def __init__(
        self,
        rows: Sequence[StoredCapture],
        archives: Mapping[str, Archive],
        *,
        fetch: Callable[[StoredCapture], StoredCapture],
        repeat: Callable[[StoredCapture, str], StoredCapture],
        now: datetime,
        every: bool = False,
        budget: int | None = None,
        retry: bool = False,
        body_limit: int | None = None,
        operators: Mapping[str, str] | None = None,
    ) -> None:
        self.operators = operators or {}
        self.rows = list(rows)
        self.archives, self.fetch, self.repeat = archives, fetch, repeat
        self.now, self.every, self.budget, self.retry, self.body_limit = now, every, budget, retry, body_limit
        self.requests = 0
        self.served = False
        self._asked: set[int] = set()
        self._last_served: dict[str, datetime] = {}
        for row in self.rows:
            if row.fetched is not None:
                before = self._last_served.get(row.capture.archive, row.fetched)
                self._last_served[row.capture.archive] = max(before, row.fetched)
        self._closed: dict[str, StoredCapture] = {}
        # Kept from step to step: made anew for each, those of 20,000 captures took nine tenths of a pass.
        self._samples = [self._sample(row) for row in self.rows]
        self._same: dict[SharedName | None, list[int]] = {}
        for number, row in enumerate(self.rows):
            self._same.setdefault(self._name(row), []).append(number)
        self._paused: dict[str, ArchiveError] = {}
        self._in_a_row: Counter[str] = Counter()

    def steps(self) -> Iterator[Fetched]:
        """Yield each capture as it was had, or could not be.

        Raises:
            UnreachableError: An archive failed on captures never asked for, several times in a row or in its first
                answer after an illness; what came before is kept.
            RateLimitError: An archive asked us to slow down; the others were asked for theirs before.
            PenaltyError: An archive refuses us for now; likewise.
        """
        young = [] if self.retry else [n for n, row in enumerate(self.rows) if self._is_young(row)]
        ill = self._ill(young)
        for archive in sorted(ill):
            yield from self._probe(archive)
        yield from self._through()
        ended = any(row.tries == 1 for name, row in self._closed.items() if name not in self._paused)
        well = {n for n in young if self.rows[n].capture.archive in ill and self.served}
        for number, row in enumerate(self.rows):
            again = number in well or (
                row.may_pass and (self.retry or self._is_free(row) or self._is_due(row))
            )
            if again and row.id not in self._asked and row.may_pass:
                self._put(number, replace(row, outcome=Outcome.PENDING))
        yield from self._through()
        if self._paused:
            raise next(iter(self._paused.values()))
        if ended:
            raise self._over()

    def _through(self) -> Iterator[Fetched]:
        """Ask for what tells most until nothing is left to learn, or the budget is spent."""
        for number in self._wanted():
            if self._is_spent():
                return
            yield from self._ask(number)

    def _probe(self, archive: str) -> Iterator[Fetched]:
        """Ask an archive that was ill for one capture: one never asked for, or the one that failed least."""
        mine = [n for n, row in enumerate(self.rows) if row.capture.archive == archive]
        fresh = [n for n in self._wanted_once() if n in set(mine)]
        failed = sorted((n for n in mine if self._is_young(self.rows[n])), key=lambda n: self.rows[n].tries)
        number = next(iter((*fresh, *reversed(failed[:1]))), None)
        if number is None or self._is_spent():
            return
        yield from self._ask(number)
        if self.rows[number].may_pass:
            self._close(archive, self.rows[number])

    def _ask(self, number: int) -> Iterator[Fetched]:
        """Ask for one capture, and yield what came of it; nothing where its archive asks for a pause."""
        archive = self.rows[number].capture.archive
        try:
            seen = self.fetch(self.rows[number])
        except (RateLimitError, PenaltyError) as error:
            if len(self.archives) == 1:
                raise
            error.archive = archive
            self._paused[archive] = error
            self._close(archive, self.rows[number])
            return
        self._put(number, seen)
        self._asked.add(seen.id)
        self.requests += 1
        if seen.may_pass and self.archives[archive].remote:
            self._in_a_row[archive] += 1
            if self._in_a_row[archive] >= PATIENCE:
                self._close(archive, seen)
        elif not seen.may_pass:
            self._in_a_row[archive] = 0
            self.served = True
            self._spread(seen)
        yield Fetched(seen=seen, requests=self.requests)

    def _spread(self, seen: StoredCapture) -> None:
        """Let captures of the same bytes share in what one of them showed."""
        if seen.fingerprint is None or seen.trusted_digest is None:
            return
        for number in self._same.get(self._name(seen), ()):
            if is_unread(self.rows[number]):
                self._put(number, self.repeat(self.rows[number], seen.fingerprint))

    def _put(self, number: int, row: StoredCapture) -> None:
        """Remember a capture as it is now, for the plan as well."""
        self.rows[number], self._samples[number] = row, self._sample(row)

    def _close(self, archive: str, row: StoredCapture) -> None:
        """Leave an archive alone for the rest of the pass, because of what became of a capture."""
        self._closed[archive] = row
        self._samples = [self._sample(each) for each in self.rows]

    def _wanted(self) -> Iterator[int]:
        """Yield which of the rows to ask for next; what was learnt is in the rows meanwhile."""
        while wanted := self._wanted_once():
            for number in wanted if self.every else wanted[:1]:
                if self._is_open(self.rows[number]):
                    yield self._original(number)
        if self.rows and self._is_bare_redirect(self.rows[-1]):
            yield len(self.rows) - 1

    def _is_bare_redirect(self, row: StoredCapture) -> bool:
        """Return whether the index calls a capture a redirect, and nobody asked yet where it leads."""
        known = row.outcome is not Outcome.REDIRECT or row.sha256 is not None or row.id in self._asked
        return not known and row.capture.archive not in self._closed

    def _wanted_once(self) -> tuple[int, ...]:
        wanted = next_captures(self._samples, every=self.every)
        return wanted or tuple(self._corroborating())

    def _operator(self, row: StoredCapture) -> str:
        return self.operators.get(row.capture.archive, row.capture.archive)

    def _corroborating(self) -> Iterator[int]:
        """Yield the captures by which further operators could bear out a step between two texts, or contradict it."""
        everybody = {self._operator(row) for row in self.rows}
        if len(everybody) < 2:
            return
        read = [number for number, row in enumerate(self.rows) if row.fingerprint is not None]
        for before, after in pairwise(read):
            if self.rows[before].fingerprint != self.rows[after].fingerprint:
                yield from self._unheard(range(before, -1, -1), everybody)
                yield from self._unheard(range(after, len(self.rows)), everybody)

    def _unheard(self, numbers: range, everybody: Collection[str]) -> Iterator[int]:
        """Yield the nearest open capture of each operator that shows nothing of one text, going away from a step."""
        shown = self.rows[numbers[0]].fingerprint
        nearest: dict[str, int] = {}
        heard: set[str] = set()
        for number in numbers:
            row = self.rows[number]
            if row.fingerprint not in (None, shown) or heard.union(nearest) >= set(everybody):
                break
            if row.fingerprint is not None:
                heard.add(self._operator(row))
            elif self._is_open(row):
                nearest.setdefault(self._operator(row), number)
        yield from (number for operator, number in nearest.items() if operator not in heard)

    def _sample(self, row: StoredCapture) -> Sample:
        usable = row.fingerprint is not None or self._is_open(row)
        return Sample(
            at=row.capture.at,
            digest=sample_name(self._name(row)) if row.trusted_digest else None,
            fingerprint=row.fingerprint,
            usable=usable,
        )

    def _original(self, number: int) -> int:
        """Return the capture that a revisit repeats, where it is there to be read, or the one wanted."""
        wanted = self.rows[number].capture
        if not wanted.is_revisit or wanted.digest is None:
            return number
        same = (
            n
            for n in self._same.get(self._name(self.rows[number]), ())
            if not self.rows[n].capture.is_revisit
        )
        return next((n for n in same if self._is_open(self.rows[n])), number)

    def _ill(self, young: Sequence[int]) -> set[str]:
        """Return the archives that served nothing of this target since several of its captures failed."""
        failures = Counter(self.rows[n].capture.archive for n in young)
        return {
            archive
            for archive, number in failures.items()
            if number >= PATIENCE or archive not in self._last_served
        }

    def _is_young(self, row: StoredCapture) -> bool:
        """Return whether a capture's failure may tell of its archive's health today."""
        archive = row.capture.archive
        if not row.may_pass or not self.archives[archive].remote or row.tries > YOUNG:
            return False
        served = self._last_served.get(archive)
        return served is None or (row.failed_at is not None and row.failed_at > served)

    def _name(self, row: StoredCapture) -> SharedName | None:
        return shared_name(row, self.archives)

    def _is_open(self, row: StoredCapture) -> bool:
        return is_unread(row) and row.capture.archive not in self._closed

    def _is_free(self, row: StoredCapture) -> bool:
        return not self.archives[row.capture.archive].remote

    def _is_due(self, row: StoredCapture) -> bool:
        return is_due(row, now=self.now, body_limit=self.body_limit)

    def _is_spent(self) -> bool:
        return self.budget is not None and self.requests >= self.budget

    def _over(self) -> UnreachableError:
        closed = [row for name, row in self._closed.items() if name not in self._paused]
        last = closed[-1]
        return UnreachableError(f"{(last.reason or 'no reason given').rstrip('.')}. Run it again later.")


def is_unread(seen: StoredCapture) -> bool:
    """Return whether a capture's bytes may still tell something and were not refused so far."""
    return seen.fingerprint is None and seen.outcome in (Outcome.PENDING, Outcome.REVISIT)


def shared_name(seen: StoredCapture, archives: Mapping[str, Archive]) -> SharedName | None:
    """Return the name under which captures share what one of them showed, or None without a digest.

    Equal bytes may still be read as another text: the headers that came with them decide. Those that archives gave
    when they were asked are of one kind; what a file says of its own captures, under whatever name, holds for no
    other's.

    Args:
        seen: The capture.
        archives: The archives at hand, by name.
    """
    if seen.capture.digest is None:
        return None
    archive = archives.get(seen.capture.archive)
    if archive is None or not archive.remote:
        return (seen.capture.archive, seen.capture.digest)
    return ("a file" if seen.imported_at else "", seen.capture.digest)


def sample_name(name: SharedName | None) -> str | None:
    """Return a shared name as the plan of a pass takes it."""
    return None if name is None else " ".join(name)
