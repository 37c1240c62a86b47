"""Every container is read as far as it goes, and what cannot be read is named."""

import gzip
import hashlib
import io
import json
import os
import tempfile
import zipfile
from pathlib import Path

import pytest
import zstandard
from warc_records import PAGE, hour, records, story

from crawler.archive.warc import WarcArchive
from crawler.errors import ConfigError, NoCaptureError, UnexpectedReplyError
from rights import as_any_user

BODIES = [story(n) for n in range(4)]
WHOLE = [hour(n) for n in range(4)]


def one_by_one(**options):
    return [records({"at": hour(n), "body": body}, zipped=False, **options) for n, body in enumerate(BODIES)]


def arc(*, zipped):
    """Write the captures as an ARC of 1996: a line for each, its length the answer's."""
    version = b"1 0 Crawler\nURL IP-address Archive-date Content-type Archive-length\n"
    head = f"filedesc://a.arc 0.0.0.0 20200101000000 text/plain {len(version)}\n".encode()
    pieces = [head + version + b"\n"]
    for at, body in zip(WHOLE, BODIES, strict=True):
        answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
        pieces.append(
            f"{PAGE} 192.0.2.1 {at:%Y%m%d%H%M%S} text/html {len(answer)}\n".encode() + answer + b"\n"
        )
    return b"".join(gzip.compress(piece, mtime=0) for piece in pieces) if zipped else b"".join(pieces)


def zst(dictionary=None):
    made = one_by_one()
    if dictionary is None:
        return b"".join(zstandard.compress(one) for one in made)
    trained = zstandard.train_dictionary(4096, [one for n in range(60) for one in one_by_one()] + made)
    kept = zstandard.compress(trained.as_bytes()) if dictionary == "packed" else trained.as_bytes()
    packer = zstandard.ZstdCompressor(dict_data=trained)
    head = b"\x5d\x2a\x4d\x18" + len(kept).to_bytes(4, "little") + kept
    return head + b"".join(packer.compress(one) for one in made)


def wacz(*, packed=False, change=None, without=None, package=True):
    """Write a package of two WARCs; `change` names an entry of which a byte is turned after its digest was taken."""
    half = [records(*({"at": hour(n), "body": BODIES[n]} for n in pair)) for pair in ((0, 1), (2, 3))]
    entries = {"archive/a.warc.gz": half[0], "archive/b.warc.gz": half[1], "indexes/index.cdx": b"{}" * 20}
    listed = [
        {"path": name, "hash": f"sha256:{hashlib.sha256(data).hexdigest()}", "bytes": len(data)}
        for name, data in entries.items()
    ]
    if package:
        entries["datapackage.json"] = json.dumps({"profile": "data-package", "resources": listed}).encode()
        hashed = hashlib.sha256(entries["datapackage.json"]).hexdigest()
        entries["datapackage-digest.json"] = json.dumps(
            {"path": "datapackage.json", "hash": f"sha256:{hashed}"}
        ).encode()
    if change:
        data = bytearray(entries[change])
        data[-12] ^= 1
        entries[change] = bytes(data)
    entries.pop(without, None)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def old_warc():
    return b"".join(one.replace(b"WARC/1.1", b"WARC/0.18", 1) for one in one_by_one())


SOUND = {
    "a.warc": b"".join(one_by_one()),
    "a.warc.gz": b"".join(gzip.compress(one, mtime=0) for one in one_by_one()),
    "one-member.warc.gz": gzip.compress(b"".join(one_by_one()), mtime=0),
    "old.warc": old_warc(),
    "a.warc.zst": zst(),
    "dictionary.warc.zst": zst("plain"),
    "packed-dictionary.warc.zst": zst("packed"),
    "a.arc": arc(zipped=False),
    "a.arc.gz": arc(zipped=True),
    "a.wacz": wacz(),
    "packed.wacz": wacz(packed=True),
    "named-otherwise": b"".join(one_by_one()),
}


def opened(folder, name, data):
    (folder / name).write_bytes(data)
    return WarcArchive("files", folder / name)


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_container_is_read_whole(tmp_path, name):
    archive = opened(tmp_path, name, SOUND[name])
    captures = list(archive.captures(PAGE))
    assert archive.complaints() == ()
    assert [c.at for c in captures] == WHOLE
    assert {c.mimetype for c in captures} == {"text/html"}
    assert [archive.fetch(c).body for c in captures] == BODIES


def test_a_folder_may_mix_them_and_one_capture_in_several_is_one(tmp_path):
    for name, data in SOUND.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "index.cdxj").write_text("org,example)/ 2020 {}\n", encoding="utf-8")
    archive = WarcArchive("files", tmp_path)
    assert [c.at for c in archive.captures(PAGE)] == WHOLE
    assert archive.complaints() == ()


@pytest.mark.parametrize("name", [name for name in SOUND if name != "named-otherwise"])
@pytest.mark.parametrize("share", [0.05, 0.4, 0.8, 0.97])
def test_a_container_that_is_cut_is_named_and_never_reads_as_absence(tmp_path, name, share):
    data = SOUND[name]
    archive = opened(tmp_path, name, data[: int(len(data) * share)])
    captures = list(archive.all_captures())
    assert len(captures) < len(WHOLE)
    assert [archive.fetch(c).body for c in captures] == BODIES[: len(captures)]
    assert name in "".join(archive.complaints())
    with pytest.raises(UnexpectedReplyError, match=name):
        list(archive.captures("https://www.example.org/never"))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.warc", b"<html>no WARC</html>"),
        ("a.warc.gz", gzip.compress(b"no WARC", mtime=0)),
        ("a.warc.zst", zstandard.compress(b"no WARC")),
        ("a.wacz", b"PK\x03\x04 no zip"),
        ("b.wacz", b"no zip"),
        ("a.arc", b"\x00" * 99),
        ("a.warc.gz.open", records({"at": hour(1), "body": story(1)})[:-40]),
    ],
)
@pytest.mark.parametrize("in_a_folder", [True, False])
def test_what_is_no_container_is_named_and_never_reads_as_absence(tmp_path, name, data, in_a_folder):
    opened(tmp_path, name, data)
    archive = WarcArchive("files", tmp_path if in_a_folder else tmp_path / name)
    with pytest.raises(UnexpectedReplyError, match=name):
        list(archive.captures(PAGE))
    assert name in archive.complaints()[0]


