"""Checks the shards in a folder and takes what they read into the store, target by target."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from crawler.cluster.columns import rows_in
from crawler.cluster.shards import COLUMNS, FORM, Share, sha256_of_file
from crawler.codec import article_from
from crawler.errors import HistoryError, InputError
from crawler.maintenance.rebuild import PAGES_AT_ONCE, Rebuilt, finished
from crawler.model import StoredCapture, Target
from crawler.parser import PARSER_VERSION, Template
from crawler.store import Store
from crawler.store.readings import PageReading
from crawler.tracking.pipeline import Pipeline
from diffs.model import Outcome

LONGEST_MANIFEST = 100_000
_Key = tuple[str, str, datetime, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shards:
    """The shards of a folder, each whole and of this version.

    Attributes:
        paths: Their Parquet files, in order of their numbers.
        missing: The numbers of those that are not there.
        of: How many there are in all.
    """

    paths: tuple[Path, ...]
    missing: tuple[int, ...]
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What taking in one target's readings brought.

    Attributes:
        url: The target's address.
        rebuilt: What became of its findings, or None where nothing was taken in.
        changed: Readings left out since their capture holds other bytes than were read, or none.
        problem: Why nothing was taken in, or None.
    """

    url: str
    rebuilt: Rebuilt | None = None
    changed: int = 0
    problem: str | None = None


def shards_in(folder: Path) -> Shards:
    """Check every shard of a folder against its manifest before any is taken in.

    A shard that is there twice counts once where both hold the same bytes.

    Raises:
        InputError: There is none, or one is cut short, damaged, of another version or of another division;
            the message names it and says what to do.
    """
    found: dict[int, tuple[str, Path]] = {}
    division: set[tuple[int, bool]] = set()
    try:
        manifests = sorted(folder.glob("*.json"))
    except OSError as error:
        raise InputError(f"{folder} cannot be read: {error.strerror or error}.") from error
    for manifest in manifests:
        share, everything, digest, path = _checked(manifest)
        division.add((share.of, everything))
        if len(division) > 1:
            raise InputError(
                f"{folder} holds shards of several rebuilds (another number of them, or with and without --all); "
                "keep one rebuild in a folder."
            )
        earlier = found.setdefault(share.number, (digest, path))
        if earlier[0] != digest:
            raise InputError(
                f"{earlier[1].name} and {path.name} are both shard {share.number} of {share.of} and differ; "
                "remove the one that was made first."
            )
    if not found:
        raise InputError(f"{folder} holds no shard; `variorum rebuild --shard 1/2 --out {folder}` makes one.")
    of = next(iter(division))[0]
    missing = tuple(number for number in range(1, of + 1) if number not in found)
    return Shards(paths=tuple(found[number][1] for number in sorted(found)), missing=missing, of=of)


