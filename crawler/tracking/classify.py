"""Says what a capture shows: by its index row where that is enough, else by its bytes."""

from collections.abc import Callable, Iterable
from datetime import datetime

from crawler.address import page_key
from crawler.archive.content_type import is_vague, known_type, media_type
from crawler.model import Capture, Snapshot, StoredCapture
from crawler.parser import parse
from diffs.model import Article, Outcome

PAGES = ("text/html", "application/xhtml+xml", "text/plain", "unk", "warc/revisit")
Reader = Callable[..., Article]


def classify(snapshot: Snapshot, read: Reader = parse) -> tuple[Outcome, str | None, Article | None]:
    """Return what a snapshot shows: an article, a redirect, or something else and why."""
    if snapshot.redirects and page_key(snapshot.url) != page_key(snapshot.capture.url):
        return Outcome.REDIRECT, f"redirected to {snapshot.url}", None
    if snapshot.status >= 300:
        return Outcome.NOT_ARTICLE, f"HTTP {snapshot.status} when captured", None
    known = known_type(snapshot.content_type, snapshot.body)
    kind = media_type(known)
    if kind and kind not in PAGES and not kind.startswith("text/"):
        return Outcome.NOT_ARTICLE, f"{kind} is not a page", None
    article = read(snapshot.body, url=snapshot.url, captured_at=snapshot.served_at, content_type=known)
    if article.suspect:
        return Outcome.NOT_ARTICLE, article.suspect, None
    return Outcome.FETCHED, None, article


def classify_row(capture: Capture) -> tuple[Outcome, str] | None:
    """Judge a capture by its index row alone, where that is enough."""
    if capture.is_revisit:
        return None
    if capture.status is not None and 300 <= capture.status < 400:
        return Outcome.REDIRECT, f"HTTP {capture.status} when captured"
    if capture.status is not None and capture.status >= 400:
        return Outcome.NOT_ARTICLE, f"HTTP {capture.status} when captured"
    kind = (capture.mimetype or "unk").lower()
    if not is_vague(kind) and kind not in PAGES and not kind.startswith("text/"):
        return Outcome.NOT_ARTICLE, f"{kind} is not a page"
    return None


def contradicted(rows: Iterable[StoredCapture]) -> frozenset[int]:
    """Return the numbers of captures for whose second their archive has shown another text before.

    Nothing that happened in no time can be charged to the publisher: the text that was kept first stands, and
    the others are a fact about the archive.
    """
    first: dict[tuple[str, datetime], StoredCapture] = {}
    shown = [row for row in rows if row.fingerprint is not None]
    for row in sorted(shown, key=lambda row: row.id):
        first.setdefault((row.capture.archive, row.capture.at), row)
    return frozenset(
        row.id for row in shown if first[row.capture.archive, row.capture.at].fingerprint != row.fingerprint
    )
