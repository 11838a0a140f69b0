"""Every response has a request id and security headers. Also the endpoints for operators and the OpenAPI document."""

from __future__ import annotations

import json
import re

import pytest

from letrics.fields import CATALOGUE
from tests.api.caller import Caller
from tests.conftest import Service

EVERYWHERE = ["/v1/contacts", "/v1/contacts/ann", "/v1/nothing", "/healthz", "/readyz", "/metrics", "/openapi.json",
              "/docs", "/static/docs.css", "/", "/nothing"]  # fmt: skip


@pytest.mark.parametrize("target", EVERYWHERE)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_headers_of_every_response(api: Caller, target: str, method: str) -> None:
    reply = api.call(method, target)
    assert re.fullmatch(r"[0-9a-f]{32}", reply.headers["x-request-id"])
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["content-security-policy"].startswith("default-src 'none'")
    assert "access-control-allow-origin" not in reply.headers


@pytest.mark.parametrize("target", EVERYWHERE)
def test_a_well_formed_request_id_is_kept(api: Caller, target: str) -> None:
    for given in ("a", "A-b_c.9", "x" * 128):
        assert api.get(target, headers={"X-Request-Id": given}).headers["x-request-id"] == given
    for bad in ("", " ", "a b", "x" * 129, "é", "a,b", "<script>"):
        assert api.get(target, headers={"X-Request-Id": bad}).headers["x-request-id"] != bad


def test_two_request_ids_are_none(api: Caller) -> None:
    reply = api.get("/healthz", headers={"X-Request-Id": "a"}, more=[("X-Request-Id", "b")])
    assert reply.headers["x-request-id"] not in ("a", "b", "a, b")


def test_metrics(service: Service) -> None:
    for target in ("/v1/contacts?job_titles=secret-value", "/v1/contacts/ann", "/v1/nothing", "/nothing", "/docs"):
        service.api.get(target)
    reply = service.api.get("/metrics")
    text = reply.body.decode()
    assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")
    for line in (
        'letrics_requests_total{method="GET",route="/v1/contacts",status="200"} 1.0',
        'letrics_requests_total{method="GET",route="/v1/contacts/{id}",status="200"} 1.0',
        'letrics_requests_total{method="GET",route="unknown",status="404"} 1.0',
        'letrics_requests_total{method="GET",route="pages",status="404"} 1.0',
        'letrics_request_seconds_count{route="/v1/contacts"} 1.0',
        'letrics_records{kind="contacts"} 5.0',
        'letrics_records{kind="companies"} 4.0',
        "letrics_ready 1.0",
        "letrics_engine_seq 9.0",
        "letrics_engine_lag 0.0",
    ):
        assert line in text.splitlines(), line
    assert "secret-value" not in text and "ann" not in text.replace("annot", "")
    service.store.away = True
    assert "letrics_store_up 0.0" in service.api.get("/metrics").body.decode().splitlines()


class TestOpenAPI:
    @pytest.fixture
    def document(self, api: Caller) -> dict[str, object]:
        document: dict[str, object] = json.loads(api.get("/openapi.json").body)
        return document

    def test_every_route_and_field_is_in_it(self, document: dict[str, object]) -> None:
        paths = document["paths"]
        assert isinstance(paths, dict)
        of_kind = ["", "/count", "/facets", "/export", "/fields", "/fields/{name}/values"]
        assert list(paths) == [
            *(f"/v1/contacts{rest}" for rest in [*of_kind, "/{id}"]),
            *(f"/v1/companies{rest}" for rest in [*of_kind, "/{domain}"]),
            "/v1/account", "/healthz", "/readyz", "/metrics", "/openapi.json",
        ]  # fmt: skip
        for kind, schema in (("contacts", "ContactSearch"), ("companies", "CompanySearch")):
            names = {field.name for field in CATALOGUE if field.fact(kind)}  # type: ignore[arg-type]
            body = document["components"]["schemas"][schema]["properties"]  # type: ignore[index]
            assert names <= set(body)
            aliases = {alias for field in CATALOGUE for alias in field.aliases}
            assert {p["name"] for p in paths[f"/v1/{kind}"]["get"]["parameters"]} == set(body) - aliases

    def test_every_reference_resolves(self, document: dict[str, object]) -> None:
        for reference in re.findall(r'"\$ref":\s*"#/([^"]+)"', json.dumps(document)):
            found: object = document
            for part in reference.split("/"):
                assert isinstance(found, dict)
                found = found[part]

    def test_the_errors_of_each_operation(self, document: dict[str, object]) -> None:
        paths = document["paths"]
        assert isinstance(paths, dict)
        post = {"200", "400", "401", "413", "414", "415", "429", "500", "503"}
        assert set(paths["/v1/contacts"]["post"]["responses"]) == post
        assert set(paths["/v1/contacts"]["get"]["responses"]) == post - {"413", "415"}
        delete = set(paths["/v1/companies/{domain}"]["delete"]["responses"])
        assert delete == {"200", "400", "401", "403", "404", "414", "429", "500", "503"}
        for path in ("/v1/contacts/count", "/v1/companies/facets", "/v1/companies/export"):
            assert set(paths[path]) == {"post"}
            assert set(paths[path]["post"]["responses"]) == post


def test_head_works_on_every_get(service: Service) -> None:
    api, paths = service.api, json.loads(service.api.get("/openapi.json").body)["paths"]
    known = {"{id}": "ann", "{domain}": "acme.example", "{name}": "job_titles"}
    for template in [path for path, item in paths.items() if "get" in item and not path.endswith("/values")]:
        target = template
        for placeholder, value in known.items():
            target = target.replace(placeholder, value)
        get, head = api.get(target), api.call("HEAD", target)
        assert (head.status, head.body) == (get.status, b"") == (200, b""), template
        assert head.headers["content-type"] == get.headers["content-type"]
    text = api.get("/metrics").body.decode()
    for template in ("/v1/contacts/fields", "/v1/account", "/v1/companies/{domain}"):
        assert f'letrics_requests_total{{method="HEAD",route="{template}",status="200"}} 1.0' in text.splitlines()