def _checked(manifest: Path) -> tuple[Share, bool, str, Path]:
    """Return which shard a manifest describes, its digest and its file, which is whole.

    Raises:
        InputError: It is not as the manifest says, or not of this version.
    """
    again = f"make the shard again, and {manifest.name} with it"
    try:
        with manifest.open(encoding="utf-8") as file:
            held = json.loads(file.read(LONGEST_MANIFEST))
        form, parser = held["form"], held["parser"]
        share = Share.named(f"{int(held['shard'])}/{int(held['of'])}")
        name, size, digest = str(held["file"]), int(held["bytes"]), str(held["sha256"])
        everything = bool(held["everything"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError, InputError) as error:
        raise InputError(f"{manifest} is no manifest of a shard ({error}): {again}.") from error
    if (form, parser) != (FORM, PARSER_VERSION):
        raise InputError(
            f"{manifest}: read by parser {parser} (form {form}), and this is parser {PARSER_VERSION} (form {FORM}): "
            f"{again}, with the version that merges it."
        )
    path = manifest.parent / Path(name).name
    if path.name != name or not path.is_file():
        raise InputError(f"{manifest}: there is no {name} next to it: {again}.")
    if path.stat().st_size != size or sha256_of_file(path) != digest:
        raise InputError(f"{path} is not what its manifest describes (cut short, or changed): {again}.")
    return share, everything, digest, path


def merge(pipeline: Pipeline, shards: Shards, *, now: datetime) -> Iterator[Merged]:
    """Take the readings of shards into the store and find each target's findings again, one transaction a target.

    Merging twice is merging once. A target that cannot be taken in stays as it was, and the others go on.

    Args:
        pipeline: What composes histories, and the store.
        shards: What `shards_in` found.
        now: The time to remember with the findings.

    Raises:
        StoreError: The store failed; targets that were taken in stay so.
    """
    for path in shards.paths:
        for url, rows in groupby(rows_in(path, tuple(COLUMNS)), key=itemgetter("target")):
            try:
                with pipeline.store.together():
                    merged = _take(pipeline, str(url), rows, now)
            except (InputError, HistoryError) as error:
                merged = Merged(url=str(url), problem=str(error))
            yield merged


def _take(pipeline: Pipeline, url: str, rows: Iterable[Mapping[str, Any]], now: datetime) -> Merged:
    """Take one target's rows in.

    Raises:
        InputError: They do not fit the store.
        HistoryError: Its versions cannot be compared.
    """
    store, coming = pipeline.store, iter(rows)
    target = store.targets.find(url)
    _adopt(store, target, next(coming), now=now)
    captures = {_key_of(seen): seen for seen in store.captures.of(target)}
    read = changed = 0
    # In the same pieces as a rebuild writes them, so that the log of custody is the same.
    while rows_at_once := list(islice(coming, PAGES_AT_ONCE)):
        new: list[PageReading] = []
        for row in rows_at_once:
            seen = captures.get((row["archive"], row["url"], row["at"], row["digest"]))
            if seen is None or seen.sha256 != row["sha256"]:
                changed += 1
                continue
            reading = _reading(seen, row)
            if not _is_known(store, seen, reading, row["parser"]):
                new.append(reading)
        store.readings.put(target, new, rows_at_once[0]["parser"], now=now)
        read += len(new)
    return Merged(url=url, rebuilt=finished(pipeline, target, read, now), changed=changed)


def _key_of(seen: StoredCapture) -> _Key:
    row = seen.capture
    return (row.archive, row.url, row.at, row.digest or "")


def _adopt(store: Store, target: Target, opening: Mapping[str, Any], *, now: datetime) -> None:
    """Let a target be read with the template that its shard learnt.

    Raises:
        InputError: It is read with another by now, or the row is damaged.
    """
    if opening["archive"] is not None:
        raise InputError(f"the rows of {target.url} have no beginning; make the shard again")
    before = store.templates.of(target)
    if (before.hash if before else None) not in (opening["template_before"], opening["template_hash"]):
        raise InputError(f"{target.url} is read with another template since; make the shard again")
    if opening["template"] is None or store.templates.source_of(target) == opening["learnt_from"]:
        return
    try:
        form = json.loads(opening["template"])
        template = Template(
            **{name: {key: tuple(urls) for key, urls in each.items()} for name, each in form.items()}
        )
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"the template of {target.url} cannot be read; make the shard again") from error
    if template.hash != opening["template_hash"]:
        raise InputError(f"the template of {target.url} is damaged; make the shard again")
    store.templates.adopt(target, template, source=opening["learnt_from"] or "", now=now)


def _reading(seen: StoredCapture, row: Mapping[str, Any]) -> PageReading:
    """Return what a row says that its page shows.

    Raises:
        InputError: It cannot be read.
    """
    try:
        article = None if row["article"] is None else article_from(row["article"])
        outcome = Outcome(row["outcome"])
    except (ValueError, TypeError, RecursionError) as error:
        raise InputError(f"a reading of {seen.capture.url} cannot be used; make the shard again") from error
    if (article.fingerprint if article else None) != row["fingerprint"]:
        raise InputError(
            f"a reading of {seen.capture.url} does not fit its fingerprint; make the shard again"
        )
    return PageReading.of(seen.id, outcome, row["reason"], article)


def _is_known(store: Store, seen: StoredCapture, reading: PageReading, parser: str) -> bool:
    """Return whether the store holds a reading already, so that nothing need be written."""
    if (seen.parser, seen.outcome, seen.fingerprint) != (parser, reading.outcome, reading.fingerprint):
        return False
    if reading.z is None:
        return seen.reason == reading.reason
    return store.articles.kept(seen) == reading.z
