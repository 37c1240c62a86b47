"""Serves the liveness, readiness and Prometheus metrics of a daemon or worker over HTTP, on loopback unless set otherwise."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from typing import Any

from crawler.config import Settings
from crawler.errors import ConfigError, StoreError, how_to_install
from crawler.maintenance.overview import SILENT, overview_of
from crawler.pulse import Pulse
from crawler.store import DaemonState, Heartbeat, StatusRecord, Store

CLOSING_SECONDS = 120.0
_TEXT = "text/plain; charset=utf-8"

Sample = tuple[str, str, dict[str, str], float]


def samples_of(record: StatusRecord, now: datetime) -> list[Sample]:
    """Return the store's figures as samples: name, meaning, labels and value.

    Names follow Prometheus's conventions (prometheus.io/docs/practices/naming). Labels come from our own enums
    alone: nothing that a page, an archive or a user wrote becomes one.
    """
    plain: list[tuple[str, str, float | None]] = [
        ("variorum_targets", "Pages that are watched.", record.targets),
        ("variorum_targets_due", "Watched pages whose visit is due.", record.due),
        ("variorum_targets_leased", "Watched pages that a worker visits now.", record.leased),
        ("variorum_targets_failing", "Watched pages whose last visit failed.", record.failing),
        ("variorum_captures_retry", "Captures that could not be had and are asked for again.", record.again),
        ("variorum_captures_lost", "Captures that can never be had.", record.never),
        ("variorum_findings", "Findings that stand.", record.findings),
        ("variorum_bodies", "Distinct page bodies kept.", record.bodies),
        ("variorum_body_bytes", "Size of the kept bodies.", record.body_bytes),
        ("variorum_stored_bytes", "What the kept bodies take in the store.", record.stored_bytes),
        ("variorum_pauses", "Pauses in force: an archive asked for one, or refused.", len(record.pauses)),
        (
            "variorum_archives_failing",
            "Archives that do not answer.",
            sum(bool(one.failures) for one in record.archives),
        ),
        (
            "variorum_outlets_dark",
            "Watched outlets of which no archive has a recent article.",
            len(record.dark),
        ),
        ("variorum_penalties", "Refusals in a row of the archive that refuses most.", _refusals(record)),
        (
            "variorum_suspect_ratio",
            "Share of the pages read last that are not read as articles.",
            _suspect(record),
        ),
        ("variorum_store_bytes", "What the whole store takes on its disk.", record.store_size),
        (
            "variorum_disk_free_bytes",
            "Room left where the store and the reports lie, where it is least.",
            min((disk.free for disk in record.disks), default=None),
        ),
        (
            "variorum_asked_visits_per_minute",
            "Visits a minute that all pages ask for together.",
            record.asked_per_minute,
        ),
        (
            "variorum_allowed_visits_per_minute",
            "Visits a minute that the archives' limits leave for them.",
            record.allowed_per_minute,
        ),
        (
            "variorum_heartbeat_age_seconds",
            "Time since the daemon's last sign of life.",
            None if record.heartbeat is None else (now - record.heartbeat.beat).total_seconds(),
        ),
        (
            "variorum_next_due_timestamp_seconds",
            "When the next visit is due.",
            None if record.next_due is None else record.next_due.timestamp(),
        ),
    ]
    found: list[Sample] = [
        (name, meaning, {}, float(value)) for name, meaning, value in plain if value is not None
    ]
    found += [
        ("variorum_captures", "Captures by what became of them.", {"outcome": outcome.value}, float(number))
        for outcome, number in sorted(record.captures.items())
    ]
    found += [
        ("variorum_alerts", "Alerts by how they stand.", {"state": state.value}, float(number))
        for state, number in sorted(record.alerts.items())
    ]
    return [*found, ("variorum_info", "Which version runs.", {"version": version("variorum")}, 1.0)]


def _refusals(record: StatusRecord) -> float:
    return max((host.penalties for host in record.hosts), default=0)


def _suspect(record: StatusRecord) -> float:
    rate = record.suspects
    return rate.suspect / rate.read if rate is not None and rate.read else 0.0


def is_ready(beat: Heartbeat | None, now: datetime) -> bool:
    """Return whether a daemon or worker works, by its last sign of life: it neither pauses nor is it silent."""
    return beat is not None and beat.state is DaemonState.RUNNING and now - beat.beat <= SILENT


@contextmanager
def serving(
    settings: Settings,
    store: Store,
    *,
    pulse: Pulse,
    clock: Callable[[], datetime],
    row: str | None = None,
) -> Iterator[int | None]:
    """Answer `/livez`, `/readyz` and `/metrics` while the block runs; gives the port, or None where none is set.

    Args:
        settings: What was set.
        store: What is remembered; `/livez` does not ask it.
        pulse: Knows whether the jobs of this process get on.
        clock: Returns the time (aware UTC).
        row: Under which name a worker shows that it lives; a daemon has one of its own.

    Raises:
        ConfigError: prometheus-client is not installed, or the port is taken.
    """
    given = settings.metrics
    if given.port is None:
        yield None
        return
    try:
        server = ThreadingHTTPServer((given.host, given.port), _handler(settings, store, pulse, clock, row))
    except OSError as error:
        raise ConfigError(
            f"Metrics cannot be served on {given.host}:{given.port}: {error.strerror}. Set another metrics.port; "
            "several processes on one machine want one each (VARIORUM_METRICS_PORT)."
        ) from error
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(CLOSING_SECONDS)


def _handler(
    settings: Settings, store: Store, pulse: Pulse, clock: Callable[[], datetime], row: str | None
) -> type[BaseHTTPRequestHandler]:
    """Return the class that answers for a store."""
    try:
        from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest  # noqa: PLC0415
        from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ConfigError(f"metrics.port is set: {how_to_install('metrics')}.") from error

    class Figures:
        def collect(self) -> Iterator[Any]:
            now = clock()
            families: dict[str, Any] = {}
            record = overview_of(settings, store, now=now, readings=False)  # no figure tells of them
            for name, meaning, labels, value in samples_of(record, now):
                family = families.setdefault(name, GaugeMetricFamily(name, meaning, labels=list(labels)))
                family.add_metric(list(labels.values()), value)
            yield from families.values()

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures())

    def answer(path: str) -> tuple[int, str, bytes]:
        if path == "/metrics":
            return 200, CONTENT_TYPE_LATEST, generate_latest(registry)
        if path == "/livez":
            stuck = pulse.stuck()
            gone = b"" if stuck is None else f"{stuck.job}: no progress for {stuck.seconds:.0f} s\n".encode()
            return (503, _TEXT, gone) if stuck is not None else (200, _TEXT, b"alive\n")
        if path == "/readyz":
            ready = pulse.stuck() is None and is_ready(store.heartbeat(row), clock())
            return (200, _TEXT, b"ready\n") if ready else (503, _TEXT, b"it pauses, hangs or is not there\n")
        return 404, _TEXT, b"/livez, /readyz or /metrics\n"

    class Answering(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            try:
                code, kind, body = answer(self.path.partition("?")[0])
            except StoreError:
                code, kind, body = 503, _TEXT, b"the store does not answer\n"
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Leave the daemon's log to what the daemon does."""

    return Answering
