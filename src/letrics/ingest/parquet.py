"""Parquet reader, with pyarrow (the extra `parquet`). A null cell is an explicit null; times without a zone are UTC."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from letrics.ingest.memory_limit import bounded_memory
from letrics.ingest.rows import DamagedFile, FileRow, Members, RowProblem, UnreadableFile
from letrics.normalize.time import format_time

if TYPE_CHECKING:
    import pyarrow as pa

MAGIC: Final = b"PAR1"
_ROWS: Final = 2000
"""The maximum number of rows in memory at a time."""
_MEMORY_BYTES: Final = 1 << 30
"""The maximum memory for reading the next rows, in bytes. Programs write pages of about 1 MiB."""
_BYTES: Final = 32 << 20
"""The approximate size of the rows in memory at a time, in bytes."""


class ParquetReader:
    """Iterable of the rows of a Parquet file. `done` of `total` rows have been read.

    `example` is a row of nulls with all objects, which shows the names in them.
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        try:
            import pyarrow as pa
            from pyarrow.parquet import ParquetFile
        except ImportError:
            raise UnreadableFile(f"{name}: reading Parquet needs pyarrow: pip install letrics[parquet]") from None
        self.name = name
        self._error: type[Exception] = pa.ArrowException
        try:
            self._file = ParquetFile(stream)
            self.columns: list[str] = list(self._file.schema_arrow.names)
        except UnicodeDecodeError as error:
            raise UnreadableFile(f"{name}: the name of a column is not UTF-8: write the file again") from error
        except (pa.ArrowException, OSError) as error:
            raise UnreadableFile(f"{name}: is not a complete Parquet file: it is damaged or truncated") from error
        twice = sorted({column for column, count in Counter(self.columns).items() if count > 1})
        if twice:
            raise UnreadableFile(f"{name}: has two columns named {twice[0][:100]}: rename one of them")
        self.example: Members = {field.name: _example(field.type) for field in self._file.schema_arrow}
        self.total: int = self._file.metadata.num_rows
        self.done = 0

    def __iter__(self) -> Iterator[FileRow]:
        batches = self._file.iter_batches(batch_size=self._rows_at_once())
        while True:
            try:
                with bounded_memory(_MEMORY_BYTES):  # pages can be larger than the file says
                    batch = next(batches, None)
            except MemoryError:
                more = f"a part after row {self.done:,} needs more than {_MEMORY_BYTES >> 20:,} MiB of memory"
                raise DamagedFile(f"{self.name}: {more}: write the file with smaller pages") from None
            except (self._error, OSError) as error:
                raise DamagedFile(f"{self.name}: the file is damaged from row {self.done + 1:,} on") from error
            if batch is None:
                return
            # Dictionary-encoded values take more memory than in the file, so a batch can still be too large.
            step = max(1, min(batch.num_rows, batch.num_rows * _BYTES // max(batch.nbytes, 1)))
            for start in range(0, batch.num_rows, step):
                yield from self._rows(_with_plain_times(batch.slice(start, step)))

    def _rows_at_once(self) -> int:
        """Return the number of rows that take about _BYTES in the row group with the longest rows."""
        groups = map(self._file.metadata.row_group, range(self._file.metadata.num_row_groups))
        longest = max((group.total_byte_size // max(group.num_rows, 1) for group in groups), default=0)
        return max(1, min(_ROWS, _BYTES // max(longest, 1)))

    def _rows(self, batch: pa.RecordBatch) -> Iterator[FileRow]:
        try:
            rows: list[Members | None] = batch.to_pylist()
        except (UnicodeDecodeError, ValueError, OverflowError):
            rows = [_alone(batch, place) for place in range(batch.num_rows)]
        for members in rows:
            self.done += 1
            if members is None:
                problem = RowProblem(None, "the row contains text that is not UTF-8, or a value out of range")
                yield FileRow(self.done, {}, None, problem)
                continue
            for name, value in members.items():
                if value is not None and type(value) is not str:
                    members[name] = _plain(value)
            yield FileRow(self.done, members, members)


def _example(type: pa.DataType) -> Any:
    """A value of a column with the names of all objects in it; None for a column without objects."""
    import pyarrow as pa

    if pa.types.is_struct(type):
        return {field.name: _example(field.type) for field in type}
    if pa.types.is_list(type) or pa.types.is_large_list(type):
        item = _example(type.value_type)
        return None if item is None else [item]
    return None


def _alone(batch: pa.RecordBatch, place: int) -> Members | None:
    try:
        row: Members = batch.slice(place, 1).to_pylist()[0]
    except (UnicodeDecodeError, ValueError, OverflowError):
        return None
    return row


def _with_plain_times(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Convert timestamp columns to text in the stored format, truncated to milliseconds."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for place, column in enumerate(batch.schema):
        if pa.types.is_timestamp(column.type):
            bare = pc.cast(batch.column(place), pa.timestamp("ms", column.type.tz), safe=False).cast(pa.int64())
            texts = [_time(value) for value in bare.to_pylist()]
            batch = batch.set_column(place, column.name, pa.array(texts, pa.string()))
    return batch


def _time(milliseconds: int | None) -> str | None:
    if milliseconds is None:
        return None
    try:
        return format_time(milliseconds)
    except OverflowError:
        return f"{milliseconds} ms"  # outside the years 1 to 9999: the mapper rejects it with a reason


def _plain(value: Any) -> Any:
    """Convert a value to one that JSON can represent: NaN to None, decimals to numbers or text, dates to text."""
    if type(value) is float:
        return None if math.isnan(value) else int(value) if value.is_integer() else value
    if type(value) is list:
        return [_plain(item) for item in value]
    if type(value) is dict:
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value
