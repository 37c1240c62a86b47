"""What goes out of the store as WARC and what comes in."""

import base64
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.archive.warc import WarcArchive, write_warc
from crawler.cli import main
from crawler.errors import InputError, NoCaptureError
from crawler.evidence.transfer import export_warc, import_warc
from crawler.model import Capture, Snapshot, Target
from crawler.store import Store, open_store
from crawler.tracking.pipeline import Pipeline
from diffs.model import History, Note, Outcome

PAGE = "https://courier.example/2025/bridge-collapse-in-tarn-valley"
NOW = datetime(2025, 4, 1, tzinfo=UTC)
NOBODY = 65534


def page(toll: str) -> bytes:
    lines = (
        "A road bridge in the Tarn valley collapsed early on Saturday after days of heavy rain.",
        f"The valley's mayor said {toll} people were killed when two buses fell into the river.",
        "Divers searched the brown water through the night, and cranes were brought from the coast.",
    )
    return f"<html><body><h1>Bridge Collapses</h1>{''.join(f'<p>{line}</p>' for line in lines)}</body></html>".encode()


def shot(hours: int, *, url: str = PAGE, toll: str = "four", **served: object) -> Snapshot:
    at = NOW + timedelta(hours=hours)
    values = {"served_at": at, "url": url, "status": 200, "content_type": "text/html", "body": page(toll)}
    row = Capture(archive="a", url=url, urlkey=url, at=at, digest=f"D{hours}", status=200)
    return Snapshot(capture=row, **(values | served))


def warc(folder: Path, *shots: Snapshot) -> Path:
    return write_warc(folder / "in.warc.gz", shots, created=NOW).warc


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(str(tmp_path / "variorum.db")) as opened:
        yield opened


@pytest.mark.parametrize("refused", ["http://localhost/x", "http://reader:secret@courier.example/x"])
def test_a_page_that_nobody_can_track_is_left_out_and_the_others_are_taken(store, tmp_path, refused) -> None:
    taken = import_warc(store, warc(tmp_path, shot(0, url=refused), shot(1)), only=[], now=NOW)

    assert (taken.pages, taken.captures) == (1, 1)
    assert [line[:8] for line in taken.damage] == ["left out"]
    with pytest.raises(InputError, match="left out"):
        import_warc(store, warc(tmp_path, shot(0, url=refused)), only=[], now=NOW)


def test_a_page_of_an_international_name_is_taken(store, tmp_path) -> None:
    taken = import_warc(store, warc(tmp_path, shot(0, url="https://b\u00fccher.example/x")), only=[], now=NOW)

    assert (taken.captures, taken.damage) == (1, ())


def test_what_an_import_brings_is_found_and_can_be_noted_on(store, tmp_path) -> None:
    import_warc(store, warc(tmp_path, shot(0), shot(5, toll="nine")), only=[], now=NOW)
    found = store.findings.of(store.targets.find(PAGE))

    assert "casualty" in {change.kind for change in found}
    store.findings.add_note(Note(change=found[0].id, text="confirmed by telephone", dismissed=False, at=NOW))


@pytest.mark.parametrize("how", ["import", "rebuild", "publish"])
def test_others_write_while_findings_are_found_and_what_they_learn_counts(tmp_path, monkeypatch, how) -> None:
    path, real, rounds = tmp_path / "variorum.db", Pipeline.history, []

    def meanwhile(pipeline: Pipeline, target: Target) -> History:
        history = real(pipeline, target)
        rounds.append(len(history.observations))
        if len(rounds) == 1:
            with closing(sqlite3.connect(path, timeout=0)) as other:
                other.execute("BEGIN IMMEDIATE")
                other.execute("UPDATE target SET evidence = evidence + 1")
                other.commit()
        return history

    files = warc(tmp_path, shot(0), shot(5, toll="nine"))
    main(["--store", str(path), "import", str(files)])
    monkeypatch.setattr(Pipeline, "history", meanwhile)
    words = {
        "import": ["import", str(files)],
        "rebuild": ["rebuild", "--all"],
        "publish": ["backfill", PAGE],
    }[how]
    archive = ["--archive-dialect", "warc", "--archive-url", str(files)]

    assert main(["--store", str(path), *archive, *words]) == 0
    assert len(rounds) == 2