def test_a_zip_file_without_warcs_is_named(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("notes.txt", "none")
    archive = opened(tmp_path, "a.wacz", out.getvalue())
    with pytest.raises(UnexpectedReplyError, match="no WACZ"):
        list(archive.captures(PAGE))


def test_a_file_that_is_still_being_written_is_read_so_far_and_named(tmp_path):
    archive = opened(tmp_path, "a.warc.gz.open", SOUND["a.warc.gz"])
    assert [c.at for c in archive.captures(PAGE)] == WHOLE
    assert "still being written" in archive.complaints()[0]


@pytest.mark.parametrize(
    ("made", "entry"),
    [
        ({"change": "archive/b.warc.gz"}, "archive/b.warc.gz"),
        ({"change": "indexes/index.cdx"}, "indexes/index.cdx"),
        ({"change": "datapackage.json"}, "datapackage.json"),
        ({"without": "archive/b.warc.gz"}, "archive/b.warc.gz"),
        ({"package": False}, "datapackage.json"),
    ],
)
def test_a_package_is_held_against_its_own_digests(tmp_path, made, entry):
    data = wacz(**made)
    archive = opened(tmp_path, "a.wacz", data)
    assert list(archive.all_captures())
    assert [line for line in archive.complaints() if f"({entry})" in line]


@pytest.mark.parametrize("flips", range(12))
def test_a_flipped_byte_in_a_package_is_reported(tmp_path, flips):
    data = bytearray(SOUND["a.wacz"])
    start, end = data.index(b"\x1f\x8b"), data.index(b"indexes/index.cdx") - 40
    data[start + (end - start) * (flips + 1) // 13] ^= 0x20
    archive = opened(tmp_path, "a.wacz", bytes(data))
    captures = list(archive.all_captures())
    assert archive.complaints()
    assert [archive.fetch(c).body for c in captures] == [BODIES[WHOLE.index(c.at)] for c in captures]


def test_an_answer_without_a_content_type_has_none(tmp_path):
    body = b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n" + story(1)
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {PAGE}\r\nWARC-Date: 2020-01-01T13:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    archive = opened(tmp_path, "a.warc", head.encode() + body + b"\r\n\r\n")
    (capture,) = archive.captures(PAGE)
    assert capture.mimetype == "text/html"
    assert (archive.fetch(capture).content_type, archive.fetch(capture).body) == (None, story(1))


def test_a_date_as_files_before_1_0_write_it_is_read(tmp_path):
    data = one_by_one()[1].replace(b"WARC-Date: 2020-01-01T13:00:00Z", b"WARC-Date: 20200101130000", 1)
    archive = opened(tmp_path, "a.warc", data)
    assert [c.at for c in archive.captures(PAGE)] == [hour(1)]


@pytest.fixture
def open_folder():
    """A folder whose modes a test may change."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o755)
        yield folder


def test_a_folder_and_a_file_without_permission_are_named_and_the_others_read(open_folder):
    for name in ("a", "shut"):
        (open_folder / name).mkdir()
        (open_folder / name / "in.warc.gz").write_bytes(SOUND["a.warc.gz"])
        (open_folder / name).chmod(0o755)
    (open_folder / "own.warc.gz").write_bytes(SOUND["a.warc.gz"])
    (open_folder / "own.warc.gz").chmod(0)
    (open_folder / "shut").chmod(0)
    try:
        with as_any_user():
            archive = WarcArchive("files", open_folder)
            assert [c.at for c in archive.captures(PAGE)] == WHOLE
            with pytest.raises(UnexpectedReplyError, match="own"):
                list(archive.captures("https://www.example.org/never"))
            lines = archive.complaints()
    finally:
        (open_folder / "shut").chmod(0o755)
    assert [Path(line.split(" at byte")[0]).name for line in lines] == ["own.warc.gz", "shut"]


def test_an_empty_folder_holds_nothing_and_a_missing_one_is_an_error(tmp_path):
    with pytest.raises(NoCaptureError):
        list(WarcArchive("files", tmp_path).captures(PAGE))
    with pytest.raises(ConfigError):
        WarcArchive("files", tmp_path / "none")


def test_files_that_do_not_change_are_looked_for_once(tmp_path, monkeypatch):
    (tmp_path / "a.warc.gz").write_bytes(SOUND["a.warc.gz"])
    walks = []
    real = os.walk
    monkeypatch.setattr("os.walk", lambda *given, **named: walks.append(given) or real(*given, **named))
    still = WarcArchive("files", tmp_path, still=True)
    for _ in range(3):
        assert [still.fetch(c).body for c in still.captures(PAGE)] == BODIES
    assert len(walks) == 1
    live = WarcArchive("files", tmp_path)
    for _ in range(3):
        assert [live.fetch(c).body for c in live.captures(PAGE)] == BODIES
    assert len(walks) == 1 + 3
