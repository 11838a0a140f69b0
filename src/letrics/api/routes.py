"""The route table: the paths of the API and the operation of each method.

The OpenAPI document is generated from the same table.
"""

from __future__ import annotations

import difflib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from letrics.api.call import Call
from letrics.api.response import ApiResponse
from letrics.errors import METHOD_NOT_ALLOWED, NOT_FOUND, ErrorKind, LetricsError, problem
from letrics.query.request_values import shown

Handler = Callable[[Call], Awaitable[ApiResponse]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path. `fails` are the errors that it can return, besides those of every path (see
    `letrics.api.openapi`). `response` and `body` are the schema names of the response and the request body."""

    id: str
    summary: str
    handler: Handler
    fails: tuple[ErrorKind, ...] = ()
    response: str | None = None
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """A path with at most one placeholder segment (`/v1/contacts/{id}`), and its operations by method.

    `any_text` says that the placeholder matches any string, including a word that is a fixed segment of another path
    (`/v1/contacts/count`). Methods that the other path lacks are then handled by this route.
    """

    template: str
    operations: Mapping[str, Operation]
    any_text: bool = False

    @property
    def around(self) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        """The segments before and after the placeholder; None if there is no placeholder."""
        segments = tuple(self.template[1:].split("/"))
        at = next((at for at, segment in enumerate(segments) if segment.startswith("{")), None)
        return None if at is None else (segments[:at], segments[at + 1 :])

    @property
    def allow(self) -> str:
        """The value of the Allow header. HEAD is allowed wherever GET is."""
        methods = [m for name in self.operations for m in ((name, "HEAD") if name == "GET" else (name,))]
        return ", ".join(methods)

    def operation(self, method: str) -> Operation:
        """The operation of a method. Raises LetricsError (method_not_allowed)."""
        found = self.operations.get("GET" if method == "HEAD" else method)
        if found is None:
            details = f"The method {method[:20]} is not allowed for {self.template}: use {self.allow}"
            raise problem(METHOD_NOT_ALLOWED, details, Allow=self.allow)
        return found


class Table:
    """Every route of the API."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self.routes: Final = tuple(routes)
        self._open = {around: r for r in routes if (around := r.around) is not None}
        self._after = sorted({len(after) for _, after in self._open})
        fixed = {tuple(r.template[1:].split("/")): r for r in routes if r.around is None}
        self._exact = {segments: self._completed(segments, r) for segments, r in fixed.items()}
        self._first = {r.template[1:].split("/")[0] for r in routes}

    def owns(self, segments: tuple[str, ...] | None) -> bool:
        """Whether the path belongs to the API, even if no route matches it. Other paths are pages."""
        return segments is not None and segments[0] in self._first

    def find(self, call: Call) -> Route:
        """Find the route of a call and set its `route` and `variable`. Raises LetricsError (not_found)."""
        segments = call.segments or ()
        route = self._exact.get(segments)
        call.variable = segments[-1] if segments else ""
        if route is None:
            route, call.variable = self._opened(segments)
        if route is None:
            raise self._unknown(segments)
        call.route = route.template
        return route

    def _opened(self, segments: tuple[str, ...]) -> tuple[Route | None, str]:
        """The route whose placeholder matches one of the segments, and that segment."""
        for after in self._after:
            at = len(segments) - 1 - after
            if at >= 0 and segments[at]:
                route = self._open.get((segments[:at], segments[at + 1 :]))
                if route is not None:
                    return route, segments[at]
        return None, ""

    def _completed(self, segments: tuple[str, ...], route: Route) -> Route:
        beneath = self._open.get((segments[:-1], ()))
        if beneath is None or not beneath.any_text:
            return route
        return replace(route, operations={**beneath.operations, **route.operations})

    def _unknown(self, segments: tuple[str, ...]) -> LetricsError:
        path = "/" + "/".join(segments)[:1000]
        if segments[-1:] == ("",) and segments[:-1] in self._exact:
            hint = f"did you mean {path[:-1]}, without the trailing slash?"
        else:
            near = difflib.get_close_matches(path[:100], [r.template for r in self.routes], 1, 0.6)
            hint = f"did you mean {near[0]}?" if near else "see /docs for the available paths"
        return problem(NOT_FOUND, f"The path {shown(path)} does not exist: {hint}")
