"""The OpenAPI document meets the needs of client generators: valid, fully typed, with a name for every class."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import validate

from tests.api.caller import Caller

Schema = dict[str, Any]
_KINDS_OF_VALUE = ("type", "$ref", "anyOf")


@pytest.fixture
def document(api: Caller) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(api.get("/openapi.json", token=None).body)
    return read


def schemas(node: Any, path: str = "") -> Iterator[tuple[str, Schema]]:
    """Every schema of a value in the document, with its location. Schemas below `not` describe no values."""
    if isinstance(node, list):
        for at, item in enumerate(node):
            yield from schemas(item, f"{path}/{at}")
    elif isinstance(node, dict):
        for name, child in node.items():
            where = f"{path}/{name}"
            if name in ("schema", "items") or (name == "additionalProperties" and isinstance(child, dict)):
                yield where, child
            elif name in ("properties", "schemas"):
                yield from ((f"{where}/{key}", of) for key, of in child.items())
            elif name == "anyOf" and not path.endswith("/not"):
                yield from ((f"{where}/{at}", of) for at, of in enumerate(child))
            if name not in ("not", "examples"):
                yield from schemas(child, where)


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [op for item in document["paths"].values() for method, op in item.items() if method != "parameters"]


def test_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_document_every_schema_has_a_type(document: dict[str, Any]) -> None:
    found = list(schemas(document))
    assert len(found) > 500
    assert [where for where, schema in found if not any(word in schema for word in _KINDS_OF_VALUE)] == []


def test_document_every_array_says_of_what(document: dict[str, Any]) -> None:
    arrays = [(where, schema) for where, schema in schemas(document) if "array" in schema.get("type", ())]
    assert len(arrays) > 100
    assert [where for where, schema in arrays if "items" not in schema] == []


def test_document_null_is_one_of_several_types(document: dict[str, Any]) -> None:
    """Null is in a list of types: not in anyOf with one plain type, and not an enumeration value."""
    for where, schema in schemas(document):
        assert None not in schema.get("enum", ()), where
        choices = [of.get("type") for of in schema.get("anyOf", ()) if "$ref" not in of]
        assert "null" not in choices or len(schema["anyOf"]) > 2 or len(choices) == 1, where


def test_document_components_have_titles(document: dict[str, Any]) -> None:
    named = document["components"]["schemas"]
    assert {name: schema["title"] for name, schema in named.items()} == {name: name for name in named}


def test_document_operations_have_ids_tags_and_types(document: dict[str, Any]) -> None:
    all_of_them = operations(document)
    ids = [op["operationId"] for op in all_of_them]
    assert len(ids) == len(set(ids)) > 20
    for op in all_of_them:
        assert len(op["tags"]) == 1
        for code, response in op["responses"].items():
            for media in response["content"].values():
                failed = media["schema"] == {"$ref": "#/components/schemas/Failure"}
                assert failed == (code != "200"), (op["operationId"], code)


def test_document_guarded_paths_need_the_bearer_token(document: dict[str, Any]) -> None:
    (name,) = document["components"]["securitySchemes"]
    assert document["components"]["securitySchemes"][name]["scheme"] == "bearer"
    for path, item in document["paths"].items():
        for method, op in item.items():
            if method != "parameters":
                assert op.get("security") == ([{name: []}] if path.startswith("/v1/") else None), path


def test_document_page_has_no_default(document: dict[str, Any]) -> None:
    """With a default for page, a client that sends its defaults could not send a cursor."""
    for kind, record in (("contacts", "Contact"), ("companies", "Company")):
        body = document["components"]["schemas"][f"{record}Search"]["properties"]
        (query,) = [p for p in document["paths"][f"/v1/{kind}"]["get"]["parameters"] if p["name"] == "page"]
        assert "default" not in body["page"] and "default" not in query["schema"]
