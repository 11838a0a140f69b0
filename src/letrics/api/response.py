"""Responses, and the envelope of every JSON response: `{"data": …, "meta": {…}, "errors": […]}`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from letrics.errors import LetricsError, Problem

Header = tuple[bytes, bytes]
JSON: Final = b"application/json"

_MAX_FIELD: Final = 200
"""The maximum length of `field` in an error item, in characters. Longer names are cut."""
_encoder: Final = msgspec.json.Encoder()


class Meta(msgspec.Struct):
    """The `meta` of responses that have no further metadata."""

    request_id: str


class _Failure(msgspec.Struct):
    data: None
    meta: Meta
    errors: Sequence[Problem]


@dataclass(slots=True)
class ApiResponse:
    """A response, without the headers that every response has.

    With a `stream`, `body` is the first part and the parts of the stream follow it. `send_response` closes the stream.
    """

    body: bytes
    status: int = 200
    media_type: bytes = JSON
    headers: list[Header] = field(default_factory=list)
    stream: AsyncGenerator[bytes, None] | None = None


def success(data: bytes, meta: msgspec.Struct) -> ApiResponse:
    """The success envelope around `data`, which is encoded JSON."""
    return ApiResponse(b'{"data":%s,"meta":%s,"errors":[]}' % (data, _encoder.encode(meta)))


def failure(error: LetricsError, request_id: str) -> ApiResponse:
    """The error envelope, with the failure's status and headers."""
    # The caller chooses the field names, so bound the length of what is sent back.
    problems = [
        msgspec.structs.replace(p, field=p.field[:_MAX_FIELD]) if p.field and len(p.field) > _MAX_FIELD else p
        for p in error.problems
    ]
    body = _encoder.encode(_Failure(None, Meta(request_id), problems))
    headers = [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in error.headers.items()]
    return ApiResponse(body, error.kind.code, headers=headers)
