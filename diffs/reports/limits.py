"""What a report leaves out of a page that gives more figures than are held against each other."""

from diffs.changes.readings import claims_of
from diffs.history.contradictions import MOST_FOUND, names_all
from diffs.model import History
from diffs.reports.counts import MOST_FOLLOWED
from diffs.reports.document import Line, line
from diffs.reports.series import follows_all, trusted
from diffs.reports.wording import listed

_MOST_NAMED = 5


def limit_lines(history: History) -> list[Line]:
    """Return a sentence for each limit of a report that a history reached; nothing for any honest page seen so far.

    Tolls and disagreements are the two things of which a page can hold more than are looked at: every change between two versions is
    listed whatever is followed.
    """
    lines: list[Line] = []
    if not follows_all(history):
        lines.append(
            line(f"Only {MOST_FOLLOWED} tolls are followed; of any further one only its changes are listed.")
        )
    # A version has at most as many pairs as its claims make: few reach the limit, and only these are looked at.
    long = [
        str(one.number)
        for one in trusted(history)
        if len(claims_of(one.article)) ** 2 > 2 * MOST_FOUND and not names_all(one.article)
    ]
    if long:
        rest = [f"{len(long) - _MOST_NAMED:,} more"] if len(long) > _MOST_NAMED else []
        which = listed([*long[:_MOST_NAMED], *rest])
        lines.append(
            line(
                f"Of version {which} no more than {MOST_FOUND} pairs of figures that disagree are named: not all were compared."
            )
        )
    return lines
