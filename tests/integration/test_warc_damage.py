"""Evidence on its way out and in again: wherever it is cut or a bit flips, that is told, and what is whole is kept."""

import io
import random
import resource
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from warcio.archiveiterator import ArchiveIterator

from crawler.archive.warc import WarcArchive
from crawler.errors import InputError, StoreError, VariorumError
from crawler.evidence.transfer import export_warc, import_warc
from crawler.model import Capture, Snapshot
from crawler.store import Store, open_store
from crawler.store.schema import body
from diffs.model import Outcome

PAGE = "https://courier.example/bridge"
NOW = datetime(2025, 4, 1, tzinfo=UTC)
CAPTURES = 5
ROUNDS = [40, pytest.param(200, marks=pytest.mark.soak)]


def page(number: int) -> bytes:
    noise = random.Random(number).randbytes(200).hex()
    return (
        f"<html><h1>Bridge</h1><p>At least {number} people were killed.</p><!-- {noise} --></html>".encode()
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with some captures, and its export."""
    folder = tmp_path_factory.mktemp("home")
    with open_store(str(folder / "v.db")) as store:
        target, _ = store.targets.track(PAGE, now=NOW)
        ats = [NOW + timedelta(hours=number) for number in range(CAPTURES)]
        store.captures.observe(
            target, [Capture(archive="a", url=PAGE, urlkey="k", at=at, digest=str(at)) for at in ats]
        )
        for number, at in enumerate(ats):
            seen = store.captures.at(target, at)
            shot = Snapshot(
                capture=seen.capture,
                served_at=at,
                url=PAGE,
                status=200,
                content_type="text/html",
                body=page(number),
            )
            store.captures.keep(seen, shot, outcome=Outcome.NOT_ARTICLE, reason="test", now=NOW)
        export_warc(store, [target], folder, now=NOW)
    open_store(str(folder / "empty.db")).close()
    return folder


@pytest.fixture(scope="module")
def exported(home: Path) -> bytes:
    return (home / "variorum.warc.gz").read_bytes()


def taken(home: Path, data: bytes, folder: Path) -> tuple[dict[datetime, bytes], bool]:
    """Import bytes into a new store; gives what it keeps, and whether damage was told."""
    file, where = folder / "in.warc.gz", folder / "in.db"
    file.write_bytes(data)
    where.write_bytes((home / "empty.db").read_bytes())
    with open_store(str(where)) as store:
        try:
            told = bool(import_warc(store, file, only=[], now=NOW + timedelta(days=9)).damage)
        except InputError:
            told = True
        kept = {
            seen.capture.at: store.bodies.read(seen.sha256)
            for target in store.targets.all(include_untracked=True)
            for seen in store.captures.of(target)
            if seen.sha256
        }
        assert list(store.verify()) == []
    return kept, told


WHOLE = {NOW + timedelta(hours=number): page(number) for number in range(CAPTURES)}


def ends_of(data: bytes) -> list[int]:
    """Where each record of an export ends, the one about the export first."""
    records = ArchiveIterator(io.BytesIO(data))
    starts = [records.get_record_offset() for _ in records]
    return [*starts[1:], len(data)]


@pytest.mark.parametrize("rounds", ROUNDS)
def test_an_import_of_a_cut_export_keeps_every_record_before_the_cut_and_tells(
    home, exported, tmp_path, rounds
):
    chance = random.Random(3)
    ends = ends_of(exported)
    assert len(ends) == CAPTURES + 1
    for _ in range(rounds):
        cut = chance.randrange(1, len(exported))
        kept, told = taken(home, exported[:cut], tmp_path)
        whole = sum(end <= cut for end in ends) - 1
        assert kept == {at: WHOLE[at] for at in sorted(WHOLE)[: max(whole, 0)]}, cut
        assert told or cut in ends, cut


@pytest.mark.parametrize("rounds", ROUNDS)
def test_an_import_of_an_export_with_a_flipped_bit_keeps_the_other_records_and_tells(
    home, exported, tmp_path, rounds
):
    chance = random.Random(4)
    noticed = 0
    for _ in range(rounds):
        place, bit = chance.randrange(len(exported)), 1 << chance.randrange(8)
        kept, told = taken(
            home, exported[:place] + bytes([exported[place] ^ bit]) + exported[place + 1 :], tmp_path
        )
        # Six bytes of a gzip header say when, how and where it was packed: a flip there changes nothing.
        assert told or kept == WHOLE, (place, bit)
        assert all(WHOLE.get(at) == data for at, data in kept.items()), (place, bit)
        assert len(kept) >= CAPTURES - 1, (place, bit)
        noticed += told
    assert noticed > rounds * 0.85


def all_or_nothing(store: Store, folder: Path) -> VariorumError | None:
    """Export; gives the error it ended in, after which there is no file, or None, with the whole file there."""
    folder.mkdir()
    (target,) = store.targets.all()
    try:
        written = export_warc(store, [target], folder, now=NOW)
    except VariorumError as error:
        assert list(folder.iterdir()) == []
        return error
    archive = WarcArchive("files", written.warc)
    assert {c.at: archive.fetch(c).body for c in archive.all_captures()} == WHOLE
    return None


@pytest.mark.parametrize("rounds", ROUNDS)
def test_an_export_that_is_cut_by_a_full_disk_leaves_no_file_and_says_so(home, exported, tmp_path, rounds):
    """The limit is the kernel's: a write beyond it fails as on a full disk."""
    chance, hard = random.Random(5), resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    with open_store(str(home / "v.db")) as store:
        for number in range(rounds):
            cut = chance.randrange(0, len(exported))
            error = limited(cut, hard, lambda folder=tmp_path / str(number): all_or_nothing(store, folder))
            assert isinstance(error, InputError), cut
            assert "cannot be written" in str(error)
        assert all_or_nothing(store, tmp_path / "then") is None


def limited(cut: int, hard: int, call: Callable[[], VariorumError | None]) -> VariorumError | None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (cut, hard))
    try:
        return call()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_store_with_a_flipped_bit_is_exported_right_or_not_at_all(home, tmp_path, rounds):
    chance, refused = random.Random(6), 0
    where = tmp_path / "v.db"
    where.write_bytes((home / "v.db").read_bytes())
    with open_store(str(where)) as store:
        with store.database.reading() as connection:
            rows = sorted(tuple(row) for row in connection.execute(select(body.c.sha256, body.c.z)))
        for number in range(rounds):
            name, z = chance.choice(rows)
            place = chance.randrange(len(z) * 8)
            flipped = bytearray(z)
            flipped[place // 8] ^= 1 << place % 8
            put(store, name, bytes(flipped))
            error = all_or_nothing(store, tmp_path / str(number))
            assert error is None or isinstance(error, StoreError)
            refused += error is not None
            put(store, name, z)
        assert all_or_nothing(store, tmp_path / "then") is None
    assert refused > rounds * 0.9


def put(store: Store, name: str, z: bytes) -> None:
    with store.database.writing() as connection:
        connection.execute(update(body).where(body.c.sha256 == name).values(z=z))


def test_a_link_out_of_the_folder_is_not_followed_and_one_inside_is(exported, tmp_path):
    folder = tmp_path / "collection"
    (folder / "deep").mkdir(parents=True)
    (tmp_path / "outside.warc.gz").write_bytes(exported)
    (tmp_path / "secret").write_text("root:x:0:0")
    (folder / "a.warc.gz").symlink_to(tmp_path / "outside.warc.gz")
    (folder / "b.warc").symlink_to(tmp_path / "secret")
    (folder / "c.warc.gz").symlink_to(tmp_path / "nowhere")
    archive = WarcArchive("files", folder)
    assert list(archive.all_captures()) == []
    assert [(d.place.path.name, d.reason) for d in archive.damage] == [
        ("a.warc.gz", "it is a link that leads out of the folder"),
        ("b.warc", "it is a link that leads out of the folder"),
    ]

    (folder / "deep" / "real.warc.gz").write_bytes(exported)
    (folder / "d.warc.gz").symlink_to(folder / "deep" / "real.warc.gz")
    assert [c.at for c in archive.all_captures()] == sorted(WHOLE)
    assert len(archive.damage) == 2
    linked = tmp_path / "linked"
    linked.symlink_to(folder)
    assert [c.at for c in WarcArchive("files", linked).all_captures()] == sorted(WHOLE)
