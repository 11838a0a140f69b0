"""The error table: each error in each situation that raises it, and their precedence."""

from __future__ import annotations

import pytest

from letrics.api.application import MAX_URL
from letrics.api.auth import Buckets
from letrics.api.call import Call
from letrics.api.response import ApiResponse
from letrics.api.routes import Operation, Route, Table
from letrics.engines.base import EngineLoading, OutOfTime
from tests.api.caller import Caller
from tests.conftest import Service
from tests.contract.envelope import check

SEARCHES = ("/v1/contacts", "/v1/companies")
RECORDS = ("/v1/contacts/ann", "/v1/companies/acme.example")
OPEN = ("/healthz", "/readyz", "/metrics", "/openapi.json", "/docs")


class TestUnauthorized:
    @pytest.mark.parametrize("target", [*SEARCHES, *RECORDS, "/v1", "/v1/", "/v1/nothing", "/v1/%ff", "/%761/contacts"])
    @pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS"])
    def test_without_a_token(self, api: Caller, target: str, method: str) -> None:
        reply = api.call(method, target, token=None)
        check(reply, "unauthorized")
        assert reply.headers["www-authenticate"] == "Bearer"

    @pytest.mark.parametrize("which", ["expired", "revoked", "disabled"])
    def test_a_token_that_was_good(self, service: Service, which: str) -> None:
        reply = service.api.get("/v1/contacts", token=service.tokens[which])
        assert which in check(reply, "unauthorized")
        assert reply.headers["www-authenticate"] == "Bearer"

    @pytest.mark.parametrize(
        "damage", [lambda t: t[:-1], lambda t: t + "0", lambda t: t.swapcase(), lambda t: "", lambda t: "é"]
    )
    def test_a_malformed_token(self, service: Service, damage: object) -> None:
        token = damage(service.tokens["read"])  # type: ignore[operator]
        reply = service.api.get("/v1/contacts", token=None, headers={"Authorization": f"Bearer {token}"})
        assert "malformed" in check(reply, "unauthorized")

    def test_schemes(self, service: Service) -> None:
        token = service.tokens["read"]
        for value in (f"Bearer {token}", f"bearer {token}", f"BEARER   {token}"):
            assert service.api.get("/v1/contacts", token=None, headers={"Authorization": value}).status == 200
        for value in (token, f"Basic {token}", f"Token {token}", "Bearer", ""):
            check(service.api.get("/v1/contacts", token=None, headers={"Authorization": value}), "unauthorized")

    def test_two_headers(self, service: Service) -> None:
        value = f"Bearer {service.tokens['read']}"
        check(service.api.get("/v1/contacts", more=[("Authorization", value)]), "unauthorized")

    def test_no_other_place_for_a_token(self, service: Service) -> None:
        token = service.tokens["read"]
        check(service.api.get(f"/v1/contacts?access_token={token}", token=None), "unauthorized")
        check(service.api.get("/v1/contacts", token=None, headers={"Cookie": f"session={token}"}), "unauthorized")

    @pytest.mark.parametrize("target", OPEN)
    def test_open_paths_need_none(self, api: Caller, target: str) -> None:
        assert api.get(target, token=None).status == 200


class TestNotFound:
    @pytest.mark.parametrize(
        "target",
        ["/v1", "/v1/", "/v1/contacts/", "/v1/companies/", "/v1/contact", "/v1/contacts/ann/", "/v1/contacts/nobody",
         "/v1/companies/unknown.example", "/v1/companies/www.acme.example", "/v1/companies/https%3A%2F%2Facme.example",
         "/v1/companies/info@acme.example", "/v1/companies/%ff", "/v1/contacts/%00", "/v1/contacts/%ED%A0%80",
         "/v1/companies/127.0.0.1", "/v1/companies/-", "/v1//contacts", "/v1/contacts%2Fann"],
    )  # fmt: skip
    def test_under_v1(self, api: Caller, target: str) -> None:
        check(api.get(target), "not_found")

    @pytest.mark.parametrize("target", ["/nothing", "/healthz/", "/healthz/x", "/docs/", "/%ff", "//", "/static/../x"])
    def test_elsewhere_without_a_token(self, api: Caller, target: str) -> None:
        check(api.get(target, token=None), "not_found")

    def test_the_nearest_path_is_named(self, api: Caller) -> None:
        assert "/v1/contacts" in check(api.get("/v1/contcts"), "not_found")
        assert "slash" in check(api.get("/v1/contacts/"), "not_found")
        assert "acme.example" in check(api.get("/v1/companies/www.acme.example"), "not_found")


