"""WARC records made to measure, as bytes."""

import io
import random
import uuid
from datetime import UTC, datetime, timedelta

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

PAGE = "https://www.example.org/news/story"
START = datetime(2020, 1, 1, 12, 0, 0, tzinfo=UTC)


def hour(number):
    return START + timedelta(hours=number)


def story(number):
    noise = random.Random(number).randbytes(300).hex()
    return f"<html><p>{number} people died.</p><!-- {noise} --></html>".encode()


def records(*made, zipped=True):
    """Write records, each a dict of what differs from a plain answer, to bytes: the same records to the same bytes."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=zipped, warc_version="WARC/1.1")
    for number, one in enumerate(made):
        body = one.get("body", b"")
        kind = one.get("kind", "response")
        name = uuid.uuid5(uuid.NAMESPACE_URL, f"{number} {sorted(one.items(), key=lambda each: each[0])}")
        own = {"WARC-Record-ID": f"<urn:uuid:{name}>", "WARC-Date": f"{one['at']:%Y-%m-%dT%H:%M:%SZ}"}
        dates = own | one.get("warc", {})
        headers = [("Content-Type", "text/html; charset=utf-8"), *one.get("headers", ())]
        answer = StatusAndHeaders(one.get("status", "200 OK"), headers, protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                one.get("url", PAGE),
                kind,
                payload=io.BytesIO(body),
                length=len(body),
                http_headers=None if kind == "resource" else answer,
                warc_headers_dict=dates,
            )
        )
    return out.getvalue()
