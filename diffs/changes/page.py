"""Changes around the body: headline by place, standfirst, byline, stamps."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from diffs.align import likeness
from diffs.changes.identity import id_of
from diffs.changes.passages import Versions, as_layout
from diffs.changes.readings import claims_of
from diffs.changes.standing import Page
from diffs.changes.weigh import Touch, canonical, content_moved, touches_between, weight_between
from diffs.edits import edits_between
from diffs.language.en import ENGLISH
from diffs.model import Article, Change, ChangeKind, ChangeType, Evidence, Place, Weight
from diffs.text import folded

_VARIANTS = ("og", "json_ld", "title")
_DISPLAYED = "displayed"
_RETOLD = 3  # words of content, gone and come together
_SETS_OFF = re.compile(r"\s+[-|–—:·]{1,2}\s+")
_SET_OFF_BY = re.compile(r"(?<!\s)\s++[-|–—:·]{1,2}\s+\Z")
_AHEAD = re.compile(r"(?:.{1,40} [-|–—:·»]{1,2} )?")
_PARTS = re.compile(r"\s+[-|–—·»«]{1,2}\s+|\s*\|\s*|:{1,2}\s+")
_NAME = 5  # words of a site's or a section's name
# The New York Times adds "(Published 2018)" to the titles of old articles (seen in captures of 2022).
_BEHIND = ENGLISH.pattern("pages.behind_title")


def page_changes(versions: Versions) -> Iterator[Change]:
    """Yield the changes of everything but the body."""
    yield from _headlines(versions)
    yield from _line(versions, ChangeKind.STANDFIRST, versions.old.standfirst, versions.new.standfirst)
    yield from _line(versions, ChangeKind.BYLINE, versions.old.byline, versions.new.byline)
    for place in ("published", "modified"):
        yield from _stamp(versions, place, getattr(versions.old, place), getattr(versions.new, place))


def _headlines(versions: Versions) -> Iterator[Change]:
    """Yield one change for each distinct step a headline took, naming every place that took it."""
    old, new = (_unbranded(article.headline, article) for article in (versions.old, versions.new))
    mirrored: list[str] = []
    apart: list[tuple[str, str | None, str | None]] = []
    for place in _VARIANTS:
        before, after = (getattr(article.headlines, place) for article in (versions.old, versions.new))
        if before == after:
            continue
        if old != new and _mirrors(before or "", old) and _mirrors(after or "", new):
            mirrored.append(place)
        else:
            apart.append((place, before, after))
    if versions.old.headline != versions.new.headline:
        texts = (versions.old.headline, versions.new.headline)
        places = (_DISPLAYED, *mirrored)
        weight = _headline_weight(versions, old, new)
        change = _change(versions, ChangeKind.HEADLINE, texts, weight, place="headline", places=places)
        yield _laid_out(versions, change)
    yield from _variants(versions, apart)


def _variants(versions: Versions, steps: Sequence[tuple[str, str | None, str | None]]) -> Iterator[Change]:
    """Yield the changes of headlines that a reader of the page does not see, equal steps as one."""
    groups: dict[tuple[str, str], list[tuple[str, str | None, str | None]]] = {}
    for step in steps:
        groups.setdefault((folded(step[1] or ""), folded(step[2] or "")), []).append(step)
    for group in groups.values():
        place, before, after = group[0]
        places = tuple(step[0] for step in group)
        weight = _variant_weight(versions, before, after)
        yield _change(versions, ChangeKind.HEADLINE, (before, after), weight, place=place, places=places)


def _unbranded(headline: str | None, article: Article) -> str:
    """Return a headline without the site's name at its end or start."""
    text, name = headline or "", (article.publisher or "")
    if not name:
        return text
    bare = text.rstrip()
    if bare[-len(name) :].casefold() == name.casefold() and (found := _SET_OFF_BY.search(bare[: -len(name)])):
        text = text[: found.start()]
    if text[: len(name)].casefold() == name.casefold() and (found := _SETS_OFF.match(text[len(name) :])):
        text = text[len(name) + found.end() :]
    return text


