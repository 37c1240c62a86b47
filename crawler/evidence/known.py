"""What files were found to hold of one page while they were listed."""

from datetime import datetime

from crawler.model import Capture


class Held:
    """The captures of one page in files, noted as they are listed."""

    def __init__(self) -> None:
        self._captures: dict[Capture, None] = {}
        self._times: set[tuple[str, datetime]] = set()
        self._acts: dict[object, Capture] = {}

    def clear(self) -> None:
        """Forget them: the next page comes."""
        self._captures.clear()
        self._times.clear()
        self._acts.clear()

    def note(self, capture: Capture) -> None:
        """Note a capture that the files were found to hold."""
        self._captures[capture] = None
        self._times.add((capture.archive, capture.at))
        if capture.act:
            self._acts.setdefault(capture.act, capture)

    def holds(self, capture: Capture) -> bool:
        """Return whether the files hold what a row of the store is about, under the archive's own name."""
        return (capture.archive, capture.at) in self._times

    def like(self, capture: Capture) -> Capture | None:
        """Return a capture in the files of equal address, time and digest, whichever archive it is of, or None."""
        return self._acts.get(capture.act)

    def __len__(self) -> int:
        """How many captures the files were found to hold."""
        return len(self._captures)
