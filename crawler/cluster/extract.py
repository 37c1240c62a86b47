"""Reads WARC files into Parquet tables, record after record and without a store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from enum import Enum
from importlib.metadata import version
from pathlib import Path
from typing import Any

from crawler.archive.warc import Damage, Served, ServedRecord, answers_in, is_candidate
from crawler.cluster.columns import ColumnWriter, unwritable
from crawler.cluster.shards import Share, sha256_of_file
from crawler.errors import InputError
from crawler.model import Capture, Snapshot
from crawler.parser import PARSER_VERSION
from crawler.store.engine import clean
from crawler.tracking.classify import Reader, classify, classify_row
from diffs.claims import GRAMMAR_VERSION, claims_in
from diffs.model import Article, Claim, Outcome

# What each table holds, a row for each: answer of a site, article that one shows, claim that an article makes.
_WHERE = {"url": "text", "at": "time"}
TABLES: dict[str, dict[str, str]] = {
    "captures": {
        **_WHERE,
        "status": "integer",
        "content_type": "text",
        "bytes": "integer",
        "sha256": "text",
        "outcome": "text",
        "reason": "text",
        "file": "text",
        "offset": "integer",
    },
    "articles": {
        **_WHERE,
        "sha256": "text",
        "fingerprint": "text",
        "headline": "text",
        "standfirst": "text",
        "byline": "text",
        "published": "time",
        "modified": "time",
        "language": "text",
        "publisher": "text",
        "canonical_url": "text",
        "text": "text",
        "captions": "text",
        "corrections": "text",
        "partial": "text",
        "parser": "text",
    },
    "claims": {
        **_WHERE,
        "fingerprint": "text",
        **dict.fromkeys(("kind", "qualifier", "number_text"), "text"),
        **dict.fromkeys(("value", "low", "high"), "integer"),
        "explicit": "flag",
        **dict.fromkeys(
            ("who", "attribution", "attribution_class", "hedge", "polarity", "scope", "role", "unit"), "text"
        ),
        "subset_of": "integer",
        **dict.fromkeys(("place", "sentence"), "text"),
        **dict.fromkeys(("start", "end"), "integer"),
        **dict.fromkeys(("event_place", "event_time", "as_of", "period", "status", "perpetrator"), "text"),
        "source_chain": "text",
        "rule": "text",
        "confidence": "number",
    },
}
_LARGEST_WHOLE = 2**63 - 1


@dataclass(slots=True, kw_only=True)
class Extracted:
    """What an extraction brought.

    Attributes:
        paths: The tables and their manifest.
        files: How many WARC files were read.
        captures: Answers of sites in them that belong to the share.
        articles: How many of them show an article.
        claims: Casualty claims in those.
        damage: What could not be read, a line each; the first twenty.
        damaged: How many stretches those are in all.
    """

    paths: tuple[Path, ...] = ()
    files: int = 0
    captures: int = 0
    articles: int = 0
    claims: int = 0
    damage: list[str] = field(default_factory=list)
    damaged: int = 0


_MOST_DAMAGE = 20


def extract(
    paths: Sequence[Path], folder: Path, *, share: Share, read: Reader, body_bytes: int = 20_000_000
) -> Extracted:
    """Write what WARC files show as three Parquet tables with a manifest: captures, articles, claims.

    The same files give the same rows. With at least as many files as shares, a share is of whole files, so that
    each file is read once; with fewer, it is of addresses. Memory does not grow with the files.

    Args:
        paths: WARC, ARC or WACZ files, and folders of them.
        folder: Where the tables go; made if it is not there.
        share: Which part is read.
        read: Reads a page; files of strangers are best read in a process of its own.
        body_bytes: The largest body read.

    Raises:
        InputError: A path does not exist, or there is no such file in it.
        ConfigError: pyarrow is not installed.
        PublishError: The folder cannot be written.
    """
    files = _files_in(paths)
    whole_files = len(files) >= share.of
    mine = files[share.number - 1 :: share.of] if whole_files else files
    done = Extracted(files=len(mine))
    made = [folder / f"{name}-{share.number}-of-{share.of}.parquet" for name in TABLES]
    manifest = folder / f"extract-{share.number}-of-{share.of}.json"
    try:
        manifest.unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(manifest, error) from error
    with ExitStack() as stack:
        tables = [
            stack.enter_context(ColumnWriter(path, columns))
            for path, columns in zip(made, TABLES.values(), strict=True)
        ]
        for path in mine:
            for answer in _answers(path, body_bytes, done):
                if whole_files or share.holds(answer.url):
                    _write(answer, tables, read, body_bytes, done)
    _write_manifest(manifest, made, share, done)
    done.paths = (*made, manifest)
    return done


def _files_in(paths: Sequence[Path]) -> list[Path]:
    """Return the files to read, in the order given, those of a folder in order of their names."""
    found: dict[Path, None] = {}
    for path in paths:
        try:
            if path.is_dir():
                inside = (each for each in sorted(path.rglob("*")) if each.is_file() and is_candidate(each))
                found.update(dict.fromkeys(inside))
            else:
                path.stat()
                found[path] = None
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error
    if not found:
        raise InputError("There is no WARC, ARC or WACZ file in what was named.")
    return list(found)


def _answers(path: Path, limit: int, done: Extracted) -> Iterator[ServedRecord]:
    try:
        for answer in answers_in(path, limit=limit):
            if isinstance(answer, Damage):
                _note(done, answer)
            else:
                yield answer
    except OSError as error:
        done.damaged += 1
        done.damage.append(f"{path}: cannot be read: {error.strerror or error}")


def _note(done: Extracted, damage: Damage) -> None:
    done.damaged += 1
    if len(done.damage) < _MOST_DAMAGE:
        done.damage.append(f"{damage.place}: {damage.reason}")


def _write(
    answer: ServedRecord, tables: Sequence[ColumnWriter], read: Reader, limit: int, done: Extracted
) -> None:
    """Write one answer's rows."""
    captures, articles, claims = tables
    row = Capture(
        archive="warc",
        url=answer.url,
        urlkey="",
        at=answer.at,
        mimetype=(answer.content_type or "unk").partition(";")[0].strip(),
        status=answer.status,
    )
    judged, article, body = classify_row(row), None, None
    if judged is None:
        served = answer.read(limit=limit)
        if isinstance(served, Damage):
            _note(done, served)
            outcome, reason = Outcome.FAILED, served.reason
        else:
            body = served.body
            outcome, why, article = classify(_snapshot(row, served), read)
            reason = why or ""
    else:
        outcome, reason = judged
    sha256 = None if body is None else hashlib.sha256(body).hexdigest()
    place = answer.place
    name = f"{place.path.name}/{place.entry}" if place.entry else place.path.name
    size = None if body is None else len(body)
    where = [clean(answer.url), answer.at]
    captures.write(
        [
            *where,
            answer.status,
            clean(answer.content_type),
            size,
            sha256,
            outcome.value,
            clean(reason) or None,
            clean(name),
            place.offset,
        ]
    )
    done.captures += 1
    if article is None:
        return
    articles.write([*where, sha256, *_article_row(article)])
    done.articles += 1
    for claim in claims_in(article):
        claims.write([*where, article.fingerprint, *_claim_row(claim)])
        done.claims += 1