def _mirrors(variant: str, displayed: str) -> bool:
    """Return whether a variant is the displayed headline, perhaps with a site's name or section about it."""
    if not variant or not displayed:
        return not variant and not displayed
    return folded(displayed) in folded(variant) or likeness(variant, displayed) >= 0.6


def _headline_weight(versions: Versions, old: str, new: str) -> Weight:
    """Weigh a headline: from three words of content that replace each other on, it tells something else."""
    went, came = content_moved(old, new)
    if not old or not new or (went and came and went + came >= _RETOLD):
        return Weight.SUBSTANTIVE
    return weight_between(old, new, versions.names)


def _variant_weight(versions: Versions, old: str | None, new: str | None) -> Weight:
    """Weigh a variant's change; one that appears or goes with a page's template is cosmetic."""
    if not old or not new:
        return Weight.COSMETIC
    shown = [article.headline or "" for article in (versions.old, versions.new)]
    if folded(shown[0]) == folded(shown[1]):
        if _holds(old, shown[0]) and _holds(new, shown[1]):
            return Weight.COSMETIC
        if _only_names_site(versions, old, new, shown[0]) or _only_site(versions, old, new):
            return Weight.COSMETIC
    if _only_other_names(old, new):
        return Weight.COSMETIC
    return _headline_weight(versions, _unbranded(old, versions.old), _unbranded(new, versions.new))


def _only_site(versions: Versions, old: str, new: str) -> bool:
    """Return whether one of two titles is the headline that both versions display and the other the name of the site, in a few words."""
    shown = versions.new.headline or ""
    for title, other in ((old, new), (new, old)):
        words = canonical(other)
        if len(words) < _NAME and _holds(title, shown) and not set(words) & set(canonical(shown)):
            return touches_between("", other) <= {Touch.NAME, Touch.CLAUSE}
    return False


def _only_other_names(old: str, new: str) -> bool:
    """Return whether two titles are the same words with another name of a site or section set off at an end: short, without a figure."""
    parts = [[part for part in _PARTS.split(title) if part.strip()] for title in (old, new)]
    words = [[canonical(part) for part in side] for side in parts]
    shared = [one for one in words[0] if one in words[1]]
    longest = max(shared, key=len, default=())
    if len(longest) < _RETOLD:
        return False
    rests = [
        [part for part, one in zip(*side, strict=True) if one not in shared]
        for side in zip(parts, words, strict=True)
    ]
    if touches_between(" ".join(rests[0]), " ".join(rests[1])) - {Touch.NAME, Touch.CLAUSE}:
        return False
    return all(len(canonical(part)) <= min(_NAME, len(longest) - 1) for side in rests for part in side)


def _only_names_site(versions: Versions, old: str, new: str, shown: str) -> bool:
    """Return whether two variants are one displayed headline and around it the same words, or the site's name or nothing."""
    headline = canonical(shown)
    if len(headline) < _RETOLD:
        return False
    rests: list[tuple[str, ...]] = []
    for variant in (old, new):
        words = canonical(variant)
        at = next((i for i in range(len(words)) if words[i : i + len(headline)] == headline), None)
        if at is None:
            return False
        around = (*words[:at], *words[at + len(headline) :])
        rests.append(tuple(word for word in around if any(map(str.isalnum, word))))
    sites = [(), *(canonical(one.publisher or "") for one in (versions.old, versions.new))]
    return rests[0] == rests[1] or all(rest in sites for rest in rests)


def _holds(variant: str, displayed: str) -> bool:
    """Return whether a variant is the displayed headline, at most with a site's name or section set off."""
    whole, shown = folded(variant), folded(displayed)
    return bool(displayed) and any(
        whole.startswith(shown, at)
        and _AHEAD.fullmatch(whole[:at])
        and _BEHIND.fullmatch(whole[at + len(shown) :])
        for at in range(44)
    )


