"""Packages forged by somebody who knows how they are made: every digest fits, and each is still named, by both verifiers."""

import gzip
import io
import json
import re
import struct
import zipfile

import pytest
from held_archive import filled
from package_samples import in_process, members_of, refit, reindexed, relisted, unpacked

from crawler.cli import main
from crawler.evidence.checking import verify_package
from crawler.evidence.wacz import canonical, index_files, write_zip
from store_samples import URL

CAPTURES, FINDINGS, CUSTODY = (f"evidence/{name}.json" for name in ("captures", "findings", "custody"))
PAGES, WARC = "pages/pages.jsonl", "archive/data.warc.gz"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The bytes of a package with captures of every kind."""
    home = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VARIORUM_STORE", str(home / "variorum.db"))
        patch.chdir(home)
        filled(home / "variorum.db", "wayback").close()
        assert main(["export", URL, "--out", "whole.wacz"]) == 0
    return home / "whole.wacz"


def both_name(path, capsys):
    """Hold that both verifiers name something, neither of them by a traceback."""
    capsys.readouterr()
    wrong = verify_package(path).wrong
    code = in_process(path)
    printed = capsys.readouterr()
    assert (bool(wrong), code not in {0, None}, "WRONG" in printed.out) == (True, True, True), (
        wrong,
        printed.out,
    )
    assert "Traceback" not in printed.out + printed.err
    assert "\x1b" not in printed.out
    assert main(["verify", str(path)]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_the_untouched_package_holds_for_both_and_so_does_one_put_together_again(whole, tmp_path):
    again = tmp_path / "again.wacz"
    relisted(again, unpacked(whole))
    assert again.read_bytes() == whole.read_bytes()
    for path in (whole, again):
        assert (verify_package(path).wrong, in_process(path)) == ([], 0)


def in_rows(change, which=0):
    def attack(files):
        rows = json.loads(files[CAPTURES])
        change(rows[which])
        files[CAPTURES] = canonical(rows)

    return attack


def with_row(**values):
    """Change a capture and its row alike, whose digest then is not the log's."""

    def change(row):
        row.update(values)
        row["row"].update({name: value for name, value in values.items() if name in row["row"]})

    return in_rows(change)


def in_json(name, change):
    def attack(files):
        value = json.loads(files[name])
        change(value)
        files[name] = canonical(value)

    return attack


def in_text(name, old, new, count=1):
    def attack(files):
        assert old in files[name]
        files[name] = files[name].replace(old, new, count)

    return attack


def in_record(place, change, *, keep_index=False):
    """Change a record's bytes, and write the index anew unless it is to stay."""

    def attack(files):
        members = members_of(files)
        members[place] = change(members[place])
        files[WARC] = b"".join(members)
        if not keep_index:
            reindexed(files, members)

    return attack


def reheaded(pattern, value):
    def change(member):
        data = gzip.decompress(member)
        made, count = re.subn(pattern, value, data, count=1)
        assert count == 1
        return gzip.compress(made, mtime=0)

    return change


def another_record(kind, *, listed):
    """Add a record, with or without a line in the index."""

    def attack(files):
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Nobody was hurt.</p>"
        head = (
            f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {URL}\r\nWARC-Date: 2026-03-01T15:00:00Z\r\n"
            f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\nContent-Length: {len(block)}\r\n\r\n"
        ).encode()
        member, offset = gzip.compress(head + block + b"\r\n\r\n", mtime=0), len(files[WARC])
        files[WARC] += member
        if listed:
            place = {"url": URL, "mime": "text/html", "status": "200", "digest": "A" * 32}
            place |= {"length": str(len(member)), "offset": str(offset), "filename": "data.warc.gz"}
            lines = gzip.decompress(files["indexes/index.cdx.gz"]).decode().splitlines(keepends=True)
            lines.append(f"example,gazette)/harbour-fire 20260301150000 {json.dumps(place)}\n")
            files["indexes/index.cdx.gz"], files["indexes/index.idx"] = index_files("".join(sorted(lines)))

    return attack


