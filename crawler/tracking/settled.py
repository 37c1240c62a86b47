"""Remembers targets about which nothing is left to do, so that a look that finds nothing new computes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from crawler.model import Target
from crawler.store import Store
from crawler.store.marks import mark_of
from diffs.model import digest_of

# Kept in memory, some 300 bytes a target; those settled longest ago are forgotten first, and computed once more.
MOST = 50_000


@dataclass(frozen=True, slots=True)
class _Written:
    state: str
    files: tuple[tuple[Path, int, int], ...]


class Settled:
    """The state in which targets were last published whole, by target, in this process.

    Parser, grammar and configuration are this process's own and do not change while it runs. What other processes
    change shows in the state or in the files.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[int, _Written] = {}

    def __contains__(self, target: Target) -> bool:
        """Return whether a target was settled once; it may have changed since."""
        return target.id in self._known

    def holds(self, target: Target) -> bool:
        """Return whether a target was settled, and neither what is known of it nor its files changed since."""
        written = self._known.get(target.id)
        if written is None:
            return False
        if written.state == self.state(target) and written.files == _files(each[0] for each in written.files):
            return True
        del self._known[target.id]
        return False

    def put(self, target: Target, state: str, files: Iterable[Path]) -> None:
        """Remember that nothing is left to do.

        Args:
            target: The target.
            state: Its state before it was published; what changed during that is then seen as a change.
            files: What was written.
        """
        self._known.pop(target.id, None)
        if any(row.may_pass for row in self._store.captures.of(target)):
            return  # it is asked for again when its pause has ended
        if len(self._known) >= MOST:
            del self._known[next(iter(self._known))]
        self._known[target.id] = _Written(state, _files(files))

    def state(self, target: Target) -> str:
        """Return what is equal at two times only where the target's evidence, notes, story and coverage are."""
        return digest_of(mark_of(self._store.database, target).state)


def _files(paths: Iterable[Path]) -> tuple[tuple[Path, int, int], ...]:
    """Return each file with its time of change and size, none for those that are not there."""
    found = []
    for path in paths:
        try:
            known = path.stat()
            found.append((path, known.st_mtime_ns, known.st_size))
        except OSError:
            found.append((path, 0, -1))
    return tuple(found)
