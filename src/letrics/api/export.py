"""Whole results as one stream: the engine's hits window by window, their documents slice by slice, in constant memory.

The walk is that of a cursor: a record that matches throughout is met exactly once, whatever changes meanwhile. No slice
takes more than a few milliseconds, and other requests are served between any two.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from letrics.api.answer import Answer
from letrics.api.backends import Backends
from letrics.api.call import Call
from letrics.api.querystring import Problems, read_parameters
from letrics.api.reading import Asked
from letrics.engines.base import Window
from letrics.export.writers import FORMATS, PARQUET_EXTRA, ExportFormat, is_available, make_writer
from letrics.query import Request
from letrics.query.values import shown
from letrics.records import Kind
from letrics.store.base import StoreReplaced

if TYPE_CHECKING:
    from typing_extensions import Buffer

MEDIA_TYPES: Final[dict[ExportFormat, bytes]] = {
    "jsonl": b"application/x-ndjson",
    "csv": b"text/csv; charset=utf-8; header=present",
    "parquet": b"application/vnd.apache.parquet",
}
"""CSV by RFC 4180; Parquet as registered with IANA; JSON Lines have no registered type."""

NOT_AVAILABLE: Final = f"Parquet export is not available on this server: install {PARQUET_EXTRA}"
"""Said where Parquet is asked for and pyarrow is not installed."""

_WINDOW: Final = 2000
"""Hits asked of the engine at a time: each time costs the search anew."""
_SLICE: Final = 25
"""Documents in memory at a time. Where the disk has to be asked for each, others wait for no more of them."""


class Export:
    """`export` of one kind of record."""

    def __init__(self, kind: Kind, backends: Backends) -> None:
        self.kind = kind
        self._engine = backends.engine
        self._store = backends.store

    async def post(self, call: Call) -> Answer:
        """Every record a search finds, as a file."""
        format, problems = _format(call.query)
        asked = await Asked.by_post(call, problems)
        if "format" in asked.given:
            problems["format"] = "format goes into the query string: send it as ?format=csv"
        request = await asked.parse(self.kind, paging=False, beside=("order", "fields"))
        parts = self._parts(request, format)
        first = await anext(parts, b"")  # what fails at once is told as usual
        name = f'attachment; filename="{self.kind}.{format}"'.encode()
        return Answer(first, media_type=MEDIA_TYPES[format], headers=[(b"content-disposition", name)], stream=parts)

    async def _parts(self, request: Request, format: ExportFormat) -> AsyncGenerator[bytes, None]:
        sink = _Sink()
        writer = make_writer(self.kind, format, cast("BinaryIO", sink), request.members)
        async with aclosing(self._walk(request)) as walk:
            async for documents in walk:
                if format == "parquet":  # a row group takes long, and most of it without the interpreter's lock
                    await asyncio.to_thread(writer.write, documents)
                else:
                    writer.write(documents)
                if part := sink.take():
                    yield part
                await asyncio.sleep(0)
        await asyncio.to_thread(writer.finish)
        if part := sink.take():
            yield part

    async def _walk(self, request: Request) -> AsyncGenerator[list[bytes], None]:
        window = Window(request.order, 0, None, _WINDOW)
        log: str | None = None
        while True:
            hits = await self._engine.search(request.query, window)
            if hits.position is not None:
                if log not in (None, hits.position.log):  # the window begins after a num of the other
                    raise StoreReplaced("the database was replaced by another one during the export")
                log = hits.position.log
            for start in range(0, len(hits.nums), _SLICE):
                found = self._store.documents(self.kind, hits.nums[start : start + _SLICE], hits.position)
                yield [document for document in found if document is not None]
            if not hits.more:
                return
            window = Window(request.order, 0, hits.nums[-1], _WINDOW)


class _Sink(io.RawIOBase):
    """Holds what is written until it is taken."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer) -> int:
        written = bytes(data)
        self._held.append(written)
        return len(written)

    def take(self) -> bytes:
        taken = b"".join(self._held)
        self._held.clear()
        return taken


def _format(query: bytes) -> tuple[ExportFormat, Problems]:
    """The format asked for, and what is wrong with the query string."""
    given, problems = read_parameters(query, "format")
    asked = given.get("format", "jsonl")
    for format in FORMATS:
        if format == asked:
            if not is_available(format):
                problems["format"] = NOT_AVAILABLE
            return format, problems
    problems["format"] = f"format {shown(asked)} must be one of {', '.join(FORMATS)}"
    return "jsonl", problems
