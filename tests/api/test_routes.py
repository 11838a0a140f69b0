"""The route table: which route a path has, and its operations."""

from __future__ import annotations

import pytest

from letrics.api.call import Call
from letrics.api.response import ApiResponse
from letrics.api.routes import Operation, Route, Table
from letrics.errors import LetricsError
from tests.api.calls import make_call


async def nothing(_: Call) -> ApiResponse:
    return ApiResponse(b"")


def operations(*methods: str) -> dict[str, Operation]:
    return {method: Operation(f"{method} it", "Does nothing", nothing) for method in methods}


TABLE = Table(
    [
        Route("/v1/things", operations("POST", "GET")),
        Route("/v1/things/count", operations("POST")),
        Route("/v1/things/fields", operations("GET")),
        Route("/v1/things/fields/{name}/values", operations("GET")),
        Route("/v1/things/id/{id}", operations("GET", "DELETE")),
        Route("/v1/things/{id}", operations("GET", "DELETE")),
        Route("/healthz", operations("GET")),
    ]
)


@pytest.mark.parametrize(
    ("path", "template", "variable"),
    [("/v1/things", "/v1/things", ""), ("/v1/things/a%2Fb", "/v1/things/{id}", "a/b"),
     ("/v1/things/fields/x/values", "/v1/things/fields/{name}/values", "x"), ("/healthz", "/healthz", ""),
     ("/v1/things/a%252Fb", "/v1/things/{id}", "a%2Fb"), ("/v1/things/fields", "/v1/things/fields", ""),
     ("/v1/things/id/fields", "/v1/things/id/{id}", "fields"), ("/v1/things/id", "/v1/things/{id}", "id")],
)  # fmt: skip
def test_find_sets_template_and_variable(path: str, template: str, variable: str) -> None:
    call = make_call(path)
    assert TABLE.find(call).id == "GET it"
    assert (call.route, call.variable) == (template, variable)


@pytest.mark.parametrize(
    ("path", "hint"),
    [("/v1/thing", "did you mean /v1/things?"), ("/v1/things/", "without the trailing slash"), ("/v1/things/a/b", "/"),
     ("/v1/zzzzzzzzzzzzzzzzzzz", "see /docs"), ("/v1/things/fields//values", "did you mean"), ("/v1//x", "/docs")],
)  # fmt: skip
def test_find_unknown_path_suggests_one(path: str, hint: str) -> None:
    with pytest.raises(LetricsError, match="does not exist") as caught:
        TABLE.find(make_call(path))
    assert caught.value.kind.code == 404 and hint in str(caught.value)


@pytest.mark.parametrize(
    ("method", "template"),
    [
        ("POST", "/v1/things/count"),
        ("GET", "/v1/things/{id}"),
        ("HEAD", "/v1/things/{id}"),
        ("DELETE", "/v1/things/{id}"),
    ],
)
def test_find_takes_the_first_route_with_the_method(method: str, template: str) -> None:
    call = make_call("/v1/things/count", method=method)
    assert TABLE.find(call).id == f"{'GET' if method == 'HEAD' else method} it" and call.route == template


def test_find_unsupported_method_names_the_allowed() -> None:
    for path, allowed in (("/v1/things/x", "GET, HEAD, DELETE"), ("/v1/things/count", "POST, GET, HEAD, DELETE")):
        with pytest.raises(LetricsError, match=f"use {allowed}") as caught:
            TABLE.find(make_call(path, method="PATCH"))
        assert (caught.value.kind.code, caught.value.headers) == (405, {"Allow": allowed})


@pytest.mark.parametrize(
    ("path", "owned"), [("/v1/anything", True), ("/healthz/x", True), ("/docs", False), ("/", False), ("/%ff", False)]
)
def test_owns_paths_below_a_first_segment(path: str, owned: bool) -> None:
    assert TABLE.owns(make_call(path).segments) == owned
