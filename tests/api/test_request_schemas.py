"""Schemas of requests accept what the parser accepts, and refuse what it refuses."""

from __future__ import annotations

from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from letrics.api.request_schemas import NAMES, export_parameters, paging, values_parameters
from letrics.api.schemas import components
from letrics.errors import LetricsError
from letrics.export.writers import FORMATS
from letrics.fields import MAX_VALUE_LENGTH, fields_of
from letrics.query import parse_request
from letrics.records import KINDS, Kind, member_names


def accepts(name: str, body: object) -> bool:
    """Whether a body conforms to a named schema."""
    schema = {"components": {"schemas": components()}, "$ref": f"#/components/schemas/{name}"}
    valid: bool = jsonschema.Draft202012Validator(schema).is_valid(body)
    return valid


def parses(kind: Kind, body: dict[str, Any]) -> bool:
    try:
        parse_request(kind, body)
    except LetricsError:
        return False
    return True


def example(kind: Kind, name: str) -> Any:
    field = next(field for field in fields_of(kind) if field.name == name)
    if field.is_array:
        return [field.example]
    if field.kind == "number":
        return int(field.example)
    return True if field.kind in ("flag", "modifier") else field.example


@pytest.mark.parametrize("kind", KINDS)
def test_search_body_accepts_every_field_and_null(kind: Kind) -> None:
    body = {field.name: example(kind, field.name) for field in fields_of(kind)}
    assert accepts(f"{NAMES[kind]}Search", body) and parses(kind, body)
    assert accepts(f"{NAMES[kind]}Search", dict.fromkeys(body)) and parses(kind, dict.fromkeys(body))
    arrays = {f"exclude_{field.name}": example(kind, field.name) for field in fields_of(kind) if field.can_exclude}
    assert accepts(f"{NAMES[kind]}Search", arrays) and parses(kind, arrays)


@pytest.mark.parametrize(
    "body",
    [{"nonsense": 1}, {"locations": "Berlin"}, {"locations": [""]}, {"locations": [" "]}, {"locations": ["a\0b"]},
     {"locations": ["x" * (MAX_VALUE_LENGTH + 1)]}, {"page": 0}, {"per_page": 101}, {"order": "up"}, {"page": "1"},
     {"cursor": "short"}, {"fields": ["nonsense"]}, {"employees_min": -1}, {"page": 1, "cursor": "A" * 30}],
)  # fmt: skip
@pytest.mark.parametrize("kind", KINDS)
def test_search_body_refuses_what_the_parser_refuses(kind: Kind, body: dict[str, Any]) -> None:
    assert not accepts(f"{NAMES[kind]}Search", body) and not parses(kind, body)


def test_search_body_refuses_a_field_with_its_alias() -> None:
    field = next(field for field in fields_of("contacts") if field.aliases)
    body = {field.name: example("contacts", field.name)}
    assert accepts("ContactSearch", {field.aliases[0]: body[field.name]})
    body[field.aliases[0]] = body[field.name]
    assert not accepts("ContactSearch", body) and not parses("contacts", body)


@pytest.mark.parametrize("kind", KINDS)
def test_other_bodies_have_the_filters_without_pages(kind: Kind) -> None:
    body = {"industries": ["Software"]}
    for of in ("Count", "Export"):
        assert accepts(f"{NAMES[kind]}{of}", body)
        assert not accepts(f"{NAMES[kind]}{of}", body | {"page": 1})
    assert accepts(f"{NAMES[kind]}Export", body | {"order": "newest", "fields": ["id"]})
    facets = body | {"facets": ["industries"], "facet_size": 5}
    assert accepts(f"{NAMES[kind]}Facets", facets)
    for wrong in (body, facets | {"facets": []}, facets | {"facets": ["website"]}, facets | {"facet_size": 0}):
        assert not accepts(f"{NAMES[kind]}Facets", wrong)


@pytest.mark.parametrize("kind", KINDS)
def test_enumerations_have_the_names_of_the_catalogue(kind: Kind) -> None:
    named = components()
    assert named[f"{NAMES[kind]}Field"]["enum"] == list(member_names(kind))
    assert named["ExportFormat"]["enum"] == list(FORMATS)
    assert list(paging(kind)) == ["order", "page", "per_page", "cursor", "fields"]


def test_parameters_have_descriptions() -> None:
    for name, schema in (export_parameters() | values_parameters()).items():
        assert schema["description"].endswith("."), name
