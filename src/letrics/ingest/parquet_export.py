"""Parquet written by pyarrow (the extra `parquet`): members as they are in records, times in milliseconds UTC."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import msgspec

from letrics.ingest.rows import UnreadableFile
from letrics.records import Company, Contact, Email, Kind, Place

if TYPE_CHECKING:
    import pyarrow as pa

_INTEGERS: Final = ("employees", "founded_year")
_TIMES: Final = ("first_seen_at", "added_at", "updated_at")


class ParquetWriter:
    """Writes one row group for each call of `write`."""

    def __init__(self, out: BinaryIO, kind: Kind) -> None:
        try:
            from pyarrow.parquet import ParquetWriter as Arrow
        except ImportError:
            raise UnreadableFile("writing Parquet needs pyarrow: pip install letrics[parquet]") from None
        self._schema = _schema(kind)
        self._file = Arrow(out, self._schema, compression="zstd")

    def write(self, documents: Sequence[bytes]) -> None:
        import pyarrow as pa

        rows = msgspec.json.decode(b"[%s]" % b",".join(documents))
        for row in rows:
            _with_times(row)
            if "company" in row:
                _with_times(row["company"])
        self._file.write_table(pa.Table.from_pylist(rows, self._schema))

    def finish(self) -> None:
        self._file.close()


def _with_times(record: dict[str, Any]) -> None:
    for name in _TIMES:
        if record.get(name) is not None:
            record[name] = datetime.fromisoformat(record[name])


def _schema(kind: Kind) -> pa.Schema:
    import pyarrow as pa

    company = _fields(Company)
    if kind == "companies":
        return pa.schema(company)
    return pa.schema([*_fields(Contact), pa.field("company", pa.struct(company), nullable=False)])


def _fields(record: type[Company | Contact]) -> list[pa.Field]:
    import pyarrow as pa

    def texts(struct: type[msgspec.Struct]) -> pa.DataType:
        return pa.list_(pa.struct([pa.field(name, pa.string()) for name in struct.__struct_fields__]))

    special = {
        "emails": texts(Email), "locations": texts(Place), "is_decision_maker": pa.bool_(),
        **dict.fromkeys(("functions", "industries", "technologies"), pa.list_(pa.string())),
        **dict.fromkeys(_INTEGERS, pa.int64()),
        **dict.fromkeys(_TIMES, pa.timestamp("ms", "UTC")),
    }  # fmt: skip
    names = [name for name in record.__struct_fields__ if name != "company"]
    return [pa.field(name, special.get(name, pa.string())) for name in names]
