"""What is kept, as a whole: checked, exported, taken in, and read again."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.address import page_address
from crawler.archive.warc import Written
from crawler.evidence.custody import custody_problems, guarded
from crawler.evidence.derivation import Derivation
from crawler.evidence.links import stamp_problems
from crawler.evidence.transfer import Taken, export_warc, import_warc
from crawler.evidence.wacz import sha256_named
from crawler.maintenance.rebuild import Rebuilt, rebuild
from crawler.model import Target
from crawler.store import Problem, Store
from crawler.tracking.pipeline import Pipeline
from crawler.tracking.siblings import Neighbourhood

if TYPE_CHECKING:
    from crawler.cluster.engine import Cluster
    from crawler.cluster.merging import Merged, Shards
    from crawler.cluster.shards import Share, WrittenShard

MOST_JOBS = 4


class Holdings:
    """The evidence of one page or of all; pages are named by their address.

    Args:
        store: What is remembered.
        pipeline: What reads back what was kept.
        body_bytes: The largest body taken in.
        clock: Returns the time (aware UTC).

    Attributes:
        skipped: Articles that the last deep `verify` could not hold against their bytes.
    """

    def __init__(
        self, store: Store, pipeline: Pipeline, *, body_bytes: int, clock: Callable[[], datetime]
    ) -> None:
        self._store, self._pipeline = store, pipeline
        self._body_bytes, self._clock = body_bytes, clock
        self.skipped = 0

    def verify(self, url: str | None = None, *, deep: bool = False) -> Iterator[Problem]:
        """Yield what is not as it should be, of one page's evidence or of all; `deep` reads every page again as well.

        `skipped` then says how many articles could not be held against their bytes.
        """
        of = self._store.targets.find(page_address(url)) if url else None
        derived = Derivation(self._pipeline, deep=deep)
        yield from guarded(self._store.verify(of), "what is kept")
        yield from guarded(custody_problems(self._store, of), "the log of custody")
        yield from guarded(derived.problems(of), "what is derived")
        self.skipped = derived.skipped
        if of is None:
            yield from guarded(stamp_problems(self._store), "the links of the log")

    def export(self, folder: Path, *, urls: Iterable[str] = ()) -> Written:
        """Write the kept captures of these pages, or of all where none is named, as WARC 1.1 with a CDXJ index."""
        named = {page_address(url): self._store.targets.find(page_address(url)) for url in urls}
        pages, archives = list(named.values()) or self._one_or_all(None), self._pipeline.archives
        now = self._clock()
        written = export_warc(self._store, pages, folder, now=now, archives=archives)
        digest = sha256_named(written.warc)
        for page in pages:
            self._store.custody.enter(page, "exported", at=now, form="warc", digest=digest)
        return written

    def import_(self, path: Path, *, only: Iterable[str] = ()) -> Taken:
        """Take the captures in a WARC file, or a folder of them, into the store; `only` names the pages wanted."""
        return import_warc(
            self._store,
            path,
            only=[page_address(url) for url in only],
            now=self._clock(),
            body_bytes=self._body_bytes,
            read=self._pipeline.read,
        )

    def rebuild(
        self,
        url: str | None = None,
        *,
        everything: bool = False,
        jobs: int | None = None,
        cluster: Cluster | None = None,
    ) -> Iterator[Rebuilt]:
        """Read kept bodies with the current parser and grammar; yields, page by page, which findings changed.

        Args:
            url: The page; by default every one.
            everything: Read also what the current parser has read.
            jobs: Processes that read; by default one for each CPU, up to four.
            cluster: What reads in their place.
        """
        read = self._pipeline.read
        return rebuild(
            self._pipeline,
            self._one_or_all(url),
            neighbourhood=Neighbourhood(self._store),
            now=self._clock(),
            jobs=jobs or min(MOST_JOBS, os.cpu_count() or 1),
            everything=everything,
            engine=None if cluster is None else partial(cluster.readings, alone=read),
        )

    def shard(
        self, share: Share, folder: Path, *, everything: bool = False, jobs: int | None = None
    ) -> WrittenShard:
        """Read a share of all kept bodies as `rebuild` does, into a file; the store stays as it is.

        Args:
            share: Which part of the pages.
            folder: Where the file and its manifest go.
            everything: Read also what the current parser has read.
            jobs: Processes that read; by default one for each CPU, up to four.
        """
        from crawler.cluster.shards import write_shard  # noqa: PLC0415  Parquet is an extra

        return write_shard(
            self._pipeline,
            self._one_or_all(None),
            share,
            folder,
            neighbourhood=Neighbourhood(self._store),
            jobs=jobs or min(MOST_JOBS, os.cpu_count() or 1),
            everything=everything,
        )

    def merge(self, shards: Shards) -> Iterator[Merged]:
        """Take in what shards have read; yields, page by page, which findings changed."""
        from crawler.cluster.merging import merge  # noqa: PLC0415  likewise

        return merge(self._pipeline, shards, now=self._clock())

    def _one_or_all(self, url: str | None) -> list[Target]:
        if url:
            return [self._store.targets.find(page_address(url))]
        return list(self._store.targets.all(include_untracked=True))
