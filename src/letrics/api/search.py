"""The search endpoints: parse a request, and join the documents of its page.

Documents are passed on as bytes from the store to the client; no record is decoded here.
"""

from __future__ import annotations

from letrics.api.backends import Backends
from letrics.api.call import Call
from letrics.api.querystring import read_search, refuse_all
from letrics.api.request_fields import RequestFields
from letrics.api.response import ApiResponse, success
from letrics.budget import check_budget
from letrics.errors import INVALID_INPUT, problem
from letrics.query import Request
from letrics.records import Kind
from letrics.search.meta import search_meta


class Search:
    """The search endpoints of one kind of record, by `POST` and by `GET`."""

    def __init__(self, kind: Kind, backends: Backends) -> None:
        self.kind = kind
        self._search = backends.search

    async def post(self, call: Call) -> ApiResponse:
        """Run a search given as a JSON body."""
        problems = refuse_all(call.query, "is in the query string: in a POST search, send it in the JSON body")
        fields = await RequestFields.by_post(call, problems)
        return await self._answer(call, await fields.parse(self.kind))

    async def get(self, call: Call) -> ApiResponse:
        """Run a search given as a query string."""
        if any(value.strip() != b"0" for value in call.header(b"content-length")) or call.header(b"transfer-encoding"):
            details = "A GET search must not have a body: use the query string, or send the body by POST"
            raise problem(INVALID_INPUT, details)
        given, problems = read_search(self.kind, call.query)
        return await self._answer(call, await RequestFields(given, problems).parse(self.kind))

    async def _answer(self, call: Call, request: Request) -> ApiResponse:
        page = await self._search.page(request)
        check_budget()
        return success(b"[%s]" % b",".join(page.documents), search_meta(request, page, call.started, call.request_id))
