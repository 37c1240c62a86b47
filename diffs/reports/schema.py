"""The JSON Schema of the reports, generated from the records themselves."""

import dataclasses
import json
import re
import types
from datetime import datetime
from enum import StrEnum
from inspect import cleandoc
from typing import Any, Union, get_args, get_origin, get_type_hints

from diffs.model.forms import fields_of
from diffs.reports.structured import FORMAT, VERSION, Report

_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


def schema_of(record: type) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a record's JSON form, every record it holds under `$defs`."""
    definitions: dict[str, Any] = {}
    top = _schema(record, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{FORMAT}:{VERSION}",
        "title": "A Variorum report",
        **top,
        "$defs": dict(sorted(definitions.items())),
    }


def render_schema() -> str:
    """Return `docs/report.schema.json`."""
    return json.dumps(schema_of(Report), indent=2, ensure_ascii=False) + "\n"


def _schema(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _record(kind, definitions)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        definitions[kind.__name__] = {
            "type": "string",
            "enum": [item.value for item in kind],
            "description": _summary(kind),
        }
        return {"$ref": f"#/$defs/{kind.__name__}"}
    if kind is datetime:
        return {"type": "string", "format": "date-time"}
    if kind in _PLAIN:
        return {"type": _PLAIN[kind]}
    if get_origin(kind) in {Union, types.UnionType}:
        return {"anyOf": [_schema(option, definitions) for option in get_args(kind)]}
    return _array(get_args(kind), definitions)


def _array(items: tuple[Any, ...], definitions: dict[str, Any]) -> dict[str, Any]:
    if items[-1] is Ellipsis:
        return {"type": "array", "items": _schema(items[0], definitions)}
    size = len(items)
    return {
        "type": "array",
        "prefixItems": [_schema(item, definitions) for item in items],
        "minItems": size,
        "maxItems": size,
    }


def _record(record: type, definitions: dict[str, Any]) -> dict[str, Any]:
    name = record.__name__
    if name not in definitions:
        definitions[name] = {}
        hints = get_type_hints(record)
        described = _attributes(record)
        fields = fields_of(record)
        definitions[name] = {
            "type": "object",
            "description": _summary(record),
            "properties": {
                field: _schema(hints[field], definitions) | described.get(field, {}) for field in fields
            },
            "required": fields,
        }
    return {"$ref": f"#/$defs/{name}"}


def _summary(kind: type) -> str:
    return cleandoc(kind.__doc__ or "").partition("\n")[0]


def _attributes(record: type) -> dict[str, dict[str, str]]:
    section = cleandoc(record.__doc__ or "").partition("Attributes:\n")[2]
    entries = re.findall(r"^ {4}(\w+): (.*(?:\n {8}.*)*)", section, re.MULTILINE)
    return {
        name: {"description": re.sub(r"\s+", " ", words).replace("None", "null")} for name, words in entries
    }
