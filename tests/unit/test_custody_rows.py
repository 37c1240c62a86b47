"""Every column of every row that is evidence: what is altered outside is named, on any database."""

import random
from datetime import timedelta

import pytest
from custody_samples import OTHER, altering, fill_all, problems
from mutations import EVIDENCE, alter_one
from sqlalchemy import Boolean, select, text
from sqlalchemy.exc import IntegrityError

from crawler.evidence.custody import custody_problems
from crawler.model import Failure
from crawler.parser import Template
from diffs.model import Outcome
from store_samples import NOW, URL, keep, one_seen, told, tracked

QUICK = 40


def full(store):
    fill_all(store)
    assert problems(store) == []
    return store


def test_the_log_of_a_store_with_all_kinds_of_evidence_fits_it(store):
    filled = full(store)
    with filled.database.reading() as connection:
        counts = {each.name: len(connection.execute(select(each)).all()) for each in EVIDENCE}
    acts = [entry.act for entry in filled.custody.of(filled.targets.find(OTHER))]
    assert {name for name, number in counts.items() if number < 2} == set()
    assert {"listed", "fetched", "judged", "findings", "noted", "template", "witnessed"} == set(acts)


def test_a_change_to_any_column_of_any_evidence_is_named(store):
    filled = full(store)
    unnamed, refused = [], []
    for table in EVIDENCE:
        keys = [key.name for key in table.primary_key]
        where = " AND ".join(f"{key} = :{key}" for key in keys)
        for column in table.c:
            if (table.name, column.name) == ("custody_head", "token"):
                continue  # a stamp is read with the extra, in the tests of the store's links
            order = f"{column.name} IS NULL, {', '.join(keys)}"
            update = text(f"UPDATE {table.name} SET {column.name} = :new WHERE {where}")
            with altering(filled) as connection:
                rows = connection.execute(text(f"SELECT * FROM {table.name} ORDER BY {order} LIMIT 1"))
                row = rows.mappings().one()
                given = {key: row[key] for key in keys} | {"new": _another(row[column.name], column)}
                try:
                    with connection.begin_nested():
                        connection.execute(update, given)
                except IntegrityError:
                    refused.append(f"{table.name}.{column.name}")
                    continue
                if not problems(filled):
                    unnamed.append(f"{table.name}.{column.name}")
    assert unnamed == []
    assert set(refused) <= {"body.depth", "body.base_sha256"}


def _another(value, column):
    if isinstance(column.type, Boolean):
        return not value
    if isinstance(value, memoryview):
        value = bytes(value)
    if value is None:
        return {bytes: b"x", str: "x"}.get(column.type.python_type, 1)
    if isinstance(value, bytes):
        return value[:-1] + bytes([value[-1] ^ 1])
    return value + 1_000_000 if isinstance(value, int) else f"x{value[1:]}"


def test_random_alterations_of_rows_are_all_named(store):
    filled = full(store)
    missed, made, chance = [], 0, random.Random(19)
    while made < QUICK:
        with altering(filled) as connection:
            done = alter_one(connection, chance)
            if done is None:
                continue
            made += 1
            if not problems(filled) and "token" not in done:
                missed.append(done)
    assert missed == []
    assert problems(filled) == []


def test_the_very_row_that_was_altered_is_named(store):
    filled = full(store)
    with altering(filled) as connection:
        connection.execute(text("UPDATE note SET text = 'never mind' WHERE id = 1"))
        connection.execute(text("UPDATE template SET hash = 'x' WHERE target_id = 2"))
        assert problems(filled) == [f"note {URL} 1", f"template {OTHER}"]


def test_retention_a_new_reading_and_a_template_keep_the_log_in_step(store):
    target = tracked(store)
    for number in range(1, 5):
        keep(store, one_seen(store, target, number), b"page %d " % number * 20, told(3))
    store.captures.fail(one_seen(store, target, 6), next(iter(Failure)), reason="no", now=NOW, ask_again=None)
    store.drop_old_bodies(target, before=NOW + timedelta(days=1), now=NOW)
    first = next(iter(store.captures.of(target)))
    store.captures.rederive(first, None, "p2", outcome=Outcome.NOT_ARTICLE, reason="none")
    store.templates.adopt(target, Template.learn([]))
    store.templates.adopt(target, None)
    assert list(custody_problems(store)) == []
    acts = [entry.act for entry in store.custody.of(target)]
    assert {"failed", "retention", "judged", "derived", "template"} <= set(acts)


def test_an_act_that_was_undone_leaves_no_entry(store):
    target = tracked(store)
    seen = one_seen(store, target)

    def undone() -> None:
        with store.together():
            keep(store, seen, b"page", told(3))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        undone()
    assert [entry.act for entry in store.custody.of(target)] == ["listed"]
    assert list(custody_problems(store)) == []