def _line(versions: Versions, kind: ChangeKind, old: str | None, new: str | None) -> Iterator[Change]:
    """Yield what became of the standfirst or the byline."""
    if (old or "") == (new or ""):
        return
    if kind is ChangeKind.STANDFIRST and old and new:
        # A first paragraph that both versions print is no summary that the other one replaced.
        if _in_both_bodies(versions, old):
            old = None
        elif _in_both_bodies(versions, new):
            new = None
    if kind is ChangeKind.BYLINE:
        same = canonical(old or "") == canonical(new or "")
        weight = Weight.COSMETIC if same else Weight.MINOR
    elif not old or not new:
        only = old or new or ""
        printed = _in_both_bodies(versions, only) or versions.design.summarises(0 if old else 1, only)
        weight = Weight.MINOR if printed else Weight.SUBSTANTIVE
    else:
        weight = weight_between(old, new, versions.names)
    change = _change(versions, kind, (old, new), weight, place=kind.value)
    yield _laid_out(versions, change) if kind is ChangeKind.STANDFIRST else change


def _laid_out(versions: Versions, change: Change) -> Change:
    """Return a headline or standfirst that only one version has as a move of the layout where it stands on both pages.

    Where it holds a casualty figure the move is minor, else cosmetic.
    """
    place = Place.HEADLINE if change.kind is ChangeKind.HEADLINE else Place.STANDFIRST
    fronts = standing_fronts(versions)
    if place not in fronts[0] | fronts[1]:
        return change
    counts = any(
        claim.place is place for claim in claims_of(versions.old if place in fronts[0] else versions.new)
    )
    return as_layout(versions, change, Weight.MINOR if counts else Weight.COSMETIC)


def standing_fronts(versions: Versions) -> tuple[frozenset[Place], frozenset[Place]]:
    """Return of each version the headline or standfirst that it alone has and that stands on the other's page."""
    old_page, new_page = versions.pages
    return (
        _standing_fronts(versions.old, versions.new, new_page),
        _standing_fronts(versions.new, versions.old, old_page),
    )


def _standing_fronts(one: Article, other: Article, page: Page) -> frozenset[Place]:
    found = {
        Place.HEADLINE: bool(one.headline and not other.headline) and page.shows_heading(one.headline or ""),
        Place.STANDFIRST: bool(one.standfirst and not other.standfirst)
        and page.shows_all(one.standfirst or ""),
    }
    return frozenset(place for place, stands in found.items() if stands)


def _in_both_bodies(versions: Versions, text: str) -> bool:
    """Return whether both bodies hold the words of a standfirst that came or went with the template."""
    return all(folded(text) in folded(article.text) for article in (versions.old, versions.new))


def _stamp(versions: Versions, place: str, old: datetime | None, new: datetime | None) -> Iterator[Change]:
    if old == new:
        return
    texts = tuple(None if at is None else at.astimezone(UTC).isoformat() for at in (old, new))
    weight = Weight.COSMETIC if old is None or new is None else Weight.MINOR
    yield _change(versions, ChangeKind.STAMP, (texts[0], texts[1]), weight, place=place, places=(place,))


def _change(
    versions: Versions,
    kind: ChangeKind,
    texts: tuple[str | None, str | None],
    weight: Weight,
    *,
    place: str,
    places: tuple[str, ...] = (),
) -> Change:
    old, new = (text or None for text in texts)
    type_ = ChangeType.ADDED if old is None else ChangeType.REMOVED if new is None else ChangeType.EDITED
    worded = type_ is ChangeType.EDITED and kind is not ChangeKind.STAMP
    return Change(
        id=id_of(versions.address, kind, type_, place, old, new),
        kind=kind,
        type=type_,
        weight=weight,
        edits=edits_between(old or "", new or "") if worded else (),
        before=None if old is None else Evidence(place=place, end=len(old), text=old),
        after=None if new is None else Evidence(place=place, end=len(new), text=new),
        places=places,
    )
