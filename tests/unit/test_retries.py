"""A capture that could not be had: what failed, when it is asked for again, and what opens it at once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.errors import (
    ArchiveError,
    BlockedError,
    BodyEncodingError,
    BodyTooLargeError,
    NoCaptureError,
    UnexpectedReplyError,
    UnreachableError,
    WrongCaptureError,
)
from crawler.model import Capture, Failure, Snapshot, StoredCapture, Target
from crawler.store import Store, open_store
from crawler.tracking import retries
from crawler.tracking.pipeline import Pipeline
from crawler.tracking.retries import failure_of, is_due, pause_after
from diffs.model import Outcome

PAGE = "https://courier.example/2025/ice-road-closed"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
ERRORS: dict[Failure, ArchiveError] = {
    Failure.UNREACHABLE: UnreachableError("cut off"),
    Failure.ABSENT: NoCaptureError("cannot be played yet"),
    Failure.BLOCKED: BlockedError("kept out"),
    Failure.OTHER_CAPTURE: WrongCaptureError("another one", asked=NOW, got=None),
    Failure.TOO_LARGE: BodyTooLargeError("too large", limit=1000),
    Failure.ENCODING: BodyEncodingError("in an unknown encoding"),
    Failure.UNREADABLE: UnexpectedReplyError("a maintenance page"),
}


class Ward:
    """An archive of one page's captures, well or ill, that counts what it is asked for and what it served."""

    remote = True

    def __init__(self, captures: int, *, name: str = "ward") -> None:
        self.name = name
        self.ill: ArchiveError | None = None
        self.broken: set[datetime] = set()
        self.asked: list[datetime] = []
        self.served: list[datetime] = []
        self.rows = [
            Capture(
                archive=name,
                url=PAGE,
                urlkey="example,courier)/2025/ice-road-closed",
                at=NOW - timedelta(days=30 - day),
                mimetype="text/html",
                status=200,
                digest=f"{name}{day}",
            )
            for day in range(captures)
        ]

    def captures(self, _url: str, **_span: object) -> Iterator[Capture]:
        yield from self.rows

    def fetch(self, capture: Capture) -> Snapshot:
        self.asked.append(capture.at)
        if self.ill is not None:
            raise self.ill
        if capture.at in self.broken:
            raise NoCaptureError("cannot be played yet")
        self.served.append(capture.at)
        text = "".join(
            f"<p>{words}, the county said on day {capture.at:%d} of the closure of its ice road.</p>"
            for words in ("Four drivers were killed", "The ploughs were kept in", "Schools stayed open")
        )
        body = f"<html><body><article><h1>Ice road closed</h1>{text}</article></body></html>".encode()
        return Snapshot(
            capture=capture,
            served_at=capture.at,
            url=PAGE,
            status=200,
            content_type="text/html",
            body=body,
        )

    def link(self, _capture: Capture) -> str | None:
        return None

    def complaints(self) -> tuple[str, ...]:
        return ()

    def close(self) -> None:
        pass


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(str(tmp_path / "variorum.db")) as opened:
        yield opened


@pytest.fixture
def target(store: Store) -> Target:
    return store.targets.ensure(PAGE, NOW)


def one_pass(store: Store, target: Target, *archives: Ward, at: datetime = NOW, **how) -> bool:
    """Do one pass as a backfill of every capture does; returns whether the archive ended it."""
    pipeline = Pipeline(store, archives)
    pipeline.list_captures(target)
    try:
        list(pipeline.backfill(target, now=at, every=True, **how))
    except UnreachableError:
        return True
    return False


def read(store: Store, target: Target) -> int:
    return sum(seen.sha256 is not None for seen in store.captures.of(target))


def failed(tries: int, **fields) -> StoredCapture:
    capture = Capture(archive="a", url=PAGE, urlkey="k", at=NOW)
    return StoredCapture(id=1, target=1, capture=capture, outcome=Outcome.FAILED, tries=tries, **fields)


def test_pauses_double_from_an_hour_to_ninety_days():
    hours = [pause.total_seconds() / 3600 if (pause := pause_after(tries)) else 0 for tries in range(1, 20)]

    assert hours[:6] == [0, 1, 2, 4, 8, 16]
    assert hours == sorted(hours)
    assert hours[-1] == 90 * 24


@pytest.mark.parametrize("failure", ERRORS)
def test_what_failed_is_kept_as_a_field(failure):
    assert failure_of(ERRORS[failure]) is failure


