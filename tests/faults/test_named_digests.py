"""A digest that an index only names stands for no bytes, and a capture is had before its index lists it."""

import base64
import gzip
import hashlib
from datetime import UTC, datetime

import pytest

from crawler.archive import ArchiveSource, open_archive
from crawler.model import Capture
from crawler.store import open_store
from crawler.tracking.pipeline import Pipeline
from crawler.tracking.save_requests import expect_capture
from diffs.model import Outcome

PAGE = "https://courier.example/news/bridge"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
STAMPS = ("20200101000000", "20200102000000", "20200103000000")


def page(toll):
    body = "".join(
        f"<p>Paragraph {n} of the story on the bridge, as told by the clerk.</p>" for n in range(6)
    )
    return f"<html><body><article><h1>Bridge</h1><p>At least {toll} people were killed.</p>{body}</article></body></html>".encode()


def sha1(body):
    return base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


def served(bench, rows, bodies, **headers):
    """Play an index of rows and the bodies by their times."""

    def play(asked):
        if "/cdx" in asked.path:
            return [bench.answer(200, "".join(rows).encode())]
        stamp = next((s for s in bodies if s in asked.path), None)
        return [bench.memento(bodies[stamp], at=stamp, **headers)] if stamp else [bench.answer(404)]

    bench.server.play = play
    return open_archive(ArchiveSource.of("x", dialect="wayback", url=bench.server.url), session=bench.session)


def row(stamp, digest, url=PAGE):
    return f"example,courier)/news/bridge {stamp} {url} text/html 200 {digest} 100\n"


@pytest.fixture
def store(tmp_path):
    with open_store(str(tmp_path / "v.db")) as opened:
        yield opened


@pytest.mark.parametrize("digest", ["A" * 32, "xxh3:0011", sha1(b"another page")])
def test_three_captures_under_one_forged_digest_are_three_texts(bench, store, digest):
    bodies = dict(zip(STAMPS, map(page, (12, 40, 12)), strict=True))
    archive = served(bench, [row(stamp, digest) for stamp in STAMPS], bodies)
    pipeline = Pipeline(store, [archive])
    target, _ = store.targets.track(PAGE, now=NOW)
    pipeline.list_captures(target)
    list(pipeline.backfill(target, now=NOW))
    history = pipeline.history(target)
    assert len({seen.fingerprint for seen in store.captures.of(target)}) == 2
    assert [change.type for change in history.transitions[0].changes if change.kind == "casualty"]
    assert {seen.digest_fits for seen in store.captures.of(target)} == {False}
    assert {observation.capture.digest for observation in history.observations} == {None}
    assert any("digest is not of" in line for line in archive.complaints())
    pipeline.list_captures(target)
    assert len([asked for asked in bench.server.log if "/web/" in asked.path]) == 3


@pytest.mark.parametrize("coding", [None, "gzip"])
def test_a_digest_that_fits_the_bytes_raw_or_decoded_saves_requests(bench, store, coding):
    raw = gzip.compress(page(12), mtime=0) if coding else page(12)
    headers = {"Content_Encoding": coding} if coding else {}
    archive = served(bench, [row(s, sha1(raw)) for s in STAMPS], dict.fromkeys(STAMPS, raw), **headers)
    pipeline = Pipeline(store, [archive])
    target, _ = store.targets.track(PAGE, now=NOW)
    pipeline.list_captures(target)
    list(pipeline.backfill(target, now=NOW))
    assert len([asked for asked in bench.server.log if "/web/" in asked.path]) == 1
    assert [seen.outcome for seen in store.captures.of(target)].count(Outcome.UNCHANGED) == 2
    assert {o.capture.digest for o in pipeline.history(target).observations} == {sha1(raw)}
    assert archive.complaints() == ()


def test_a_capture_just_made_is_had_before_the_index_lists_it_and_is_one_after(bench, store):
    bodies = dict(zip(STAMPS, map(page, (12, 12, 15)), strict=True))
    rows = [row(STAMPS[0], sha1(page(12)))]
    archive = served(bench, rows, bodies)
    pipeline = Pipeline(store, [archive])
    target, _ = store.targets.track(PAGE, now=NOW)
    pipeline.list_captures(target)
    made = datetime(2020, 1, 3, tzinfo=UTC)
    expect_capture(store, "x", target, at=made, url=PAGE)
    newest = pipeline.newest(target, now=NOW)
    assert (newest.capture.at, newest.outcome) == (made, Outcome.FETCHED)
    rows.append(row(STAMPS[2], sha1(page(15))))
    pipeline.list_captures(target)
    expect_capture(store, "x", target, at=made)
    (seen,) = [each for each in store.captures.of(target) if each.capture.at == made]
    assert (seen.capture.digest, seen.outcome) == (sha1(page(15)), Outcome.FETCHED)


def test_a_spelling_is_kept_and_another_page_is_left_to_playback(store):
    target, _ = store.targets.track(PAGE, now=NOW)
    for day, url in enumerate(
        ("http://courier.example:80/news/bridge", "https://courier.example/new-slug", None)
    ):
        expect_capture(store, "x", target, at=datetime(2020, 1, day + 1, tzinfo=UTC), url=url)
    urls = [seen.capture.url for seen in store.captures.of(target)]
    assert urls == ["http://courier.example:80/news/bridge", PAGE, PAGE]
    assert isinstance(next(store.captures.of(target)).capture, Capture)
