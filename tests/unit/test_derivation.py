"""What was derived is held against what it was derived from, without the log of custody."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from held_archive import filled

from crawler.cli import main
from crawler.codec import packed
from crawler.evidence.derivation import Derivation
from crawler.parser import parse
from crawler.store import open_store
from crawler.tracking.pipeline import Pipeline
from store_samples import URL


@pytest.fixture
def path(tmp_path):
    where = tmp_path / "v.db"
    filled(where).close()
    return where


def found(path, *, deep: bool) -> list[tuple[str, str]]:
    with open_store(str(path)) as store:
        checks = Derivation(Pipeline(store, []), deep=deep)
        problems = [(each.what, each.detail.partition(":")[0]) for each in checks.problems()]
        assert checks.skipped == 0
    return problems


def altered(path, **fields) -> None:
    """Put another article in place of the first, with its own checksum and fingerprint where asked."""
    with open_store(str(path)) as store:
        seen = next(row for row in store.captures.of(store.targets.find(URL)) if row.sha256)
        other = replace(store.articles.shown_by(seen), **fields)
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE article SET z = ? WHERE capture_id = ?", (packed(other), seen.id))
        raw.execute("UPDATE capture SET fingerprint = ? WHERE id = ?", (other.fingerprint, seen.id))


def test_nothing_is_wrong_with_what_was_left_alone(path):
    assert found(path, deep=True) == []


def test_a_fingerprint_that_is_not_its_articles_is_named(path):
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE capture SET fingerprint = ? WHERE id = 1", ("0" * 64,))
    assert found(path, deep=False) == [("capture", "its fingerprint is not that of its article")]


def test_an_article_that_its_bytes_do_not_show_is_named_with_what_differs(path):
    altered(path, headline="No fire at the harbour", byline="Nobody")
    assert found(path, deep=False) == []
    assert found(path, deep=True) == [("article", "is not what is read in its bytes, in headline, byline")]


def test_bytes_that_show_no_article_are_named(path):
    def unreadable(body, **about):
        return replace(parse(body, **about), suspect="nothing on it")

    with open_store(str(path)) as store:
        problems = list(Derivation(Pipeline(store, [], read=unreadable), deep=True).problems())
    assert {each.detail.partition(":")[0] for each in problems} == {
        "none is read in its bytes (nothing on it)"
    }


def test_what_another_parser_read_is_counted_and_not_judged(path):
    altered(path, headline="No fire at the harbour", parser="1")
    with open_store(str(path)) as store:
        checks = Derivation(Pipeline(store, []), deep=True)
        assert (list(checks.problems()), checks.skipped) == ([], 1)


def test_the_verb_names_it_and_fails(path, capsys):
    assert main(["verify", "--deep", "--store", str(path)]) == 0
    altered(path, headline="No fire at the harbour")
    assert main(["verify", URL, "--deep", "--store", str(path)]) == 1
    assert "is not what is read in its bytes, in headline" in capsys.readouterr().out
    assert main(["verify", "v.wacz", "--deep"]) == 2
