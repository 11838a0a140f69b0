"""Writes rows as JSON Lines and as Parquet. A file that exists is complete."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

import msgspec


class _Sink(Protocol):
    def write(self, data: bytes, /) -> object: ...

    def close(self) -> object: ...


def write(paths: Sequence[Path], chunks: Iterable[bytes]) -> None:
    """Write the same lines to each path, in the format of its suffix: .jsonl, .jsonl.gz or .parquet."""
    with ExitStack() as stack:
        sinks = [stack.enter_context(_sink(path)) for path in paths]
        for chunk in chunks:
            for sink in sinks:
                sink.write(chunk)


@contextmanager
def _sink(path: Path) -> Iterator[_Sink]:
    """A file that gets its name when it is complete."""
    part = path.with_name(f"{path.name}.part")
    with closing(_open(part, path.suffix)) as sink:
        yield sink
    part.rename(path)


def _open(path: Path, suffix: str) -> _Sink:
    if suffix == ".parquet":
        return _Parquet(path)
    return gzip.open(path, "wb", 1) if suffix == ".gz" else path.open("wb")


class _Parquet:
    """Turns JSON Lines into rows of Parquet. Needs pyarrow."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._schema: Any = None
        self._writer: Any = None

    def write(self, data: bytes) -> None:
        from pyarrow import json, parquet

        if self._writer is None:
            self._schema = _schema(msgspec.json.decode(data[: data.index(b"\n")]))
            self._writer = parquet.ParquetWriter(self._path, self._schema, compression="zstd")
        options = json.ParseOptions(explicit_schema=self._schema)
        self._writer.write_table(json.read_json(io.BytesIO(data), json.ReadOptions(block_size=len(data) + 1), options))

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


def _schema(row: dict[str, object]) -> Any:
    """The columns of rows like this one: times are timestamps, lists are lists."""
    import pyarrow as pa

    plain = {bool: pa.bool_(), int: pa.int64(), list: pa.list_(pa.string())}
    columns = {name: plain.get(type(value), pa.string()) for name, value in row.items()}
    columns |= {name: pa.timestamp("ms", "UTC") for name in row if name.endswith("_at")}
    if "locations" in row:
        columns["locations"] = pa.list_(pa.struct([(part, pa.string()) for part in ("city", "region", "country")]))
    return pa.schema(list(columns.items()))
