"""Schemas of responses describe what is sent."""

from __future__ import annotations

import json
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import msgspec
import pytest

from letrics.api.response import failure
from letrics.api.schemas import components
from letrics.errors import INVALID_INPUT, LetricsError
from tests.api.caller import Caller
from tests.contract.world import COMPANIES


def problems(name: str, value: object) -> list[str]:
    """The reasons why a value does not conform to a named schema."""
    schema = {"components": {"schemas": components()}, "$ref": f"#/components/schemas/{name}"}
    found = jsonschema.Draft202012Validator(schema).iter_errors(value)
    return [error.message for error in found]


@pytest.mark.parametrize(
    ("name", "target", "body"),
    [("ContactPage", "/v1/contacts", {}), ("CompanyPage", "/v1/companies", {"locations": ["NYC"], "industries": ["x"]}),
     ("ContactPage", "/v1/contacts", {"fields": ["id", "company.name"]}), ("CountResponse", "/v1/contacts/count", {}),
     ("FacetsResponse", "/v1/companies/facets", {"facets": ["industries"]}),
     ("ContactResponse", "/v1/contacts/ann", None), ("CompanyResponse", "/v1/companies/acme.example", None),
     ("FieldsResponse", "/v1/contacts/fields", None), ("AccountResponse", "/v1/account", None),
     ("ValuesResponse", "/v1/companies/fields/industries/values", None), ("StatusResponse", "/healthz", None)],
)  # fmt: skip
def test_response_conforms_to_its_schema(api: Caller, name: str, target: str, body: dict[str, Any] | None) -> None:
    reply = api.get(target) if body is None else api.post(target, body)
    assert reply.status == 200 and problems(name, reply.json) == []


def test_failure_conforms_to_its_schema() -> None:
    body = json.loads(failure(LetricsError(INVALID_INPUT, [("x", "page"), ("y", None)]), "r-1").body)
    assert problems("Failure", body) == []
    assert problems("Failure", body | {"errors": []}) and problems("ContactPage", body)


@pytest.mark.parametrize("member", ["id", "domain", "locations", "employees", "added_at"])
def test_company_without_a_field_does_not_conform(member: str) -> None:
    company = json.loads(msgspec.json.encode(COMPANIES[0]))
    assert problems("Company", company) == []
    wrong_type = problems("Company", {**company, member: {"x": 1}})
    del company[member]
    assert wrong_type and problems("Company", company)
