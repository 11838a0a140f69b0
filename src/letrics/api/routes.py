"""The route table: the paths of the API and the operation of each method.

The OpenAPI document is generated from the same table.
"""

from __future__ import annotations

import difflib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from starlette.routing import compile_path

from letrics.api.call import Call
from letrics.api.pools import PoolName
from letrics.api.response import ApiResponse
from letrics.errors import METHOD_NOT_ALLOWED, NOT_FOUND, ErrorKind, LetricsError, problem
from letrics.query.request_values import shown

Handler = Callable[[Call], Awaitable[ApiResponse]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path. `fails` are the errors that it can return, besides those of every path (see
    `letrics.api.openapi`). `response` and `body` are the schema names of the response and the request body, `accepted`
    that of a response with the status 202. `writes` says that it changes data, and so honours an Idempotency-Key.
    `pool` is what it counts as among the requests in progress; None is not limited."""

    id: str
    summary: str
    handler: Handler
    fails: tuple[ErrorKind, ...] = ()
    response: str | None = None
    body: str | None = None
    accepted: str | None = None
    writes: bool = False
    pool: PoolName | None = "requests"


@dataclass(frozen=True, slots=True)
class Route:
    """A path of Starlette's syntax with at most one placeholder (`/v1/contacts/{id}`), and its operations by method."""

    template: str
    operations: Mapping[str, Operation]


class Table:
    """Every route of the API. Like in Starlette, the first route wins that has the path and the method."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self.routes: Final = tuple(routes)
        self._compiled = [(compile_path(route.template)[0], route) for route in routes]
        self._first = {r.template.split("/")[1] for r in routes}

    def owns(self, segments: tuple[str, ...] | None) -> bool:
        """Whether the path belongs to the API, even if no route matches it. Other paths are pages."""
        return segments is not None and segments[0] in self._first

    def find(self, call: Call) -> Operation:
        """Find the operation of a call and set its `route` and `variable`.

        Raises LetricsError (not_found, method_not_allowed).
        """
        # A slash within a segment, which was sent as %2F, does not separate segments.
        path = "/" + "/".join(part.replace("%", "%25").replace("/", "%2F") for part in call.segments or ())
        method = "GET" if call.method == "HEAD" else call.method
        allowed: list[str] = []
        for regex, route in self._compiled:
            found = regex.match(path)
            if found is None:
                continue
            call.route = route.template
            if method in route.operations:
                call.variable = unquote(found[1]) if found.lastindex else ""
                return route.operations[method]
            for other in route.operations:
                allowed += [other, "HEAD"] if other == "GET" else [other]
        if not allowed:
            raise self._unknown(path)
        allow = ", ".join(dict.fromkeys(allowed))
        raise problem(
            METHOD_NOT_ALLOWED,
            f"The method {call.method[:20]} is not allowed for {call.route}: use {allow}",
            Allow=allow,
        )

    def _unknown(self, path: str) -> LetricsError:
        shortened, templates = path[:1000], [r.template for r in self.routes]
        if path.endswith("/") and path[:-1] in templates:
            hint = f"did you mean {path[:-1]}, without the trailing slash?"
        else:
            near = difflib.get_close_matches(path[:100], templates, 1, 0.6)
            hint = f"did you mean {near[0]}?" if near else "see /docs for the available paths"
        return problem(NOT_FOUND, f"The path {shown(shortened)} does not exist: {hint}")
