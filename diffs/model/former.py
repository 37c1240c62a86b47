"""Changes as they were stored before 2026-11-28, when `detail` and `declared` held what are fields now."""

from typing import Any

from diffs.model.changes import DIVIDED, OTHER_EVENT, ChangeType, DeclaredBy, Disclosure
from diffs.model.kinds import ChangeKind

_ARROW = " → "
_NOTHING = "–"


def current_form(form: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON form of a stored change with today's fields; a form that has them comes back as it is.

    Args:
        form: What was stored. `detail`, `declared` and `declared_by` of an old form become fields.
    """
    if "disclosure" in form:
        return form
    fields = {
        name: value for name, value in form.items() if name not in ("detail", "declared", "declared_by")
    }
    return {**fields, "disclosure": _disclosure(form), **_facts(form)}


def _disclosure(form: dict[str, Any]) -> str:
    if form.get("declared") is None:
        return Disclosure.UNKNOWN
    if not form["declared"]:
        return Disclosure.SILENT
    return Disclosure.CORRECTION if form.get("declared_by") == DeclaredBy.NOTE else Disclosure.NEW_DATE


def _facts(form: dict[str, Any]) -> dict[str, Any]:
    """Return what the detail of an old form said, as fields."""
    detail, kind, type_ = (form.get(name) or "" for name in ("detail", "kind", "type"))
    if not detail:
        return {}
    if type_ == ChangeType.REVERTED:
        number = detail.removeprefix("revision ")
        return {"reverts_to": int(number)} if number.isascii() and number.isdigit() else {}
    if kind in (ChangeKind.HEADLINE, ChangeKind.STAMP):
        return {"places": detail.split(", ")}
    if kind in (ChangeKind.FIGURE, ChangeKind.ATTRIBUTION):
        before, _, after = detail.partition(_ARROW)
        return {"terms_before": _terms(before), "terms_after": _terms(after)}
    if kind == ChangeKind.QUOTE:
        return _speakers(form, detail)
    if kind == ChangeKind.CASUALTY:
        also = detail.partition("; ")[0].removeprefix("also in ") if detail.startswith("also in ") else ""
        return {"also_in": also.split(", ") if also else [], "other_event": OTHER_EVENT in detail}
    return {"moved": detail == "moved", "divided": detail == DIVIDED}


def _terms(side: str) -> list[str]:
    return [] if side in ("", _NOTHING) else side.split(", ")


def _speakers(form: dict[str, Any], detail: str) -> dict[str, Any]:
    if form.get("type") == ChangeType.REATTRIBUTED:
        before, _, after = detail.partition(_ARROW)
        return {"speaker_before": before, "speaker_after": after}
    return {"speaker_before" if form.get("after") is None else "speaker_after": detail}
