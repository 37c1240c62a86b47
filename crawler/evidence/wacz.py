"""WACZ 1.1.1 as packages are written here: the same files give the same bytes."""

import gzip
import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from crawler.archive.warc.wacz import DATAPACKAGE, DIGEST

WACZ_VERSION = "1.1.1"
PROFILE = "data-package"
WARC, INDEX, CATALOGUE, PAGES = (
    "archive/data.warc.gz",
    "indexes/index.cdx.gz",
    "indexes/index.idx",
    "pages/pages.jsonl",
)
# What readers are to read or other programs may, and the log's digests do not cover.
WORDS = ("evidence/claims.json", "evidence/versions.json", "evidence/affidavit.txt", "readme/README.txt")
# A zip file has no field for a time without one; this is the earliest that it can name.
_WHEN = (1980, 1, 1, 0, 0, 0)
_PIECE = 1 << 20
# Lines of the index in one gzip member, which a replay reads whole to find one capture.
_LINES = 1000

Content = bytes | Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What stands next to a package's digest.

    Attributes:
        signed: The signature as wacz-auth 0.1.0 has it (`signedData`), or None.
        stamp: The answer of a time-stamp authority (RFC 3161, DER in Base64) over the signature, or where there is
            none over the digest; None without.
    """

    signed: Mapping[str, str] | None = None
    stamp: str | None = None


UNSEALED = Seal()


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What a package says of itself.

    Attributes:
        title: In words.
        software: What wrote it, with its version.
        created: When the newest thing in it came to be, as RFC 3339.
        more: Further fields.
    """

    title: str
    software: str
    created: str
    more: Mapping[str, Any] = field(default_factory=dict)


def canonical(value: Any) -> bytes:
    """Return the one JSON form in which a package holds a value: keys sorted, ASCII, a line break at the end."""
    return (json.dumps(value, ensure_ascii=True, sort_keys=True, indent=1) + "\n").encode("ascii")


def sha256_named(content: Content) -> str:
    """Return the digest of bytes or of a file as packages name it: `sha256:` and hex."""
    hasher = hashlib.sha256()
    if isinstance(content, bytes):
        hasher.update(content)
    else:
        with content.open("rb") as file:
            while piece := file.read(_PIECE):
                hasher.update(piece)
    return f"sha256:{hasher.hexdigest()}"


def index_files(cdxj: str) -> tuple[bytes, bytes]:
    """Return a CDXJ index as gzip members of a thousand lines each, and the catalogue that finds a member."""
    lines = cdxj.splitlines(keepends=True)
    packed, entries = b"", []
    for start in range(0, len(lines), _LINES):
        block = lines[start : start + _LINES]
        member = gzip.compress("".join(block).encode(), 9, mtime=0)
        place = {
            "offset": len(packed),
            "length": len(member),
            "digest": sha256_named(member),
            "filename": Path(INDEX).name,
        }
        entries.append(f"{' '.join(block[0].split(' ', 2)[:2])} {json.dumps(place)}\n")
        packed += member
    meta = json.dumps({"format": "cdxj-gzip-1.0", "filename": Path(INDEX).name})
    return packed or gzip.compress(b"", mtime=0), f"!meta 0 {meta}\n{''.join(entries)}".encode()


def pages_file(pages: Sequence[Mapping[str, str]]) -> bytes:
    """Return the list of pages as lines of JSON, its header first."""
    header = {"format": "json-pages-1.0", "id": "pages", "title": "All pages"}
    return "".join(json.dumps(line, ensure_ascii=True) + "\n" for line in (header, *pages)).encode()


def datapackage_of(files: Mapping[str, Content], described: Described) -> bytes:
    """Return the list of a package's files with their digests."""
    resources = [
        {"name": path.lower(), "path": path, "hash": sha256_named(content), "bytes": _size(content)}
        for path, content in sorted(files.items())
    ]
    return canonical(
        {
            "profile": PROFILE,
            "wacz_version": WACZ_VERSION,
            "title": described.title,
            "software": described.software,
            "created": described.created,
            "resources": resources,
            **described.more,
        }
    )


def digest_file(named: str, seal: Seal) -> bytes:
    """Return what names the digest of the list of files, with its signature and stamp."""
    stamp = (
        {"timeStamp": seal.stamp, "timeStampHash": sha256_named(seal.stamp.encode())} if seal.stamp else {}
    )
    signed = {"signedData": dict(seal.signed)} if seal.signed else {}
    return canonical({"path": DATAPACKAGE, "hash": named, **signed, **stamp})


def write_package(
    path: Path,
    files: Mapping[str, Content],
    described: Described,
    *,
    seal: Callable[[str], Seal] = lambda _: UNSEALED,
) -> None:
    """Write a package, whole or not at all.

    Args:
        path: The file.
        files: What it holds, by path.
        described: What it says of itself.
        seal: Signs and stamps the digest of the list of files.

    Raises:
        OSError: The file cannot be written.
    """
    listed = datapackage_of(files, described)
    named = sha256_named(listed)
    whole = {**files, DATAPACKAGE: listed, DIGEST: digest_file(named, seal(named))}
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            write_zip(file, whole)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_zip(file: IO[bytes], files: Mapping[str, Content]) -> None:
    """Write files as a zip in the one way in which the same files give the same bytes: sorted, stored, without times."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as package:
        for name, content in sorted(files.items()):
            info = zipfile.ZipInfo(name, _WHEN)
            info.create_system, info.external_attr = 3, 0o100644 << 16
            info.file_size = _size(content)
            with package.open(info, "w", force_zip64=info.file_size > 1 << 31) as entry:
                if isinstance(content, bytes):
                    entry.write(content)
                    continue
                with content.open("rb") as source:
                    while piece := source.read(_PIECE):
                        entry.write(piece)


def _size(content: Content) -> int:
    return len(content) if isinstance(content, bytes) else content.stat().st_size
