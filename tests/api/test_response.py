"""Responses and the envelope."""

from __future__ import annotations

import json

from letrics.api.response import JSON, Meta, failure, success
from letrics.errors import INVALID_INPUT, TOO_MANY_REQUESTS, LetricsError, problem


def test_success_wraps_the_encoded_data() -> None:
    response = success(b'[{"id": "x"}]', Meta("r-1"))
    assert (response.status, response.media_type, response.stream) == (200, JSON, None)
    assert json.loads(response.body) == {"data": [{"id": "x"}], "meta": {"request_id": "r-1"}, "errors": []}


def test_failure_has_status_headers_and_all_problems() -> None:
    error = LetricsError(INVALID_INPUT, [("page is wrong", "page"), ("the body is wrong", None)])
    response = failure(error, "r-1")
    assert (response.status, response.headers) == (400, [])
    assert json.loads(response.body) == {
        "data": None,
        "meta": {"request_id": "r-1"},
        "errors": [
            {"id": "invalid_input", "code": 400, "details": "page is wrong", "field": "page"},
            {"id": "invalid_input", "code": 400, "details": "the body is wrong"},
        ],
    }
    limited = failure(problem(TOO_MANY_REQUESTS, "slow down", Retry_After="3"), "r-1")
    assert (limited.status, limited.headers) == (429, [(b"retry-after", b"3")])


def test_failure_cuts_long_field_names() -> None:
    response = failure(problem(INVALID_INPUT, "unknown", field="x" * 5000), "r-1")
    assert json.loads(response.body)["errors"][0]["field"] == "x" * 200


def test_failure_header_not_latin_1_is_replaced() -> None:
    assert failure(LetricsError(INVALID_INPUT, [("x", None)], {"X-Name": "ж"}), "r").headers == [(b"x-name", b"?")]
