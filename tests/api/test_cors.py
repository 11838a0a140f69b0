"""CORS: only configured origins, only the API, never with cookies; disabled by default."""

from __future__ import annotations

import pytest

from letrics.api.compression import Compression
from letrics.api.cors import Cors
from tests.api.caller import Caller, Reply
from tests.conftest import Service

SITE = "https://crm.example"
ALLOW = "access-control-allow-origin"


@pytest.fixture
def api(service: Service) -> Caller:
    service.api.app = Cors(Compression(service.api.app), (SITE, "http://localhost:3000"))
    return service.api


def preflight(api: Caller, target: str, origin: str, method: str = "POST") -> Reply:
    headers = {"Origin": origin, "Access-Control-Request-Method": method,
               "Access-Control-Request-Headers": "authorization,content-type"}  # fmt: skip
    return api.call("OPTIONS", target, headers=headers, token=None)


@pytest.mark.parametrize("target", ["/v1/contacts", "/v1/contacts/ann", "/v1/companies/export", "/v1/nothing"])
@pytest.mark.parametrize("origin", [SITE, "http://localhost:3000"])
def test_a_preflight_needs_no_token(api: Caller, target: str, origin: str) -> None:
    reply = preflight(api, target, origin)
    assert reply.status == 200
    assert reply.headers[ALLOW] == origin
    assert "authorization" in reply.headers["access-control-allow-headers"].lower()
    assert {"GET", "POST", "DELETE"} <= set(reply.headers["access-control-allow-methods"].split(", "))
    assert "origin" in reply.headers["vary"].lower().split(", ")
    assert "access-control-allow-credentials" not in reply.headers


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "https://crm.example.evil.example", "null", "", "http://crm.example"]
)
def test_other_origins_get_nothing(api: Caller, origin: str) -> None:
    assert preflight(api, "/v1/contacts", origin).status == 401
    for reply in (preflight(api, "/v1/contacts", origin), api.get("/v1/contacts", headers={"Origin": origin})):
        assert not any(name.startswith("access-control-") for name in reply.headers)
        assert reply.headers["cache-control"] == "no-store"  # hence it need not vary by origin


def test_answers_and_errors_can_be_read(api: Caller) -> None:
    headers = {"Origin": SITE}
    replies = {
        200: api.post("/v1/contacts", {}, headers=headers),
        400: api.post("/v1/contacts", {"x": 1}, headers=headers),
        401: api.get("/v1/contacts", headers=headers, token=None),
        404: api.get("/v1/contacts/nobody", headers=headers),
        405: api.call("PUT", "/v1/contacts", headers=headers),
    }
    for status, reply in replies.items():
        assert reply.status == status
        assert reply.headers[ALLOW] == SITE
        assert "x-request-id" in reply.headers["access-control-expose-headers"].lower()
        assert "access-control-allow-credentials" not in reply.headers
    exported = api.post("/v1/contacts/export", headers=headers | {"Accept-Encoding": "gzip"})
    assert exported.headers[ALLOW] == SITE
    assert set(exported.headers["vary"].lower().split(", ")) == {"accept-encoding", "origin"}


def test_options_without_a_preflight_is_a_method_like_others(api: Caller) -> None:
    assert api.call("OPTIONS", "/v1/contacts", headers={"Origin": SITE}).status == 405


@pytest.mark.parametrize("target", ["/", "/docs", "/signin", "/app/contacts", "/metrics", "/v1x"])
def test_pages_are_for_this_site_alone(api: Caller, target: str) -> None:
    for reply in (api.get(target, headers={"Origin": SITE}), preflight(api, target, SITE)):
        assert not any(name.startswith("access-control-") for name in reply.headers)


def test_every_origin(service: Service) -> None:
    caller = Caller(Cors(service.api.app, ("*",)), service.api.loop, service.api.token)
    for reply in (preflight(caller, "/v1/contacts", "null"), caller.get("/v1/contacts", headers={"Origin": "null"})):
        assert reply.headers[ALLOW] == "*"
    assert ALLOW not in caller.get("/v1/contacts").headers


def test_off_unless_named(service: Service) -> None:
    for reply in (
        preflight(service.api, "/v1/contacts", SITE),
        service.api.get("/v1/contacts", headers={"Origin": SITE}),
    ):
        assert not any(name.startswith("access-control-") for name in reply.headers)