def swapped_offsets(files):
    lines = gzip.decompress(files["indexes/index.cdx.gz"]).decode().splitlines()
    first, second = (json.loads(line.split(" ", 2)[2]) for line in lines[:2])
    for name in ("offset", "length"):
        first[name], second[name] = second[name], first[name]
    for place, said in enumerate((first, second)):
        lines[place] = " ".join([*lines[place].split(" ", 2)[:2], json.dumps(said)])
    index = "".join(f"{line}\n" for line in lines)
    files["indexes/index.cdx.gz"], files["indexes/index.idx"] = index_files(index)


def another_page_s_chain(chains):
    chains[0]["page"] = "https://gazette.example/another"


FORGED = {
    "url": with_row(url="https://gazette.example/another"),
    "url of the capture alone": in_rows(lambda row: row.update(url="https://gazette.example/another")),
    "at": in_rows(lambda row: row.update(at="2026-03-02T13:00:00Z")),
    "served_at": in_rows(lambda row: row.update(served_at="2026-03-02T13:00:00Z")),
    "cited_at": in_rows(lambda row: row.update(cited_at="2026-03-02T13:00:00Z")),
    "replay": in_rows(lambda row: row.update(replay=row["replay"].replace("/2026", "/2025"))),
    "captured_by": in_rows(lambda row: row.update(captured_by="somebody")),
    "fetched": in_rows(lambda row: row.update(fetched="2020-01-01T00:00:00Z")),
    "digest": with_row(digest="A" * 32),
    "final_url": with_row(final_url="https://gazette.example/another"),
    "status": in_rows(lambda row: row.update(status=404)),
    "content_coding": in_rows(lambda row: row.update(content_coding="br")),
    "digest_fits": in_rows(lambda row: row.update(digest_fits=not row["digest_fits"])),
    "redirects": in_rows(lambda row: row.update(redirects=["https://gazette.example/before"])),
    "another's bytes": in_rows(lambda row: row.update(shown_by=row["row"] | {"id": 4})),
    "a row of another target": in_rows(lambda row: row["row"].update(target_id=2)),
    "a capture less": in_json(CAPTURES, lambda rows: rows.pop()),
    "a capture twice": in_json(CAPTURES, lambda rows: rows.append(rows[0])),
    "a list that is none": in_json(CAPTURES, lambda rows: rows.append(7)),
    "no captures": in_json(CAPTURES, lambda rows: rows.clear()),
    "chain of another page": in_json(CUSTODY, another_page_s_chain),
    "chain twice": in_json(CUSTODY, lambda chains: chains.append(chains[0])),
    "finding of nobody": in_json(FINDINGS, lambda found: found[0]["change"].update(id="0" * 16)),
    "finding of another time": in_json(
        FINDINGS, lambda found: found[0]["captures"]["before"].update(at="2026-03-01T12:00:00Z")
    ),
    "finding of another address": in_json(
        FINDINGS, lambda found: found[0]["captures"]["after"].update(link="https://web.archive.example/")
    ),
    "finding that is no finding": in_json(FINDINGS, lambda found: found.append({})),
    "list of pages": in_text(PAGES, b'"ts": "2026-03-01T13', b'"ts": "2026-03-01T12'),
    "address in the list of pages": in_text(PAGES, b'"url": "https://gazette', b'"url": "https://gazettf'),
    "page that is not there": lambda files: files.update({PAGES: files[PAGES] + files[PAGES].splitlines(True)[1]}),
    "record of another address": in_record(1, reheaded(rb"WARC-Target-URI: [^\r]*", b"WARC-Target-URI: https://a.example/")),
    "record of another time": in_record(1, reheaded(rb"WARC-Date: [^\r]*", b"WARC-Date: 2026-03-01T13:00:01Z")),
    "record of another kind": in_record(1, reheaded(rb"WARC-Type: response", b"WARC-Type: resource")),
    "record of another length": in_record(1, reheaded(rb"Content-Length: \d+", b"Content-Length: 7")),
    "record of a huge length": in_record(1, reheaded(rb"Content-Length: \d+", b"Content-Length: " + b"9" * 5000)),
    "revisit of another time": in_record(-1, reheaded(rb"WARC-Date: [^\r]*", b"WARC-Date: 2026-03-01T14:00:01Z")),
    "record cut short": in_record(2, lambda member: member[:-9]),
    "last record cut short": in_record(-1, lambda member: member[:-9]),
    "bytes between records": in_record(2, lambda member: member + b"\0" * 12),
    "record more, listed": another_record("response", listed=True),
    "record more, unlisted": another_record("response", listed=False),
    "revisit more": another_record("revisit", listed=True),
    "metadata more": another_record("metadata", listed=True),
    "index of other places": swapped_offsets,
    "index of nothing": lambda files: files.update({"indexes/index.cdx.gz": gzip.compress(b"", mtime=0)}),
    "index that is no index": lambda files: files.update({"indexes/index.cdx.gz": b"\x1f\x8b\x08nothing"}),
    "key twice": in_text(CAPTURES, b'"archive"', b'"archive": "another",\n  "archive"'),
    "NaN": in_text(CAPTURES, b'"status": 200', b'"status": NaN'),
    "number without end": in_text(CAPTURES, b'"status": 200', b'"status": ' + b"9" * 5000),
    "number beyond all": in_text(CAPTURES, b'"status": 200', b'"status": 1e999'),
    "depth": in_text(CAPTURES, b'"status": 200', b'"status": ' + b"[" * 100_000 + b"]" * 100_000),
    "byte that is no text": in_text(CAPTURES, b'"wayback"', b'"wayb\xffck"'),
    "path that leads out": lambda files: files.update({"report/../../x.html": b"x"}),
    "path from the root": lambda files: files.update({"/etc/x.html": b"x"}),
    "path of another system": lambda files: files.update({"report\\x.html": b"x"}),
    "name that looks alike": lambda files: files.update({"evidence/c\u0430ptures.json": files[CAPTURES]}),
    "name of other letters": lambda files: files.update({"Evidence/captures.json": files[CAPTURES]}),
    "name that steers a terminal": lambda files: files.update({"report/\x1b[2J.html": b"x"}),
    "no log": lambda files: files.pop(CUSTODY) and None,
    "no list of pages": lambda files: files.pop(PAGES) and None,
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED)
def test_a_package_forged_under_fitting_digests_is_named_by_both(whole, tmp_path, capsys, name):
    files = unpacked(whole)
    FORGED[name](files)
    assert files != unpacked(whole)
    path = tmp_path / "forged.wacz"
    relisted(path, files)
    both_name(path, capsys)


