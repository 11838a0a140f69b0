"""Parses the body of POST requests with filters and collects all problems, one per field."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from letrics.api.body import check_media_type, parse_object, read_body
from letrics.api.call import Call
from letrics.api.querystring import Problems
from letrics.budget import current_budget
from letrics.errors import INVALID_INPUT, LetricsError
from letrics.query import Request, parse_request
from letrics.records import Kind

_THREAD_BYTES: Final = 16 * 1024
"""Bodies of this size or larger are parsed in a thread: 10,000 domains take up to 1 s and would block other requests.
Smaller ones, and URLs, take at most 30 ms."""


class RequestFields:
    """The fields of a request, and the problems found so far by the name of the field they concern."""

    def __init__(self, given: dict[str, Any], problems: Problems) -> None:
        self.given = given
        self.problems = problems
        self._unreadable: list[tuple[str, str | None]] = []
        self._size = 0

    @classmethod
    async def by_post(cls, call: Call, problems: Problems) -> RequestFields:
        """Read the body of a call whose query string has these `problems`.

        Raises LetricsError (unsupported_media_type, payload_too_large) and ClientGone.
        """
        check_media_type(call)
        body = await read_body(call)
        current_budget().restart()  # the time that the caller takes is not that of the server
        fields = cls({}, problems)
        fields._size = len(body)
        try:
            fields.given = parse_object(body)
        except LetricsError as error:
            fields._unreadable = [(item.details, item.field) for item in error.problems]
        return fields

    async def parse(self, kind: Kind, *, paging: bool = True, beside: Sequence[str] = ()) -> Request:
        """Parse the request. Raises LetricsError (invalid_input) with all problems, and what a budget raises."""
        budget = current_budget()
        await budget.begin(self.given)
        if self._size < _THREAD_BYTES:
            return self._parse(kind, paging, beside)
        return await budget.in_thread(partial(self._parse, kind, paging, beside))

    def _parse(self, kind: Kind, paging: bool, beside: Sequence[str]) -> Request:
        others = self._unreadable
        try:
            request = parse_request(kind, self.given, paging=paging, beside=beside)
        except LetricsError as error:
            others = others + [(item.details, item.field) for item in error.problems if item.field not in self.problems]
        else:
            if not self.problems and not others:
                return request
        raise LetricsError(INVALID_INPUT, [(text, name) for name, text in self.problems.items()] + others)
