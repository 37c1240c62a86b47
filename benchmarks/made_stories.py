"""Made news stories that are edited while they are watched: most captures of a page show a text that is known."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from crawler.model import Capture, Snapshot
from crawler.store import Store
from diffs.model import Article, Outcome

START = datetime(2025, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 3, 1, tzinfo=UTC)
# Of 1,600 captures of watched pages 1,445 showed a text that was kept already (2026-11-28).
CAPTURES_A_TEXT = 10
TEXT = (
    "harbour officials said on Monday that rescue teams reached the village where the road was cut and the bridge had fallen "
    "while residents waited for water bread and news of those who were still missing after the storm"
)
WORDS = TEXT.split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One capture of a made story.

    Attributes:
        url: The page.
        at: When (aware UTC).
        body: The page's HTML.
    """

    url: str
    at: datetime
    body: bytes


@cache
def _frame(site: int) -> tuple[str, str]:
    rng = random.Random(site)
    links = "".join(
        f'<li class="nav-item"><a href="/topic/{rng.randrange(9999)}">{" ".join(rng.choices(WORDS, k=3))}</a></li>'
        for _ in range(320)
    )
    script = "".join(f"var a{number}={rng.random()};" for number in range(2000))
    return f"<script>{script}</script>", f"<nav><ul>{links}</ul></nav>"


def _lines(story: int, edition: int) -> list[str]:
    rng = random.Random(1000 + story)
    lines = [" ".join(rng.choices(WORDS, k=28)).capitalize() + "." for _ in range(28)]
    for turn in range(edition):
        edit = random.Random(story * 1000 + turn)
        place = edit.randrange(len(lines))
        lines[place] = " ".join(edit.choices(WORDS, k=28)).capitalize() + "."
    dead, hurt = 3 + 2 * edition + story % 5, 10 + 5 * edition
    lines.insert(2, f"At least {dead} people were killed and {hurt} wounded, the ministry said.")
    return lines


def page(site: int, story: int, version: int) -> bytes:
    """Return a page of some 84 KB, of which 5 KB are its text; a new text every tenth version, a line changed in each."""
    script, nav = _frame(site)
    text = "".join(f"<p>{line}</p>" for line in _lines(story, version // CAPTURES_A_TEXT))
    nonce = random.Random(story * 100_000 + version).getrandbits(128)
    return (
        f"<html lang=en><head><title>Story {story}</title>{script}<meta name=nonce content={nonce:x}></head><body>{nav}"
        f"<main><article><h1>Story {story} of the storm</h1>{text}</article></main></body></html>"
    ).encode()


def stories(pages: int, captures: int) -> Iterator[Shown]:
    """Yield the captures of so many pages, page by page, each by the hour; every page is of a site of its own."""
    for story in range(pages):
        for version in range(captures):
            url = f"https://gazette-{story}.example/news/{story}-of-the-storm"
            yield Shown(
                url=url, at=START + timedelta(days=story, hours=version), body=page(story, story, version)
            )


def fill(store: Store, pages: int, captures: int) -> None:
    """Keep made stories as an earlier parser would have read them, so that a rebuild reads all of them."""
    for shown in stories(pages, captures):
        target = store.targets.ensure(shown.url, NOW)
        row = Capture(
            archive="a", url=shown.url, urlkey=shown.url, at=shown.at, mimetype="text/html", status=200,
            digest=f"{shown.at:%Y%m%d%H}",
        )  # fmt: skip
        store.captures.observe(target, [row])
        seen = store.captures.at(target, shown.at)
        snapshot = Snapshot(
            capture=row, served_at=shown.at, url=shown.url, status=200, content_type="text/html",
            body=shown.body,
        )  # fmt: skip
        article = Article.from_text("Before", "As an earlier parser read it.")
        store.captures.keep(seen, snapshot, outcome=Outcome.FETCHED, article=article, parser="0", now=NOW)
