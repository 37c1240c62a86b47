"""The whole store suite again, on a real PostgreSQL that this file starts."""

import importlib.util
from pathlib import Path

import pytest
from custody_samples import EARLY_LOG, early_log
from schemas import migrated, schema_in

from crawler.errors import StoreError
from crawler.evidence.custody import custody_problems
from crawler.store import open_store
from crawler.store.engine import engine_for, url_of
from crawler.store.partial_indexes import metadata
from crawler.store.upgrade import head_revision, known_revisions, upgrade
from store_samples import NOW, URL

HERE = Path(__file__).parent


def suite(name: str) -> dict[str, object]:
    """Load the tests of another file; `where` and `store` come from here."""
    spec = importlib.util.spec_from_file_location(f"postgres_{name}", HERE.parent / "unit" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {key: value for key, value in vars(module).items() if key.startswith("test_")}


for each in (
    "test_store",
    "test_store_findings",
    "test_store_lists",
    "test_store_marks",
    "test_store_queue",
    "test_store_care",
    "test_custody_rows",
):
    globals().update(suite(each))


@pytest.mark.parametrize("revision", known_revisions())
def test_an_empty_store_of_every_earlier_schema_becomes_one_of_this(server, revision):
    where = server.url(server.new_database())
    engine = engine_for(url_of(where))
    upgrade(engine, where, create=True, to=revision)
    engine.dispose()

    with open_store(where, create=False) as store:
        assert store.status().schema == head_revision()


def test_a_log_of_before_0026_is_packed_and_every_entry_says_and_proves_what_it_did(server):
    where = server.url(server.new_database())
    engine = engine_for(url_of(where))
    upgrade(engine, where, create=True, to="0025")
    rows = early_log(1, URL, 1_200)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO target (id, url, added, tracked, next_due) VALUES (1, %s, 1, true, 2)", (URL,)
        )
        connection.exec_driver_sql(f"{EARLY_LOG} (%s, %s, %s, %s, %s, %s, %s)", rows)
        connection.exec_driver_sql("INSERT INTO custody_tip VALUES (1, %s, %s)", (1_200, rows[-1][6]))
    engine.dispose()

    with open_store(where, create=False) as store:
        found = [
            (e.position, e.act, e.detail, e.previous, e.hash)
            for e in store.custody.of(store.targets.find(URL))
        ]
        assert found == [(row[1], *row[3:]) for row in rows]
        assert list(custody_problems(store)) == []
        store.custody.enter(store.targets.find(URL), "reported", at=NOW)
        assert list(custody_problems(store)) == []


def test_the_tables_and_the_migrations_agree_and_a_store_made_at_once_has_them(server):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    engine = migrated(server.url(server.new_database()))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    with open_store(server.url(server.new_database())) as store:
        made, grown = schema_in(store.database.engine), schema_in(engine)
    engine.dispose()
    # The migration gave a sequence to a column whose number is always named; nothing asks it.
    position = grown["custody_head"]["columns"]["position"]
    assert position["default"].startswith("nextval(")
    position |= {"autoincrement": False, "default": "None"}
    assert made == grown


def test_a_backup_of_a_servers_store_names_the_tool_for_it(store, tmp_path):
    with pytest.raises(StoreError, match="pg_dump"):
        store.backup(tmp_path / "copy.db")


def test_an_empty_database_is_not_made_a_store_by_one_who_only_reads(server):
    with pytest.raises(StoreError, match="the store is empty"):
        open_store(server.url(server.new_database()), create=False)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("/absent?", "/absent?"), "the server has no such database; make it with createdb"),
        (("postgres@", "nobody-here@"), "the server knows no such user"),
    ],
)
def test_what_a_server_refuses_is_reported_in_one_line(server, change, told):
    with pytest.raises(StoreError, match=told) as caught:
        open_store(server.url("absent").replace(*change))

    assert "\n" not in str(caught.value)


def test_a_server_that_went_away_is_trouble_that_passes(server, where):
    with open_store(where) as store:
        with server.admin("postgres") as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            )
        assert store.status().targets == 0
