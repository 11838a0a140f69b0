"""The endpoint `export`: streams all matches of a search as one file, in constant memory.

A slice of documents takes a few milliseconds at most, and other requests are served between slices. Records that cannot
be read are left out: the log names them, and their number is in the event of the export in the security log.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from letrics.api.backends import Backends
from letrics.api.call import Call
from letrics.api.querystring import Problems, read_parameters
from letrics.api.request_fields import RequestFields
from letrics.api.response import ApiResponse
from letrics.export.writers import FORMATS, PARQUET_EXTRA, ExportFormat, is_available, make_writer
from letrics.logs.request_context import add_details
from letrics.query import Request
from letrics.query.request_values import shown
from letrics.records import Kind
from letrics.search.service import DEFAULT_SIZES, WalkSizes

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

_threads: Final = ThreadPoolExecutor(2, "exports")
"""The threads that write Parquet. More would compete with the event loop."""


class Export:
    """The endpoint `export` of one kind of record."""

    def __init__(self, kind: Kind, backends: Backends, sizes: WalkSizes = DEFAULT_SIZES) -> None:
        self.kind = kind
        self._sizes = sizes
        self._search = backends.search

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
        sink, count = _Sink(), 0
        add_details(kind=self.kind, format=format)
        writer = make_writer(self.kind, format, cast("BinaryIO", sink), request.members)
        left_out = list[str]()
        async with aclosing(self._search.walk(request.query, request.order, self._sizes, left_out)) as walk:
            async for documents in walk:
                if format == "parquet":  # a row group takes long, mostly without the GIL
                    await _in_thread(writer.write, documents)
                else:
                    writer.write(documents)
                count += len(documents)
                add_details(records=count)
                if part := sink.take():
                    yield part
        await _in_thread(writer.finish)
        if left_out:  # the file is whole otherwise, and its status was sent with its first part
            add_details(left_out=len(left_out))
        if part := sink.take():
            yield part


async def _in_thread(work: Callable[..., None], *values: object) -> None:
    await asyncio.get_running_loop().run_in_executor(_threads, work, *values)


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
