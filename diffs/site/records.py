"""What listings and feeds need of a target, small enough to be kept between two builds of a site."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Tag(StrEnum):
    """What a step can be looked for by."""

    SUBSTANTIVE = "substantive"  # changes what a reader would believe happened
    CASUALTY = "casualty"  # a casualty figure came, went or moved
    HEADLINE = "headline"  # the headline was rewritten
    SILENT = "silent"  # something of substance changed and the page, which could have said so, did not
    CORRECTED = "corrected"  # a new note names something of substance that changed


_TAGS = {tag.value: tag for tag in Tag}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One step of a page as listings and feeds print it.

    Attributes:
        id: Of the finding that names it.
        at: The first capture that shows it (aware UTC).
        after: The last capture before it (aware UTC).
        title: What changed, figures first, old and new, as plain text.
        answer: Whether the page said so, as plain text, or an empty string.
        rows: What else changed, as HTML without links.
        tags: What it can be looked for by.
        terms: Its categories: scheme and term of each.
        links: Where readers see the two captures, as far as they have addresses, the older first.
        passages: The words that show it, as HTML.
        step: Address of its side-by-side page, without an ending.
        finding: Address of its finding's page, without an ending.
    """

    id: str
    at: datetime
    after: datetime
    title: str
    answer: str
    rows: tuple[str, ...]
    tags: tuple[Tag, ...]
    terms: tuple[tuple[str, str], ...]
    links: tuple[str, ...]
    passages: tuple[str, ...]
    step: str
    finding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A target as listings print it.

    Attributes:
        url: Its address.
        page: Address of its page on the site, without an ending.
        outlet: The publisher's own name for itself, or the host.
        headline: Its headline as last read, or the address.
        title: The finding that its report opens with.
        stories: The stories it belongs to, by name.
        captures: How many are known.
        versions: How many were read and trusted.
        last: Its newest capture (aware UTC).
        entries: Its steps, in order of time.
    """

    url: str
    page: str
    outlet: str
    headline: str
    title: str
    stories: tuple[str, ...]
    captures: int
    versions: int
    last: datetime
    entries: tuple[Entry, ...]


def card_from(form: Mapping[str, Any]) -> Card:
    """Read a card back from its JSON form.

    Raises:
        ValueError, TypeError, KeyError: The form is not one of this version.
    """
    entries = tuple(_entry_from(each) for each in form["entries"])
    return Card(
        **{
            **form,
            "stories": tuple(form["stories"]),
            "last": datetime.fromisoformat(form["last"]),
            "entries": entries,
        }
    )


def _entry_from(form: Mapping[str, Any]) -> Entry:
    texts = {name: tuple(form[name]) for name in ("rows", "links", "passages")}
    return Entry(
        **{
            **form,
            **texts,
            "at": datetime.fromisoformat(form["at"]),
            "after": datetime.fromisoformat(form["after"]),
            "tags": tuple(_TAGS[one] for one in form["tags"]),
            "terms": tuple((scheme, term) for scheme, term in form["terms"]),
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PageStep:
    """A step with the page that it is a step of.

    Attributes:
        card: The page.
        entry: The step.
    """

    card: Card
    entry: Entry


def steps_of(cards: Iterable[Card], *tags: Tag) -> list[PageStep]:
    """Return the steps of some pages that have all of these tags, oldest first."""
    found = [
        PageStep(card=card, entry=entry)
        for card in cards
        for entry in card.entries
        if all(tag in entry.tags for tag in tags)
    ]
    found.sort(key=lambda one: (one.entry.at, one.card.url, one.entry.id))
    return found
