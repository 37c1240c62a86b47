"""Writes a whole store as a Frictionless data package, target by target, as CSV or Parquet."""

import hashlib
import importlib.util
import json
import os
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, Self

from crawler.errors import ConfigError, InputError, PublishError, how_to_install
from crawler.publish import Page
from diffs.reports.dataset import RESOURCES, Resource, schema_of
from diffs.reports.safe import visible
from diffs.reports.tables import cell_of

DATASET_FORMATS = ("csv", "parquet")
_PACKAGE = "datapackage.json"
_NAME = "variorum"
_EXTRA = f"Parquet needs pyarrow: {how_to_install('parquet')}."
# Rows that are held before they are written as one group: some 20 MB of versions with 5 KB of text (2026-11-28).
_GROUP = 4000
_MEDIA_TYPES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}


class _Table(Protocol):
    """A file that takes rows."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *reason: object) -> None: ...

    def write(self, rows: Iterable[list[object]]) -> None:
        """Add rows, a value for each column."""


class _Csv:
    """CSV in which no spreadsheet finds formulas or dates."""

    def __init__(self, path: Path, resource: Resource) -> None:
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._file.write(",".join(one.name for one in resource.fields) + "\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self._file.close()

    def write(self, rows: Iterable[list[object]]) -> None:
        for row in rows:
            self._file.write(",".join(map(cell_of, row)) + "\n")


class _Parquet:
    """Parquet with the types of the schema; times are in UTC, to the second."""

    def __init__(self, path: Path, resource: Resource) -> None:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        import pyarrow.parquet as pq  # noqa: PLC0415 - likewise

        types = {
            "string": pa.string(),
            "integer": pa.int64(),
            "number": pa.float64(),
            "boolean": pa.bool_(),
            "datetime": pa.timestamp("s", tz="UTC"),
        }
        self._kinds = [one.type for one in resource.fields]
        self._schema = pa.schema(
            [
                pa.field(
                    one.name, types[one.type], metadata={"description": one.meaning, "unit": one.unit or ""}
                )
                for one in resource.fields
            ]
        )
        self._batch = pa.RecordBatch.from_arrays
        self._array = pa.array
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._held: list[Sequence[object]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self._flush()
        self._writer.close()

    def write(self, rows: Iterable[list[object]]) -> None:
        for row in rows:
            self._held.append([_typed(value, kind) for value, kind in zip(row, self._kinds, strict=True)])
            if len(self._held) >= _GROUP:
                self._flush()

    def _flush(self) -> None:
        if self._held:
            columns = zip(*self._held, strict=True)
            arrays = [
                self._array(list(one), type=field.type)
                for one, field in zip(columns, self._schema, strict=True)
            ]
            self._writer.write_batch(self._batch(arrays, schema=self._schema))
            self._held = []


def _typed(value: object, kind: str) -> object:
    """Return a value as its column has it; text keeps its line breaks and nothing else that does not print."""
    if value is None:
        return None
    if kind == "datetime":
        return datetime.fromisoformat(str(value))
    if kind == "string":
        return "\n".join(map(visible, str(value).split("\n")))
    return value


def _open(stack: ExitStack, path: Path, resource: Resource, form: str) -> _Table:
    if form == "csv":
        return stack.enter_context(_Csv(path, resource))
    return stack.enter_context(_Parquet(path, resource))


def write_dataset(pages: Iterable[Page], folder: Path, *, form: str) -> tuple[list[Path], int]:
    """Write captures, versions, claims and changes of all targets, with `datapackage.json` that documents each column.

    Targets are taken one at a time, so that memory does not grow with their number. The files appear when all of them
    are whole. Only files that an earlier package in the folder names are overwritten, or deleted where the new one has
    no use for them.

    Args:
        pages: What is known of each target, and what readers noted on it.
        folder: Where to write; made if it is not there.
        form: `csv` or `parquet`.

    Returns:
        The files, and how many changes they hold.

    Raises:
        InputError: There is no such form.
        ConfigError: Parquet is asked for and pyarrow is not installed.
        PublishError: The folder cannot be written, or holds files of these names that no package of ours names.
    """
    if form not in DATASET_FORMATS:
        raise InputError(
            f"a data package is {' or '.join(DATASET_FORMATS)}, not {form}: choose with --format"
        )
    if form == "parquet" and importlib.util.find_spec("pyarrow") is None:
        raise ConfigError(_EXTRA)
    if folder.exists() and not folder.is_dir():
        raise PublishError(f"{folder} is a file, not a folder: name a folder with --out")
    made = {one.name: folder / f".{one.name}.{form}.tmp" for one in RESOURCES}
    made[_PACKAGE] = folder / f".{_PACKAGE}.tmp"
    before = _written_before(folder)
    names = [*(f"{one.name}.{form}" for one in RESOURCES), _PACKAGE]
    strange = [name for name in names if name not in before and os.path.lexists(folder / name)]
    if strange:
        raise PublishError(
            f"{folder / strange[0]} is there already and of no data package written before: name another folder with "
            "--out, or move the file away"
        )
    changes = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            tables = {one.name: _open(stack, made[one.name], one, form) for one in RESOURCES}
            for page in pages:
                changes += sum(len(step.changes) for step in page.history.transitions)
                for one in RESOURCES:
                    tables[one.name].write(one.rows(page.history, page.notes))
        package = json.dumps(_package(made, form), ensure_ascii=False, indent=1)
        made[_PACKAGE].write_text(f"{package}\n", encoding="utf-8")
        paths = [folder / name for name in names]
        for scratch, path in zip(made.values(), paths, strict=True):
            os.replace(scratch, path)  # noqa: PTH105 - one atomic step
        for name in before.difference(names):
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise PublishError(
            f"cannot write the data package to {folder}: {error.strerror or error}; choose another folder with --out"
        ) from error
    finally:
        for scratch in made.values():
            scratch.unlink(missing_ok=True)
    return paths, changes


def _written_before(folder: Path) -> set[str]:
    """Return the names of the files of the data package that the folder holds; of any other's package none."""
    try:
        known = json.loads((folder / _PACKAGE).read_text(encoding="utf-8"))
        named = {str(one["path"]) for one in known["resources"]} if known["name"] == _NAME else set()
    except (OSError, ValueError, TypeError, KeyError):
        return set()
    ours = {f"{one.name}.{form}" for one in RESOURCES for form in DATASET_FORMATS}
    return (named & ours) | {_PACKAGE} if named else set()


def _package(made: dict[str, Path], form: str) -> dict[str, Any]:
    """Return the descriptor of the package (Frictionless Data Package, version 1)."""
    tabular = form == "csv"
    resources = []
    for one in RESOURCES:
        with made[one.name].open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        resource = {
            "name": one.name,
            "title": one.title,
            "path": f"{one.name}.{form}",
            "format": form,
            "mediatype": _MEDIA_TYPES[form],
            "bytes": made[one.name].stat().st_size,
            "hash": f"sha256:{digest}",
            "schema": schema_of(one),
        }
        resources.append(
            {"profile": "tabular-data-resource", "encoding": "utf-8"} | resource if tabular else resource
        )
    return {
        "profile": "tabular-data-package" if tabular else "data-package",
        "name": _NAME,
        "title": "What news pages said, when, and what was changed",
        "description": (
            "Captures, versions, casualty claims and changes of tracked pages. Times are UTC; a change lies between two "
            "captures."
            + (
                " A cell that a spreadsheet would take for a formula or a date begins with '."
                if tabular
                else ""
            )
        ),
        "resources": resources,
    }
