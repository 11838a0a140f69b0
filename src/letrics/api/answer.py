"""What is sent back, and the envelope of every JSON answer: `{"data": …, "meta": {…}, "errors": […]}`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from letrics.errors import LetricsError, Problem

Header = tuple[bytes, bytes]
JSON: Final = b"application/json"

_MAX_FIELD: Final = 200
_encoder: Final = msgspec.json.Encoder()


class Meta(msgspec.Struct):
    """The part of the envelope that every answer has."""

    request_id: str


class _Failure(msgspec.Struct):
    data: None
    meta: Meta
    errors: Sequence[Problem]


@dataclass(slots=True)
class Answer:
    """A whole response, but for the headers that every response has. Where there is a `stream`, its parts follow the
    `body`, which is then the first part; it is closed by whoever sends it."""

    body: bytes
    status: int = 200
    media_type: bytes = JSON
    headers: list[Header] = field(default_factory=list)
    stream: AsyncGenerator[bytes, None] | None = None


def success(data: bytes, meta: msgspec.Struct) -> Answer:
    """The envelope around `data`, which is JSON already."""
    return Answer(b'{"data":%s,"meta":%s,"errors":[]}' % (data, _encoder.encode(meta)))


def failure(error: LetricsError, request_id: str) -> Answer:
    """The envelope of a failure, with its status and headers."""
    # A name is whatever the caller wrote: what is sent back of it is bounded.
    problems = [
        msgspec.structs.replace(p, field=p.field[:_MAX_FIELD]) if p.field and len(p.field) > _MAX_FIELD else p
        for p in error.problems
    ]
    body = _encoder.encode(_Failure(None, Meta(request_id), problems))
    headers = [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in error.headers.items()]
    return Answer(body, error.kind.code, headers=headers)
