"""Reads the page that an import will want next while the store keeps the one before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import Any, Self

from crawler.errors import ArchiveError, VariorumError
from crawler.model import Archive, Capture, Snapshot, StoredCapture
from crawler.parser import Template
from crawler.tracking.classify import Reader, classify
from diffs.model import Article, Outcome

_Read = tuple[bytes, dict[str, Any], Article]


class ReadAhead:
    """A reader whose process is busy while its caller writes; a context manager.

    What is read ahead is what would have been read: a wrong guess of what comes next costs time and nothing else. Files
    are read by the caller's thread alone; only the wait for the reader is another's.

    Args:
        read: Reads a page in a process apart, from whichever thread.
    """

    def __init__(self, read: Reader) -> None:
        self._direct = read
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="read-ahead")
        self._archives: Mapping[str, Archive] = {}
        self._next: dict[Capture, Capture] = {}
        self._template: Template | None = None
        self._asked: set[Capture] = set()
        self._guess: Capture | None = None
        self._in_order = False
        self._coming: tuple[Snapshot, Future[list[_Read]]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def around(self, archives: Iterable[Archive]) -> list[Archive]:
        """Return the archives as those from which pages are fetched ahead."""
        self._archives = {archive.name: archive for archive in archives}
        return [_Ahead(archive, self) for archive in self._archives.values()]

    def expect(self, rows: Iterable[StoredCapture], template: Template | None) -> None:
        """Take the captures of a target that were not read yet for those that come, each with other bytes.

        Where all are wanted, the newest are asked for first. Until two come in that order nothing is read ahead: a
        bisection would make every guess wrong.
        """
        distinct: dict[tuple[str, str], Capture] = {}
        for row in reversed(list(rows)):
            if row.outcome is Outcome.PENDING:
                named = row.capture.digest or row.capture.timestamp
                distinct.setdefault((row.capture.archive, named), row.capture)
        self._next = dict(pairwise(distinct.values()))
        self._template, self._coming, self._guess = template, None, None
        self._in_order = False
        self._asked.clear()

    def fetch(self, capture: Capture) -> Snapshot:
        """Return what was fetched ahead, or fetch it now."""
        self._in_order = capture == self._guess
        self._asked.add(capture)
        self._guess = self._next.get(capture)
        while self._guess in self._asked:
            self._guess = self._next.get(self._guess)
        if self._coming is not None and self._coming[0].capture == capture:
            return self._coming[0]
        return self._archives[capture.archive].fetch(capture)

    def read(self, body: bytes, **fields: Any) -> Article:
        """Return what a page says, read ahead or now, and have the next one read meanwhile."""
        coming, self._coming = self._coming, None
        article = None if coming is None else _read_already(coming[1], body, fields)
        if article is None:
            article = self._direct(body, **fields)
        if self._in_order:
            self._look_ahead()
        return article

    def _look_ahead(self) -> None:
        if self._guess is None:
            return
        try:
            snapshot = self._archives[self._guess.archive].fetch(self._guess)
        except ArchiveError:
            # Whoever asks for it in earnest is told.
            return
        self._coming = (snapshot, self._pool.submit(self._classified, snapshot))

    def _classified(self, snapshot: Snapshot) -> list[_Read]:
        """Judge a snapshot as the pipeline will, and return what was read for that."""
        done: list[_Read] = []

        def noted(body: bytes, **fields: Any) -> Article:
            article = self._direct(body, **fields)
            done.append((body, fields, article))
            return article

        classify(snapshot, partial(noted, template=self._template))
        return done


def _read_already(future: Future[list[_Read]], body: bytes, fields: Mapping[str, Any]) -> Article | None:
    """Return the article that was read of these very bytes in the same way, or None."""
    try:
        done = future.result()
    except VariorumError:
        return None
    return next((article for read, way, article in done if read is body and way == fields), None)


class _Ahead:
    """An archive whose captures are fetched ahead; see `crawler.model.Archive`."""

    def __init__(self, archive: Archive, ahead: ReadAhead) -> None:
        self._archive, self._ahead = archive, ahead
        self.name, self.remote = archive.name, archive.remote

    def captures(
        self, url: str, *, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Capture]:
        """Yield the captures of one page."""
        return self._archive.captures(url, since=since, until=until)

    def fetch(self, capture: Capture) -> Snapshot:
        """Return the bytes of one capture."""
        return self._ahead.fetch(capture)

    def link(self, capture: Capture) -> str | None:
        """Return the address at which a reader sees the capture, or None where there is none."""
        return self._archive.link(capture)

    def complaints(self) -> tuple[str, ...]:
        """Return what could not be read so far."""
        return self._archive.complaints()

    def close(self) -> None:
        """Let connections and files go."""
        self._archive.close()
