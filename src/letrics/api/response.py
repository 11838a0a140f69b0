"""Responses, and the envelope of every JSON response: `{"data": …, "meta": {…}, "errors": […]}`."""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

import msgspec

from letrics.errors import INVALID_INPUT, UNAVAILABLE, LetricsError, Problem, problem

Header = tuple[bytes, bytes]
JSON: Final = b"application/json"

_ALWAYS: Final[Sequence[Header]] = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
NOT_HTTP: Final = problem(INVALID_INPUT, "The request is not valid HTTP/1.1: check the method, the URL and the headers")
TOO_MANY_CONNECTIONS: Final = problem(UNAVAILABLE, "Too many connections are open: retry in a moment", Retry_After="1")

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


def headers_of(response: ApiResponse, request_id: str) -> list[Header]:
    """All headers of a response."""
    headers = [(b"content-type", response.media_type), (b"x-request-id", request_id.encode())]
    if response.stream is None:
        headers.append((b"content-length", b"%d" % len(response.body)))
    return [*headers, *_ALWAYS, *response.headers]


def http_failure(error: LetricsError) -> bytes:
    """The whole HTTP/1.1 response of a failure that the application does not see. The connection is closed after it."""
    request_id = secrets.token_hex(16)
    response = failure(error, request_id)
    status = HTTPStatus(response.status)
    headers = [*headers_of(response, request_id), (b"connection", b"close")]
    lines = [b"HTTP/1.1 %d %s" % (status, status.phrase.encode()), *(b"%s: %s" % header for header in headers)]
    return b"\r\n".join([*lines, b"", response.body])
