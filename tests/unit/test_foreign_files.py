"""What a file may say of captures of an archive that it is not: it gives bytes where a SHA-256 proves them, and nothing else."""

import base64
import gzip
import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import connect

import pytest

from crawler.evidence.transfer import import_warc
from crawler.maintenance.rebuild import followers
from crawler.model import Capture, Snapshot, StoredCapture
from crawler.store import Store, open_store
from crawler.tracking.mending import Mended, mend_damaged
from crawler.tracking.pipeline import Pipeline
from diffs.model import Outcome

PAGE = "https://courier.example/2025/bruecke"
NOW = datetime(2025, 6, 1, tzinfo=UTC)
UTF8, CLAIMED = "text/html; charset=utf-8", "text/html; charset=utf-16"
LINES = (
    "Der Bürgermeister sagte, daß fünf Menschen starben, als die Brücke in den Fluß stürzte.",
    "Die Behörden prüfen, ob die Brücke überladen war und wer für die Prüfung zuständig gewesen ist.",
)
BODY = f"<html><body><h1>Brücke eingestürzt</h1>{''.join(f'<p>{line}</p>' for line in LINES)}</body></html>".encode()


def shot(hours: int = 0, *, archive: str = "wayback", **served: object) -> Snapshot:
    at = NOW - timedelta(days=30) + timedelta(hours=hours)
    digest = base64.b32encode(hashlib.sha1(BODY, usedforsecurity=False).digest()).decode()
    row = Capture(
        archive=archive, url=PAGE, urlkey=PAGE, at=at, digest=digest, status=200, mimetype="text/html"
    )
    values = {"served_at": at, "url": PAGE, "status": 200, "content_type": UTF8, "body": BODY}
    return Snapshot(capture=row, **({"digest_fits": True} | values | served))


class Asked:
    """An archive on the network that has these captures, and counts what it is asked for."""

    remote = True

    def __init__(self, *shots: Snapshot, name: str = "wayback") -> None:
        self.name, self.shots, self.fetched = name, shots, 0

    def captures(self, url: str, **_: datetime | None) -> Iterator[Capture]:
        yield from (each.capture for each in self.shots if each.capture.url == url)

    def fetch(self, capture: Capture) -> Snapshot:
        self.fetched += 1
        return next(each for each in self.shots if each.capture.at == capture.at)

    def link(self, _: Capture) -> None:
        return None

    def complaints(self) -> tuple[str, ...]:
        return ()

    def close(self) -> None:
        pass


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(str(tmp_path / "variorum.db")) as opened:
        yield opened


def nameless(folder: Path, *, kind: str = UTF8, hours: int = 0, body: bytes = BODY) -> Path:
    """Write a WARC that names no archive."""
    http = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    fields = (
        "WARC/1.0",
        "WARC-Type: response",
        f"WARC-Target-URI: {PAGE}",
        f"WARC-Date: {shot(hours).capture.at:%Y-%m-%dT%H:%M:%SZ}",
        "WARC-Record-ID: <urn:uuid:0b8c1b0e-7d0f-4d38-9a3f-2f3e5b1d6a11>",
        "Content-Type: application/http; msgtype=response",
        f"Content-Length: {len(http)}",
    )
    path = folder / "a.warc"
    path.write_bytes("\r\n".join(fields).encode() + b"\r\n\r\n" + http + b"\r\n\r\n")
    return path


def listed(store: Store, archive: Asked) -> Pipeline:
    pipeline = Pipeline(store, [archive])
    pipeline.list_captures(store.targets.ensure(PAGE, NOW), now=NOW)
    return pipeline


def read(store: Store, archive: Asked) -> Pipeline:
    pipeline = listed(store, archive)
    for _ in pipeline.backfill(store.targets.find(PAGE), now=NOW, every=True):
        pass
    return pipeline


def rows(store: Store) -> dict[str, StoredCapture]:
    return {row.capture.archive: row for row in store.captures.of(store.targets.find(PAGE))}


def acts(store: Store, archive: str) -> list[str]:
    entries = store.custody.of(store.targets.find(PAGE))
    return [entry.act for entry in entries if entry.facts.get("archive") == archive]


@pytest.mark.parametrize("kind", [UTF8, CLAIMED, "text/html"])
def test_a_file_answers_for_no_row_of_an_archive_that_it_does_not_name(store, tmp_path, kind):
    wayback = Asked(shot())
    listed(store, wayback)
    path = nameless(tmp_path, kind=kind)
    for again in (1, 0):
        assert import_warc(store, path, only=[], now=NOW).new == again
        own = rows(store)["wayback"]
        assert (own.outcome, own.sha256, own.fingerprint) == (Outcome.PENDING, None, None)
        assert acts(store, "wayback") == []
        assert (rows(store)["import"].outcome, rows(store)["import"].content_type) == (Outcome.FETCHED, kind)

    read(store, wayback)

    own = rows(store)["wayback"]
    assert (wayback.fetched, own.outcome, own.content_type) == (1, Outcome.FETCHED, UTF8)
    assert [block.text for block in store.articles.shown_by(own).blocks] == list(LINES)


