"""The frozen records that every part of Variorum speaks in."""

from diffs.model.articles import Article, Block, BlockKind, Headlines, Removed
from diffs.model.changes import (
    Alternation,
    Change,
    ChangeKind,
    ChangeType,
    Contradiction,
    Edit,
    EditOp,
    Evidence,
    Weight,
)
from diffs.model.claims import AttributionClass, Claim, ClaimKind, Place, Polarity, Qualifier, Scope
from diffs.model.forms import digest_of, to_json
from diffs.model.histories import (
    Certainty,
    Citation,
    History,
    Interval,
    Note,
    Observation,
    Outcome,
    Revision,
    Stretch,
    Transition,
)

__all__ = [
    "Alternation",
    "Article",
    "AttributionClass",
    "Block",
    "BlockKind",
    "Certainty",
    "Change",
    "ChangeKind",
    "ChangeType",
    "Citation",
    "Claim",
    "ClaimKind",
    "Contradiction",
    "Edit",
    "EditOp",
    "Evidence",
    "Headlines",
    "History",
    "Interval",
    "Note",
    "Observation",
    "Outcome",
    "Place",
    "Polarity",
    "Qualifier",
    "Removed",
    "Revision",
    "Scope",
    "Stretch",
    "Transition",
    "Weight",
    "digest_of",
    "to_json",
]
