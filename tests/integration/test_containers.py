"""A hundred containers, sound and damaged: none reads as absence, and none that is damaged is called healthy."""

import gzip
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
import zstandard
from warc_records import PAGE, hour, records, story

from crawler.archive.warc import Leaving, WarcArchive, write_warc
from crawler.config import ArchiveSettings, Settings
from crawler.errors import NoCaptureError, UnexpectedReplyError
from crawler.maintenance.doctor import _local_files
from crawler.model import Capture, Snapshot
from rights import as_any_user

BODIES = [story(n) for n in range(4)]
WHOLE = [hour(n) for n in range(4)]
DICTIONARY = b"\x5d\x2a\x4d\x18"  # how a file of WARC records packed by one begins
NEVER = "https://www.example.org/never"
NOW = datetime(2026, 11, 28, tzinfo=UTC)


def warcs(version: str = "1.1") -> list[bytes]:
    """Write the captures as records of a version, one each."""
    made = [records({"at": at, "body": body}, zipped=False) for at, body in zip(WHOLE, BODIES, strict=True)]
    return [one.replace(b"WARC/1.1", f"WARC/{version}".encode(), 1) for one in made]


def arcs() -> list[bytes]:
    version = b"1 0 Crawler\nURL IP-address Archive-date Content-type Archive-length\n"
    made = [f"filedesc://a.arc 0.0.0.0 20200101000000 text/plain {len(version)}\n".encode() + version + b"\n"]
    for at, body in zip(WHOLE, BODIES, strict=True):
        answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
        line = f"{PAGE} 192.0.2.1 {at:%Y%m%d%H%M%S} text/html {len(answer)}\n"
        made.append(line.encode() + answer + b"\n")
    return made


def packed(made: list[bytes]) -> bytes:
    return b"".join(gzip.compress(one, mtime=0) for one in made)


def dictionary() -> bytes:
    made = warcs()
    trained = zstandard.train_dictionary(4096, warcs() * 60)
    packer = zstandard.ZstdCompressor(dict_data=trained, write_checksum=True)
    kept = trained.as_bytes()
    return DICTIONARY + len(kept).to_bytes(4, "little") + kept + b"".join(map(packer.compress, made))


def exported() -> bytes:
    """Write the captures as an export of ours."""
    with tempfile.TemporaryDirectory() as folder:
        leaving = [
            Leaving(
                page=PAGE,
                snapshot=Snapshot(
                    capture=Capture(
                        archive="web.archive.org", url=PAGE, urlkey="org,example)/news/story", at=at
                    ),
                    served_at=at,
                    url=PAGE,
                    status=200,
                    content_type="text/html",
                    body=body,
                    raw=gzip.compress(body, mtime=0),
                    content_coding="gzip",
                    headers=(("Content-Type", "text/html"), ("Content-Encoding", "gzip")),
                ),
            )
            for at, body in zip(WHOLE, BODIES, strict=True)
        ]
        return write_warc(Path(folder, "x.warc.gz"), leaving, created=NOW).warc.read_bytes()


def by_py_wacz(*parts: bytes) -> bytes:
    """Have py-wacz write a package of WARCs."""
    with tempfile.TemporaryDirectory() as folder:
        names = [Path(folder, f"{number}.warc.gz") for number in range(len(parts))]
        for name, part in zip(names, parts, strict=True):
            name.write_bytes(part)
        package = Path(folder, "made.wacz")
        tool = Path(sys.executable).with_name("wacz")
        words = [str(tool), "create", "-o", str(package), *map(str, names)]
        subprocess.run(words, check=True, capture_output=True, timeout=120)
        return package.read_bytes()


