"""Checks, without any key, that what was derived follows from what is kept: fingerprints, and articles from bytes."""

from collections.abc import Iterator
from dataclasses import fields, replace

from crawler.errors import InputError, StoreError
from crawler.model import StoredCapture, Target
from crawler.parser import PARSER_VERSION
from crawler.store import Problem
from crawler.tracking.classify import Reader, classify
from crawler.tracking.pipeline import Pipeline
from diffs.model import Article, Outcome

_AGAIN = "`variorum rebuild --all` derives it again"


class Derivation:
    """Holds what was derived against what it was derived from.

    Args:
        pipeline: What reads back what was kept.
        deep: Whether pages are read again as well, which takes as long as a rebuild.

    Attributes:
        skipped: Articles that were not read again, because another parser or template had read them, or their bytes
            were let go.
    """

    def __init__(self, pipeline: Pipeline, *, deep: bool = False) -> None:
        self._pipeline, self._deep = pipeline, deep
        self.skipped = 0

    def problems(self, of: Target | None = None) -> Iterator[Problem]:
        """Yield what does not follow, of one target or of all; what cannot be read at all is left to other checks."""
        store = self._pipeline.store
        for each in [of] if of is not None else store.custody.targets():
            read = self._pipeline.reader(each) if self._deep else None
            template = store.templates.of(each) if self._deep else None
            version = PARSER_VERSION + (f"+{template.hash}" if template is not None else "")
            for seen in store.captures.of(each):
                if seen.sha256 is None and seen.outcome is not Outcome.FETCHED:
                    continue
                try:
                    kept = store.articles.shown_by(seen)
                except (StoreError, InputError):
                    continue
                if kept.fingerprint != seen.fingerprint:
                    yield _problem("capture", each, seen, "its fingerprint is not that of its article")
                if read is not None:
                    yield from self._unlike_read(each, seen, kept, read, version)

    def _unlike_read(
        self, of: Target, seen: StoredCapture, kept: Article, read: Reader, version: str
    ) -> Iterator[Problem]:
        """Yield that an article is not what the same parser reads in the bytes, and in which fields."""
        if kept.parser != version or seen.sha256 is None:
            self.skipped += 1
            return
        try:
            shot = self._pipeline.store.snapshot(seen)
        except StoreError:
            return
        _, reason, fresh = classify(replace(shot, redirects=()), read)
        if fresh is None:
            yield _problem("article", of, seen, f"none is read in its bytes ({reason})")
            return
        odd = [
            field.name for field in fields(Article) if getattr(fresh, field.name) != getattr(kept, field.name)
        ]
        if odd:
            yield _problem("article", of, seen, f"is not what is read in its bytes, in {', '.join(odd)}")


def _problem(what: str, of: Target, seen: StoredCapture, detail: str) -> Problem:
    name = f"{of.url} {seen.capture.at:%Y%m%d%H%M%S} ({seen.capture.archive})"
    return Problem(what=what, name=name, detail=f"{detail}: {_AGAIN}")
