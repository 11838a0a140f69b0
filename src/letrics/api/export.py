"""The endpoint `export`: streams all matches of a search as one file, in constant memory.

It reads matches from the engine in windows and their documents in slices. It pages like a cursor: a record that matches
throughout is exported exactly once, even while data changes. A slice takes a few milliseconds at most, and other
requests are served between slices.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from letrics.api.backends import Backends
from letrics.api.call import Call
from letrics.api.querystring import Problems, read_parameters
from letrics.api.request_fields import RequestFields
from letrics.api.response import ApiResponse
from letrics.engines.base import SearchRequest, Window
from letrics.export.writers import FORMATS, PARQUET_EXTRA, ExportFormat, is_available, make_writer
from letrics.query import Request
from letrics.query.request_values import shown
from letrics.records import Kind
from letrics.store.base import StoreReplaced

if TYPE_CHECKING:
    from typing_extensions import Buffer

MEDIA_TYPES: Final[dict[ExportFormat, bytes]] = {
    "jsonl": b"application/x-ndjson",
    "csv": b"text/csv; charset=utf-8; header=present",
    "parquet": b"application/vnd.apache.parquet",
}
"""The media type of each format. CSV follows RFC 4180, Parquet is registered with IANA, JSON Lines has no registered
type."""

NOT_AVAILABLE: Final = f"Parquet export is not available on this server: install {PARQUET_EXTRA}"
"""The error when a request asks for Parquet and pyarrow is not installed."""


@dataclass(frozen=True, slots=True)
class ExportSizes:
    """How much an export reads at a time.

    `window` is the number of matches read from the engine; each window runs the search again. `slice` is the number of
    documents read from the store; if each needs a disk read, other requests wait for one slice at most.
    """

    window: int = 2000
    slice: int = 25


DEFAULT_SIZES: Final = ExportSizes()
"""The sizes of a server."""


class Export:
    """The endpoint `export` of one kind of record."""

    def __init__(self, kind: Kind, backends: Backends, sizes: ExportSizes = DEFAULT_SIZES) -> None:
        self.kind = kind
        self._sizes = sizes
        self._engine = backends.engine
        self._store = backends.store

    async def post(self, call: Call) -> ApiResponse:
        """Export all matches of a search as a file."""
        format, problems = _format(call.query)
        fields = await RequestFields.by_post(call, problems)
        if "format" in fields.given:
            problems["format"] = "format is a query parameter: send it as ?format=csv"
        request = await fields.parse(self.kind, paging=False, beside=("order", "fields"))
        parts = self._parts(request, format)
        first = await anext(parts, b"")  # an early failure gets the usual error response
        name = f'attachment; filename="{self.kind}.{format}"'.encode()
        return ApiResponse(
            first, media_type=MEDIA_TYPES[format], headers=[(b"content-disposition", name)], stream=parts
        )

    async def _parts(self, request: Request, format: ExportFormat) -> AsyncGenerator[bytes, None]:
        sink = _Sink()
        writer = make_writer(self.kind, format, cast("BinaryIO", sink), request.members)
        async with aclosing(self._walk(request)) as walk:
            async for documents in walk:
                if format == "parquet":  # a row group takes long, mostly without the GIL
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
        window = Window(request.order, 0, None, self._sizes.window)
        log: str | None = None
        while True:
            hits = await self._engine.search(SearchRequest(request.query, window))
            if hits.position is not None:
                if log not in (None, hits.position.log):  # the window continues after a num of the old database
                    raise StoreReplaced("the database was replaced by another one during the export")
                log = hits.position.log
            for start in range(0, len(hits.nums), self._sizes.slice):
                nums = hits.nums[start : start + self._sizes.slice]
                found = self._store.documents(self.kind, nums, hits.position)
                yield [document for document in found if document is not None]
            if not hits.more:
                return
            window = Window(request.order, 0, hits.nums[-1], self._sizes.window)


class _Sink(io.RawIOBase):
    """A stream that buffers what is written until `take` is called."""

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
    """The requested format, and the problems of the query string."""
    given, problems = read_parameters(query, "format")
    asked = given.get("format", "jsonl")
    for format in FORMATS:
        if format == asked:
            if not is_available(format):
                problems["format"] = NOT_AVAILABLE
            return format, problems
    problems["format"] = f"format {shown(asked)} must be one of {', '.join(FORMATS)}"
    return "jsonl", problems
