"""The paths of the API, as the OpenAPI document lists them."""

from __future__ import annotations

import json
import re

import pytest

from letrics.fields import CATALOGUE
from tests.api.caller import Caller
from tests.conftest import Service


class TestOpenAPI:
    @pytest.fixture
    def document(self, api: Caller) -> dict[str, object]:
        document: dict[str, object] = json.loads(api.get("/openapi.json").body)
        return document

    def test_every_route_and_field_is_in_it(self, document: dict[str, object]) -> None:
        paths = document["paths"]
        assert isinstance(paths, dict)
        of_kind = ["", "/count", "/facets", "/export", "/upsert", "/fields", "/fields/{name}/values"]
        assert list(paths) == [
            *(f"/v1/contacts{rest}" for rest in [*of_kind, "/id/{id}", "/{id}"]),
            *(f"/v1/companies{rest}" for rest in [*of_kind, "/id/{domain}", "/{domain}"]),
            *(f"/v1/duplicates{rest}" for rest in ["", "/{duplicate_id}"]),
            *(f"/v1/duplicates/{{duplicate_id}}/{action}" for action in ("merge", "dismiss", "undo")),
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
        assert delete == {"200", "400", "401", "403", "404", "409", "414", "422", "429", "500", "503"}
        for path in ("/v1/contacts/count", "/v1/companies/facets", "/v1/companies/export"):
            assert set(paths[path]) == {"post"}
            assert set(paths[path]["post"]["responses"]) == post


def test_head_works_on_every_get(service: Service) -> None:
    api = Caller(service.api.app, service.api.loop, service.tokens["write"])
    paths = json.loads(service.api.get("/openapi.json").body)["paths"]
    known = {"{id}": "ann", "{domain}": "acme.example", "{name}": "job_titles", "{duplicate_id}": "1"}
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
