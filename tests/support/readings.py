"""Keeps a digest of every reading next to the version that made it, so that no reading moves under an old version.

`make readings` writes the files in `tests/readings/` again. It refuses while a reading moved and the version did not:
stores know by the version alone which bodies to read again.
"""

import hashlib
import io
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from crawler.parser import PARSER_VERSION, parse
from diffs.claims import GRAMMAR_VERSION, claims_in_text
from diffs.model import to_json

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "readings"
MOVED = "readings moved: raise the version"
VERSIONS = {
    "parser": (PARSER_VERSION, "PARSER_VERSION in crawler/versions.py"),
    "claims": (GRAMMAR_VERSION, "GRAMMAR_VERSION in diffs/versions.py"),
}


def short(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]


def pages() -> Iterator[tuple[bytes, str]]:
    """Yield the body and address of every page we wrote: the parser's fixtures and the demo's captures."""
    for path in sorted((ROOT / "tests" / "fixtures" / "parser").rglob("*.html")):
        yield path.read_bytes(), f"https://valley.example/news/{path.stem}"
    warc = (ROOT / "seeds" / "demo" / "meridian-courier.warc.gz").read_bytes()
    for record in ArchiveIterator(io.BytesIO(warc)):
        if record.rec_type == "response":
            yield record.content_stream().read(), record.rec_headers.get_header("WARC-Target-URI")


def sentences() -> Iterator[str]:
    """Yield every annotated sentence."""
    for path in sorted((ROOT / "tests" / "claims_cases").rglob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith(("- ", "#")):
                yield line


def readings(kind: str) -> dict[str, str]:
    """Return the digest of each reading by the digest of what was read."""
    found = {}
    if kind == "parser":
        for body, url in pages():
            read = parse(body, url=url, captured_at=datetime(2025, 1, 1, tzinfo=UTC))
            article = to_json(read)
            del article["parser"]
            if read.apart:
                article["apart"] = to_json(read.apart)
            found[short(url.encode() + body)] = short(json.dumps(article, sort_keys=True).encode())
    else:
        for sentence in sentences():
            claims = [to_json(claim) for claim in claims_in_text(sentence)]
            found[short(sentence.encode())] = short(json.dumps(claims, sort_keys=True).encode())
    return found


def recorded(kind: str) -> tuple[str, dict[str, str]]:
    """Return the version and the digests that a file holds; the file's first line is the version."""
    path = FOLDER / f"{kind}.txt"
    first, *lines = path.read_text(encoding="ascii").splitlines() if path.exists() else ["none"]
    return first, dict(line.split() for line in lines)


def fault(kind: str, now: dict[str, str]) -> str | None:
    """Return what is wrong with the record, or None: a reading that moved, or inputs that are not in it."""
    version, before = recorded(kind)
    current, where = VERSIONS[kind]
    moved = [key for key, digest in before.items() if now.get(key, digest) != digest]
    if moved and version == current:
        return (
            f"{MOVED} ({len(moved)} of {len(now)} {kind} readings; it is {where}), then run `make readings`"
        )
    if (version, before) != (current, now):
        return f"tests/readings/{kind}.txt is of another version or other cases: run `make readings`"
    return None


def main() -> int:
    """Write the records of what is read now, unless a version has to be raised first."""
    code = 0
    for kind, (version, _) in VERSIONS.items():
        now = readings(kind)
        complaint = fault(kind, now)
        if complaint and complaint.startswith(MOVED):
            print(complaint, file=sys.stderr)
            code = 1
        elif complaint:
            FOLDER.mkdir(exist_ok=True)
            lines = [version, *(f"{key} {digest}" for key, digest in sorted(now.items()))]
            (FOLDER / f"{kind}.txt").write_text("\n".join(lines) + "\n", encoding="ascii")
    return code


if __name__ == "__main__":
    sys.exit(main())
