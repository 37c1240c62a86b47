"""Writes the changes of a target's history down as findings, and has what is new of them announced."""

from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from crawler.model import Target
from crawler.parser import PARSER_VERSION
from crawler.store import FindingDelta
from crawler.store.alert_records import NOTHING
from diffs.claims import GRAMMAR_VERSION
from diffs.model import History

if TYPE_CHECKING:
    from crawler.tracking.pipeline import Pipeline

# A process that keeps a body every second leaves a history of a second unrecorded at most that often.
MOST_ROUNDS = 10


def record_history(
    pipeline: "Pipeline", target: Target, *, now: datetime, announce: bool
) -> tuple[History, FindingDelta]:
    """Put a target's history together and record its changes; `Pipeline.record_history` says how.

    Args:
        pipeline: What puts it together, and the store.
        target: The target.
        now: The time (aware UTC).
        announce: Whether what is new is announced to the channels that are set.
    """
    store, alerting = pipeline.store, pipeline.alerting if announce else None
    for _ in range(MOST_ROUNDS):
        evidence = store.captures.evidence(target)
        history = pipeline.history(target)
        alerts = NOTHING if announce else None
        if alerting is not None:
            rows, announced = tuple(store.captures.of(target)), store.alerts.announced(target)
            alerts = alerting(target, history, rows, announced, now)
        delta = store.findings.record(
            target,
            chain.from_iterable(transition.changes for transition in history.transitions),
            grammar=GRAMMAR_VERSION,
            parser=PARSER_VERSION,
            now=now,
            evidence=evidence,
            alerts=alerts,
            contradictions=history.contradiction_ids,
        )
        if delta is not None:
            return history, delta
    return history, FindingDelta()