class TestMethodNotAllowed:
    @pytest.mark.parametrize(
        ("target", "allow"),
        [(path, "POST, GET, HEAD") for path in SEARCHES]
        + [(path, "GET, HEAD, DELETE") for path in RECORDS]
        + [(path, "GET, HEAD") for path in OPEN[:4]],
    )
    @pytest.mark.parametrize("method", ["PUT", "PATCH", "OPTIONS", "TRACE"])
    def test_with_allow(self, api: Caller, target: str, allow: str, method: str) -> None:
        reply = api.call(method, target)
        check(reply, "method_not_allowed")
        assert reply.headers["allow"] == allow

    def test_pages(self, api: Caller) -> None:
        reply = api.call("POST", "/docs")
        check(reply, "method_not_allowed")
        assert set(reply.headers["allow"].split(", ")) == {"GET", "HEAD"}


class TestForbidden:
    @pytest.mark.parametrize("target", RECORDS)
    def test_deleting_needs_write(self, api: Caller, target: str) -> None:
        assert "write" in check(api.call("DELETE", target), "forbidden")

    def test_a_record_that_is_not_there_comes_first(self, api: Caller) -> None:
        check(api.call("DELETE", "/v1/contacts/nobody"), "not_found")


class TestUnsupportedMediaType:
    @pytest.mark.parametrize("target", SEARCHES)
    @pytest.mark.parametrize(
        "value",
        ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "", "json", "x+json", "a/b+jsonx"],
    )
    def test_refused(self, api: Caller, target: str, value: str) -> None:
        details = check(api.post(target, b"{}", headers={"Content-Type": value}), "unsupported_media_type")
        assert "Content-Type: application/json" in details

    @pytest.mark.parametrize(
        "value",
        ["application/json", "Application/JSON; charset=utf-8", "application/vnd.api+json", "application/json ;x=y"],
    )
    def test_accepted(self, api: Caller, value: str) -> None:
        assert api.post("/v1/contacts", b"{}", headers={"Content-Type": value}).status == 200

    def test_a_packed_body(self, api: Caller) -> None:
        check(api.post("/v1/contacts", b"{}", headers={"Content-Encoding": "gzip"}), "unsupported_media_type")


class TestTooLarge:
    @pytest.mark.parametrize("target", SEARCHES)
    def test_by_its_length_before_a_byte_is_read(self, api: Caller, target: str) -> None:
        check(api.call("POST", target, [b" "], headers={"Content-Length": str((1 << 20) + 1)}), "payload_too_large")
        assert api.read == 0
        check(api.call("POST", target, [b" "], headers={"Content-Length": "9" * 5000}), "payload_too_large")

    def test_in_chunks_as_soon_as_it_is_known(self, api: Caller) -> None:
        check(api.call("POST", "/v1/contacts", [b" " * (1 << 18)] * 100), "payload_too_large")
        assert api.read == 5

    def test_the_limit_itself_is_allowed(self, api: Caller) -> None:
        assert api.call("POST", "/v1/contacts", b"{}" + b" " * ((1 << 20) - 2)).status == 200


class TestUriTooLong:
    @pytest.mark.parametrize("target", [*SEARCHES, *RECORDS])
    def test_under_v1(self, api: Caller, target: str) -> None:
        details = check(api.get(f"{target}?x={'a' * MAX_URL}"), "uri_too_long")
        assert "POST" in details

    @pytest.mark.parametrize("target", ["/healthz", "/docs", "/nothing"])
    def test_elsewhere(self, api: Caller, target: str) -> None:
        check(api.get(f"{target}/{'a' * MAX_URL}", token=None), "uri_too_long")

    def test_the_limit_itself_is_read(self, api: Caller) -> None:
        target = "/v1/contacts?"
        reply = api.get(target + "&" * (MAX_URL - len(target)))
        assert reply.status == 200


