"""Writes Parquet by pyarrow (the extra `parquet`), with the fields of records, and times in milliseconds UTC."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, BinaryIO, Final

import msgspec
import pyarrow as pa
from msgspec import inspect
from pyarrow import parquet

from letrics.records import Company, Contact, ContactBody, Kind, time_fields, types_of

GROUP: Final = 20_000
"""Rows per row group, which are held in memory. The footer describes every group, so fewer groups are better."""

_TIMES: Final = frozenset((*time_fields(Company), *time_fields(ContactBody)))


class ParquetWriter:
    """Converts documents to columns when they are encoded, and writes a row group when there are `GROUP` rows."""

    def __init__(self, out: BinaryIO, kind: Kind, members: Sequence[str] | None = None) -> None:
        self._schema = _schema(kind, members)
        self._file = parquet.ParquetWriter(out, self._schema, compression="zstd")
        self._held: list[Any] = []
        self._rows = 0

    def encode(self, documents: Sequence[bytes]) -> pa.RecordBatch:
        rows = msgspec.json.decode(b"[%s]" % b",".join(documents))
        if len(rows) != len(documents):
            raise ValueError("a document is not a single JSON value")
        for row in rows:
            _with_times(row)
            if row.get("company") is not None:
                _with_times(row["company"])
        return pa.RecordBatch.from_pylist(rows, self._schema)

    def write(self, encoded: pa.RecordBatch) -> None:
        self._held.append(encoded)
        self._rows += len(encoded)
        if self._rows >= GROUP:
            self._write_group()

    def finish(self) -> None:
        if self._rows:
            self._write_group()
        self._file.close()

    def _write_group(self) -> None:
        self._file.write_table(pa.Table.from_batches(self._held, self._schema), row_group_size=max(self._rows, 1))
        self._held, self._rows = [], 0


def _with_times(record: dict[str, Any]) -> None:
    for name in _TIMES:
        if record.get(name) is not None:
            record[name] = datetime.fromisoformat(record[name])


def _schema(kind: Kind, members: Sequence[str] | None) -> pa.Schema:
    """The schema with one column per field, in the order of `members`. A contact's company is a struct."""
    company = {field.name: field for field in _fields(Company)}
    if kind == "companies":
        return pa.schema([company[name] for name in dict.fromkeys(company if members is None else members)])
    known = {field.name: field for field in _fields(Contact)}
    if members is None:
        members = (*known, "company")
    dotted = dict.fromkeys(name.removeprefix("company.") for name in members if name.startswith("company."))
    within = company if "company" in members else dotted
    known["company"] = pa.field("company", pa.struct([company[name] for name in within]))
    return pa.schema([known[name] for name in dict.fromkeys(name.partition(".")[0] for name in members)])


def _fields(record: type[Company | Contact]) -> list[pa.Field]:
    return [
        pa.field(name, pa.timestamp("ms", "UTC") if name in _TIMES else _type(inspect.type_info(of)))
        for name, of in types_of(record).items()
        if name != "company"
    ]


def _type(of: inspect.Type) -> pa.DataType:
    """The Parquet type of a record field, list item or part of an object."""
    match of:
        case inspect.UnionType(types=(some, inspect.NoneType())):
            return _type(some)
        case inspect.VarTupleType(item_type=item):
            return pa.list_(_type(item))
        case inspect.StructType(fields=parts):
            return pa.struct([pa.field(part.name, _type(part.type)) for part in parts])
        case inspect.BoolType():
            return pa.bool_()
        case inspect.IntType():
            return pa.int64()
    return pa.string()
