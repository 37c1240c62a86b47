"""Attacks on the log of custody by somebody who knows how it is made, and rows that belong to more than one page."""

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from custody_samples import OTHER, as_earlier, change, fill, fill_all

from crawler.evidence.custody import custody_problems
from crawler.evidence.links import bind_and_stamp
from crawler.model import Failure
from crawler.parser import Template
from crawler.store import open_store
from crawler.store.entry_packing import packed
from crawler.store.readings import PageReading
from crawler.store.seals import begin, head_hash
from diffs.model import Note, Outcome, Verdict
from store_samples import NOW, URL, keep, listed, one_seen, served, told, tracked

LATER = NOW + timedelta(days=1)


@pytest.fixture(scope="module")
def filled(tmp_path_factory, empty):
    path = tmp_path_factory.mktemp("filled") / "variorum.db"
    shutil.copy(empty, path)
    with open_store(str(path)) as store:
        fill(store)
        store.maintain()
    return path


@pytest.fixture
def path(tmp_path, filled):
    return shutil.copy(filled, tmp_path / "altered.db")


def alter(path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as raw, raw:
        for statement in statements:
            raw.execute(statement)


def rewrite(store, path) -> None:
    """Alter a note and write the whole chain of its page anew."""
    alter(path, "UPDATE note SET text = 'never mind' WHERE id = 1")
    alter(path, "DELETE FROM custody WHERE target_id = 1", "DELETE FROM custody_tip WHERE target_id = 1")
    with store.database.writing() as connection:
        begin(connection)


def named(store) -> list[str]:
    return [f"{each.what} {each.name}" for each in custody_problems(store)]


def test_a_chain_that_was_rewritten_before_the_next_link_stays_named_by_the_link_before(path):
    with open_store(str(path)) as store:
        position = len(list(store.custody.of(store.targets.find(URL))))
        rewrite(store, path)
        for number in range(position - 1):
            store.custody.enter(store.targets.find(URL), "reported", at=NOW, number=number)
        assert store.custody.tip(store.targets.find(URL))[0] == position
        bind_and_stamp(store, None, now=LATER)
        assert f"custody {URL} entry {position}" in named(store)
        assert "custody link 2" in named(store)


def test_a_chain_that_was_cut_before_the_next_link_stays_named(path):
    with open_store(str(path)) as store:
        alter(
            path, "DELETE FROM note WHERE id = 2", "DELETE FROM custody WHERE target_id = 1 AND position > 8"
        )
        alter(
            path,
            "UPDATE custody_tip SET (position, hash) ="
            " (SELECT position, lower(hex(hash)) FROM custody WHERE target_id = 1 AND position = 8) WHERE target_id = 1",
        )
        bind_and_stamp(store, None, now=LATER)
        assert f"custody {URL} entry 9" in named(store)


@pytest.mark.parametrize("heads", ["", "[]", "{", '{"x":[1,"y"]}', '{"1":[1]}', '{"1":7}', "[" * 5_000])
def test_a_link_of_another_form_under_a_fitting_hash_is_named_and_stops_nothing(path, heads):
    with open_store(str(path)) as store:
        (link,) = store.custody.heads()
        digest = head_hash(1, link.at, heads, "")
        with closing(sqlite3.connect(path)) as raw, raw:
            raw.execute("UPDATE custody_head SET heads = ?, hash = ?", (heads, digest))
            raw.execute("UPDATE meta SET value = ? WHERE name = 'custody'", (f"1 {digest}",))
        assert "custody link 1" in named(store)
        assert "bound the log of custody as link 2" in str(bind_and_stamp(store, None, now=LATER))
        assert "custody link 1" in named(store)


@pytest.mark.parametrize("detail", ["", "7", "[]", '{"things":7}', '{"things":{"note 1":{}}}', "[" * 5_000])
def test_an_entry_of_another_form_is_named_and_stops_nothing(path, detail):
    with open_store(str(path)) as store:
        with closing(sqlite3.connect(path)) as raw, raw:
            raw.execute(
                "UPDATE custody SET detail = ? WHERE target_id = 1 AND position = 3", (packed(detail),)
            )
        assert f"custody {URL} entry 3" in named(store)


def test_a_page_that_comes_to_a_finding_with_notes_has_them_in_its_log(path):
    with open_store(str(path)) as store:
        third = tracked(store, "https://herald.example/wire-copy")
        store.findings.record(third, [change("c00")], grammar="g", parser="p", now=LATER)
        assert named(store) == []
        store.findings.add_note(Note(change="c00", text="of both", dismissed=False, at=LATER))
        store.findings.record(store.targets.find(OTHER), [change("c00")], grammar="g3", parser="p", now=LATER)
        assert named(store) == []
        store.findings.record(
            tracked(store, "https://herald.example/two"),
            [],
            grammar="g",
            parser="p",
            now=LATER,
            contradictions=["c10"],
        )
        assert named(store) == []
        alter(path, "UPDATE note SET text = 'never mind' WHERE id = 1")
        assert named(store) == [f"note {url} 1" for url in (URL, OTHER, third.url)]


def test_a_log_that_was_deleted_is_not_begun_again_by_the_next_version(filled, tmp_path):
    path = tmp_path / "earlier.db"
    as_earlier(str(filled), str(path), "0012")
    alter(path, "DELETE FROM custody WHERE target_id = 1", "DELETE FROM custody_tip WHERE target_id = 1")
    alter(path, "UPDATE capture SET digest = 'X' WHERE id = 1")
    with open_store(str(path)) as store:
        assert list(store.custody.of(store.targets.find(URL))) == []
        assert f"capture {URL} 1" in named(store)


def _read_again(store, target, rows):
    store.captures.rederive(rows[0], told(9), "p9", now=LATER)


def _rebuilt(store, target, rows):
    readings = [PageReading.of(one.id, Outcome.FETCHED, None, told(8)) for one in rows]
    store.readings.put(target, readings, "p9", now=LATER)


def _judged(store, target, rows):
    store.captures.mark(rows[0], Outcome.NOT_ARTICLE, reason="none", now=LATER)


def _failed(store, target, rows):
    store.captures.fail(rows[0], next(iter(Failure)), reason="no", now=LATER, ask_again=None)


def _fetched(store, target, rows):
    store.captures.keep(
        rows[0], served(rows[0], b"another"), outcome=Outcome.FETCHED, article=told(1), parser="p", now=LATER
    )


def _recorded(store, target, rows):
    store.findings.record(target, [change("c01")], grammar="g7", parser="p", now=LATER)


def _template(store, target, rows):
    store.templates.adopt(target, Template(texts={"Read more": (URL,)}), source="s", now=LATER)


def _witnessed(store, target, rows):
    store.witnesses.put(rows[1], Verdict.SAME_BYTES, now=LATER + timedelta(days=9))


OF_CAPTURE = (
    "at = at + 1000000",
    "url = url || '2'",
    "served_at = 5",
    "final_url = 'x'",
    "archive = 'other'",
)


@pytest.mark.parametrize("act", [_read_again, _rebuilt, _judged, _fetched, _failed])
@pytest.mark.parametrize("change_to", OF_CAPTURE)
def test_an_alteration_does_not_enter_the_log_with_the_next_act_on_the_capture(path, act, change_to):
    alter(path, f"UPDATE capture SET {change_to} WHERE id = 1")
    with open_store(str(path)) as store:
        target = store.targets.find(URL)
        act(store, target, [one for one in store.captures.of(target) if one.id == 1])
        assert named(store) == [f"capture {URL} 1"]


@pytest.mark.parametrize(
    ("altered", "act", "name"),
    [
        ("UPDATE finding SET appeared = appeared - 1 WHERE change_id = 'c01'", _recorded, "finding {} c01"),
        ("UPDATE finding SET appeared = appeared - 1 WHERE change_id = 'c00'", _recorded, "finding {} c00"),
        ("UPDATE template SET hash = 'x' WHERE target_id = 1", _template, "template {}"),
        (
            "UPDATE evidence_finding SET appeared = 1 WHERE resolved IS NULL AND target_id = 1",
            _witnessed,
            "evidence {} {}",
        ),
    ],
)
def test_an_alteration_does_not_enter_the_log_with_the_next_act_on_another_row(
    empty, tmp_path, altered, act, name
):
    path = shutil.copy(empty, tmp_path / "all.db")
    with open_store(str(path)) as store:
        fill_all(store)
        target = store.targets.find(URL)
        (lost,) = store.witnesses.findings(target, standing=True)
        rows = list(store.captures.of(target))
        alter(path, altered)
        act(store, target, rows)
        assert named(store) == [name.format(URL, lost.id)]


def test_an_alteration_does_not_enter_the_log_with_retention_or_a_listing(empty, tmp_path):
    path = shutil.copy(empty, tmp_path / "old.db")
    with open_store(str(path)) as store:
        target = tracked(store)
        for number in range(1, 5):
            keep(store, one_seen(store, target, number), b"page %d " % number * 20, told(3))
        bare = listed(9, digest=None)
        store.captures.observe(target, [bare], now=NOW)
        alter(
            path,
            "UPDATE capture SET served_at = 5 WHERE id = 2",
            "UPDATE capture SET reason = 'x' WHERE id = 5",
        )
        assert store.drop_old_bodies(target, before=LATER, now=LATER).captures == 2
        store.captures.observe(target, [listed(9)], now=LATER)
        assert named(store) == [f"capture {URL} 2", f"capture {URL} 5"]
