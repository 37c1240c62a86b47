"""A store is copied while it is in use, and nothing is lost when a copy comes back."""

import pytest

from crawler.errors import StoreError
from crawler.store import open_store, restore
from store_samples import add


def test_a_backup_taken_while_others_write_is_whole(path, tmp_path):
    copy = tmp_path / "copies" / "backup.db"
    copy.parent.mkdir()
    with open_store(str(path)) as store, open_store(str(path)) as other:
        add(other, 2, b"another page")
        store.backup(copy)
        add(other, 3, b"a third page")

    with open_store(str(copy), create=False) as backup:
        assert backup.status().bodies == 2
        assert list(backup.verify()) == []
    assert [file.name for file in copy.parent.iterdir() if "partial" in file.name] == []


def test_a_restored_backup_takes_the_place_of_the_store_which_is_kept_next_to_it(path, tmp_path):
    copy = tmp_path / "backup.db"
    with open_store(str(path)) as store:
        store.backup(copy)
        add(store, 2, b"after the backup")
    restore(copy, str(path))

    with open_store(str(path), create=False) as store:
        assert store.status().bodies == 1
    with open_store(f"{path}.replaced", create=False) as replaced:
        assert replaced.status().bodies == 2


def test_a_store_is_never_backed_up_onto_itself(path, tmp_path):
    link = tmp_path / "link.db"
    link.symlink_to(path)
    with open_store(str(path)) as store:
        add(store, 2, b"acknowledged")
        for goal in (path, link):
            with pytest.raises(StoreError, match="is the store itself"):
                store.backup(goal)

    with open_store(str(path), create=False) as store:
        assert store.status().bodies == 2


def test_a_backup_replaces_an_older_backup_and_nothing_else(path, tmp_path):
    text, used, copy = tmp_path / "notes.txt", tmp_path / "used.db", tmp_path / "copy.db"
    text.write_text("my notes")
    with open_store(str(path)) as store, open_store(str(used)) as other:
        add(other, 5)
        with pytest.raises(StoreError, match="no store"):
            store.backup(text)
        with pytest.raises(StoreError, match="is in use"):
            store.backup(used)
        store.backup(copy)
        add(store, 2, b"another page")
        store.backup(copy)

    assert text.read_text() == "my notes"
    with open_store(str(copy), create=False) as backup:
        assert backup.status().bodies == 2


def test_restoring_twice_changes_nothing_and_keeps_what_was_there_first(path, tmp_path):
    first, second = tmp_path / "first.db", tmp_path / "second.db"
    with open_store(str(path)) as store:
        store.backup(first)
        add(store, 2, b"page two")
        store.backup(second)
        add(store, 3, b"page three")
    for backup in (first, first, second):
        restore(backup, str(path))

    assert not [file.name for file in tmp_path.iterdir() if file.name.endswith(("-wal", "-shm"))]
    names = {file.name for file in tmp_path.iterdir() if "replaced" in file.name}
    assert names == {"variorum.db.replaced", "variorum.db.replaced2"}
    found = {}
    for name in ("variorum.db", *names):
        with open_store(str(tmp_path / name), create=False) as store:
            found[name] = store.status().bodies
    assert found == {"variorum.db": 2, "variorum.db.replaced": 3, "variorum.db.replaced2": 1}


def test_a_store_that_somebody_has_open_is_not_replaced(path, tmp_path):
    copy = tmp_path / "backup.db"
    with open_store(str(path)) as store:
        store.backup(copy)
        add(store, 2, b"page two")
        with pytest.raises(StoreError, match="is in use"):
            restore(copy, str(path))


def test_a_damaged_store_is_kept_as_it_is_next_to_the_backup_that_replaces_it(path, tmp_path):
    copy = tmp_path / "backup.db"
    with open_store(str(path)) as store:
        store.backup(copy)
    path.write_bytes(b"not a database at all " * 500)
    restore(copy, str(path))

    assert path.with_name(f"{path.name}.replaced").read_bytes().startswith(b"not a database")
    with open_store(str(path), create=False) as store:
        assert store.status().bodies == 1


def test_a_damaged_backup_replaces_nothing(path, tmp_path):
    copy = tmp_path / "backup.db"
    with open_store(str(path)) as store:
        store.backup(copy)
    data = bytearray(copy.read_bytes())
    data[100:4096] = bytes(3996)
    copy.write_bytes(data)
    before = path.read_bytes()

    with pytest.raises(StoreError):
        restore(copy, str(path))
    assert path.read_bytes() == before


def test_a_store_that_a_daemon_uses_is_not_replaced(path, tmp_path):
    copy = tmp_path / "backup.db"
    with open_store(str(path)) as store, store.sole_daemon("daemon"):
        store.backup(copy)
        with pytest.raises(StoreError, match="a daemon runs on this store"):
            restore(copy, str(path))


def test_a_backup_that_is_not_there_is_reported(path, tmp_path):
    with pytest.raises(StoreError, match="There is no backup"):
        restore(tmp_path / "none.db", str(path))
