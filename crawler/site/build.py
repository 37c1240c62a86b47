"""Builds a site: asks the store which targets changed, and remakes their pages and the lists that name them."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import chain
from pathlib import Path
from typing import TypeVar

from crawler.model import Target
from crawler.publish import Page
from crawler.site.manifest import SiteFolder, site_folder
from crawler.site.search import index_files
from crawler.store.marks import Mark
from diffs.model import digest_of, to_json
from diffs.reports.figures import Known
from diffs.reports.findings import dismissed_ids
from diffs.reports.templating import read_template
from diffs.site.entries import card_of
from diffs.site.frame import Site, framed, site_style
from diffs.site.listings import day_files, directory_files, front_files, outlet_files, story_files
from diffs.site.pages import target_files
from diffs.site.places import day_of
from diffs.site.records import Card, card_from
from diffs.site.stories import comparison_files

_Name = TypeVar("_Name")
_SEARCH_FORM = (
    '<div class="search"><label for="q">Words of a headline, a figure, a source, a passage</label>\n'
    '<input id="q" type="search" autocomplete="off">\n<p id="told" class="m" role="status"></p>\n'
    '<ul id="found" class="e"></ul>\n</div>\n<noscript><p>Search is the only part of this site that needs JavaScript. '
    'Without it, the lists by <a href="outlets.html">outlet</a>, <a href="stories.html">story</a> and '
    '<a href="days.html">day</a> lead everywhere.</p></noscript>\n'
)
_STYLE = "style "  # groups of files, one a style


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build did.

    Attributes:
        front: The front page.
        pages: How many targets have pages.
        written: Files written.
        unchanged: Files that were right already.
        removed: Files deleted, as nothing has them any more.
        search: Whether the site can be searched.
    """

    front: Path
    pages: int
    written: int
    unchanged: int
    removed: int
    search: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteBuilder:
    """Builds and rebuilds one site.

    Attributes:
        folder: Where it stands.
        owner: The store that it is of.
        owner_lives: Whether a store of another name still exists.
        marks: Returns the marks of all targets, in order of their addresses.
        page: Reads what is known of a target; None where its versions cannot be compared, and its pages stay as they are.
        reader: What reads captures, with its versions.
        sources: What tells apart the archives that captures link to.
        site: What all its pages share.
    """

    folder: Path
    owner: str
    owner_lives: Callable[[str], bool]
    marks: Callable[[], Iterable[Mark]]
    page: Callable[[Target], Page | None]
    reader: str
    sources: str
    site: Site

    def build(self) -> Built:
        """Bring the site up to date; what would read as before is neither read from the store nor written.

        Raises:
            PublishError: The folder cannot be written, or holds something else.
            StoreError: The store failed.
        """
        with site_folder(self.folder, self.owner, owner_lives=self.owner_lives) as folder:
            edition = digest_of(_edition(), self.reader, self.sources, repr(self.site))
            style = site_style()
            if not folder.keep(f"{_STYLE}{style[0]}", edition):
                folder.put(f"{_STYLE}{style[0]}", edition, [style])
            cards, keys, same = self._targets(folder, edition)
            known = [cards[url] for url in sorted(cards)]
            _lists(folder, self.site, known, keys, edition)
            if self.site.search:
                folder.sweep("search")
                self._search(folder, digest_of(edition, *(keys[card.url] for card in known)))
            kept = folder.cards
            folder.finish({url: kept[url] if url in same else to_json(card) for url, card in cards.items()})
            return Built(
                front=self.folder / "index.html",
                pages=len(cards),
                written=folder.written,
                unchanged=folder.unchanged,
                removed=folder.removed,
                search=self.site.search,
            )

    def _targets(self, folder: SiteFolder, edition: str) -> tuple[dict[str, Card], dict[str, str], set[str]]:
        """Remake the pages of targets that changed, with the first of their stories; return all cards, their keys, and which are as before."""
        cards: dict[str, Card] = {}
        keys: dict[str, str] = {}
        same: set[str] = set()
        stories: dict[str | None, list[Mark]] = defaultdict(list)
        for mark in self.marks():
            for name in mark.target.stories or (None,):
                stories[name].append(mark)
        for story in sorted(stories, key=lambda name: (name is None, name or "")):
            facts: dict[str, Known] = {}
            marks = stories[story]
            for mark in (one for one in marks if one.seen and one.target.url not in keys):
                url = mark.target.url
                keys[url] = digest_of(edition, mark.state)
                card = _card_kept(folder, url) if folder.keep(f"target {url}", keys[url]) else None
                if card is not None:
                    same.add(url)
                page = self.page(mark.target) if card is None else None
                if card is None and page is None:
                    if not folder.stay(f"target {url}") or (card := _card_kept(folder, url)) is None:
                        continue
                    folder.stay_all(_STYLE)  # pages that stay name the style with which they were made
                elif page is not None:
                    history, notes = page.history, page.notes
                    known = Known(history, dismissed_ids(notes))
                    card = card_of(history, stories=mark.target.stories, notes=notes, known=known)
                    made = target_files(
                        self.site,
                        history,
                        stories=mark.target.stories,
                        notes=notes,
                        reader=self.reader,
                        known=known,
                    )
                    folder.put(f"target {url}", keys[url], made)
                    if story is not None:
                        facts[url] = known
                assert card is not None
                cards[url] = card
            seen = [mark for mark in marks if mark.target.url in cards]
            if story is not None and seen:
                key = digest_of(edition, *chain.from_iterable((one.target.url, one.state) for one in marks))
                if not folder.keep(f"comparison {story}", key):
                    members = self._known(marks, facts)
                    folder.put(f"comparison {story}", key, comparison_files(self.site, story, members))
        return cards, keys, same

    def _known(self, marks: Iterable[Mark], facts: Mapping[str, Known]) -> list[Known]:
        """Return what is known of the figures of a story's pages, those that are known already not read again."""
        found = []
        for mark in marks:
            known = facts.get(mark.target.url)
            if known is None and (page := self.page(mark.target)) is not None:
                known = Known(page.history, dismissed_ids(page.notes))
            if known is not None:
                found.append(known)
        return found

    def _search(self, folder: SiteFolder, key: str) -> None:
        if folder.keep("search", key):
            return
        page = framed(self.site, "search", title="Search", body=_SEARCH_FORM, script=True)
        own = [("search.html", page), ("search.js", read_template("search.js"))]
        folder.put("search", key, chain(own, index_files(self.folder)))


