"""Lines of an import file, written as JSON Lines and as Parquet. A file that exists is whole."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Protocol

import msgspec


class _Sink(Protocol):
    def write(self, data: bytes, /) -> object: ...


def write(paths: Sequence[Path], chunks: Iterable[bytes]) -> None:
    """Write the same lines to each path, in the format that its ending says: .jsonl, .jsonl.gz, .parquet."""
    with ExitStack() as stack:
        sinks = [stack.enter_context(_sink(path)) for path in paths]
        for chunk in chunks:
            for sink in sinks:
                sink.write(chunk)


@contextmanager
def _sink(path: Path) -> Iterator[_Sink]:
    """Written beside and renamed at the end."""
    beside = path.with_name(path.name + ".part")
    if path.suffix == ".parquet":
        parquet = _Parquet(beside)
        yield parquet
        parquet.close()
    else:
        with (
            beside.open("wb") as plain,
            gzip.open(plain, "wb", 1) if path.suffix == ".gz" else nullcontext(plain) as file,
        ):
            yield file
    beside.rename(path)


class _Parquet:
    """Rows of JSON as rows of Parquet. Needs pyarrow."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._schema: Any = None
        self._writer: Any = None

    def write(self, data: bytes) -> None:
        from pyarrow import json, parquet

        if self._writer is None:
            self._schema = _schema(msgspec.json.decode(data[: data.index(b"\n")]))
            self._writer = parquet.ParquetWriter(self._path, self._schema, compression="zstd")
        read = json.ReadOptions(block_size=len(data) + 1)
        self._writer.write_table(
            json.read_json(io.BytesIO(data), read, json.ParseOptions(explicit_schema=self._schema))
        )

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


def _schema(row: dict[str, object]) -> Any:
    """The columns of rows such as this: times are timestamps, lists are lists."""
    import pyarrow as pa

    place = pa.struct([(name, pa.string()) for name in ("city", "region", "country")])
    plain = {bool: pa.bool_(), int: pa.int64(), list: pa.list_(pa.string())}
    return pa.schema(
        (
            name,
            pa.list_(place)
            if name == "locations"
            else pa.timestamp("ms", "UTC")
            if name.endswith("_at")
            else plain.get(type(value), pa.string()),
        )
        for name, value in row.items()
    )
