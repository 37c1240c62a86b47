"""Parquet files written and read a few rows at a time; a door to pyarrow, which is an extra."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from crawler.errors import ConfigError, InputError, PublishError, how_to_install

EXTRA = f"Parquet needs pyarrow: {how_to_install('parquet')}."
# Rows, and bytes of text, that are held before they are written as one group: a page's article takes 10 to 60 KB
# as JSON (2026-11-28, made pages of 90 KB), so that some 10 MB are held at most.
ROWS = 512
CHARACTERS = 8_000_000


def require_parquet() -> None:
    """Fail where pyarrow is not installed.

    Raises:
        ConfigError: It is not; the message says how to install it.
    """
    if importlib.util.find_spec("pyarrow") is None:
        raise ConfigError(EXTRA)


class ColumnWriter:
    """Writes rows to a Parquet file that appears when it is whole; a context manager.

    Args:
        path: The file.
        columns: Name and kind of each column: `text`, `integer`, `number`, `flag` or `time` (microseconds, UTC).

    Raises:
        ConfigError: pyarrow is not installed.
        PublishError: The file cannot be written.
    """

    def __init__(self, path: Path, columns: Mapping[str, str]) -> None:
        require_parquet()
        import pyarrow as pa  # noqa: PLC0415 - an extra
        import pyarrow.parquet as pq  # noqa: PLC0415 - likewise

        kinds = {
            "text": pa.string(),
            "integer": pa.int64(),
            "number": pa.float64(),
            "flag": pa.bool_(),
            "time": pa.timestamp("us", tz="UTC"),
        }
        self.path, self._scratch = path, path.with_name(f".{path.name}.{os.getpid()}.tmp")
        self._schema = pa.schema([pa.field(name, kinds[kind]) for name, kind in columns.items()])
        self._batch, self._array = pa.RecordBatch.from_arrays, pa.array
        self._rows: list[Sequence[Any]] = []
        self._characters = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = pq.ParquetWriter(self._scratch, self._schema, compression="zstd")
        except OSError as error:
            raise unwritable(path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *reason: object) -> None:
        try:
            if kind is None:
                self._flush()
            self._writer.close()
            if kind is None:
                os.replace(self._scratch, self.path)  # noqa: PTH105 - one atomic step
        except OSError as error:
            raise unwritable(self.path, error) from error
        finally:
            self._scratch.unlink(missing_ok=True)

    def write(self, row: Sequence[Any]) -> None:
        """Add a row, a value for each column.

        Raises:
            PublishError: The file cannot be written.
        """
        self._rows.append(row)
        self._characters += sum(len(value) for value in row if isinstance(value, str))
        if len(self._rows) >= ROWS or self._characters >= CHARACTERS:
            try:
                self._flush()
            except OSError as error:
                raise unwritable(self.path, error) from error

    def _flush(self) -> None:
        if not self._rows:
            return
        columns = zip(*self._rows, strict=True)
        arrays = [
            self._array(list(one), type=field.type) for one, field in zip(columns, self._schema, strict=True)
        ]
        self._writer.write_batch(self._batch(arrays, schema=self._schema))
        self._rows, self._characters = [], 0


def rows_in(path: Path, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a Parquet file with these columns, holding one group of them at a time.

    Raises:
        ConfigError: pyarrow is not installed.
        InputError: It is no such file.
    """
    require_parquet()
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.parquet as pq  # noqa: PLC0415 - likewise

    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=ROWS, columns=list(columns)):
                yield from batch.to_pylist()
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{path} cannot be read as Parquet: {error}. Make it again.") from error


def unwritable(path: Path, error: OSError) -> PublishError:
    """Return what to raise where a file cannot be written."""
    return PublishError(
        f"{path} cannot be written: {error.strerror or error}. Name another place with --out."
    )
