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
        Route("/v1/things/{id}", operations("GET", "DELETE"), any_text=True),
        Route("/v1/things/fields/{name}/values", operations("GET")),
        Route("/v1/places/{domain}", operations("GET")),
        Route("/v1/places/count", operations("POST")),
        Route("/healthz", operations("GET")),
    ]
)


@pytest.mark.parametrize(
    ("path", "template", "variable"),
    [("/v1/things", "/v1/things", "things"), ("/v1/things/a%2Fb", "/v1/things/{id}", "a/b"),
     ("/v1/things/fields/x/values", "/v1/things/fields/{name}/values", "x"), ("/healthz", "/healthz", "healthz"),
     ("/v1/things/count", "/v1/things/count", "count")],
)  # fmt: skip
def test_find_sets_template_and_variable(path: str, template: str, variable: str) -> None:
    call = make_call(path)
    assert TABLE.find(call).template == call.route == template
    assert call.variable == variable


@pytest.mark.parametrize(
    ("path", "hint"),
    [("/v1/thing", "did you mean /v1/things?"), ("/v1/things/", "without the trailing slash"), ("/v1/things/a/b", "/"),
     ("/v1/zzzzzzzzzzzzzzzzzzz", "see /docs"), ("/v1/things/fields//values", "did you mean"), ("/v1//x", "/docs")],
)  # fmt: skip
def test_find_unknown_path_suggests_one(path: str, hint: str) -> None:
    with pytest.raises(LetricsError, match="does not exist") as caught:
        TABLE.find(make_call(path))
    assert caught.value.kind.code == 404 and hint in str(caught.value)


def test_find_fixed_segment_takes_other_methods_as_text() -> None:
    count = TABLE.find(make_call("/v1/things/count"))
    assert count.operation("POST").id == "POST it" and count.operation("DELETE").id == "DELETE it"
    with pytest.raises(LetricsError):  # a domain cannot be the word count
        TABLE.find(make_call("/v1/places/count")).operation("GET")


def test_operation_unsupported_method_names_the_allowed() -> None:
    route = TABLE.find(make_call("/v1/things/x"))
    assert route.operation("HEAD") is route.operation("GET")
    with pytest.raises(LetricsError, match="use GET, HEAD, DELETE") as caught:
        route.operation("PATCH")
    assert (caught.value.kind.code, caught.value.headers) == (405, {"Allow": "GET, HEAD, DELETE"})


@pytest.mark.parametrize(
    ("path", "owned"), [("/v1/anything", True), ("/healthz/x", True), ("/docs", False), ("/", False), ("/%ff", False)]
)
def test_owns_paths_below_a_first_segment(path: str, owned: bool) -> None:
    assert TABLE.owns(make_call(path).segments) == owned
