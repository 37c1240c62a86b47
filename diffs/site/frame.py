"""The frame of each page of a site: head with its policy, menu, turns to neighbouring pages, foot."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from diffs.model import digest_of
from diffs.reports.safe import visible
from diffs.reports.templating import read_template, render_template
from diffs.site.places import climb

_MENU = (
    ("index", "Newest"),
    ("casualty", "Casualty figures"),
    ("headline", "Headlines"),
    ("silent", "Silent"),
    ("corrected", "Corrected"),
    ("outlets", "Outlets"),
    ("stories", "Stories"),
    ("days", "Days"),
)
_SEARCH = ("search", "Search")
_LONGEST_TITLE = 400
_SHORT = 12
# What a page may load: its style and its charts. Opened from a folder, both come from `self` too (Chromium 156, Firefox
# ESR, 2026-11-29).
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
# Where heading and body go; no title of a site holds them, as control characters are named, not sent.
_HEADING, _BODY = "\x02heading\x03", "\x02body\x03"
Turn = tuple[str | None, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What all pages of a site share.

    Attributes:
        title: Its name.
        search: Whether it has an index to search.
        base_url: The address at which it is published, or None; feeds need it for absolute addresses.
    """

    title: str = "Variorum"
    search: bool = False
    base_url: str | None = None


@lru_cache(maxsize=1)
def site_style() -> tuple[str, str]:
    """Return the style of the site, without comments and needless space: the file's name, made of its digest, and text.

    It is one file next to all pages and not a part of each, which is 9 KB less a page; under another name when it
    changes, so that no browser shows a page in a style that it kept.
    """
    text = read_template("page.css") + read_template("site.css")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" ?([{};,]) ?", r"\1", text).replace(";}", "}").strip()
    return f"style-{digest_of(text)[:_SHORT]}.css", f"{text}\n"


def framed(
    site: Site,
    place: str,
    *,
    title: str,
    body: str,
    feeds: Sequence[tuple[str, str]] = (),
    turns: Sequence[Turn] = (),
    indexed: bool = False,
    script: bool = False,
) -> str:
    """Return a whole page.

    Args:
        site: The site.
        place: Where the page stands, without an ending.
        title: Its heading, as plain text.
        body: What stands under the heading, as HTML in which every text is escaped.
        feeds: Media type and address of each feed of the page, relative to it.
        turns: Address, relative to the page, and label of each neighbouring page; None for the page itself.
        indexed: Whether the search finds its words.
        script: Whether the page may run the script of the search.
    """
    shown = visible(title)
    heading = html.escape(shown if len(shown) <= _LONGEST_TITLE else shown[:_LONGEST_TITLE] + "…")
    here = place if any(place == name for name, _ in (*_MENU, _SEARCH)) else ""
    kept = _Frame(root=climb(place), here=here, feeds=tuple(feeds), indexed=indexed, script=script)
    parts = _parts(site, kept)
    return (body + _turns(turns)).join(heading.join(part) for part in parts)


def _turns(turns: Sequence[Turn]) -> str:
    """Return the links to neighbouring pages; their names are ours."""
    if not turns:
        return ""
    items = "".join(
        f'<li><a href="{name}">{label}</a></li>\n' if name else f"<li>{label}</li>\n" for name, label in turns
    )
    return f'<nav class="turn" aria-label="Pages">\n<ul>\n{items}</ul>\n</nav>\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """What the frames of two pages differ in; see `framed`."""

    root: str
    here: str
    feeds: tuple[tuple[str, str], ...]
    indexed: bool
    script: bool


@lru_cache(maxsize=256)
def _parts(site: Site, frame: _Frame) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what stands before the body of a page and what after it, each cut where the heading stands."""
    policy = _POLICY
    if frame.script:
        policy += "; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
    text = render_template(
        "site.html.j2",
        policy=Markup(policy),  # noqa: S704 - our own words
        title=Markup(_HEADING),  # noqa: S704 - likewise
        site=visible(site.title),
        style=site_style()[0],
        root=frame.root,
        here=frame.here,
        menu=(*_MENU, _SEARCH) if site.search else _MENU,
        feeds=frame.feeds,
        body=Markup(_BODY),  # noqa: S704 - our own words
        indexed=frame.indexed,
        script=frame.script,
    )
    before, _, after = text.partition(_BODY)
    return tuple(before.split(_HEADING)), tuple(after.split(_HEADING))
