"""Chooses which targets are asked about together, by one question about a folder of their site."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from crawler.model import Target

# One question about a folder brings rows of strangers too; for two pages it is hardly worth them.
FEWEST = 3
# Below a page of the index, so that a folder that turns out to be too large has cost one request.
MOST_ROWS = 20_000
# An index lists captures late: Save Page Now's within a day, crawls' within days.
OVERLAP = timedelta(days=3)
# Captures that were given to the archive much later are found by asking for everything again at times.
EVERYTHING_EVERY = timedelta(days=28)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What is to be asked about one target.

    Attributes:
        target: The store's number of the target.
        addresses: Its address and its aliases.
        since: Captures from then on are enough (aware UTC), or None where all are wanted.
    """

    target: int
    addresses: tuple[str, ...]
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefixQuery:
    """One question that serves several targets.

    Attributes:
        prefix: The beginning that their addresses share, down to a slash.
        since: From when on captures are asked for (aware UTC).
        targets: The store's numbers of the targets.
    """

    prefix: str
    since: datetime
    targets: tuple[int, ...]


def since_when(target: Target, *, now: datetime) -> datetime | None:
    """Return from when on a target's captures must be asked for, or None for all there are.

    All are asked for at the first look and once in four weeks, on a day that differs from target to target.
    """
    last_look = target.last_look
    if last_look is None or now < last_look:
        return None
    turn = EVERYTHING_EVERY * (target.id % 97) / 97
    start = target.added - turn
    if (now - start) // EVERYTHING_EVERY != (last_look - start) // EVERYTHING_EVERY:
        return None
    return last_look - OVERLAP


def shared_folders(wanted: Sequence[Asking], *, avoid: Collection[str] = ()) -> list[PrefixQuery]:
    """Choose the folders worth asking about: the deepest that at least three targets share.

    A site's root is never one. Targets with an address outside a folder, or whose every capture is wanted,
    are left to be asked about alone.

    Args:
        wanted: What is to be asked.
        avoid: Folders known to hold too much, as then do those above them.
    """
    inside: dict[str, list[Asking]] = defaultdict(list)
    for asking in wanted:
        if asking.since is not None:
            for prefix in set.intersection(*(set(folders_of(url)) for url in asking.addresses)):
                inside[prefix].append(asking)
    chosen: list[PrefixQuery] = []
    served: set[int] = set()
    for prefix in sorted(inside, key=lambda each: (-each.count("/"), each)):
        members = [asking for asking in inside[prefix] if asking.target not in served]
        since = [asking.since for asking in members if asking.since is not None]
        if len(members) >= FEWEST and not any(each.startswith(prefix) for each in avoid):
            numbers = tuple(asking.target for asking in members)
            chosen.append(PrefixQuery(prefix=prefix, since=min(since), targets=numbers))
            served.update(numbers)
    return chosen


def folders_of(url: str) -> list[str]:
    """Return the folders that an address lies in, `https` or not, `www` or not, the site's root left out."""
    parts = urlsplit(url)
    host = parts.netloc.removeprefix("www.")
    steps = [step for step in parts.path.split("/") if step][:-1]
    return [f"https://{host}/{'/'.join(steps[: depth + 1])}/" for depth in range(len(steps))]