class TestUnavailable:
    @pytest.mark.parametrize("target", SEARCHES)
    @pytest.mark.parametrize("failure", [EngineLoading(), OutOfTime()])
    def test_of_the_engine(self, service: Service, target: str, failure: Exception) -> None:
        service.engine.failure = failure
        for reply in (service.api.get(target), service.api.post(target)):
            check(reply, "unavailable")
            assert int(reply.headers["retry-after"]) >= 1

    @pytest.mark.parametrize("target", [*SEARCHES, *RECORDS, "/readyz"])
    def test_of_the_store(self, service: Service, target: str) -> None:
        service.store.away = True
        reply = service.api.get(target)
        assert "secret" not in check(reply, "unavailable")
        assert int(reply.headers["retry-after"]) >= 1

    def test_ready_only_when_loaded(self, service: Service) -> None:
        service.engine.failure = EngineLoading()
        check(service.api.get("/readyz"), "unavailable")
        assert service.api.get("/healthz").status == 200
        service.engine.failure = None
        assert service.api.get("/readyz").status == 200


class TestTooManyRequests:
    def test_a_token_may_ask_so_often(self, service: Service) -> None:
        now = 0.0
        service.api.app = service.application(limiter=Buckets(2, lambda: now))
        assert [service.api.get("/v1/contacts").status for _ in range(3)] == [200, 200, 429]
        reply = service.api.get("/v1/nothing")
        check(reply, "too_many_requests")
        assert reply.headers["retry-after"] == "1"
        assert service.api.get("/v1/contacts", token=service.tokens["write"]).status == 200
        now = 0.5
        assert [service.api.get("/v1/contacts").status for _ in range(2)] == [200, 429]


class TestInternalError:
    def test_a_bug_is_told_by_its_request_id_alone(self, service: Service, caplog: pytest.LogCaptureFixture) -> None:
        secret = "a value of the caller"

        async def broken(_: Call) -> ApiResponse:
            try:
                raise KeyError(secret)
            except KeyError:
                raise RuntimeError(secret) from None

        table = Table([Route("/v1/contacts", {"GET": Operation("broken", "Broken", broken)})])
        service.api.app = service.application(table=table)
        reply = service.api.get(f"/v1/contacts?x={secret.replace(' ', '+')}", headers={"X-Request-Id": "mine-1"})
        assert "mine-1" in check(reply, "internal_error")
        assert secret not in reply.body.decode()
        logged = caplog.text
        assert "RuntimeError" in logged and "mine-1" in logged and "in broken" in logged
        assert secret not in logged and service.tokens["read"] not in logged


class TestOrder:
    """401, 404, 405, 403, 415, 413, 400, 503: each takes precedence over all that follow."""

    def test_each_before_the_next(self, service: Service) -> None:
        api, large = service.api, {"Content-Length": str(1 << 21)}
        service.engine.failure = OutOfTime()  # of searches alone: while an engine is loading, no record is looked up
        text = {"Content-Type": "text/plain"}
        check(api.call("PUT", "/v1/nothing", b"{", headers=text, token=None), "unauthorized")
        check(api.call("PUT", "/v1/nothing", b"{", headers=text), "not_found")
        check(api.call("PUT", "/v1/contacts", b"{", headers=text), "method_not_allowed")
        check(api.call("DELETE", "/v1/companies/acme.example?x=1"), "forbidden")
        check(api.call("POST", "/v1/contacts?x=1", [b"{"], headers=text | large), "unsupported_media_type")
        check(api.call("POST", "/v1/contacts?x=1", [b"{"], headers=large), "payload_too_large")
        check(api.post("/v1/contacts", b"{"), "invalid_input")
        check(api.post("/v1/contacts", b"{}"), "unavailable")

    def test_an_unknown_record_before_its_parameters(self, api: Caller) -> None:
        check(api.get("/v1/contacts/nobody?x=1"), "not_found")
