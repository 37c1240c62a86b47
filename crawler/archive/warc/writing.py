"""Evidence written as WARC 1.1, with the index next to it that lets a replay find each capture."""

import base64
import hashlib
import json
import os
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.archive.digests import algorithm_of, digest_value
from crawler.archive.replay import REDIRECTS
from crawler.archive.timestamps import FORM
from crawler.archive.urlkey import urlkey_of
from crawler.archive.warc.origin import FIELD, MADE, Origin
from crawler.model import Capture, Snapshot

_NAMESPACE = uuid.UUID("6f0d3a52-3b37-5f5c-9a1e-7a0f3f1d2c11")
_PREFIX = "X-Archive-Orig-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """A capture as it leaves the house.

    Attributes:
        snapshot: Its bytes, raw ones where they were kept.
        page: The address of its target.
        source: The address at which the archive replays it, or None where there is none.
    """

    snapshot: Snapshot
    page: str
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """A capture without bytes of its own that showed those of another, as the archive's digest says.

    Attributes:
        capture: The archive's row.
        page: The address of its target.
        of: The capture whose bytes it showed.
        source: The address at which the archive replays it, or None where there is none.
    """

    capture: Capture
    page: str
    of: Capture
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written.

    Attributes:
        warc: The WARC file.
        cdxj: Its index.
        records: How many captures it holds.
    """

    warc: Path
    cdxj: Path
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """One HTTP answer as it goes into a record."""

    url: str
    at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    payload: bytes
    fields: tuple[tuple[str, str], ...] = ()


def write_warc(path: Path, captures: Iterable[Snapshot | Leaving | Again], *, created: datetime) -> Written:
    """Write captures as response records at their capture times.

    A capture whose raw bytes and headers were kept goes in as the site sent it, less the transfer coding; of others the
    body goes in as it was kept, its content coding undone. Each names the archive that it is from, and the archive's
    row of it, where that is known. A redirect passed through on the way goes in as a 302, whichever status it had, and
    is marked as made up. The same captures give the same bytes.

    Args:
        path: The file; a name ending in `.gz` is gzipped record by record. An index of the same name with
            `.cdxj` goes next to it. Both appear whole or not at all.
        captures: What to write, in any order; only one is held at a time.
        created: When the export is made (aware UTC).

    Raises:
        OSError: The files cannot be written.
    """
    cdxj = path.with_name(re.sub(r"\.warc(\.gz)?$", "", path.name, flags=re.IGNORECASE) + ".cdxj")
    part = path.with_name(path.name + ".part")
    lines: list[str] = []
    try:
        with part.open("wb") as file:
            writer = WARCWriter(file, gzip=path.suffix.lower() == ".gz", warc_version="WARC/1.1")
            writer.write_record(_warcinfo(writer, path.name, created))
            for each in captures:
                for record, line in _records(each):
                    start = file.tell()
                    writer.write_record(record)
                    place = {
                        "length": str(file.tell() - start),
                        "offset": str(start),
                        "filename": path.name,
                    }
                    lines.append(_line(line, place))
            file.flush()
            os.fsync(file.fileno())
        listed = cdxj.with_name(cdxj.name + ".part")
        listed.write_text("".join(sorted(lines)), encoding="utf-8")
        # Killed in between, a WARC without an index is left, never one next to the index of another.
        cdxj.unlink(missing_ok=True)
        part.replace(path)
        listed.replace(cdxj)
    finally:
        part.unlink(missing_ok=True)
    return Written(warc=path, cdxj=cdxj, records=len(lines))


def _records(each: Snapshot | Leaving | Again) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield the records of a capture, each with what its line in the index says."""
    if isinstance(each, Again):
        yield _revisit(each)
        return
    for answer in _answers(each if isinstance(each, Leaving) else Leaving(snapshot=each, page="")):
        yield _response(answer)


def _answers(leaving: Leaving) -> Iterator[_Answer]:
    """Yield the redirects passed through, then the page; a last redirect that led nowhere is the page."""
    snapshot = leaving.snapshot
    stops = [*snapshot.redirects, snapshot.url]
    ends_here = snapshot.status in REDIRECTS and len(stops) > 1
    for here, there in pairwise(stops):
        if ends_here and there == stops[-1]:
            continue
        yield _Answer(
            url=here,
            at=snapshot.capture.at,
            status=302,
            headers=(("Location", _one_line(there)), ("Content-Length", "0")),
            payload=b"",
            fields=((MADE, "redirect"),) if leaving.page else (),
        )
    where = stops[-2] if ends_here else snapshot.url
    payload = snapshot.body if snapshot.raw is None else snapshot.raw
    yield _Answer(
        url=where,
        at=snapshot.served_at,
        status=snapshot.status,
        headers=_headers(snapshot, location=stops[-1] if ends_here else None),
        payload=payload,
        fields=_fields(leaving),
    )


def _fields(leaving: Leaving) -> tuple[tuple[str, str], ...]:
    """Return what a record says of its origin: as pywb does of what it takes from an archive, and in a field of our own."""
    if not leaving.page:
        return ()
    snapshot = leaving.snapshot
    source = (("WARC-Source-URI", _one_line(leaving.source)),) if leaving.source else ()
    got = snapshot.retrieved_at
    when = (("WARC-Creation-Date", got.strftime("%Y-%m-%dT%H:%M:%SZ")),) if got else ()
    return (*source, *when, (FIELD, Origin.of(snapshot, leaving.page).text()))


def _headers(snapshot: Snapshot, *, location: str | None) -> tuple[tuple[str, str], ...]:
    """Return the site's own headers, those set aside under another name that are not true of the bytes written.

    Where they were not kept, those that a reader of the record needs stand for them.
    """
    if snapshot.raw is None or not snapshot.headers:
        kind = (("Content-Type", _one_line(snapshot.content_type)),) if snapshot.content_type else ()
        length = len(snapshot.body if snapshot.raw is None else snapshot.raw)
        coding = snapshot.content_coding if snapshot.raw is not None else None
        return (
            *((("Location", _one_line(location)),) if location else ()),
            *kind,
            *((("Content-Encoding", _one_line(coding)),) if coding else ()),
            ("Content-Length", str(length)),
        )
    untrue = {"transfer-encoding"}
    if snapshot.raw == snapshot.body:
        untrue.add("content-encoding")
    written = str(len(snapshot.raw))
    return tuple(
        (
            f"{_PREFIX}{name}"
            if name.lower() in untrue or (name.lower() == "content-length" and value.strip() != written)
            else name,
            value,
        )
        for name, value in ((_one_line(name), _one_line(value)) for name, value in snapshot.headers)
    )


def own_headers(fields: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return the site's headers from those of a record that was written here."""
    return tuple((name.removeprefix(_PREFIX), value) for name, value in fields)


