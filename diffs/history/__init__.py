"""Many versions over time: revisions, intervals, reversions, flaps and what disagrees inside one."""

from diffs.history.contradictions import contradictions_in
from diffs.history.revisions import revisions_in
from diffs.history.timeline import history_of
from diffs.history.witnesses import reconciled

__all__ = ["contradictions_in", "history_of", "reconciled", "revisions_in"]
