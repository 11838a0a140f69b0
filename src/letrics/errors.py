"""The error table: every failure a caller can meet, its stable id, HTTP status and meaning.

Raised anywhere as a `LetricsError`, rendered in one place (the API's envelope, the command line's main).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

MAX_PROBLEMS: Final = 50
"""At most this many error items are sent in one answer."""


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """One row of the error table: `id` is stable and never reused, `code` is the HTTP status."""

    id: str
    code: int
    meaning: str


INVALID_INPUT: Final = ErrorKind(
    "invalid_input",
    400,
    "The request cannot be read as asked: an unknown field, a wrong type, a value out of range, blank, too long or one "
    "too many, a bad timestamp, malformed JSON or UTF-8, a JSON key or a scalar given twice, or a query parameter on a "
    "POST search.",
)
UNAUTHORIZED: Final = ErrorKind(
    "unauthorized",
    401,
    "There is no token, or it is malformed, unknown, expired or revoked, or its user is disabled.",
)
FORBIDDEN: Final = ErrorKind("forbidden", 403, "The token is good but lacks the scope that this request needs.")
NOT_FOUND: Final = ErrorKind("not_found", 404, "There is no such path or record.")
METHOD_NOT_ALLOWED: Final = ErrorKind(
    "method_not_allowed", 405, "The path exists but not for this method; the header Allow names those it has."
)
PAYLOAD_TOO_LARGE: Final = ErrorKind("payload_too_large", 413, "The body is over the limit (1 MiB for searches).")
URI_TOO_LONG: Final = ErrorKind("uri_too_long", 414, "The URL is over 16 KiB: use POST with a JSON body.")
UNSUPPORTED_MEDIA_TYPE: Final = ErrorKind(
    "unsupported_media_type", 415, "Content-Type is present and is neither application/json nor one ending in +json."
)
TOO_MANY_REQUESTS: Final = ErrorKind(
    "too_many_requests", 429, "This token asks too often; the header Retry-After says when to come back."
)
INTERNAL_ERROR: Final = ErrorKind("internal_error", 500, "A bug on our side; the details carry the request id.")
UNAVAILABLE: Final = ErrorKind(
    "unavailable",
    503,
    "The index is loading, the database cannot be reached, or the query exceeded its time budget; the header "
    "Retry-After says when to come back.",
)

TABLE: Final[tuple[ErrorKind, ...]] = (
    INVALID_INPUT,
    UNAUTHORIZED,
    FORBIDDEN,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    PAYLOAD_TOO_LARGE,
    URI_TOO_LONG,
    UNSUPPORTED_MEDIA_TYPE,
    TOO_MANY_REQUESTS,
    INTERNAL_ERROR,
    UNAVAILABLE,
)


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """One error item as it is sent. `field` is absent where no single request field is to blame."""

    id: str
    code: int
    details: str
    field: str | None = None


class LetricsError(Exception):
    """A failure to tell the caller about: one kind, one or more problems, and headers the answer must carry."""

    def __init__(
        self, kind: ErrorKind, problems: Iterable[tuple[str, str | None]], headers: Mapping[str, str] | None = None
    ) -> None:
        self.kind = kind
        self.problems: list[Problem] = [
            Problem(kind.id, kind.code, details, field) for details, field in list(problems)[:MAX_PROBLEMS]
        ]
        self.headers: dict[str, str] = dict(headers or {})
        super().__init__("; ".join(p.details for p in self.problems))


def problem(kind: ErrorKind, details: str, field: str | None = None, **headers: str) -> LetricsError:
    """A `LetricsError` of one problem. Headers are given with underscores: `Retry_After="1"`."""
    return LetricsError(kind, [(details, field)], {name.replace("_", "-"): value for name, value in headers.items()})
