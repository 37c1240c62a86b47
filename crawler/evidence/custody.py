"""Proves the log of custody: its chains, and that every row of evidence is what the log says it is."""

from collections.abc import Iterable, Iterator

from crawler.errors import StoreError
from crawler.model import Target
from crawler.store import Problem, Store
from crawler.store.custody import Entry
from crawler.store.seals import THINGS, WAS

_RESTORE = "restore a backup"
# What values of another type, or that no version writes, make of the checks.
_UNREADABLE = (StoreError, ValueError, TypeError, OverflowError, LookupError, AttributeError)


def guarded(found: Iterable[Problem], name: str) -> Iterator[Problem]:
    """Yield problems, and as one more that a row cannot be read, where that ends their search.

    Args:
        found: The problems.
        name: What was searched.
    """
    try:
        yield from found
    except _UNREADABLE as error:
        detail = f"a row cannot be read ({type(error).__name__}: {str(error)[:120]}): {_RESTORE}"
        yield Problem(what="store", name=name, detail=detail)


def custody_problems(store: Store, of: Target | None = None) -> Iterator[Problem]:
    """Yield what breaks the custody of one target's evidence, or of the whole store's.

    Needs no key: an entry, capture, article, finding, note or template that was changed, deleted, added or swapped
    outside Variorum no longer fits the log. Whoever rewrites a whole chain is found by the store's links, and
    whoever rewrites those as well by an authority's stamp of one.
    """
    bound, problems = _bound(store)
    yield from problems
    targets = [of] if of is not None else list(store.custody.targets())
    if of is None:
        known = {each.id for each in targets}
        for number in store.custody.strays():
            yield Problem(
                what="custody", name=f"target {number}", detail=f"has a log and is gone: {_RESTORE}"
            )
        for name, detail in store.custody.bodies_amiss():
            yield Problem(what="body", name=name, detail=f"{detail}: {_RESTORE}")
        for number in sorted(bound.keys() - known):
            yield Problem(
                what="custody", name=f"target {number}", detail=f"was bound and is gone: {_RESTORE}"
            )
    for each in targets:
        yield from guarded(_of_target(store, each, bound.get(each.id, {})), each.url)


def _bound(store: Store) -> tuple[dict[int, dict[int, str]], list[Problem]]:
    """Return the hashes that the store's links bind, by target and position, and what is wrong with the links."""
    bound: dict[int, dict[int, str]] = {}
    problems = []
    position, previous = 0, ""
    for link in store.custody.heads():
        if link.position != position + 1 or link.previous != previous or not link.is_sound:
            detail = f"is not what was written, or does not follow the one before: {_RESTORE}"
            problems.append(Problem(what="custody", name=f"link {link.position}", detail=detail))
        else:
            for number, (place, digest) in link.bound.items():
                # The first link stands: a chain that was written anew is bound by the next one as well.
                if bound.setdefault(number, {}).setdefault(place, digest) != digest:
                    detail = f"binds another entry {place} of target {number} than a link before: {_RESTORE}"
                    problems.append(Problem(what="custody", name=f"link {link.position}", detail=detail))
        position, previous = link.position, link.hash
    if store.custody.newest() != (f"{position} {previous}" if position else None):
        detail = f"is not the last that was made: the chain was cut short or added to: {_RESTORE}"
        problems.append(Problem(what="custody", name=f"link {position}", detail=detail))
    return bound, problems


def _of_target(store: Store, of: Target, bound: dict[int, str]) -> Iterator[Problem]:
    """Yield what is wrong with one chain, and with the rows that it answers for."""
    expected: dict[str, str | None] = {}
    position, newest = 0, ""
    for entry in store.custody.of(of):
        yield from _of_entry(entry, of, position)
        if bound.pop(entry.position, entry.hash) != entry.hash:
            yield _problem(of, entry.position, "is another than the store's chain bound")
        facts = entry.facts
        for name, digest in _names(facts.get(WAS)).items():
            if expected.get(name) != digest:
                yield _row_problem(of, name, f"was altered before entry {entry.position} wrote it again")
        expected |= _names(facts.get(THINGS))
        position, newest = entry.position, entry.hash
    for place in bound:
        yield _problem(of, place, "was bound by the store's chain and is missing")
    if store.custody.tip(of) != ((position, newest) if position else None):
        yield _problem(of, position, "is not the last that was written: the log was cut short or added to")
    for name, digest in store.custody.standing(of):
        if name not in expected:
            yield _row_problem(of, name, "stands in no entry of the log: it was not written by Variorum")
        elif expected.pop(name) != digest:
            yield _row_problem(of, name, "is not what the log says was written")
    for name, missing in expected.items():
        if missing is not None:
            yield _row_problem(of, name, "is missing, though no entry of the log deletes it")


def _names(things: object) -> dict[str, str | None]:
    """Return digests by name, none where they are of another form."""
    return things if isinstance(things, dict) else {}


def _of_entry(entry: Entry, of: Target, position: int) -> Iterator[Problem]:
    if entry.position != position + 1:
        yield _problem(of, entry.position, f"follows entry {position}: what was between them is missing")
    if not entry.is_sound:
        yield _problem(of, entry.position, "is not what was written, or does not follow the entry before it")
    elif entry.position == 1 and entry.facts.get("url") != of.url:
        yield _problem(of, 1, "is of another address than its page has now")


def _problem(of: Target, position: int, detail: str) -> Problem:
    return Problem(what="custody", name=f"{of.url} entry {position}", detail=f"{detail}: {_RESTORE}")


def _row_problem(of: Target, name: str, detail: str) -> Problem:
    what, _, number = name.partition(" ")
    return Problem(what=what, name=f"{of.url} {number}".rstrip(), detail=f"{detail}: {_RESTORE}")
