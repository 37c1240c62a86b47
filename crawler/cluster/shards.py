"""Reads a share of the kept pages and writes what they show to a file, without writing to the store."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self, cast

from crawler.cluster.columns import ColumnWriter, unwritable
from crawler.codec import written_in
from crawler.errors import InputError
from crawler.maintenance.rebuild import groups_of, parser_name
from crawler.maintenance.reparse import Group, process_within_limits, readings_in
from crawler.model import StoredCapture, Target
from crawler.parser import PARSER_VERSION, Template
from crawler.store import Store
from crawler.store.engine import clean
from crawler.store.readings import PageReading
from crawler.tracking.pipeline import Pipeline
from crawler.tracking.siblings import Neighbourhood

FORM = 1
MOST_SHARDS = 100_000
# A row with an archive is a page's reading; one without opens its target.
COLUMNS = {
    "target": "text",
    "template": "text",
    "template_hash": "text",
    "template_before": "text",
    "learnt_from": "text",
    "archive": "text",
    "url": "text",
    "at": "time",
    "digest": "text",
    "sha256": "text",
    "outcome": "text",
    "reason": "text",
    "parser": "text",
    "fingerprint": "text",
    "article": "text",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One of several equal parts of the addresses.

    Attributes:
        number: Which, from 1.
        of: How many there are.
    """

    number: int
    of: int

    @classmethod
    def named(cls, text: str) -> Self:
        """Read a share as it is written: `3/7`.

        Raises:
            InputError: It is none.
        """
        found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text.strip())
        number, of = map(int, found.groups()) if found else (0, 0)
        if not 1 <= number <= of <= MOST_SHARDS:
            raise InputError(f"{text} is no share; write it as 3/7: the third of seven, from 1/7 to 7/7.")
        return cls(number=number, of=of)

    def holds(self, url: str) -> bool:
        """Return whether an address belongs to this share; every address belongs to exactly one of them."""
        name = hashlib.sha256(url.encode("utf-8", "surrogatepass")).digest()
        return int.from_bytes(name[:8], "big") % self.of == self.number - 1

    @property
    def stem(self) -> str:
        """The name of its files, without what follows the dot."""
        return f"shard-{self.number:0{len(str(self.of))}}-of-{self.of}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenShard:
    """What a shard's file holds.

    Attributes:
        paths: The Parquet file and its manifest.
        targets: How many pages' addresses.
        pages: How many captures were read.
    """

    paths: tuple[Path, Path]
    targets: int
    pages: int


def write_shard(
    pipeline: Pipeline,
    targets: Sequence[Target],
    share: Share,
    folder: Path,
    *,
    neighbourhood: Neighbourhood,
    jobs: int = 1,
    everything: bool = False,
) -> WrittenShard:
    """Read a share's kept pages as a rebuild does, and write one Parquet file and its manifest; the store stays as it is.

    A share holds whole targets, each with the template that a rebuild of the same store would adopt. The
    same store gives the same rows. The manifest is written last: a file without one is no shard.

    Args:
        pipeline: What reads pages here, and the store.
        targets: All that are shared out; those of the share are taken.
        share: Which part.
        folder: Where to write; made if it is not there.
        neighbourhood: What each target's site teaches.
        jobs: Processes that read.
        everything: Read also what the current parser has read.

    Raises:
        ConfigError: pyarrow is not installed.
        StoreError: The store failed, or a body is damaged.
        PublishError: The folder cannot be written.
    """
    mine = [target for target in targets if share.holds(target.url)]
    path, manifest = folder / f"{share.stem}.parquet", folder / f"{share.stem}.json"
    try:
        manifest.unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(manifest, error) from error
    opening: dict[str, list[Any]] = {}
    seen: dict[str, dict[int, StoredCapture]] = {}
    pages = 0

    def groups() -> Iterator[Group]:
        for target in mine:
            template, row = _opened(pipeline.store, neighbourhood, target)
            opening[target.url] = row
            kept = (each for each in pipeline.store.captures.of(target) if each.sha256)
            seen[target.url] = {each.id: each for each in kept}
            yield from groups_of(pipeline.store, target, template, everything=everything)

    with ColumnWriter(path, COLUMNS) as file:
        for work, result in readings_in(
            groups(), jobs=jobs, alone=pipeline.read, process=process_within_limits
        ):
            group, readings = cast("tuple[Group, tuple[PageReading, ...]]", (work, result))
            if group.url in opening:
                file.write(opening.pop(group.url))
            for reading in readings:
                file.write(_row(group, seen[group.url][reading.number], reading))
            pages += len(readings)
            if group.last:
                del seen[group.url]
    held = {"shard": share.number, "of": share.of, "everything": everything, "pages": pages}
    _write_manifest(manifest, path, {**held, "targets": len(mine)})
    return WrittenShard(paths=(path, manifest), targets=len(mine), pages=pages)


def _opened(store: Store, neighbourhood: Neighbourhood, target: Target) -> tuple[Template | None, list[Any]]:
    """Return what a target is to be read with, and the row that says so."""
    before = store.templates.of(target)
    learnt = neighbourhood.learn_for(target)
    template, source = learnt or (before, None)
    form = None if learnt is None else json.dumps(asdict(learnt[0]), separators=(",", ":"), sort_keys=True)
    hashes = [each.hash if each else None for each in (template, before)]
    row = [target.url, form, *hashes, source]
    return template, row + [None] * (len(COLUMNS) - len(row))


def _row(group: Group, seen: StoredCapture, reading: PageReading) -> list[Any]:
    return [
        group.url,
        *(None,) * 4,
        seen.capture.archive,
        seen.capture.url,
        seen.capture.at,
        seen.capture.digest or "",
        seen.sha256,
        reading.outcome.value,
        clean(reading.reason),
        parser_name(group.template),
        reading.fingerprint,
        None if reading.z is None else written_in(reading.z),
    ]


def _write_manifest(manifest: Path, path: Path, held: dict[str, Any]) -> None:
    form = {
        "form": FORM,
        "variorum": version("variorum"),
        "parser": PARSER_VERSION,
        **held,
        "file": path.name,
        "bytes": path.stat().st_size,
        "sha256": sha256_of_file(path),
    }
    scratch = manifest.with_name(f".{manifest.name}.{os.getpid()}.tmp")
    try:
        scratch.write_text(json.dumps(form, indent=1) + "\n", encoding="ascii")
        os.replace(scratch, manifest)  # noqa: PTH105 - one atomic step
    except OSError as error:
        raise unwritable(manifest, error) from error
    finally:
        scratch.unlink(missing_ok=True)


def sha256_of_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
