"""WACZ packages: which WARCs they hold, and whether their own digests fit."""

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.archive.digests import algorithm_of, is_digest_of
from crawler.archive.fields import json_object

DATAPACKAGE = "datapackage.json"
DIGEST = "datapackage-digest.json"
# What the library raises for a package that is damaged; zlib's own error passes through it (CPython 3.11).
UNREADABLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    KeyError,
    ValueError,
)
_LARGEST_JSON = 1 << 26


def warcs_in(path: Path) -> list[str]:
    """Return the names of the WARCs and ARCs in a package, in its order.

    Raises:
        zipfile.BadZipFile: It is no whole zip file.
    """
    with zipfile.ZipFile(path) as archive:
        names = [info.filename for info in archive.infolist() if not info.is_dir()]
    ends = (".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz")
    return list(dict.fromkeys(name for name in names if name.lower().endswith(ends)))


@dataclass(frozen=True, slots=True)
class Mismatch:
    """What a package does not have as it says.

    Attributes:
        entry: The file in the package.
        reason: What is wrong with it.
        missing: Whether it is not there at all.
    """

    entry: str
    reason: str
    missing: bool = False


def checked(archive: zipfile.ZipFile) -> Iterator[Mismatch]:
    """Yield what a package's digests do not fit: of every resource and of the list of them."""
    names = set(archive.namelist())
    if DATAPACKAGE not in names:
        yield Mismatch(
            DATAPACKAGE, "the package has no datapackage.json, so that nothing says what it should hold"
        )
        return
    package = _json(archive, DATAPACKAGE)
    if DIGEST in names:
        named = _json(archive, DIGEST).get("hash")
        if not isinstance(named, str):
            yield Mismatch(
                DIGEST, "it cannot be read, so that nothing says whether the list of contents is whole"
            )
        if isinstance(named, str) and not _is_of(archive, DATAPACKAGE, named):
            yield Mismatch(
                DATAPACKAGE,
                "the package's list of contents is not the one that datapackage-digest.json names",
            )
    resources = package.get("resources")
    if not isinstance(resources, list):
        yield Mismatch(DATAPACKAGE, "the package's datapackage.json lists no resources")
        return
    for resource in resources:
        path, named = (
            (resource.get("path"), resource.get("hash")) if isinstance(resource, dict) else (None, None)
        )
        if not isinstance(path, str):
            yield Mismatch(DATAPACKAGE, "a resource in the package's datapackage.json has no path")
        elif path not in names:
            yield Mismatch(path, "the package lists it and does not hold it", missing=True)
        elif isinstance(named, str) and algorithm_of(named) and not _is_of(archive, path, named):
            yield Mismatch(path, "its bytes are not those that the package's datapackage.json names")


def _json(archive: zipfile.ZipFile, name: str) -> dict[str, Any]:
    try:
        if archive.getinfo(name).file_size > _LARGEST_JSON:
            return {}
        return json_object(archive.read(name).decode("utf-8", "replace"))
    except UNREADABLE:
        return {}


def _is_of(archive: zipfile.ZipFile, name: str, named: str) -> bool:
    """Whether an entry's bytes have a digest; an entry whose checksum fails has none."""
    hasher = hashlib.new(algorithm_of(named) or "sha256")
    try:
        with archive.open(name) as entry:
            while piece := entry.read(1 << 20):
                hasher.update(piece)
    except (*UNREADABLE, OSError):
        return False
    return is_digest_of(named, hasher.digest())
