"""An archive with every kind of capture, and a store filled from it, for tests of what leaves the house."""

import base64
import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from crawler.errors import NoCaptureError
from crawler.model import Capture, Snapshot
from crawler.store import Store, open_store
from crawler.tracking.pipeline import Pipeline
from store_samples import NOW, URL

MOVED = "https://gazette.example/news/harbour-fire"
LATER = NOW + timedelta(days=30)


def page(dead: int) -> bytes:
    lines = (
        "A fire broke out in a warehouse at the harbour shortly before dawn on Sunday, the brigade said.",
        f"At least {dead} people were killed and a dozen were taken to the hospital on the hill.",
        "Crews from three towns fought the flames for six hours until the roof of the hall gave way.",
    )
    return f"<html><body><h1>Fire at the harbour</h1>{''.join(f'<p>{line}</p>' for line in lines)}</body></html>".encode()


def sha1(raw: bytes) -> str:
    return base64.b32encode(hashlib.sha1(raw, usedforsecurity=False).digest()).decode()


class Held:
    """An archive that serves what it was given."""

    remote = True

    def __init__(self, name: str, shots: list[Snapshot]) -> None:
        self.name = name
        self._shots = {(shot.capture.at, shot.capture.url): shot for shot in shots}
        self._rows = [shot.capture for shot in shots]

    def captures(self, url, *, since=None, until=None) -> Iterator[Capture]:
        del since, until
        if url != URL:
            raise NoCaptureError(url)
        yield from self._rows

    def fetch(self, capture: Capture) -> Snapshot:
        return self._shots[capture.at, capture.url]

    def link(self, capture: Capture) -> str:
        return f"https://{self.name}/web/{capture.timestamp}/{capture.url}"

    def complaints(self) -> tuple[str, ...]:
        return ()

    def close(self) -> None:
        pass


HEADERS = (
    ("Server", "Apache"),
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Encoding", "gzip"),
    ("Transfer-Encoding", "chunked"),
    ("Set-Cookie", "a=1"),
    ("Set-Cookie", "b=2"),
    ("X-Caf\u00e9", "odd name"),
    ("X-Word", "caf\u00c3\u00a9"),
)


def shot(
    hours: int, dead: int, *, archive: str = "web.archive.org", packed: bool = True, **served
) -> Snapshot:
    body = page(dead)
    raw = gzip.compress(body, 6, mtime=0) if packed else body
    row = Capture(
        archive=archive,
        url=URL,
        urlkey="example,gazette)/harbour-fire",
        at=NOW + timedelta(hours=hours),
        digest=sha1(raw),
        status=200,
        mimetype="text/html",
        length=len(raw) + 300,
    )
    values = {
        "served_at": row.at,
        "url": URL,
        "status": 200,
        "content_type": "text/html; charset=utf-8",
        "body": body,
        "digest_fits": True,
        "raw": raw,
        "content_coding": "gzip" if packed else None,
        "headers": HEADERS if packed else HEADERS[:2],
        "retrieved_at": NOW + timedelta(days=2, seconds=hours),
        "archive_src": f"spn2-2026030{hours % 9}/spn2-1.warc.gz",
    }
    return Snapshot(capture=row, **(values | served))


def sources(name: str = "web.archive.org") -> list[Held]:
    """One archive with every kind of capture, and another with one that differs."""
    moved = shot(
        5, 4, url=MOVED, redirects=(URL,), served_at=NOW + timedelta(hours=5, seconds=7), digest_fits=None
    )
    old = shot(
        7, 5, raw=None, content_coding=None, headers=(), retrieved_at=None, archive_src=None, digest_fits=None
    )
    misfit = shot(8, 6, digest_fits=False)
    misfit = replace(misfit, capture=replace(misfit.capture, digest=sha1(b"other bytes")))
    same = shot(4, 3, packed=False)
    shots = [shot(1, 2), shot(2, 3, packed=False), same, moved, old, misfit]
    named = [replace(one, capture=replace(one.capture, archive=name)) for one in shots]
    return [Held(name, named), Held("arquivo.example", [shot(3, 3, archive="arquivo.example")])]


def filled(path: Path, name: str = "web.archive.org") -> Store:
    store = open_store(str(path))
    target = store.targets.track(URL, now=NOW)[0]
    pipeline = Pipeline(store, sources(name))
    pipeline.list_captures(target)
    for _ in pipeline.backfill(target, now=LATER, every=True):
        pass
    pipeline.record_history(target, now=LATER)
    return store