class Listing:
    """An archive that lists a capture and is not asked for it."""

    name, remote = "far", True

    def __init__(self, shown: Snapshot) -> None:
        self.row = replace(shown.capture, archive=self.name)

    def captures(self, _: str, **__: object) -> Iterator[Capture]:
        yield self.row

    def fetch(self, capture: Capture) -> Snapshot:
        raise NoCaptureError(f"{capture.url} is not asked for here")

    def link(self, capture: Capture) -> None:
        """It has no address."""

    def complaints(self) -> tuple[str, ...]:
        return ()

    def close(self) -> None:
        """It holds nothing open."""


def test_a_file_that_names_no_archive_does_not_answer_for_a_row_that_nobody_fetched(store, tmp_path) -> None:
    body = page("four")
    digest = base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()
    shown = shot(0, body=body, content_type="text/html; charset=utf-16")
    shown = replace(shown, capture=replace(shown.capture, digest=digest))
    target = store.targets.ensure(PAGE, NOW)
    Pipeline(store, [Listing(shown)]).list_captures(target, now=NOW)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {shown.content_type}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    record = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {PAGE}\r\nWARC-Date: {shown.capture.at:%Y-%m-%dT%H:%M:%SZ}\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(head) + len(body)}\r\n\r\n"
    ).encode()
    (tmp_path / "in.warc").write_bytes(record + head + body + b"\r\n\r\n")

    import_warc(store, tmp_path / "in.warc", only=[], now=NOW)

    rows = {row.capture.archive: row for row in store.captures.of(target)}
    assert rows["far"].outcome is Outcome.PENDING
    assert rows["import"].sha256


def test_an_import_takes_no_body_beyond_the_limit(store, tmp_path) -> None:
    large = shot(1, body=page("four") + b"<!-- " + os.urandom(2_000_000).hex().encode() + b" -->")
    taken = import_warc(store, warc(tmp_path, shot(0), large), only=[], now=NOW, body_bytes=1_000_000)

    assert "larger than" in taken.damage[0]
    assert [seen.outcome for seen in store.captures.of(store.targets.find(PAGE))] == [Outcome.FETCHED]


def test_the_same_evidence_is_exported_as_the_same_bytes_with_its_redirects(store, tmp_path) -> None:
    target = store.targets.ensure(PAGE, NOW)
    moved = shot(0, url=f"{PAGE}-kills-four", redirects=(PAGE,))
    missing = shot(1, status=404)
    for each in (moved, missing):
        row = Capture(archive="a", url=PAGE, urlkey=PAGE, at=each.served_at, digest=each.capture.digest)
        store.captures.observe(target, [row])
        seen = store.captures.at(target, each.served_at)
        store.captures.keep(seen, each, outcome=Outcome.NOT_ARTICLE, reason="a test", now=NOW)
    one = export_warc(store, [target], tmp_path / "one", now=NOW)
    two = export_warc(store, [target], tmp_path / "two", now=NOW + timedelta(days=1))

    assert one.warc.read_bytes() == two.warc.read_bytes()
    assert one.cdxj.read_bytes() == two.cdxj.read_bytes()
    archive = WarcArchive("files", one.warc)
    redirect, error = archive.captures(PAGE)
    assert (redirect.status, error.status) == (302, 404)
    assert archive.fetch(redirect).url == f"{PAGE}-kills-four"


def test_an_import_from_a_folder_that_may_not_be_read_says_so(store, tmp_path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    path = warc(locked, shot(0))
    locked.chmod(0)
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)  # root may read everything
    try:
        with pytest.raises(InputError, match="can be read"):
            import_warc(store, path, only=[], now=NOW)
    finally:
        os.seteuid(user)
        locked.chmod(0o700)


def test_a_capture_that_is_not_whole_is_reported_and_taken_once_the_file_is_repaired(store, tmp_path) -> None:
    whole, second = shot(0), shot(1, toll="five")
    path = warc(tmp_path, whole, second)
    taken = import_warc(store, path, only=[], now=NOW + timedelta(days=1), body_bytes=len(page("four")) - 1)

    assert sorted(line.partition(": ")[0] for line in taken.damage) == [
        f"{PAGE} at 20250401000000",
        f"{PAGE} at 20250401010000",
    ]
    assert list(store.bodies.names()) == []

    again = import_warc(store, path, only=[], now=NOW + timedelta(days=1))
    assert (again.damage, again.new) == ((), 0)
    assert len(list(store.bodies.names())) == 2
