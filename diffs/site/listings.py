"""Lists of steps, pages, outlets, stories and days, cut into pages that keep their place as new steps come."""

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby

from diffs.reports.document import Item, Line, Link, List, Paragraph, Reference, Section, line
from diffs.reports.html import html_line
from diffs.reports.safe import visible
from diffs.reports.times import clock
from diffs.reports.wording import count
from diffs.site import records
from diffs.site.feeds import Feed, feed_files
from diffs.site.frame import Site, framed
from diffs.site.pages import File, paged_files
from diffs.site.paging import ROOM, page_place
from diffs.site.places import (
    ENDING,
    climb,
    day_of,
    place_of_comparison,
    place_of_day,
    place_of_outlet,
    place_of_story,
)
from diffs.site.records import Card, Tag

_BOUND = re.compile("([≥≤>~]) (?=[0-9])")
_FEED_TYPES = (("application/atom+xml", ".atom"), ("application/feed+json", ".json"))
_NEWEST = 12
_FRONT_ROOM = 20_000
_SHOWN = {Tag.SILENT: "silent", Tag.CORRECTED: "corrected"}
FILTERS = {
    Tag.CASUALTY: ("Casualty figures that changed", "casualty figures"),
    Tag.HEADLINE: ("Headlines that changed", "headlines"),
    Tag.SILENT: ("Changed without a word", "silent changes"),
    Tag.CORRECTED: ("Changed with a correction", "corrections"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list of steps.

    Attributes:
        place: Where its first page stands, without an ending.
        title: Its heading.
        lead: What stands above the list, as HTML.
        foot: What stands below it on the first page, as HTML.
        lines: The steps, oldest first.
        feeds: Whether it has feeds.
        room: Bytes that the steps of its first page may take.
    """

    place: str
    title: str
    lead: str = ""
    foot: str = ""
    lines: Sequence[records.PageStep]
    feeds: bool = False
    room: int = ROOM - 3_000


def listing_files(
    site: Site, listing: Listing, made: dict[tuple[str, str], str] | None = None
) -> Iterator[File]:
    """Yield the files of a list: the newest steps, then pages of older ones counted from the oldest, and its feeds.

    A step stays on the page that it is on when new ones come, so that few files change.

    Args:
        site: The site.
        listing: The list.
        made: What other lists of the same folder made of a step, by page and id; added to.
    """
    root = climb(listing.place)
    known = {} if made is None else made
    items = []
    for one in listing.lines:
        key = (one.card.url, one.entry.id)
        if key not in known:
            known[key] = _item(one, root)
        items.append((day_of(one.entry.at), known[key]))
    newest = _last_that_fit(items, listing.room)
    chunks = _chunks(items) if len(newest) < len(items) else []
    name = listing.place.rpartition("/")[2]
    feeds = [(kind, f"{name}{ending}") for kind, ending in _FEED_TYPES] if listing.feeds else []
    turns: list[tuple[str | None, str]] = []
    if chunks:
        turns = [
            (None, "The newest"),
            (f"{page_place(name, len(chunks) + 1)}{ENDING}", "All, in order of time →"),
        ]
    nothing = "" if items else "<p>Nothing yet.</p>\n"
    body = f"{listing.lead}{nothing}{_days(reversed(newest))}{listing.foot}"
    yield (
        f"{listing.place}{ENDING}",
        framed(site, listing.place, title=listing.title, body=body, feeds=feeds, turns=turns),
    )
    for number, chunk in enumerate(chunks, start=2):
        here = page_place(listing.place, number)
        turns = [(f"{name}{ENDING}", "The newest")]
        if number <= len(chunks):
            turns.append((f"{page_place(name, number + 1)}{ENDING}", "← Later"))
        if number > 2:
            turns.append((f"{page_place(name, number - 1)}{ENDING}", "Earlier →"))
        title = f"{listing.title}, {chunk[0][0]:%Y-%m-%d} to {chunk[-1][0]:%Y-%m-%d}"
        yield f"{here}{ENDING}", framed(site, here, title=title, body=_days(reversed(chunk)), turns=turns)
    if listing.feeds:
        feed = Feed(place=listing.place, title=f"{site.title}: {listing.title}", lines=listing.lines)
        yield from feed_files(site, feed)


_Dated = tuple[date, str]


def _last_that_fit(items: Sequence[_Dated], room: int) -> list[_Dated]:
    taken = 0
    for number, (_, html_text) in enumerate(reversed(items)):
        taken += len(html_text.encode()) + 60
        if taken > room and number:
            return list(items[len(items) - number :])
    return list(items)


def _chunks(items: Sequence[_Dated]) -> list[list[_Dated]]:
    chunks: list[list[_Dated]] = [[]]
    taken = 0
    for one in items:
        size = len(one[1].encode()) + 60
        if chunks[-1] and taken + size > ROOM - 3_000:
            chunks.append([])
            taken = 0
        chunks[-1].append(one)
        taken += size
    return chunks


def _days(items: Iterable[_Dated]) -> str:
    parts = []
    for day, those in groupby(items, key=lambda one: one[0]):
        name = f"{day:%A} {day.day} {day:%B %Y}"
        parts.append(
            f'<h2 class="day">{name}</h2>\n<ul class="e">\n{"".join(one for _, one in those)}</ul>\n'
        )
    return "".join(parts)


def _item(one: records.PageStep, root: str) -> str:
    card, entry = one.card, one.entry
    tags = [f'<span class="t {_SHOWN[tag]}">{_SHOWN[tag]}</span>' for tag in entry.tags if tag in _SHOWN]
    answer = f"Did the page say so? {_text(entry.answer)} · " if entry.answer else ""
    rows = "".join(f"<li>{row}</li>" for row in entry.rows)
    old, new = entry.links if len(entry.links) == 2 else (None, None)
    return (
        f'<li><h3><a href="{root}{entry.finding}{ENDING}">{_text(entry.title)}</a> {" ".join(tags)}</h3>\n'
        f'<p class="m"><a href="{root}{place_of_outlet(card.outlet)}{ENDING}">{_text(card.outlet)}</a> · '
        f'<a href="{root}{card.page}{ENDING}">{_text(card.headline)}</a></p>\n'
        f'<p class="m">Between {_time(entry.after, old)} and {_time(entry.at, new)} · {answer}'
        f'<a href="{root}{entry.step}{ENDING}">side by side</a></p>\n'
        f"{f'<ul>{rows}</ul>' if rows else ''}</li>\n"
    )


def _time(at: datetime, address: str | None) -> str:
    """Return the time of a capture, linked to it where it has an address."""
    shown = html_line((Link(clock(at), address),))
    return f'<time datetime="{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}">{shown}</time>'


def _text(text: str) -> str:
    """Return a text escaped, a bound together with its number on one line."""
    shown = html.escape(visible(text), quote=True)
    return _BOUND.sub("\\1\u00a0", shown) if _BOUND.search(shown) else shown


def front_files(site: Site, cards: Sequence[Card]) -> Iterator[File]:
    """Yield the front page, with the newest steps of substance, and the lists that filter them."""
    lines = records.steps_of(cards, Tag.SUBSTANTIVE)
    pages, outlets = count(len(cards), "page"), count(len({card.outlet for card in cards}), "outlet")
    steps = count(len(lines), "step")
    lead = f"<p>What {pages} of {outlets} said, when, and what was changed: {steps} of substance, the newest first.</p>\n"
    front = Listing(
        place="index",
        title="Newest changes",
        lead=lead,
        foot=_sides(cards),
        lines=lines,
        feeds=True,
        room=_FRONT_ROOM,
    )
    made: dict[tuple[str, str], str] = {}
    yield from listing_files(site, front, made)
    for tag, (title, what) in FILTERS.items():
        mine = records.steps_of(cards, Tag.SUBSTANTIVE, tag)
        words = f"<p>{count(len(mine), 'step')} with {what}, the newest first.</p>\n"
        yield from listing_files(site, Listing(place=tag.value, title=title, lead=words, lines=mine), made)


def _sides(cards: Sequence[Card]) -> str:
    """Return the newest outlets, stories and days as short lists."""
    newest: dict[str, datetime] = {}
    stories: dict[str, datetime] = {}
    days: set[date] = set()
    for card in cards:
        last = card.entries[-1].at if card.entries else card.last
        newest[card.outlet] = max(last, newest.get(card.outlet, last))
        for story in card.stories:
            stories[story] = max(last, stories.get(story, last))
        days.update(day_of(entry.at) for entry in card.entries)
    lists = (
        ("Outlets", "outlets", [(name, place_of_outlet(name)) for name in _latest(newest)]),
        ("Stories", "stories", [(name, place_of_comparison(name)) for name in _latest(stories)]),
        (
            "Days",
            "days",
            [(f"{day.day} {day:%B %Y}", place_of_day(day)) for day in sorted(days, reverse=True)[:_NEWEST]],
        ),
    )
    parts = []
    for title, all_of_them, links in lists:
        if links:
            items = "".join(
                f"<li>{html_line((Reference(name[:100], place),))}</li>\n" for name, place in links
            )
            more = f'<li><a href="{all_of_them}{ENDING}">All {title.lower()}</a></li>\n'
            parts.append(f"<section>\n<h2>{title}</h2>\n<ul>\n{items}{more}</ul>\n</section>\n")
    return f'<div class="side">\n{"".join(parts)}</div>\n'


def _latest(times: Mapping[str, datetime]) -> list[str]:
    return sorted(sorted(times), key=lambda name: times[name], reverse=True)[:_NEWEST]


def outlet_files(site: Site, name: str, cards: Sequence[Card]) -> Iterator[File]:
    """Yield the pages of an outlet: its changes, its articles, its feeds."""
    place = place_of_outlet(name)
    articles = f"{place}-articles"
    short = articles.rpartition("/")[2]
    lead = f'<p><a href="{short}{ENDING}">{count(len(cards), "article")} of this outlet</a></p>\n'
    yield from listing_files(
        site, Listing(place=place, title=name, lead=lead, lines=records.steps_of(cards), feeds=True)
    )
    items = tuple(Item(_card(card)) for card in sorted(cards, key=lambda one: (one.headline, one.url)))
    back = Paragraph((Reference("All changes of this outlet", place.rpartition("/")[2]),))
    yield from paged_files(site, articles, f"Articles of {name}", (back, List(items=items)))


def _card(card: Card) -> Line:
    facts = f": {card.title}. {count(card.captures, 'capture')}, {count(card.versions, 'version')}."
    return line(Reference(card.headline, f"../{card.page}"), facts)


def story_files(site: Site, name: str, cards: Sequence[Card]) -> Iterator[File]:
    """Yield the list of a story's changes, and its feeds."""
    compared = Reference("Compare its outlets", f"../{place_of_comparison(name)}")
    lead = f"<p>{html_line((compared,))}</p>\n"
    lines = records.steps_of(cards)
    yield from listing_files(
        site, Listing(place=place_of_story(name), title=name, lead=lead, lines=lines, feeds=True)
    )


def day_files(site: Site, day: date, cards: Sequence[Card]) -> Iterator[File]:
    """Yield the list of a day's changes: those first captured on it."""
    lines = [one for one in records.steps_of(cards) if day_of(one.entry.at) == day]
    title = f"Changes first captured on {day.day} {day:%B %Y}"
    yield from listing_files(site, Listing(place=place_of_day(day), title=title, lines=lines))


def directory_files(site: Site, cards: Sequence[Card]) -> Iterator[File]:
    """Yield the lists of all outlets, stories and days."""
    outlets = Counter(card.outlet for card in cards)
    stories = Counter(story for card in cards for story in card.stories)
    changes = Counter(dict.fromkeys(outlets, 0))
    days: Counter[date] = Counter()
    for card in cards:
        changes[card.outlet] += len(card.entries)
        days.update(day_of(entry.at) for entry in card.entries)
    yield from paged_files(
        site,
        "outlets",
        "Outlets",
        _list(
            line(
                Reference(name, place_of_outlet(name)),
                f": {count(outlets[name], 'article')}, {count(changes[name], 'step')}",
            )
            for name in sorted(outlets, key=lambda one: (one.casefold(), one))
        ),
    )
    yield from paged_files(
        site,
        "stories",
        "Stories",
        _list(
            line(
                Reference(name, place_of_comparison(name)),
                f": {count(stories[name], 'article')}; ",
                Reference("all changes", place_of_story(name)),
            )
            for name in sorted(stories, key=lambda one: (one.casefold(), one))
        ),
    )
    months: dict[str, list[date]] = defaultdict(list)
    for day in sorted(days, reverse=True):
        months[f"{day:%B %Y}"].append(day)
    sections = [
        Section(
            line(month),
            _list(
                line(Reference(f"{day:%A} {day.day}", place_of_day(day)), f": {count(days[day], 'step')}")
                for day in those
            ),
        )
        for month, those in months.items()
    ]
    yield from paged_files(site, "days", "Days", sections or _list(()))


def _list(lines: Iterable[Line]) -> tuple[List | Paragraph, ...]:
    items = tuple(map(Item, lines))
    return (List(items=items),) if items else (Paragraph(line("None yet.")),)
