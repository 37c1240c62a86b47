"""The log of custody: what goes into it, and every alteration behind its back that it names."""

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from custody_samples import as_earlier, fill

from crawler.evidence.custody import custody_problems
from crawler.store import open_store
from crawler.store.entry_packing import packed, unpacked
from crawler.store.seals import begin, canonical
from store_samples import NOW, URL


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


def named(path) -> list[str]:
    with open_store(str(path)) as store:
        return [f"{each.what} {each.name}" for each in custody_problems(store)]


def alter(path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.create_function("packed", 1, packed)
        raw.create_function("unpacked", 1, unpacked)
        for statement in statements:
            raw.execute(statement)


def test_an_untouched_store_has_no_problem_and_its_acts_are_in_order(path):
    assert named(path) == []
    with open_store(str(path)) as store:
        acts = [entry.act for entry in store.custody.of(store.targets.find(URL))]
        fetched = next(entry for entry in store.custody.of(store.targets.find(URL)) if entry.act == "fetched")
        seen = next(iter(store.captures.of(store.targets.find(URL))))
    assert acts == [
        "listed", "fetched", "fetched", "fetched", "judged", "findings", "findings", "noted", "noted"
    ]  # fmt: skip
    facts = fetched.facts
    assert fetched.at == NOW
    assert facts["by"].startswith("variorum ")
    assert (facts["archive"], facts["capture"], facts["sha256"]) == ("wayback", URL, seen.sha256)
    assert facts["headers"].startswith("sha256:")
    assert facts["fingerprint"] == seen.fingerprint


CUT_TIP = (
    "UPDATE custody_tip SET (position, hash) ="
    " (SELECT position, lower(hex(hash)) FROM custody WHERE target_id = 1 AND position = 8) WHERE target_id = 1"
)
# Each of these changes what a report says; without the log, checks of hashes alone pass most of them.
ALTERATIONS = {
    "article": ["UPDATE article SET z = (SELECT z FROM article WHERE capture_id = 2) WHERE capture_id = 1"],
    "article's base changed": [
        "INSERT INTO article_base SELECT target_id, 9, z FROM article_base WHERE number = 1",
        "UPDATE article_base SET z = (SELECT z FROM article_base b WHERE b.number = 1) || x'00' WHERE number = 1",
    ],
    "article's base of another": ["UPDATE article SET base = 9 WHERE capture_id = 1"],
    "article's base none": ["UPDATE article SET base = NULL WHERE capture_id = 1"],
    "article's base gone": ["DELETE FROM article_base"],
    "article parser": ["UPDATE article SET parser = 'p9' WHERE capture_id = 1"],
    "article gone": ["DELETE FROM article WHERE capture_id = 1"],
    "at": ["UPDATE capture SET at = at + 1000000 WHERE id = 1"],
    "served_at": ["UPDATE capture SET served_at = served_at + 1 WHERE id = 1"],
    "retrieved_at": ["UPDATE capture SET retrieved_at = 5 WHERE id = 1"],
    "url": ["UPDATE capture SET url = url || '2' WHERE id = 1"],
    "final_url": ["UPDATE capture SET final_url = final_url || '2' WHERE id = 1"],
    "digest": ["UPDATE capture SET digest = 'X' WHERE id = 1"],
    "archive": ["UPDATE capture SET archive = 'other' WHERE id = 1"],
    "headers": ["UPDATE capture SET headers = NULL WHERE id = 1"],
    "outcome": ["UPDATE capture SET outcome = 'unchanged' WHERE id = 1"],
    "bodies swapped": [
        "UPDATE capture SET sha256 = (SELECT sha256 FROM capture c WHERE c.id = 3 - capture.id) WHERE id < 3"
    ],
    "fingerprint": [
        "UPDATE capture SET fingerprint = (SELECT fingerprint FROM capture WHERE id = 1) WHERE id = 2"
    ],
    "capture gone": ["DELETE FROM article WHERE capture_id = 1", "DELETE FROM capture WHERE id = 1"],
    "listed capture gone": ["DELETE FROM capture WHERE id = 5"],
    "capture of another page": ["UPDATE capture SET target_id = 2, digest = 'Q' WHERE id = 1"],
    "capture added": [
        "INSERT INTO capture (target_id, archive, url, urlkey, at, outcome) VALUES (1, 'a', 'u', 'k', 1, 'pending')"
    ],
    "forged body": ["UPDATE capture SET sha256 = (SELECT sha256 FROM capture WHERE id = 3) WHERE id = 1"],
    "note": ["UPDATE note SET text = 'never mind' WHERE id = 1"],
    "note gone": ["DELETE FROM note WHERE id = 1"],
    "note moved": ["UPDATE note SET change_id = 'c10' WHERE id = 1"],
    "note's time": ["UPDATE note SET at = at + 1 WHERE id = 1"],
    "dismissed": ["UPDATE note SET dismissed = 1 - dismissed WHERE id = 1"],
    "finding": ["UPDATE finding SET z = x'00' WHERE change_id = 'c00'"],
    "finding's order": ["UPDATE finding SET position = 7 WHERE change_id = 'c00'"],
    "finding vanished": ["UPDATE finding SET vanished = 1 WHERE change_id = 'c00'"],
    "finding back": ["UPDATE finding SET vanished = NULL WHERE change_id = 'c01'"],
    "finding appeared": ["UPDATE finding SET appeared = appeared - 1 WHERE change_id = 'c00'"],
    "finding gone": ["DELETE FROM finding WHERE change_id = 'c01'"],
    "finding renamed": ["UPDATE finding SET change_id = 'c99' WHERE change_id = 'c01'"],
    "template added": ["INSERT INTO template (target_id, hash, z) VALUES (1, 'h', x'00')"],
    "page's address": ["UPDATE target SET url = url || '2' WHERE id = 1"],
    "entry's time": ["UPDATE custody SET at = at + 1 WHERE target_id = 1 AND position = 2"],
    "entry's act": ["UPDATE custody SET act = 'noted' WHERE target_id = 1 AND position = 2"],
    "entry's facts": [
        "UPDATE custody SET detail = packed(replace(unpacked(detail), 'wayback', 'w')) WHERE target_id = 1"
    ],
    "entry's facts in another form": [
        "UPDATE custody SET detail = x'00' || CAST(unpacked(detail) AS BLOB) WHERE target_id = 1"
    ],
    "entry gone": ["DELETE FROM custody WHERE target_id = 1 AND position = 4"],
    "entries swapped": [
        "UPDATE custody SET position = -position WHERE target_id = 1 AND position IN (3, 4)",
        "UPDATE custody SET position = 7 + position WHERE target_id = 1 AND position < 0",
    ],
    "log cut short": ["DELETE FROM custody WHERE target_id = 1 AND position > 8"],
    "log and tip cut short": [
        "DELETE FROM custody WHERE target_id = 1 AND position > 8",
        CUT_TIP,
        "DELETE FROM note WHERE id = 2",
    ],
    "log gone": ["DELETE FROM custody WHERE target_id = 1", "DELETE FROM custody_tip WHERE target_id = 1"],
    "tip": ["UPDATE custody_tip SET position = 2 WHERE target_id = 1"],
    "link's time": ["UPDATE custody_head SET at = at + 1"],
    "link gone": ["DELETE FROM custody_head"],
    "link's heads": ["UPDATE custody_head SET heads = '{}'"],
}


@pytest.mark.parametrize("name", ALTERATIONS)
def test_an_alteration_behind_our_back_is_named(path, name):
    alter(path, *ALTERATIONS[name])
    assert named(path) != []


def test_the_very_thing_that_was_altered_is_named(path):
    alter(path, "UPDATE note SET text = 'never mind' WHERE id = 1", "DELETE FROM capture WHERE id = 5")
    assert named(path) == [f"note {URL} 1", f"capture {URL} 5"]


def test_a_whole_chain_rewritten_is_named_by_the_store_s_link(path):
    with open_store(str(path)) as store:
        alter(path, "UPDATE note SET text = 'never mind' WHERE id = 1")
        alter(path, "DELETE FROM custody WHERE target_id = 1", "DELETE FROM custody_tip WHERE target_id = 1")
        with store.database.writing() as connection:
            begin(connection)
        found = [each.name for each in custody_problems(store)]
    assert found == [f"{URL} entry 9"]


def test_binding_goes_on_from_the_link_before_and_adds_nothing_where_nothing_moved(path):
    with open_store(str(path)) as store:
        assert store.custody.bind(NOW) is None
        store.custody.enter(store.targets.find(URL), "reported", at=NOW, form="md")
        link = store.custody.bind(NOW + timedelta(days=1))
        assert link is not None
        first, second = store.custody.heads()
        assert (second.previous, second.position, list(second.bound)) == (first.hash, 2, [1])
        assert list(custody_problems(store)) == []


def test_what_an_earlier_version_kept_is_entered_as_found(filled, tmp_path):
    path = tmp_path / "earlier.db"
    as_earlier(str(filled), str(path), "0011")
    with open_store(str(path)) as store:
        target = store.targets.find(URL)
        (entry,) = store.custody.of(target)
        assert (entry.act, entry.facts["url"]) == ("found", URL)
        assert list(custody_problems(store)) == []
    alter(path, "UPDATE capture SET archive = 'other' WHERE id = 1")
    assert named(path) == [f"capture {URL} 1"]


def test_the_canonical_form_is_one_text_whatever_the_order_and_the_script():
    assert canonical({"b": "é", "a": {"d": None, "c": 1}}) == '{"a":{"c":1,"d":null},"b":"é"}'
