"""Which changes rest on a capture: those whose step it bounds."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from diffs.model import Citation, EvidenceFinding, History

_Key = tuple[datetime, str, str]


def with_evidence(history: History, found: Iterable[EvidenceFinding]) -> History:
    """Return a history with findings about its captures, each with the changes that rest on the capture.

    Args:
        history: The history.
        found: What was found, in order of time.
    """
    shown = {_key(one.capture): one.capture for one in history.observations}
    resting: dict[_Key, list[str]] = {}
    for step in history.transitions:
        for end in {_key(step.interval.after), _key(step.interval.until)}:
            resting.setdefault(end, []).extend(change.id for change in step.changes)
    findings = tuple(
        replace(
            one,
            capture=shown.get(_key(one.capture), one.capture),
            changes=tuple(resting.get(_key(one.capture), ())),
        )
        for one in found
    )
    return replace(history, evidence=findings)


def _key(capture: Citation) -> _Key:
    return capture.at, capture.archive, capture.url
