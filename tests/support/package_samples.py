"""Packages taken apart and put together again with digests that fit, as somebody who knows how would."""

import gzip
import json
import runpy
import signal
import sys
import zipfile
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.evidence.wacz import canonical, index_files, sha256_named, write_zip

SCRIPT = Path(__file__).parents[2] / "docs" / "verify.py"


def in_process(path: Path, *more: str) -> object:
    """Run the script in this process; returns its exit code."""
    broken_pipe = signal.getsignal(signal.SIGPIPE)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["verify.py", str(path), *more])
            with pytest.raises(SystemExit) as ended:
                runpy.run_path(str(SCRIPT), run_name="__main__")
    finally:
        signal.signal(signal.SIGPIPE, broken_pipe)
    return ended.value.code


def unpacked(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def refit(files: Mapping[str, bytes], **fields: object) -> dict[str, bytes]:
    """Return the files with a list of them that fits, and the digest of it, unsigned."""
    mine = {name: data for name, data in files.items() if not name.startswith("datapackage")}
    listed = json.loads(files["datapackage.json"]) | fields
    listed["resources"] = [
        {"name": name.lower(), "path": name, "hash": sha256_named(data), "bytes": len(data)}
        for name, data in sorted(mine.items())
    ]
    mine["datapackage.json"] = canonical(listed)
    named = {"path": "datapackage.json", "hash": sha256_named(mine["datapackage.json"])}
    return {**mine, "datapackage-digest.json": canonical(named)}


def relisted(path: Path, files: Mapping[str, bytes], **fields: object) -> None:
    """Write an unsigned package of other files, with digests that fit them."""
    with path.open("wb") as file:
        write_zip(file, refit(files, **fields))


def offset_in(line: str) -> int:
    return int(json.loads(line.split(" ", 2)[2])["offset"])


def members_of(files: Mapping[str, bytes]) -> list[bytes]:
    """Return the records of a package, each as the member that holds it."""
    warc = files["archive/data.warc.gz"]
    lines = gzip.decompress(files["indexes/index.cdx.gz"]).decode().splitlines()
    starts = [0, *sorted(map(offset_in, lines)), len(warc)]
    return [warc[start:end] for start, end in pairwise(starts)]


def reindexed(files: dict[str, bytes], members: list[bytes]) -> None:
    """Write an index anew for records of other lengths, in the order in which they were."""
    old = gzip.decompress(files["indexes/index.cdx.gz"]).decode().splitlines()
    lines, at = {}, len(members[0])
    for was, member in zip(sorted(old, key=offset_in), members[1:], strict=True):
        key, when, place = was.split(" ", 2)
        place = json.dumps(json.loads(place) | {"offset": str(at), "length": str(len(member))})
        lines[was] = f"{key} {when} {place}\n"
        at += len(member)
    index = "".join(lines[was] for was in old)
    files["indexes/index.cdx.gz"], files["indexes/index.idx"] = index_files(index)
