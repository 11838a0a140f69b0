"""The error table: every failure that a caller can get, with its stable id, HTTP status and meaning.

Any module raises a `LetricsError`. The API renders it as its envelope, the command line in its main function.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

MAX_PROBLEMS: Final = 50
"""The maximum number of error items in one response."""


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """One row of the error table: `id` is stable and never reused, `code` is the HTTP status."""

    id: str
    code: int
    meaning: str


INVALID_INPUT: Final = ErrorKind(
    "invalid_input",
    400,
    "The request is invalid: an unknown field, a wrong type, a value that is out of range, blank or too long, too many "
    "values, a malformed timestamp, malformed JSON or UTF-8, a duplicate JSON key or scalar parameter, or a query "
    "parameter on a POST search.",
)
UNAUTHORIZED: Final = ErrorKind(
    "unauthorized",
    401,
    "The token is missing, malformed, unknown, expired or revoked, or its user is disabled.",
)
FORBIDDEN: Final = ErrorKind("forbidden", 403, "The token is valid but lacks the scope that this request requires.")
NOT_FOUND: Final = ErrorKind("not_found", 404, "The path or record does not exist.")
METHOD_NOT_ALLOWED: Final = ErrorKind(
    "method_not_allowed", 405, "The path does not support this method; the Allow header lists the methods it supports."
)
CONFLICT: Final = ErrorKind(
    "conflict",
    409,
    "The record is not in a state in which this is possible, such as an import that was undone or a pair that was "
    "merged before; or a request with this Idempotency-Key is still running.",
)
PAYLOAD_TOO_LARGE: Final = ErrorKind(
    "payload_too_large",
    413,
    "The body exceeds the limit (1 MiB for searches, 16 MiB for upserts, the setting max_upload for imports).",
)
URI_TOO_LONG: Final = ErrorKind("uri_too_long", 414, "The URL exceeds 16 KiB: use POST with a JSON body.")
UNSUPPORTED_MEDIA_TYPE: Final = ErrorKind(
    "unsupported_media_type", 415, "Content-Type is present and is neither application/json nor a type ending in +json."
)
IDEMPOTENCY_MISMATCH: Final = ErrorKind(
    "idempotency_mismatch", 422, "This Idempotency-Key was used with a different request in the last 24 hours."
)
TOO_MANY_REQUESTS: Final = ErrorKind(
    "too_many_requests",
    429,
    "This token exceeded its rate limit, or has as many requests in progress as is its share of the server; the "
    "Retry-After header says when to retry.",
)
INTERNAL_ERROR: Final = ErrorKind(
    "internal_error",
    500,
    "A bug in the server; the details contain the request id. Or its database is damaged, which the details say: a "
    "retry does not help, and the operator has to check it.",
)
UNAVAILABLE: Final = ErrorKind(
    "unavailable",
    503,
    "The index is loading, the database or the search engine is unavailable, the server has as many requests "
    "in progress as it can finish in time, or the query exceeded its time budget; the Retry-After header says when to "
    "retry.",
)

TABLE: Final[tuple[ErrorKind, ...]] = (
    INVALID_INPUT,
    UNAUTHORIZED,
    FORBIDDEN,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    CONFLICT,
    PAYLOAD_TOO_LARGE,
    URI_TOO_LONG,
    UNSUPPORTED_MEDIA_TYPE,
    IDEMPOTENCY_MISMATCH,
    TOO_MANY_REQUESTS,
    INTERNAL_ERROR,
    UNAVAILABLE,
)


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """One error of a response. `field` is absent when the error does not concern a single request field."""

    id: str
    code: int
    details: str
    field: str | None = None


class LetricsError(Exception):
    """A failure to report to the caller: one kind, one or more problems, and headers that the response must have."""

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
    """Build a `LetricsError` with one problem. Header names are written with underscores: `Retry_After="1"`."""
    return LetricsError(kind, [(details, field)], {name.replace("_", "-"): value for name, value in headers.items()})
