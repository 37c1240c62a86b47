"""Chooses the pages of a site from which a target's furniture is learnt."""

from collections import defaultdict

from crawler.archive.urlkey import site_of, urlkey_of
from crawler.model import StoredCapture, Target
from crawler.parser import Template
from crawler.store import Store
from diffs.model import Outcome

FEWEST = 3
MOST = 12
# A template learnt from another season's pages tells little: sites are redesigned every year or two.
DAYS = 120


class Neighbourhood:
    """The sites of a store, read once, and what each target's neighbours teach.

    Args:
        store: Where the pages are kept.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._sites: dict[str, list[Target]] = defaultdict(list)
        for target in store.targets.all(include_untracked=True):
            self._sites[site_of(urlkey_of(target.url))].append(target)

    def template_for(self, target: Target) -> Template | None:
        """Learn from the other targets of the same site, in the time of this one's captures.

        The choice depends on what the store holds alone, not on the order in which it came: of each other
        target the capture nearest to the middle of this target's, the nearest dozen of those.

        Returns:
            What they share, or None where fewer than three others are known from that time.

        Raises:
            StoreError: A body is missing or damaged.
        """
        own = [seen.capture.at for seen in self._store.captures.of(target, outcome=Outcome.FETCHED)]
        if not own:
            return None
        middle = own[len(own) // 2]
        found: list[tuple[float, str, StoredCapture]] = []
        for other in self._sites[site_of(urlkey_of(target.url))]:
            if other.id != target.id:
                read = self._store.captures.of(other, outcome=Outcome.FETCHED)
                near = min(
                    read, key=lambda seen: abs((seen.capture.at - middle).total_seconds()), default=None
                )
                if near is not None:
                    distance = abs((near.capture.at - middle).total_seconds())
                    if distance <= DAYS * 86_400:
                        found.append((distance, other.url, near))
        if len(found) < FEWEST:
            return None
        chosen = sorted(found, key=lambda each: each[:2])[:MOST]
        return Template.learn(
            (url, self._store.bodies.read(seen.sha256)) for _, url, seen in chosen if seen.sha256
        )