def _one_line(text: str) -> str:
    """Keep a header on its line."""
    return re.sub(r"[\r\n\x00]+", " ", text)


def _bytes(text: str) -> bytes:
    """Return a header's bytes: headers are read as Latin-1, which maps every byte to a character."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("ascii", "backslashreplace")


def _response(answer: _Answer) -> tuple[Any, dict[str, Any]]:
    """Return a record of an answer, and what its line in the index says."""
    try:
        phrase = HTTPStatus(answer.status).phrase
    except ValueError:
        phrase = "Archived"
    lines = [f"HTTP/1.1 {answer.status} {phrase}", *(f"{name}: {value}" for name, value in answer.headers)]
    block = b"".join(_bytes(line) + b"\r\n" for line in lines) + b"\r\n" + answer.payload
    digest = _sha1(answer.payload)
    record = _record(
        "response",
        answer.url,
        block,
        {
            "WARC-Date": answer.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "WARC-Record-ID": _id(f"{answer.url} {answer.at:{FORM}} {answer.status}", answer.payload),
            "WARC-Payload-Digest": f"sha1:{digest}",
            **dict(answer.fields),
        },
    )
    kinds = [value for name, value in answer.headers if name.lower() == "content-type"]
    kind = kinds[-1].partition(";")[0].strip().lower() if kinds else ""
    line = {"at": answer.at, "url": answer.url, "mime": kind or "unk", "status": str(answer.status)}
    return record, line | {"digest": digest}


def _revisit(again: Again) -> tuple[Any, dict[str, Any]]:
    """Return a record of a capture that showed the bytes of another, and what its line in the index says."""
    row = again.capture
    origin = Origin(page=again.page, capture=row, served_at=row.at, final_url=row.url)
    source = {"WARC-Source-URI": _one_line(again.source)} if again.source else {}
    digest = digest_value(row.digest) or ""
    headers = {
        "WARC-Date": row.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "WARC-Record-ID": _id(f"{row.url} {row.at:{FORM}} revisit {row.archive}", digest.encode()),
        "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        "WARC-Refers-To-Target-URI": again.of.url,
        "WARC-Refers-To-Date": again.of.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        **({"WARC-Payload-Digest": f"sha1:{digest}"} if algorithm_of(digest) == "sha1" else {}),
        **source,
        FIELD: origin.text(),
    }
    record = _record("revisit", row.url, b"", headers)
    return record, {"at": row.at, "url": row.url, "mime": "warc/revisit", "status": "-", "digest": digest}


def _record(kind: str, url: str, block: bytes, headers: dict[str, str]) -> ArcWarcRecord:
    """Return a record of these very bytes: the library's own way of making one would write HTTP headers anew."""
    fields = {"WARC-Type": kind, "WARC-Target-URI": url, **headers}
    fields["WARC-Block-Digest"] = f"sha1:{_sha1(block)}"
    named = StatusAndHeaders("", list(fields.items()), protocol="WARC/1.1")
    record = ArcWarcRecord(
        "warc", kind, named, BytesIO(block), None, "application/http; msgtype=response", len(block)
    )
    record.payload_length = len(block)
    return record


def _sha1(data: bytes) -> str:
    return base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def _warcinfo(writer: Any, name: str, created: datetime) -> Any:
    info = {
        "software": "variorum",
        "format": "WARC File Format 1.1",
        "description": (
            "Captures as the archives named in them hold them, where their bytes were kept so; else bodies with their "
            "content coding undone. Redirects on the way are written as 302."
        ),
    }
    record = writer.create_warcinfo_record(name, info)
    record.rec_headers.replace_header("WARC-Date", created.strftime("%Y-%m-%dT%H:%M:%SZ"))
    record.rec_headers.replace_header("WARC-Record-ID", _id(f"warcinfo {name} {created:{FORM}}", b""))
    return record


def _id(name: str, body: bytes) -> str:
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass") + b"\0" + body).hexdigest()
    return f"<urn:uuid:{uuid.uuid5(_NAMESPACE, digest)}>"


def _line(said: dict[str, Any], place: dict[str, str]) -> str:
    fields = {name: said[name] for name in ("url", "mime", "status", "digest")} | place
    return f"{urlkey_of(said['url'])} {said['at']:{FORM}} {json.dumps(fields)}\n"
