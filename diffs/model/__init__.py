"""The frozen records that every part of Variorum speaks in."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diffs.model.articles import (
        Apart,
        Article,
        Block,
        BlockKind,
        Headlines,
        Removed,
        View,
    )
    from diffs.model.changes import (
        Alternation,
        Change,
        ChangeType,
        Contradiction,
        DeclaredBy,
        Disclosure,
        Edit,
        EditOp,
        Evidence,
    )
    from diffs.model.citations import (
        Citation,
    )
    from diffs.model.claims import (
        AttributionClass,
        Claim,
        ClaimKind,
        EventKey,
        Place,
        Polarity,
        Qualifier,
        Role,
        Scope,
        Status,
        Unit,
    )
    from diffs.model.coverage import (
        Coverage,
        Gap,
        GapCause,
        Month,
    )
    from diffs.model.forms import (
        SCHEMA_VERSION,
        digest_of,
        to_json,
    )
    from diffs.model.histories import (
        Certainty,
        Disagreement,
        History,
        Interval,
        Note,
        Observation,
        Revision,
        Stretch,
        Transition,
    )
    from diffs.model.kinds import (
        ChangeKind,
        Outcome,
        Weight,
    )
    from diffs.model.linked import (
        LinkedChange,
        LinkedHeadline,
        Sighting,
    )
    from diffs.model.witness import (
        EvidenceFinding,
        Verdict,
        Witnessed,
    )

__all__ = [
    "SCHEMA_VERSION",
    "Alternation",
    "Apart",
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
    "Coverage",
    "DeclaredBy",
    "Disagreement",
    "Disclosure",
    "Edit",
    "EditOp",
    "EventKey",
    "Evidence",
    "EvidenceFinding",
    "Gap",
    "GapCause",
    "Headlines",
    "History",
    "Interval",
    "LinkedChange",
    "LinkedHeadline",
    "Month",
    "Note",
    "Observation",
    "Outcome",
    "Place",
    "Polarity",
    "Qualifier",
    "Removed",
    "Revision",
    "Role",
    "Scope",
    "Sighting",
    "Status",
    "Stretch",
    "Transition",
    "Unit",
    "Verdict",
    "View",
    "Weight",
    "Witnessed",
    "digest_of",
    "to_json",
]

# Where each name lives: a module is loaded when its name is asked for, since a command that lists pages needs two.
_MODULES = {
    "diffs.model.articles": (
        "Apart",
        "Article",
        "Block",
        "BlockKind",
        "Headlines",
        "Removed",
        "View",
    ),
    "diffs.model.changes": (
        "Alternation",
        "Change",
        "ChangeType",
        "Contradiction",
        "DeclaredBy",
        "Disclosure",
        "Edit",
        "EditOp",
        "Evidence",
    ),
    "diffs.model.citations": ("Citation",),
    "diffs.model.claims": (
        "AttributionClass",
        "Claim",
        "ClaimKind",
        "EventKey",
        "Place",
        "Polarity",
        "Qualifier",
        "Role",
        "Scope",
        "Status",
        "Unit",
    ),
    "diffs.model.coverage": (
        "Coverage",
        "Gap",
        "GapCause",
        "Month",
    ),
    "diffs.model.forms": (
        "SCHEMA_VERSION",
        "digest_of",
        "to_json",
    ),
    "diffs.model.histories": (
        "Certainty",
        "Disagreement",
        "History",
        "Interval",
        "Note",
        "Observation",
        "Revision",
        "Stretch",
        "Transition",
    ),
    "diffs.model.kinds": (
        "ChangeKind",
        "Outcome",
        "Weight",
    ),
    "diffs.model.linked": (
        "LinkedChange",
        "LinkedHeadline",
        "Sighting",
    ),
    "diffs.model.witness": (
        "EvidenceFinding",
        "Verdict",
        "Witnessed",
    ),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import a name from its module when it is first asked for."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(_MODULE_OF[name]), name)
    globals()[name] = found
    return found