def test_what_stood_in_the_way_and_is_gone_opens_a_capture_at_once(monkeypatch):
    waiting = {"ask_again": NOW + HOUR, "parser": retries.PARSER_VERSION}
    large = failed(3, failure=Failure.TOO_LARGE, body_limit=1000, **waiting)
    coded = failed(3, failure=Failure.ENCODING, **waiting)
    absent = failed(3, failure=Failure.ABSENT, **waiting)

    assert [is_due(row, now=NOW, body_limit=1000) for row in (large, coded, absent)] == [False] * 3
    assert is_due(large, now=NOW, body_limit=2000)
    assert all(is_due(row, now=NOW + HOUR) for row in (large, coded, absent))
    monkeypatch.setattr(retries, "PARSER_VERSION", "later")
    assert is_due(coded, now=NOW)
    assert not is_due(absent, now=NOW)
    assert not is_due(failed(1, failure=Failure.DROPPED), now=NOW + 1000 * HOUR)


@pytest.mark.parametrize("captures", [1, 2, 3, 12])
@pytest.mark.parametrize("failure", ERRORS)
def test_after_an_hour_of_illness_one_ordinary_pass_reads_everything(store, target, failure, captures):
    ward = Ward(captures)
    ward.ill = ERRORS[failure]
    for minutes in (0, 30):
        one_pass(store, target, ward, at=NOW + timedelta(minutes=minutes))
    asked = len(ward.asked)
    ward.ill = None

    assert not one_pass(store, target, ward, at=NOW + HOUR)
    assert asked <= 2 * captures
    assert read(store, target) == captures
    assert len(ward.served) == len(set(ward.served))


def test_an_illness_that_lasts_a_day_costs_a_request_a_pass_and_is_over_with_the_first_that_is_served(
    store, target
):
    ward = Ward(12)
    one_pass(store, target, ward)
    ward.ill = ERRORS[Failure.UNREADABLE]
    ward.rows += Ward(12, name="late").rows
    pipeline = Pipeline(store, [ward])
    ward.rows = [row for row in ward.rows if row.archive == "ward"] + [
        Capture(
            archive="ward",
            url=PAGE,
            urlkey="k",
            at=NOW - timedelta(hours=n),
            mimetype="text/html",
            digest=f"n{n}",
        )
        for n in range(1, 13)
    ]
    pipeline.list_captures(target)
    asked = []
    for hour in range(1, 11):
        before = len(ward.asked)
        assert one_pass(store, target, ward, at=NOW + hour * HOUR)
        asked.append(len(ward.asked) - before)

    assert asked == [3] + [1] * 9
    ward.ill = None
    assert not one_pass(store, target, ward, at=NOW + 11 * HOUR)
    assert read(store, target) == 24
    assert len(ward.served) == len(set(ward.served))


def test_three_broken_captures_hide_none_of_the_others_and_end_no_later_pass(store, target):
    ward = Ward(20)
    ward.broken = {row.at for row in ward.rows[-3:]}
    one_pass(store, target, ward)
    assert not one_pass(store, target, ward, at=NOW + HOUR)
    assert read(store, target) == 17
    before = len(ward.asked)
    for minute in range(50):
        assert not one_pass(store, target, ward, at=NOW + HOUR + timedelta(minutes=minute + 1))
    assert len(ward.asked) - before <= 3 * retries.YOUNG

    ward.broken = set()
    assert not one_pass(store, target, ward, at=NOW + 2 * HOUR, retry=True)
    assert read(store, target) == 20


def test_an_ill_archive_keeps_nothing_from_another(store, target):
    ill, well = Ward(6, name="ill"), Ward(6, name="well")
    ill.ill = ERRORS[Failure.BLOCKED]
    for hour in range(3):
        one_pass(store, target, ill, well, at=NOW + hour * HOUR)

    assert len(well.served) == 6
    assert len(ill.asked) <= 6
    assert store.status(now=NOW).again == 6 - sum(
        seen.outcome is Outcome.PENDING for seen in store.captures.of(target)
    )


def test_files_are_read_again_at_every_pass_however_often_they_failed(store, target):
    ward = Ward(5)
    ward.remote = False  # type: ignore[misc]
    ward.broken = {row.at for row in ward.rows}
    for _ in range(6):
        assert not one_pass(store, target, ward)
    assert len(ward.asked) == 30

    ward.broken = set()
    one_pass(store, target, ward)
    assert read(store, target) == 5


def test_a_failure_never_takes_away_what_another_process_kept_meanwhile(store, target):
    ward = Ward(1)
    Pipeline(store, [ward]).list_captures(target)
    (stale,) = store.captures.of(target)
    one_pass(store, target, ward)
    after = store.captures.fail(stale, Failure.ABSENT, reason="late news", now=NOW, ask_again=None)

    assert after.outcome is Outcome.FETCHED
    assert after.tries == 0