def _card_kept(folder: SiteFolder, url: str) -> Card | None:
    """Return the card of the build before, or None where it cannot be read."""
    try:
        return card_from(folder.cards[url])
    except (KeyError, TypeError, ValueError):
        return None


def _lists(folder: SiteFolder, site: Site, cards: list[Card], keys: Mapping[str, str], edition: str) -> None:
    """Remake the lists that name a page that changed."""

    def remake(group: str, those: list[Card], make: Callable[[], Iterator[tuple[str, str]]]) -> None:
        key = digest_of(edition, *chain.from_iterable((card.url, keys[card.url]) for card in those))
        if not folder.keep(group, key):
            folder.put(group, key, make())

    remake("front", cards, lambda: front_files(site, cards))
    remake("directories", cards, lambda: directory_files(site, cards))
    for name, those in sorted(_grouped(cards, lambda card: [card.outlet]).items()):
        remake(f"outlet {name}", those, partial(outlet_files, site, name, those))
    by_story = _grouped(cards, lambda card: card.stories)
    for name, those in sorted(by_story.items()):
        remake(f"story {name}", those, partial(story_files, site, name, those))
    by_day = _grouped(cards, lambda card: sorted({day_of(entry.at) for entry in card.entries}))
    for day, those in sorted(by_day.items()):
        remake(f"day {day}", those, partial(day_files, site, day, those))


def _grouped(cards: Iterable[Card], names: Callable[[Card], Iterable[_Name]]) -> dict[_Name, list[Card]]:
    groups: dict[_Name, list[Card]] = defaultdict(list)
    for card in cards:
        for name in names(card):
            groups[name].append(card)
    return groups


@cache
def _edition() -> str:
    """Return a digest of the code that makes pages, so that another version of it remakes them."""
    hasher = hashlib.sha256(version("variorum").encode())
    for part in _sources(files("diffs")):
        hasher.update(part.read_bytes())
    return hasher.hexdigest()


def _sources(folder: Traversable) -> Iterator[Traversable]:
    for part in sorted(folder.iterdir(), key=lambda one: one.name):
        if part.is_dir():
            yield from _sources(part)
        elif not part.name.endswith((".pyc", ".pyo")):
            yield part