def test_what_a_file_says_of_equal_bytes_is_no_other_captures_text(store, tmp_path):
    import_warc(store, nameless(tmp_path, kind=CLAIMED), only=[], now=NOW)
    wayback = Asked(shot(5), shot(9))
    read(store, wayback)

    first, second = (
        row for row in store.captures.of(store.targets.find(PAGE)) if row.capture.archive == "wayback"
    )
    assert wayback.fetched == 1
    assert {first.outcome, second.outcome} == {Outcome.FETCHED, Outcome.UNCHANGED}
    assert first.fingerprint == second.fingerprint != rows(store)["import"].fingerprint


def test_what_a_file_says_under_an_archives_name_is_not_shared_with_what_that_archive_gives(store):
    target = store.targets.ensure(PAGE, NOW)
    brought = shot(0, content_type=CLAIMED, imported=True)
    store.captures.observe(target, [brought.capture], now=NOW)
    store.captures.keep(rows(store)["wayback"], brought, outcome=Outcome.FETCHED, article=None, now=NOW)
    wayback = Asked(shot(0), shot(5))
    read(store, wayback)

    assert wayback.fetched == 1
    assert rows(store)["wayback"].imported_at is None


def test_a_rebuild_lets_a_capture_follow_one_of_its_own_archive(store):
    def row(number: int, archive: str, outcome: Outcome, fingerprint: str) -> StoredCapture:
        sha256 = "s" if outcome is Outcome.FETCHED else None
        return StoredCapture(
            id=number, target=1, capture=shot(number, archive=archive).capture, outcome=outcome,
            fingerprint=fingerprint, sha256=sha256, digest_fits=True,
        )  # fmt: skip

    seen = [
        row(1, "import", Outcome.FETCHED, "claimed"),
        row(2, "wayback", Outcome.FETCHED, "new"),
        row(3, "wayback", Outcome.UNCHANGED, "old"),
        row(4, "import", Outcome.FETCHED, "claimed"),
    ]
    assert followers(seen) == [(seen[2], Outcome.UNCHANGED, None, "new")]


@pytest.mark.parametrize(("kind", "new"), [(UTF8, 0), (CLAIMED, 1)])
def test_a_file_of_what_was_read_counts_again_only_where_it_says_something_else(store, tmp_path, kind, new):
    read(store, Asked(shot()))
    before = rows(store)["wayback"], acts(store, "wayback")
    taken = import_warc(store, nameless(tmp_path, kind=kind), only=[], now=NOW)

    assert (taken.captures, taken.new, len(rows(store))) == (1, new, 1 + new)
    assert (rows(store)["wayback"], acts(store, "wayback")) == before


def harm(folder: Path, statement: str) -> None:
    with closing(connect(folder / "variorum.db")) as database, database:
        assert database.execute(statement).rowcount


def test_damaged_bytes_come_back_from_any_file_that_has_them_and_nothing_with_them(store, tmp_path):
    read(store, Asked(shot()))
    before = rows(store)["wayback"]
    harm(tmp_path, "UPDATE body SET z = zeroblob(length(z))")
    stranger = nameless(tmp_path, kind=CLAIMED, body=BODY.replace(b"f\xc3\xbcnf", b"acht"))
    assert import_warc(store, stranger, only=[], now=NOW).mended == Mended(captures=0, left=1)
    assert "mended" not in acts(store, "wayback")

    taken = import_warc(store, nameless(tmp_path, kind=CLAIMED), only=[], now=NOW)

    assert taken.mended.left == 0
    assert rows(store)["wayback"] == before
    assert store.snapshot(before).body == BODY
    (entry,) = (each for each in store.custody.of(store.targets.find(PAGE)) if each.act == "mended")
    assert (entry.facts["archive"], entry.facts["source"]) == ("wayback", "import")
    assert entry.facts["mended"] == before.sha256


def gzipped(stamp: int) -> bytes:
    """Return the body as two gzip members, which no recipe makes."""
    return gzip.compress(BODY[:99], 9, mtime=stamp) + gzip.compress(BODY[99:], 3, mtime=stamp)


@pytest.mark.parametrize("statement", ["UPDATE raw_body SET z = x'00112233'", "DELETE FROM raw_body"])
def test_the_log_says_mended_only_where_bytes_came_back(store, tmp_path, statement):
    kept = shot(raw=gzipped(1), content_coding="gzip")
    read(store, Asked(kept))
    harm(tmp_path, statement)
    target = store.targets.find(PAGE)
    other = Pipeline(store, [Asked(replace(kept, raw=gzipped(2)))])
    for _ in range(3):
        assert mend_damaged(other, target, now=NOW) == Mended(captures=0, left=1)
    assert "mended" not in acts(store, "wayback")

    same = Pipeline(store, [Asked(kept)])
    assert mend_damaged(same, target, now=NOW) == Mended(captures=1, left=0)
    assert mend_damaged(same, target, now=NOW) == Mended(captures=0, left=0)
    assert acts(store, "wayback").count("mended") == 1
    assert store.snapshot(rows(store)["wayback"], raw=True).raw == gzipped(1)
