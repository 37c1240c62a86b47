"""Prints the state of the whole store as one screen, what needs attention at its top."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from crawler.cli.printing import OUTCOMES, count, table, when
from crawler.config import Settings
from crawler.maintenance.overview import outdated_words, pages_of
from crawler.model import RequestKind
from crawler.store import (
    AlertState,
    Budget,
    ChannelRecord,
    DaemonState,
    DeliveryFailure,
    Heartbeat,
    StatusRecord,
    SuspectRate,
    Trouble,
    WorkerRecord,
)
from crawler.tracking.scheduler import in_words
from diffs.model import Outcome

MOST_LINES = 3
_NEEDS = {
    Trouble.DAEMON_GONE: "the daemon was killed (`variorum daemon` starts one)",
    Trouble.DAEMON_SILENT: "the daemon hangs or its machine is down",
    Trouble.DAEMON_PAUSED: "the daemon pauses, since the store takes nothing",
    Trouble.DAEMON_STOPPED: "the watch is off: the daemon was stopped, and pages are due (`variorum daemon` starts it)",
    Trouble.BEHIND: "pages wait for their visit",
    Trouble.FAILING: "visits fail (`variorum list` names the errors)",
    Trouble.PENALTY: "an archive refuses us",
    Trouble.ARCHIVE: "an archive does not answer",
    Trouble.DARK: "an outlet went dark",
    Trouble.SUSPECT: "most pages of a site are not read as articles",
    Trouble.ALERTS: "alerts do not arrive at {channels}",
    Trouble.EVIDENCE: "an archive no longer serves what findings cite",
    Trouble.DISK: "the disk is nearly full",
    Trouble.OUTDATED: "pages were read by an earlier version (`variorum rebuild` reads them again)",
}
_ALERTS = {
    AlertState.PENDING: "to be sent",
    AlertState.HELD: "wait for a second capture",
    AlertState.SENT: "sent",
    AlertState.FAILED: "not taken, tried again",
    AlertState.WITHDRAWN: "withdrawn before they were sent",
}
FAILURES = {
    DeliveryFailure.UNUSABLE: "its address cannot be used (`variorum doctor`)",
    DeliveryFailure.NO_ANSWER: "the service does not answer",
    DeliveryFailure.UNAUTHORISED: "the service does not accept the sender (401 or 403)",
    DeliveryFailure.NOT_FOUND: "the service does not know the place (404 or 410)",
    DeliveryFailure.TOO_LONG: "the message is too long for the service (413)",
    DeliveryFailure.SLOW_DOWN: "the service wants fewer messages (429)",
    DeliveryFailure.FAILING: "the service fails (5xx)",
    DeliveryFailure.REFUSED: "the service refuses it",
    DeliveryFailure.UNKNOWN: "the service does not take it",
}
_KINDS = {
    RequestKind.CDX: "index queries",
    RequestKind.PLAYBACK: "page bodies",
    RequestKind.SAVE: "saves",
}


def print_screen(record: StatusRecord, settings: Settings, now: datetime) -> None:
    """Print what needs attention, then how the work goes, then what is kept."""
    table(("", ""), [*_working(record, now), *_archives(record, now), *_kept(record, settings)])


def _working(record: StatusRecord, now: datetime) -> Iterator[tuple[str, str]]:
    failing = [each for each in record.channels if each.failed or (each.unsent and not each.is_set)]
    names = ", ".join(each.name for each in failing)
    needs = "; ".join(_NEEDS[each].format(channels=names) for each in record.troubles)
    yield "attention", needs or "nothing needs it"
    yield "daemon", _alive(record.heartbeat, now) if record.heartbeat else "never ran"
    for worker in record.workers:
        yield "worker", _worker(worker)
    longest = f", the longest for {in_words(now - record.oldest_due)}" if record.oldest_due else ""
    yield "backlog", f"{count(record.due or 0, 'page')} due{longest}; {record.leased:,} being looked at"
    visits = "; ".join(f"{when(each.at)} {each.url}" for each in record.next_visits)
    yield "next", visits or "nothing is tracked"
    if record.alerts:
        parts = [f"{number:,} {_ALERTS[state]}" for state, number in record.alerts.items()]
        yield "alerts", ", ".join(parts)
    for channel in failing:
        yield "channel", _channel(channel)
    yield "disk", _disk(record)


def _archives(record: StatusRecord, now: datetime) -> Iterator[tuple[str, str]]:
    limited = [each for each in record.budgets if each.left is not None]
    for host, theirs in groupby(limited, key=lambda each: each.host):
        left = ", ".join(_left(each) for each in theirs)
        yield "budget", f"{host}: {left} left of the next minute's"
    if record.asked_per_minute:
        share = record.allowed_per_minute
        of = f" of {share:.1f} allowed ({record.asked_per_minute / share:.0%})" if share else ""
        yield "demand", f"all pages together ask for {record.asked_per_minute:.2f} visits a minute{of}"
    answered = [each for each in record.hosts if each.last_success is not None]
    told = (f"{each.host} {in_words(now - each.last_success)} ago" for each in answered if each.last_success)
    if answered:
        yield "answered", "; ".join(told)
    for (host, until, reason), pauses in groupby(record.pauses, key=lambda p: (p.host, p.until, p.reason)):
        several = list(pauses)
        kinds = "all requests" if len(several) == len(RequestKind) else " and ".join(p.kind for p in several)
        refused = several[0].penalties
        times = f" ({count(refused, 'refusal')} in a row)" if refused else ""
        yield "pause", f"{host} {kinds} until {when(until)}{times}: {reason}"
    for ill in record.archives:
        if ill.failures:
            yield "archive", f"{ill.archive} does not answer, next asked {when(ill.ask_again)}: {ill.said}"
    for outlet in record.dark[:MOST_LINES]:
        said = f"{outlet.archive} has no article since {when(outlet.since)} ({outlet.cause})"
        yield "dark", f"{outlet.host}: {said}"
    more = len(record.dark) - MOST_LINES
    if more > 0:
        yield "dark", f"and {count(more, 'outlet')} more: `variorum coverage HOST` tells of one"
    if record.suspects is not None and record.suspects.read:
        yield "suspect", _suspect(record.suspects)


def _kept(record: StatusRecord, settings: Settings) -> Iterator[tuple[str, str]]:
    yield (
        "pages",
        f"{pages_of(record)}{f'; the last visit of {record.failing:,} failed' if record.failing else ''}",
    )
    yield "captures", ", ".join(_outcome(record, *each) for each in record.captures.items()) or "none"
    bare = f"; raw not kept of {count(record.without_raw, 'capture')}" if record.without_raw else ""
    yield "bodies", f"{record.bodies:,}: {record.body_bytes:,} bytes kept in {record.stored_bytes:,}{bare}"
    yield "retention", _retention(record, settings)
    apart = f", and {count(record.contradictions, 'contradiction')}" if record.contradictions else ""
    yield "findings", f"{record.findings:,}{apart}"
    if record.outdated is not None and record.outdated.targets:
        yield "readings", outdated_words(record.outdated)
    if record.witnessed:
        parts = [f"{number:,} {verdict.words}" for verdict, number in record.witnessed.items()]
        yield "witnessed", f"cited captures fetched again: {', '.join(parts)}"
    if record.lost:
        parts = [f"{number:,} {verdict.words}" for verdict, number in record.lost.items()]
        total = count(sum(record.lost.values()), "finding")
        yield "evidence", f"{total} about cited captures: {', '.join(parts)}"
    yield "store", f"{record.where} (schema {record.schema})"


def _alive(beat: Heartbeat, now: datetime) -> str:
    reason = f": {beat.reason}" if beat.reason else ""
    seen = f"{in_words(now - beat.beat)} ago" if beat.beat <= now else when(beat.beat)
    if beat.state is DaemonState.RUNNING:
        return f"running, last sign of life {seen}, since {when(beat.started)}"
    return f"{beat.state}{reason}, {when(beat.beat)}, {seen}"


def _channel(channel: ChannelRecord) -> str:
    why = FAILURES[channel.failure] if channel.failure is not None else "nothing failed"
    said = why if channel.is_set else "it is not in the settings any more"
    last = "nothing was taken yet" if channel.last_sent is None else f"last taken {when(channel.last_sent)}"
    return f"{channel.name}: {said}; {count(channel.unsent, 'alert')} unsent; {last}"


def _worker(worker: WorkerRecord) -> str:
    reason = f": {worker.reason}" if worker.reason else ""
    leads = ", does the maintenance" if worker.leads else ""
    return f"{worker.name}: {worker.state}{reason}, holds {count(worker.held, 'page')}{leads}, {when(worker.beat)}"


def _left(budget: Budget) -> str:
    return f"{budget.left:,} of {budget.per_minute:,.0f} {_KINDS[RequestKind(budget.kind)]}"


def _suspect(rate: SuspectRate) -> str:
    share = rate.suspect / rate.read
    worst = f"; most at {rate.worst}: {rate.worst_suspect} of {rate.worst_read}" if rate.worst else ""
    are = "is" if rate.suspect == 1 else "are"
    return f"{rate.suspect} of the {rate.read} pages read last {are} not read as {'an article' if rate.suspect == 1 else 'articles'} ({share:.0%}){worst}"


def _disk(record: StatusRecord) -> str:
    free = "; ".join(f"{_size(disk.free)} free at {disk.place}" for disk in record.disks)
    return free if record.store_size is None else f"{free}; the store takes {_size(record.store_size)}"


def _size(number: int) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6)):
        if number >= size:
            return f"{number / size:,.1f} {unit}"
    return f"{number / 1e3:,.0f} kB"


def _outcome(record: StatusRecord, outcome: Outcome, number: int) -> str:
    if outcome is not Outcome.FAILED:
        return f"{number:,} {OUTCOMES[outcome]}"
    return f"{number:,} could not be fetched ({record.again:,} to be asked again, {record.never:,} never)"


def _retention(record: StatusRecord, settings: Settings) -> str:
    days = settings.retention.bodies_days
    rule = f"bytes that prove no change go after {count(days, 'day')}" if days else "everything is kept"
    return f"{rule}; those of {count(record.dropped, 'capture')} went so far" if record.dropped else rule
