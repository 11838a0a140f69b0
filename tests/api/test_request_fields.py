"""The body of POST requests with filters: all problems at once, one for each field."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from letrics.api.body import ClientGone
from letrics.api.request_fields import RequestFields
from letrics.errors import LetricsError
from letrics.query import Request
from tests.api.calls import make_call


def posted(body: bytes, problems: dict[str, str] | None = None, **how: Any) -> Request:
    async def parse() -> Request:
        fields = await RequestFields.by_post(make_call(method="POST", body=[body]), problems or {})
        return await fields.parse("contacts", **how)

    return asyncio.run(parse())


def refused(body: bytes, problems: dict[str, str] | None = None, **how: Any) -> list[tuple[str | None, str]]:
    with pytest.raises(LetricsError) as caught:
        posted(body, problems, **how)
    assert caught.value.kind.code == 400
    return [(item.field, item.details) for item in caught.value.problems]


def test_parse_valid_body_is_the_request() -> None:
    request = posted(b'{"job_titles": ["buyer"], "page": 2, "per_page": 10}')
    assert (request.filters, request.page, request.per_page) == ({"job_titles": ["buyer"]}, 2, 10)


@pytest.mark.parametrize("size", [10, 4000], ids=["small", "parsed in a thread"])
def test_parse_names_are_the_same_in_a_thread(size: int) -> None:
    titles = [f"title number {n}" for n in range(size)]
    body = json.dumps({"job_titles": titles, "job_title": ["x"]}).encode()
    found = refused(body)
    assert "job_title" in [field for field, _ in found]


def test_parse_reports_problems_of_url_and_body_together() -> None:
    found = refused(b'{"job_title": ["x"], "page": 0}', {"x": "x is in the query string"})
    assert [field for field, _ in found] == ["x", "job_title", "page"]


def test_parse_reports_one_problem_for_each_field() -> None:
    assert refused(b'{"page": 0}', {"page": "page is in the query string"}) == [("page", "page is in the query string")]


def test_parse_unreadable_body_is_reported_with_the_url() -> None:
    found = refused(b"{", {"x": "x is in the query string"})
    assert [field for field, _ in found] == ["x", None] and "not valid JSON" in found[1][1]


def test_parse_without_paging_refuses_pages_only() -> None:
    assert [field for field, _ in refused(b'{"page": 1, "order": "newest"}', paging=False)] == ["page", "order"]
    assert posted(b'{"order": "newest"}', paging=False, beside=("order",)).order == "newest"


def test_by_post_checks_media_type_and_client() -> None:
    with pytest.raises(LetricsError, match="Content-Type") as caught:
        asyncio.run(RequestFields.by_post(make_call(headers=[(b"content-type", b"text/csv")], body=[b""]), {}))
    assert caught.value.kind.code == 415
    with pytest.raises(ClientGone):
        asyncio.run(RequestFields.by_post(make_call(), {}))
