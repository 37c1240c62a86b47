"""Ids of findings: what changed, not when or in which run it was found."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from diffs.model import Article, Change, ChangeKind, Claim, digest_of

_LENGTH = 16  # hex digits: among a million findings two share an id with a chance of 1 in 37 million


def address_of(article: Article) -> str:
    """Return the address that distinguishes findings: no scheme, `www.`, port, fragment or final slash."""
    return _address(article.url or article.canonical_url or "")


@lru_cache(maxsize=256)
def _address(url: str) -> str:
    bare = re.sub(r"^[a-z][a-z0-9+.-]*://(?:www\d*\.)?|#.*$", "", url.strip(), flags=re.IGNORECASE)
    host, slash, path = bare.partition("/")
    return re.sub(r":\d+$", "", host).casefold() + slash + path.rstrip("/")


def id_of(address: str, kind: ChangeKind, aspect: str, *content: str | None) -> str:
    """Return the id of a change of this kind and aspect with this content.

    Args:
        address: What `address_of` gives.
        kind: Which part changed.
        aspect: Which side of it changed, where one passage may change in several.
        content: What stands on the page. A reading of it (source, scope, victims) would make the id, and a
            reader's note with it, change with the grammar.
    """
    return digest_of(address, kind.value, aspect, *content)[:_LENGTH]


def claim_content(claim: Claim | None) -> str | None:
    """Return what stands on the page of a claim: its sentence, and its number with its place in it."""
    if claim is None:
        return None
    return f"{claim.start}|{claim.sentence[claim.start : claim.end]}|{claim.sentence}"


def numbered(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Distinguish changes that are alike to the letter: the second and later ones count themselves in."""
    return renumbered(changes, Counter())


def renumbered(changes: Iterable[Change], seen: Counter[str]) -> tuple[Change, ...]:
    """Distinguish changes alike to the letter within a longer series.

    Args:
        changes: The next changes of the series.
        seen: How often each id was seen so far in the series; counted on.
    """
    result = []
    names: dict[str, str] = {}
    for change in changes:
        seen[change.id] += 1
        nth = seen[change.id]
        name = names[change.id] = change.id if nth == 1 else digest_of(change.id, str(nth))[:_LENGTH]
        result.append(change if nth == 1 else replace(change, id=name))
    return tuple(
        replace(change, told_by=told)
        if change.told_by and (told := tuple(names.get(one, one) for one in change.told_by)) != change.told_by
        else change
        for change in result
    )
