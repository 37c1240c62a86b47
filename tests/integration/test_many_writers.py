"""Several processes on one page of one store, in a file and on a server: no failure, and the findings of one."""

import multiprocessing
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from crawler.config import Settings
from crawler.model import Capture
from crawler.store import open_store
from crawler.tracker import Tracker

ARCHIVE = Path(__file__).parents[2] / "seeds" / "demo" / "meridian-courier.warc.gz"
PAGE = "https://www.meridian-courier.example/world/2025/03/11/silver-tern-ferry-port-sarel"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PROCESSES = 8


@pytest.fixture(params=["file", "server"])
def fresh(request, tmp_path) -> Callable[[], str]:
    """Name a store that is not there yet, at each call another."""
    if request.param == "file":
        numbers = count()
        return lambda: str(tmp_path / f"{next(numbers)}.db")
    server = request.getfixturevalue("server")
    return lambda: server.url(server.new_database())


@pytest.fixture
def where(fresh) -> str:
    return fresh()


def settings_for(where: str, folder: Path) -> Settings:
    return Settings.model_validate(
        {"store": where, "reports": folder, "archive": {"dialect": "warc", "url": str(ARCHIVE)}}
    )


def backfill(settings: Settings, *, retain: bool = False) -> None:
    with Tracker.open(settings, clock=lambda: NOW) as tracker:
        tracker.backfill(PAGE, every=True)
        if retain:
            target = tracker.target(PAGE)
            tracker.store.drop_old_bodies(target, before=NOW, now=NOW)


def at_once(settings: Settings, **how: bool) -> list[int]:
    """Backfill in several processes at once; returns how each ended."""
    context = multiprocessing.get_context("fork")

    def work() -> None:
        try:
            backfill(settings, **how)
        except BaseException as error:
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            raise SystemExit(1) from error

    running = [context.Process(target=work) for _ in range(PROCESSES)]
    for each in running:
        each.start()
    for each in running:
        each.join(120)
    return [each.exitcode for each in running]


def ids(where: str) -> list[str]:
    with open_store(where) as store:
        assert list(store.verify()) == []
        return [change.id for change in store.findings.of(store.targets.find(PAGE))]


@pytest.fixture(scope="module")
def alone(tmp_path_factory) -> list[str]:
    folder = tmp_path_factory.mktemp("alone")
    where = str(folder / "variorum.db")
    backfill(settings_for(where, folder))
    return ids(where)


@pytest.mark.parametrize("rounds", [1, pytest.param(50, marks=pytest.mark.soak)])
@pytest.mark.timeout(3000)
def test_eight_processes_that_backfill_one_page_find_what_one_finds(fresh, tmp_path, alone, rounds):
    for _ in range(rounds):
        where = fresh()
        open_store(where).close()
        assert at_once(settings_for(where, tmp_path / "reports")) == [0] * PROCESSES
        assert ids(where) == alone


def test_keeping_next_to_retention_loses_no_reference(where, tmp_path, alone):
    open_store(where).close()
    assert at_once(settings_for(where, tmp_path / "reports"), retain=True) == [0] * PROCESSES
    assert ids(where) == alone


def test_a_slower_process_of_an_older_version_changes_nothing(where, tmp_path, alone):
    backfill(settings_for(where, tmp_path))
    with open_store(where) as store:
        target = store.targets.find(PAGE)
        standing = store.findings.of(target)
        store.findings.record(target, standing, grammar="1000", parser="1000", now=NOW)
        late = store.findings.record(target, standing[:1], grammar="3", parser="4", now=NOW)

        assert late.vanished == ()
        assert [change.id for change in late.kept] == alone
        assert store.findings.of(target) == standing
        evidence = store.captures.evidence(target)
        store.captures.mark(next(store.captures.of(target)), next(store.captures.of(target)).outcome)
        none = store.findings.record(target, [], grammar="1000", parser="1000", now=NOW, evidence=evidence)
        assert none is None
        assert store.findings.of(target) == standing


@pytest.mark.parametrize(
    "odd",
    [
        {"status": 200_000_000_000},
        {"digest": "D" * 5000},
        {"url": "https://gazette.example/?x=" + "y" * 5000},
    ],
    ids=["status", "digest", "address"],
)
def test_one_odd_row_of_an_index_costs_itself_at_most(where, odd):
    with open_store(where) as store:
        target = store.targets.ensure("https://gazette.example/fire", NOW)
        rows = [
            Capture(archive="a", url="https://gazette.example/fire", urlkey="k", at=NOW + timedelta(hours=n))
            for n in range(3)
        ]
        fields = {"archive": "a", "url": "https://gazette.example/fire", "urlkey": "k", "at": NOW} | odd
        store.captures.observe(target, [*rows[1:], Capture(**fields)])

        assert len(list(store.captures.of(target))) >= 2
