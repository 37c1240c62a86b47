"""Captures, snapshots and articles of a made-up fire, for every test of the store."""

from datetime import UTC, datetime, timedelta

from crawler.model import Capture, Snapshot, StoredCapture, Target
from crawler.store import Store
from crawler.versions import PARSER_VERSION
from diffs.model import Article, Block, BlockKind, Outcome

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
URL = "https://gazette.example/harbour-fire"


def listed(number: int, *, at: datetime | None = None, url: str = URL, **fields) -> Capture:
    values = {
        "archive": "wayback",
        "urlkey": "example,gazette)/harbour-fire",
        "digest": f"D{number}",
        "status": 200,
    }
    return Capture(url=url, at=at or NOW + timedelta(hours=number), **(values | fields))


def served(seen: StoredCapture, body: bytes, **fields) -> Snapshot:
    values = {
        "served_at": seen.capture.at,
        "url": seen.capture.url,
        "status": 200,
        "content_type": "text/html",
    }
    return Snapshot(capture=seen.capture, body=body, **(values | fields))


def told(number: int, **fields) -> Article:
    text = f"Fire broke out at the harbour and killed {number} people."
    blocks = (Block(kind=BlockKind.PARAGRAPH, text=text),)
    return Article(headline="Fire at the harbour", blocks=blocks, **fields)


def tracked(store: Store, url: str = URL) -> Target:
    return store.targets.track(url, now=NOW)[0]


def one_seen(store: Store, target: Target, number: int = 1) -> StoredCapture:
    store.captures.observe(target, [listed(number)])
    return store.captures.at(target, NOW + timedelta(hours=number))


def keep(store: Store, seen: StoredCapture, data: bytes, article: Article | None = None) -> StoredCapture:
    outcome = Outcome.FETCHED if article else Outcome.NOT_ARTICLE
    return store.captures.keep(
        seen, served(seen, data), outcome=outcome, article=article, parser=PARSER_VERSION, now=NOW
    )


def add(store: Store, number: int, body: bytes = b"the page") -> StoredCapture:
    """Keep one more capture of a page that is no article."""
    target = tracked(store)
    at = NOW + timedelta(hours=number)
    store.captures.observe(target, [Capture(archive="a", url=URL, urlkey="k", at=at, digest=str(number))])
    seen = store.captures.at(target, at)
    shot = served(seen, body, content_type=None)
    return store.captures.keep(seen, shot, outcome=Outcome.NOT_ARTICLE, reason="test", now=NOW)