def zipped(entries: dict[str, bytes], how: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def own_wacz(how: int = zipfile.ZIP_STORED) -> bytes:
    """Write a package as ours are: its list of contents with a digest of each, and a digest of the list."""
    import hashlib

    def digest(data: bytes) -> str:
        return f"sha256:{hashlib.sha256(data).hexdigest()}"

    made = warcs()
    entries = {"archive/a.warc.gz": packed(made[:2]), "archive/b.warc.gz": packed(made[2:])}
    listed = [{"path": name, "hash": digest(data), "bytes": len(data)} for name, data in entries.items()]
    entries["datapackage.json"] = json.dumps({"profile": "data-package", "resources": listed}).encode()
    of = {"path": "datapackage.json", "hash": digest(entries["datapackage.json"])}
    return zipped(entries | {"datapackage-digest.json": json.dumps(of).encode()}, how)


@cache
def sound() -> dict[str, bytes]:
    """Write sound containers, once they are asked for: each of several workers collects this file."""
    return {
        "0.17.warc": b"".join(warcs("0.17")),
        "0.18.warc": b"".join(warcs("0.18")),
        "1.0.warc": b"".join(warcs("1.0")),
        "1.1.warc": b"".join(warcs()),
        "0.18.warc.gz": packed(warcs("0.18")),
        "1.1.warc.gz": packed(warcs()),
        "whole.warc.gz": gzip.compress(b"".join(warcs()), mtime=0),
        "1.1.warc.zst": b"".join(map(zstandard.compress, warcs())),
        "dictionary.warc.zst": dictionary(),
        "1.arc": b"".join(arcs()),
        "1.arc.gz": packed(arcs()),
        "own.wacz": own_wacz(),
        "deflated.wacz": own_wacz(zipfile.ZIP_DEFLATED),
        "py.wacz": by_py_wacz(packed(warcs()[:2]), packed(warcs()[2:])),
        "export.warc.gz": exported(),
    }


def flipped(data: bytes) -> bytes:
    text = data.find(b"people died", len(data) // 2)
    # A dictionary leads its file, and of it a byte may be one that nothing uses; what else lies there is in several parts.
    at = text if text >= 0 else len(data) * (7 if data.startswith(DICTIONARY) else 5) // 8
    while b"\x1f\x8b" in data[at - 12 : at + 1]:  # when and how a part was packed, which changes nothing
        at += 12
    return data[:at] + bytes([data[at] ^ 0x20]) + data[at + 1 :]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "cut off early": lambda data: data[: int(len(data) * 0.2)],
    "cut off half way": lambda data: data[: int(len(data) * 0.53)],
    "cut off late": lambda data: data[: int(len(data) * 0.9)],
    "a byte turned": flipped,
    "zeros at its head": lambda data: bytes(40) + data[40:],
    "zeros in its middle": lambda data: (
        data[: len(data) // 2 - 100] + bytes(200) + data[len(data) // 2 + 100 :]
    ),
}
# An ARC holds no digest: a byte of text turned in one that is not packed is seen by nobody.
UNSEEN = {("1.arc", "a byte turned"), ("1.arc", "zeros in its middle")}
ODD: dict[str, tuple[str, bytes]] = {
    "an empty WARC": ("a.warc.gz", b""),
    "a page under the name of a WARC": ("a.warc", b"<html>no WARC</html>"),
    "a picture under the name of an ARC": ("a.arc.gz", b"\x89PNG\r\n\x1a\n" + bytes(90)),
    "packed text": ("a.warc.gz", gzip.compress(b"no WARC", mtime=0)),
    "text packed otherwise": ("a.warc.zst", zstandard.compress(b"no WARC")),
    "a zip file of notes": ("a.wacz", zipped({"notes.txt": b"none"})),
    "no zip file": ("a.wacz", b"no zip"),
    "a package of a damaged WARC": ("a.wacz", zipped({"archive/a.warc.gz": packed(warcs())[:-30]})),
    "a package without its list": ("a.wacz", zipped({"archive/a.warc.gz": packed(warcs())})),
    "still being written": ("a.warc.gz.open", packed(warcs())[:-50]),
    "a record without its length": ("a.warc", warcs()[0].replace(b"Content-Length", b"Content-Breadth")),
    "a record of the year 9999": ("a.warc", warcs()[0].replace(b"2020-01-01", b"9999-01-01")),
    "a record of no address": (
        "a.warc",
        warcs()[0].replace(b"https://www.example.org", b"https://[www.example.or"),
    ),
}


def made() -> Iterator[tuple[str, str, bytes, bool]]:
    """Yield what a container is called, its file's name, its bytes, and whether it is sound."""
    for name, data in sound().items():
        yield name, name, data, True
        yield f"{name}, named otherwise", f"{name.replace('.', '-')}.bin", data, True
        for how, damage in DAMAGE.items():
            if (name, how) not in UNSEEN:
                yield f"{name}, {how}", name, damage(data), False
    for what, (name, data) in ODD.items():
        yield what, name, data, False


@cache
def table() -> dict[str, tuple[str, bytes, bool]]:
    return {what: (name, data, whole) for what, name, data, whole in made()}


def wrong_about(path: Path, *, sound: bool) -> list[str]:
    """Return what is wrong in how a file or folder is read: nothing where it is read rightly."""
    files = WarcArchive("files", path, now=lambda: NOW)
    wrong = []
    try:
        captures = list(files.captures(PAGE))
    except NoCaptureError:
        return ["it reads as absence"]
    except UnexpectedReplyError:
        captures = []
    for capture in captures:
        try:
            body = files.fetch(capture).body
        except UnexpectedReplyError:
            wrong += ["a capture is listed that cannot be read"] if sound else []
            continue
        if body != BODIES[WHOLE.index(capture.at)]:
            wrong.append(f"the capture of {capture.at} has other bytes")
    if sound:
        wrong += ["captures are missing"] if [c.at for c in captures] != WHOLE else []
        wrong += [f"it complains: {line}" for line in files.unread()]
    else:
        wrong += ["nothing is said of its damage"] if not files.unread() else []
    with pytest.raises((NoCaptureError, UnexpectedReplyError)) as told:
        list(files.captures(NEVER))
    hides = any(each.hides and each.url is None for each in files.damage)
    if len(captures) < len(WHOLE) and hides and told.type is NoCaptureError:
        wrong.append("a page that its damage may hide reads as absent")
    settings = Settings(
        store=str(path.parent / "v.db"), archive=ArchiveSettings(dialect="warc", url=str(path))
    )
    (advice,) = _local_files(settings, lambda: NOW)
    if advice.good is not sound:
        wrong.append(f"doctor calls it {'healthy' if advice.good else 'ill'}: {advice.says}")
    return wrong


def test_of_a_hundred_containers_none_reads_as_absence_or_is_called_healthy_wrongly(tmp_path) -> None:
    wrong: dict[str, list[str]] = {}
    for number, (what, (name, data, whole)) in enumerate(table().items()):
        folder = tmp_path / str(number) / "held"
        folder.mkdir(parents=True)
        (folder / name).write_bytes(data)
        for path in (folder / name, folder):
            found = wrong_about(path, sound=whole)
            if found:
                wrong[f"{what} ({'alone' if path != folder else 'in a folder'})"] = found

    assert len(table()) >= 100
    assert not wrong, "\n".join(f"{what}: {found}" for what, found in wrong.items())


@contextmanager
def shut(path: Path) -> Iterator[None]:
    mode = path.stat().st_mode
    path.chmod(0)
    try:
        yield
    finally:
        path.chmod(mode)


def test_a_folder_of_all_of_them_is_read_as_far_as_it_goes(tmp_path) -> None:
    for number, (name, data, _) in enumerate(table().values()):
        (tmp_path / f"{number}").mkdir()
        (tmp_path / f"{number}" / name).write_bytes(data)
    files = WarcArchive("files", tmp_path, now=lambda: NOW)
    damaged = {number for number, (_, _, whole) in enumerate(table().values()) if not whole}

    assert {capture.at for capture in files.captures(PAGE)} == set(WHOLE)
    assert {int(each.place.path.parent.name) for each in files.damage} == damaged
    with pytest.raises(UnexpectedReplyError):
        list(files.captures(NEVER))


@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_may_not_be_read_is_named(what) -> None:
    with tempfile.TemporaryDirectory() as made_folder:
        root = Path(made_folder)
        (root / "in").mkdir()
        (root / "in" / "a.warc.gz").write_bytes(sound()["1.1.warc.gz"])
        (root / "b.warc.gz").write_bytes(sound()["1.1.warc.gz"])
        with shut(root / ("in" if what == "folder" else "in/a.warc.gz")), as_any_user():
            files = WarcArchive("files", root, now=lambda: NOW)
            assert [capture.at for capture in files.captures(PAGE)] == WHOLE
            assert len(files.unread()) == 1
            with pytest.raises(UnexpectedReplyError):
                list(files.captures(NEVER))


@pytest.mark.parametrize("name", ["py.wacz", "own.wacz", "deflated.wacz"])
def test_one_byte_turned_anywhere_in_what_a_package_lists_is_reported(tmp_path, name) -> None:
    """Every entry that its list of contents names; what lies outside (the zip's own padding) is nobody's."""
    data = sound()[name]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        listed = json.loads(archive.read("datapackage.json"))["resources"]
        entries = [archive.getinfo(each["path"]) for each in listed]
    unnoticed = []
    for number, entry in enumerate(entries):
        start = data.index(entry.filename.encode(), entry.header_offset) + len(entry.filename)
        for share in (1, 3, 5, 7):
            at = start + entry.compress_size * share // 8
            turned = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
            path = tmp_path / f"{number}-{share}.wacz"
            path.write_bytes(turned)
            files = WarcArchive("files", path)
            list(files.all_captures())
            if not files.unread():
                unnoticed.append((entry.filename, at))
    assert unnoticed == []
    assert len(entries) >= 2


def open_below(folder: Path) -> list[str]:
    """Return the files of a folder that this process holds open."""
    held = []
    for each in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # of another thread, and closed meanwhile
            held.append(str(each.readlink()))
    return [name for name in held if name.startswith(f"{folder}/")]


def test_no_file_descriptor_is_left_open(tmp_path) -> None:
    with (tmp_path / "seen").open("wb"):
        assert open_below(tmp_path) == [str(tmp_path / "seen")]
    for what, (name, data, _) in table().items():
        (tmp_path / name).write_bytes(data)
        files = WarcArchive("files", tmp_path / name, now=lambda: NOW)
        list(files.all_captures())
        assert open_below(tmp_path) == [], what