def zipped(files, *, change=lambda _: None, order=sorted, more=(), kind=zipfile.ZIP_STORED, comment=b""):
    """Return a zip file written in another way than packages are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as package:
        for name, data in [*order(files.items()), *more]:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr, info.compress_type = 3, 0o100644 << 16, kind
            change(info)
            package.writestr(info, data)
        package.comment = comment
    return out.getvalue()


def a_checksum_that_is_wrong(data):
    made = bytearray(data)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        info = package.getinfo("report/" + next(n for n in package.namelist() if n.endswith(".md"))[7:])
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(info.filename.encode()))
    made[at + 16] ^= 1
    return bytes(made)


def sizes_of_64_bits(data):
    """Write the size of the last entry in the extra field of zip64, as only entries past 4 GB need it."""
    end = data.rindex(b"PK\x05\x06")
    at = data.rindex(b"PK\x01\x02", 0, end)
    size, name, extra = (
        struct.unpack("<I", data[at + 24 : at + 28])[0],
        *struct.unpack("<HH", data[at + 28 : at + 32]),
    )
    field = struct.pack("<HHQ", 1, 8, size)
    entry = bytearray(data[at : at + 46 + name + extra] + field)
    entry[24:28], entry[30:32] = b"\xff" * 4, struct.pack("<H", extra + len(field))
    tail = bytearray(data[end:])
    tail[12:16] = struct.pack("<I", struct.unpack("<I", tail[12:16])[0] + len(field))
    return data[:at] + bytes(entry) + bytes(tail)


CONTAINERS = {
    "in another order": lambda files, _: zipped(files, order=lambda items: sorted(items, reverse=True)),
    "packed": lambda files, _: zipped(files, kind=zipfile.ZIP_DEFLATED),
    "with a link": lambda files, _: zipped(files, change=lambda info: setattr(info, "external_attr", 0o120777 << 16)),
    "from another system": lambda files, _: zipped(files, change=lambda info: setattr(info, "create_system", 0)),
    "with times": lambda files, _: zipped(files, change=lambda info: setattr(info, "date_time", (2026, 1, 1, 0, 0, 0))),
    "with comments": lambda files, _: zipped(files, change=lambda info: setattr(info, "comment", b"look here")),
    "with a comment": lambda files, _: zipped(files, comment=b"look here"),
    "with extra fields": lambda files, _: zipped(files, change=lambda info: setattr(info, "extra", b"\x99\x99\x02\x00ab")),
    "with a second list": lambda files, _: zipped(files, more=[("datapackage.json", b"{}")]),
    "with a first list that another follows": lambda files, _: zipped(
        {"datapackage.json": b"{}"}, more=sorted(files.items())
    ),
    "with a folder": lambda files, _: zipped(files, more=[("report/", b"")]),
    "behind garbage": lambda _, data: b"#!/bin/sh\n" + data,
    "before garbage": lambda _, data: data + b"garbage",
    "with a wrong checksum": lambda _, data: a_checksum_that_is_wrong(data),
    "with sizes of 64 bits": lambda _, data: sizes_of_64_bits(data),
    "cut short": lambda _, data: data[: len(data) // 2],
    "empty": lambda *_: b"",
    "two in one": lambda _, data: data + data,
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", CONTAINERS)
def test_a_container_of_another_form_is_named_by_both(whole, tmp_path, capsys, name):
    data = CONTAINERS[name](unpacked(whole), whole.read_bytes())
    assert data != whole.read_bytes()
    path = tmp_path / "odd.wacz"
    path.write_bytes(data)
    both_name(path, capsys)


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "0 finding(s) on 0 page(s)"},
        {"variorum": {"findings": [], "pages": [URL]}},
        {"mainPageUrl": "https://a.example/"},
        {"wacz_version": "9"},
    ],
    ids=["title", "findings", "field", "version"],
)
def test_a_list_of_files_that_says_something_else_than_the_files_is_named(whole, tmp_path, fields):
    path = tmp_path / "said.wacz"
    relisted(path, unpacked(whole), **fields)
    assert "datapackage.json" in {wrong.file for wrong in verify_package(path).wrong}


def test_a_report_of_somebody_else_under_a_signed_list_is_named_by_both(whole, tmp_path, capsys):
    files = unpacked(whole)
    (name,) = (each for each in files if each.endswith(".html"))
    path = tmp_path / "swapped.wacz"
    with path.open("wb") as file:
        write_zip(file, {**files, name: b"<p>Nothing was changed.</p>"})
    both_name(path, capsys)
    for seal in (b"{}", b"[]", b"null", b'{"hash": 1, "path": []}', b"\xff", b"[" * 100_000):
        with path.open("wb") as file:
            write_zip(file, {**refit(files), "datapackage-digest.json": seal})
        both_name(path, capsys)