def _snapshot(row: Capture, served: Served) -> Snapshot:
    return Snapshot(
        capture=row,
        served_at=served.at,
        url=served.url,
        status=served.status,
        content_type=served.content_type,
        body=served.body,
    )


def _article_row(article: Article) -> list[Any]:
    kinds = {"caption": [], "correction": []}  # type: dict[str, list[str]]
    for block in article.blocks:
        if block.kind.value in kinds:
            kinds[block.kind.value].append(block.text)
    values = [
        article.fingerprint,
        article.headline,
        article.standfirst,
        article.byline,
        article.published,
        article.modified,
        article.language,
        article.publisher,
        article.canonical_url,
        article.text,
        *("\n\n".join(texts) or None for texts in kinds.values()),
        article.partial,
        article.parser,
    ]
    return _plain(values)


def _claim_row(claim: Claim) -> list[Any]:
    event = claim.event_key
    more = {
        "event_place": event.place if event else None,
        "event_time": event.time if event else None,
        "source_chain": "; ".join(claim.source_chain) or None,
    }
    names = list(TABLES["claims"])[3:]
    return _plain(more[name] if name in more else getattr(claim, name) for name in names)


def _plain(values: Iterable[Any]) -> list[Any]:
    """Return values as Parquet takes them; a number beyond 64 bits, which no count is, becomes none."""
    found = []
    for value in values:
        plain = value.value if isinstance(value, Enum) else value
        if isinstance(plain, str):
            plain = clean(plain)
        elif isinstance(plain, int) and abs(plain) > _LARGEST_WHOLE:
            plain = None
        found.append(plain)
    return found


def _write_manifest(manifest: Path, made: Sequence[Path], share: Share, done: Extracted) -> None:
    form = {
        "variorum": version("variorum"),
        "parser": PARSER_VERSION,
        "grammar": GRAMMAR_VERSION,
        "shard": share.number,
        "of": share.of,
        "warcs": done.files,
        "captures": done.captures,
        "articles": done.articles,
        "claims": done.claims,
        "damaged": done.damaged,
        "tables": [
            {"file": path.name, "bytes": path.stat().st_size, "sha256": sha256_of_file(path)} for path in made
        ],
    }
    try:
        manifest.write_text(json.dumps(form, indent=1) + "\n", encoding="ascii")
    except OSError as error:
        raise unwritable(manifest, error) from error
