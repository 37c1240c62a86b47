"""Where a store may lie: what cannot be written is read, and what cannot be read is one clear line."""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.address import masked
from crawler.cli import main
from crawler.errors import ConfigError, StoreError
from crawler.store import open_store, restore
from crawler.store.engine import url_of
from rights import as_any_user

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
URL = "https://gazette.example/harbour-fire"


@contextmanager
def without_rights(folder: Path, mode: int) -> Iterator[None]:
    """Take rights on a folder away, from root too."""
    folder.chmod(mode)
    try:
        with as_any_user():
            yield
    finally:
        folder.chmod(0o755)


@pytest.fixture
def shelf() -> Iterator[Path]:
    """A folder that everybody reaches, with a store in it."""
    folder = Path(tempfile.mkdtemp(prefix="variorum-shelf-"))
    folder.chmod(0o755)
    with open_store(str(folder / "variorum.db")) as store:
        store.targets.track(URL, now=NOW)
    (folder / "variorum.db").chmod(0o444)
    yield folder
    shutil.rmtree(folder)


def test_a_store_that_may_only_be_read_is_read_and_written_nothing(shelf) -> None:
    path = shelf / "variorum.db"
    before = path.read_bytes()
    with without_rights(shelf, 0o555), open_store(str(path), create=False) as store:
        assert [target.url for target in store.targets.all()] == [URL]
        assert store.status(now=NOW).targets == 1
        with pytest.raises(StoreError, match="may not be written to"):
            store.targets.track(f"{URL}-2", now=NOW)

    assert path.read_bytes() == before
    assert {file.name for file in shelf.iterdir()} <= {"variorum.db"}


def test_a_store_that_another_user_is_writing_is_read_up_to_its_last_commit(shelf) -> None:
    path = shelf / "variorum.db"
    path.chmod(0o644)
    with open_store(str(path)) as writer:
        writer.targets.track(f"{URL}-2", now=NOW)
        with without_rights(shelf, 0o555), open_store(str(path), create=False) as store:
            assert store.status(now=NOW).targets == 2


@pytest.mark.parametrize("words", [("list",), ("status",), ("verify",)])
def test_the_verbs_that_read_work_on_a_store_that_may_only_be_read(shelf, capsys, words) -> None:
    with without_rights(shelf, 0o555):
        code = main(["--store", str(shelf / "variorum.db"), *words])

    assert (code, bool(capsys.readouterr().out)) == (0, True)


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda place: open_store(str(place), create=False), id="store"),
        pytest.param(lambda place: open_store(str(place)), id="new store"),
        pytest.param(lambda place: restore(place, "elsewhere.db"), id="restore"),
        pytest.param(lambda place: restore(place.parent.parent / "copy.db", str(place)), id="goal"),
    ],
)
def test_a_folder_that_may_not_be_read_is_one_clear_line(
    shelf, monkeypatch, call: Callable[[Path], object]
) -> None:
    monkeypatch.chdir(shelf)
    shutil.copy(shelf / "variorum.db", shelf / "copy.db")
    locked = shelf / "locked"
    locked.mkdir()
    with without_rights(locked, 0), pytest.raises(StoreError):
        call(locked / "v.db")


def test_a_backup_into_a_folder_that_may_not_be_read_is_one_clear_line(shelf) -> None:
    locked = shelf / "locked"
    locked.mkdir()
    (shelf / "variorum.db").chmod(0o644)
    with (
        open_store(str(shelf / "variorum.db")) as store,
        without_rights(locked, 0),
        pytest.raises(StoreError),
    ):
        store.backup(locked / "copy.db")


@pytest.mark.parametrize(
    "where",
    [
        "postgresql://reader:secret@db.example:port/news",
        "postgresql://db.example:x/news?user=reader&password=secret",
        "mysql://reader:secret@db.example/news?password=secret",
        "postgresql://db.example/news?password=secret&sslmode=require",
        "postgresql://db.example/news?sslpassword=secret&sslkey=secret&user=reader",
        "postgresql://reader:half@secret@db.example/news",
        "postgresql://reader:se/secret@db.example/news",
        "postgresql:reader:secret@db.example/news",
        "//reader:secret@db.example/news",
    ],
)
def test_no_message_names_the_password(where) -> None:
    try:
        said = masked(url_of(where).render_as_string(hide_password=False))
    except ConfigError as error:
        said = str(error)

    assert "secret" not in said
    assert "db.example" in said


def test_a_list_of_pages_may_begin_with_a_byte_order_mark(tmp_path, capsys) -> None:
    (tmp_path / "list.txt").write_bytes(b"\xef\xbb\xbf" + f"{URL}\r\n".encode())
    path = tmp_path / "v.db"
    assert main(["--store", str(path), "track", "--file", str(tmp_path / "list.txt")]) == 0
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT url FROM target").fetchall() == [(URL,)]


@pytest.mark.parametrize(
    "url",
    [
        "http://reader:secret@archive.example/web",
        "https://secret@archive.example/",
        "https://archive.example/?key=secret",
        "https://archive.example/web?access_token=secret&x=1",
        "https://reader:se/secret@archive.example/",
    ],
)
@pytest.mark.parametrize("words", [["doctor"], ["backfill", URL], ["run"], ["doctor", "--json"]])
def test_no_message_names_what_an_archive_s_address_keeps_secret(tmp_path, capsys, url, words) -> None:
    main(["--store", str(tmp_path / "v.db"), "track", URL])
    main(["--store", str(tmp_path / "v.db"), "--archive-url", url, *words])
    printed = capsys.readouterr()

    assert "archive.example" in printed.out + printed.err
    assert "secret" not in printed.out + printed.err
