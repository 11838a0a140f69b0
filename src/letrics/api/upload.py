"""Uploads: the body of a request, streamed to a file."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Final

from letrics.api.body import read_parts
from letrics.api.call import Call
from letrics.errors import INVALID_INPUT, UNSUPPORTED_MEDIA_TYPE, problem

_ENDINGS: Final = {
    "text/csv": "csv", "text/tab-separated-values": "tsv", "application/json": "json",
    "application/x-ndjson": "jsonl", "application/jsonl": "jsonl", "application/jsonlines": "jsonl",
    "application/vnd.apache.parquet": "parquet", "application/zip": "zip", "application/gzip": "gz",
    "application/zstd": "zst", "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}  # fmt: skip
"""The file name extension for each media type."""
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f/\\]")
"""Matches a character that a file name must not have."""
_MAX_NAME: Final = 200
"""The maximum length of a file name, in characters."""
_MAX_NAME_BYTES: Final = 250
"""The maximum length of a file name in UTF-8, in bytes. File systems have a limit of 255."""
_WRITTEN: Final = 1 << 20
"""The number of bytes that are written at a time."""


def file_name(call: Call, given: str | None) -> str:
    """The name of the uploaded file: the parameter `filename`, or one with the extension of the Content-Type.

    Raises LetricsError (invalid_input, unsupported_media_type).
    """
    media_type = (call.header(b"content-type") or (b"",))[0].decode("latin-1").partition(";")[0].strip().lower()
    if media_type.startswith("multipart/"):
        details = "Send the file itself as the body, not a form: curl --data-binary @people.csv"
        raise problem(UNSUPPORTED_MEDIA_TYPE, details)
    if given is None:
        return f"upload.{_ENDINGS[media_type]}" if media_type in _ENDINGS else "upload"
    name = given.strip()
    too_long = len(name) > _MAX_NAME or len(name.encode()) > _MAX_NAME_BYTES
    if not name or _UNSAFE.search(name) or name in (".", "..") or name.startswith("-") or too_long:
        details = (
            f"filename must be a file name of at most {_MAX_NAME} characters ({_MAX_NAME_BYTES} bytes) "
            "without / and without a path"
        )
        raise problem(INVALID_INPUT, details, field="filename")
    return name


async def receive_file(call: Call, path: Path, limit: int) -> None:
    """Write the body to a new file.

    Raises LetricsError (payload_too_large; invalid_input for an empty body), OSError, and ClientGone.
    """
    too_large = f"The file exceeds {limit:,} bytes: compress it (.gz, .zst), split it, or raise the setting max_upload"
    waiting = bytearray()
    with path.open("xb") as file:
        async for part in read_parts(call, limit, too_large):
            waiting += part
            if len(waiting) >= _WRITTEN:
                await asyncio.to_thread(file.write, bytes(waiting))
                waiting.clear()
        await asyncio.to_thread(file.write, bytes(waiting))
        if not file.tell():
            raise problem(INVALID_INPUT, "The body is empty: send the file as the body of the request")
