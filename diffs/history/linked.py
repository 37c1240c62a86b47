"""Changes of the words under which other pages link an article."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby, pairwise

from diffs.changes import changes_between
from diffs.model import Article, LinkedChange, LinkedHeadline, digest_of


def linked_changes(linked: Sequence[LinkedHeadline]) -> tuple[LinkedChange, ...]:
    """Return what changed from each wording to the next one of the same source, in order of time.

    A wording that comes back is a change as well. Two sources that word a link differently are no change.

    Args:
        linked: The wordings, in any order.
    """
    ordered = sorted(linked, key=lambda one: (one.source, one.first.at))
    seen: Counter[tuple[str, str, str]] = Counter()
    found = []
    for source, wordings in groupby(ordered, key=lambda one: one.source):
        for before, after in pairwise(wordings):
            if before.headline == after.headline:
                continue
            key = (source, before.headline, after.headline)
            seen[key] += 1
            found.append(
                LinkedChange(
                    id=f"linked-{digest_of(*key, str(seen[key]))[:16]}",
                    before=before,
                    after=after,
                    changes=changes_between(
                        Article.from_text(before.headline), Article.from_text(after.headline)
                    ),
                )
            )
    return tuple(sorted(found, key=lambda one: (one.after.first.at, one.id)))
