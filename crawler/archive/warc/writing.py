"""Evidence written as WARC 1.1, with the index next to it that lets a replay find each capture."""

import hashlib
import json
import os
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.archive.replay import REDIRECTS
from crawler.archive.timestamps import FORM
from crawler.archive.urlkey import urlkey_of
from crawler.model import Snapshot

_NAMESPACE = uuid.UUID("6f0d3a52-3b37-5f5c-9a1e-7a0f3f1d2c11")
_REASONS = {
    200: "OK",
    301: "Moved Permanently",
    302: "Found",
    403: "Forbidden",
    404: "Not Found",
    410: "Gone",
}


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
    body: bytes


def write_warc(path: Path, snapshots: Iterable[Snapshot], *, created: datetime) -> Written:
    """Write captures as response records at their capture times.

    Bodies go in as they are kept, their content encoding undone. A redirect passed through on the way
    goes in as a 302, whichever status it had. The same captures give the same bytes.

    Args:
        path: The file; a name ending in `.gz` is gzipped record by record. An index of the same name with
            `.cdxj` goes next to it. Both appear whole or not at all.
        snapshots: What to write, in any order; only one is held at a time.
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
            for answer in (answer for snapshot in snapshots for answer in _answers(snapshot)):
                start = file.tell()
                digest = _write(writer, answer)
                lines.append(_line(answer, digest, start, file.tell() - start, path.name))
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


def _answers(snapshot: Snapshot) -> Iterator[_Answer]:
    """Yield the redirects passed through, then the page; a last redirect that led nowhere is the page."""
    stops = [*snapshot.redirects, snapshot.url]
    ends_here = snapshot.status in REDIRECTS and len(stops) > 1
    for here, there in pairwise(stops):
        last = ends_here and there == stops[-1]
        yield _Answer(
            url=here,
            at=snapshot.served_at if last else snapshot.capture.at,
            status=snapshot.status if last else 302,
            headers=(("Location", _ascii(there)), *_entity(snapshot.body if last else b"", None)),
            body=snapshot.body if last else b"",
        )
    if not ends_here:
        yield _Answer(
            url=snapshot.url,
            at=snapshot.served_at,
            status=snapshot.status,
            headers=_entity(snapshot.body, snapshot.content_type),
            body=snapshot.body,
        )


def _entity(body: bytes, content_type: str | None) -> tuple[tuple[str, str], ...]:
    kind = (("Content-Type", _ascii(content_type)),) if content_type else ()
    return (*kind, ("Content-Length", str(len(body))))


def _ascii(text: str) -> str:
    """Keep a header on its line and in its alphabet."""
    return re.sub(r"[\r\n]+", " ", text).encode("ascii", "backslashreplace").decode()


def _write(writer: Any, answer: _Answer) -> str:
    """Write a record and give its payload digest."""
    status = f"{answer.status} {_REASONS.get(answer.status, 'Archived')}"
    record = writer.create_warc_record(
        answer.url,
        "response",
        payload=BytesIO(answer.body),
        length=len(answer.body),
        http_headers=StatusAndHeaders(status, list(answer.headers), protocol="HTTP/1.1"),
        warc_headers_dict={
            "WARC-Date": answer.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "WARC-Record-ID": _id(f"{answer.url} {answer.at:{FORM}} {answer.status}", answer.body),
        },
    )
    writer.write_record(record)
    digest: str = record.rec_headers.get_header("WARC-Payload-Digest")
    return digest.partition(":")[2]


def _warcinfo(writer: Any, name: str, created: datetime) -> Any:
    info = {
        "software": "variorum",
        "format": "WARC File Format 1.1",
        "description": "Bodies with their content encoding undone; redirects are written as 302.",
    }
    record = writer.create_warcinfo_record(name, info)
    record.rec_headers.replace_header("WARC-Date", created.strftime("%Y-%m-%dT%H:%M:%SZ"))
    record.rec_headers.replace_header("WARC-Record-ID", _id(f"warcinfo {name} {created:{FORM}}", b""))
    return record


def _id(name: str, body: bytes) -> str:
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass") + b"\0" + body).hexdigest()
    return f"<urn:uuid:{uuid.uuid5(_NAMESPACE, digest)}>"


def _line(answer: _Answer, digest: str, offset: int, length: int, filename: str) -> str:
    kind = dict(answer.headers).get("Content-Type", "").partition(";")[0].strip().lower()
    fields = {
        "url": answer.url,
        "mime": kind or "unk",
        "status": str(answer.status),
        "digest": digest,
        "length": str(length),
        "offset": str(offset),
        "filename": filename,
    }
    return f"{urlkey_of(answer.url)} {answer.at:{FORM}} {json.dumps(fields)}\n"
