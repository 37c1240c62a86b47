"""An import reads the next page while it keeps the one before, each page once, and what it keeps is what was read."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from made_site import address, page, write_warc

from crawler.codec import note_packed, packed
from crawler.errors import ParserError
from crawler.evidence.transfer import import_warc
from crawler.parser import parse
from crawler.store import open_store
from diffs.model import Article

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CAPTURES = 40


@pytest.fixture
def warc(tmp_path):
    """Two pages with forty captures each, every one of other bytes, the text another every eighth time."""
    rows = [
        (
            address(number),
            NOW - timedelta(days=9, hours=-turn),
            page(number, turn, edit=f"{turn // 8 + 3} hurt. <!-- {turn} -->"),
        )
        for number in (0, 1)
        for turn in range(CAPTURES)
    ]
    return write_warc(tmp_path / "made.warc.gz", rows)


class Reading:
    """A reader that notes what it read, and in which thread."""

    def __init__(self, *, failing: int | None = None) -> None:
        self.times = Counter()
        self.threads = Counter()
        self.failing = failing

    def __call__(self, body, **fields):
        self.times[body] += 1
        self.threads[threading.current_thread().name.partition("_")[0]] += 1
        if self.failing is not None and sum(self.times.values()) > self.failing:
            raise ParserError("The process that reads pages could not be started; try again.")
        return parse(body, **fields)


def articles_in(store):
    for target in store.targets.all(include_untracked=True):
        for seen in store.captures.of(target):
            if seen.sha256:
                yield seen, store.articles.shown_by(seen), store.snapshot(seen)


def test_each_page_is_read_once_and_most_of_them_ahead(warc, tmp_path):
    read = Reading()
    with open_store(str(tmp_path / "v.db")) as store:
        taken = import_warc(store, warc, only=[], now=NOW, read=read)
        kept = list(articles_in(store))
        assert list(store.verify()) == []
    assert (taken.captures, taken.damage) == (2 * CAPTURES, ())
    assert set(read.times.values()) == {1}
    assert sum(read.times.values()) == len(kept) == 2 * CAPTURES
    assert read.threads["read-ahead"] > CAPTURES
    for seen, article, shot in kept:
        assert article == parse(
            shot.body, url=shot.url, captured_at=shot.served_at, content_type=shot.content_type
        )
        assert seen.fingerprint == article.fingerprint


def test_a_reader_that_does_not_start_is_an_error_in_its_turn_and_what_came_before_is_kept(warc, tmp_path):
    with open_store(str(tmp_path / "v.db")) as store:
        with pytest.raises(ParserError):
            import_warc(store, warc, only=[], now=NOW, read=Reading(failing=30))
        assert 25 <= len(list(articles_in(store))) <= 30
        again = import_warc(store, warc, only=[], now=NOW)
        assert again.captures == 2 * CAPTURES
        assert len(list(articles_in(store))) == 2 * CAPTURES


def test_only_the_very_record_that_was_packed_elsewhere_is_kept_as_it_came():
    one, other = (Article.from_text("Fire", f"{dead} people died.") for dead in (3, 4))
    real = packed(other)
    note_packed(one, b"as it came")
    assert (packed(one), packed(other)) == (b"as it came", real)
    for _ in range(9):
        note_packed(Article.from_text("Fire", "Nobody died."), b"another")
    assert packed(one) != b"as it came"
