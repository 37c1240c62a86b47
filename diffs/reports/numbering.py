"""The number of each finding of a report, and the place in the report to which it leads."""

from collections.abc import Iterable

from diffs.model import History
from diffs.reports.document import Jump, Line, Mark, line, listed_lines

IDS = "captures"
_WORDS = "finding"


def numbers_in(history: History) -> dict[str, int]:
    """Return under which number the evidence gives the id of each finding: 1 for the first, in order of time."""
    ids = [change.id for step in history.transitions for change in step.changes]
    ids += history.contradiction_ids
    return {name: number for number, name in enumerate(dict.fromkeys(ids), start=1)}


class FindingMarks:
    """The number of each finding of a report, and where it leads: to the words of the finding, else to its id.

    Args:
        history: Whose findings.
    """

    def __init__(self, history: History) -> None:
        self._numbers = numbers_in(history)
        self.jumps = {name: Jump(str(number), IDS) for name, number in self._numbers.items()}

    def set(self, ids: Iterable[str], heading: str) -> Line:
        """Return the marks to set behind the words of findings under a heading; their numbers lead there from now on."""
        known = sorted({self._numbers[one]: one for one in ids if one in self._numbers}.items())
        if not known:
            return ()
        for number, name in known:
            self.jumps[name] = Jump(str(number), _WORDS, heading)
        marks = listed_lines([(Mark(str(number), _WORDS),) for number, _ in known])
        return line(" Finding " if len(known) == 1 else " Findings ", marks, ".")
