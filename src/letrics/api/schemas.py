"""The named JSON Schemas: of answers, made from the structs that are sent, and of request bodies."""

from __future__ import annotations

from typing import Final

import msgspec

from letrics.accounts.account import Account
from letrics.api.answer import Meta
from letrics.api.catalogue import FieldRow
from letrics.api.count import CountMeta, FacetsMeta
from letrics.api.request_schemas import Schema, count_body, export_body, facets_body, search_body
from letrics.api.search import SearchMeta
from letrics.engines.base import ValueCount
from letrics.errors import MAX_PROBLEMS, Problem
from letrics.records import KINDS, Company, Contact, Kind

NAMES: Final[dict[Kind, str]] = {
    "contacts": "Contact",
    "companies": "Company",
}
"""Of each kind, the name of its record's schema, with which those of requests for it begin."""

_SENT: Final = (
    Company, Contact, Problem, SearchMeta, CountMeta, FacetsMeta, Meta, ValueCount, FieldRow, Account,
)  # fmt: skip
_TIMES: Final = frozenset({"added_at", "updated_at", "first_seen_at"})


def reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def components() -> dict[str, Schema]:
    """Every named schema."""
    _, schemas = msgspec.json.schema_components(_SENT, ref_template="#/components/schemas/{name}")
    for name, schema in schemas.items():
        _complete(name, schema)
    for kind in KINDS:
        record = NAMES[kind]
        schemas[f"{record}Search"] = search_body(kind)
        schemas[f"{record}Count"] = count_body(kind)
        schemas[f"{record}Facets"] = facets_body(kind)
        schemas[f"{record}Export"] = export_body(kind)
        schemas[f"{record}Part"] = _part(record, schemas[record])
        items = {"anyOf": [reference(record), reference(f"{record}Part")]}
        schemas[f"{record}Page"] = envelope({"type": "array", "items": items}, "SearchMeta")
        schemas[f"{record}Answer"] = envelope(reference(record), "Meta")
    schemas |= _answers()
    schemas["Failure"] = {
        "type": "object",
        "description": "The envelope of every failure: one item in `errors` for each problem.",
        "properties": {
            "data": {"type": "null"},
            "meta": reference("Meta"),
            "errors": {"type": "array", "items": reference("Problem"), "minItems": 1, "maxItems": MAX_PROBLEMS},
        },
        "required": ["data", "meta", "errors"],
    }
    return dict(sorted(schemas.items()))


def _answers() -> dict[str, Schema]:
    """The answers without records."""
    deleted = {"type": "object", "properties": {"deleted": {"type": "integer", "minimum": 0}}, "required": ["deleted"]}
    deleted["description"] = "How many records are gone: the one asked for, and a company's contacts."
    total = {"type": "object", "properties": {"total": {"type": "integer", "minimum": 0}}, "required": ["total"]}
    counts = {"type": "array", "items": reference("ValueCount")}
    facets = {"type": "object", "description": "By field, the commonest values first.", "additionalProperties": counts}
    return {
        "AccountAnswer": envelope(reference("Account"), "Meta"),
        "CountAnswer": envelope(total, "CountMeta"),
        "DeletedAnswer": envelope(deleted, "Meta"),
        "FacetsAnswer": envelope(facets, "FacetsMeta"),
        "FieldsAnswer": envelope({"type": "array", "items": reference("FieldRow")}, "Meta"),
        "ValuesAnswer": envelope(counts, "Meta"),
    }


def _part(record: str, whole: Schema) -> Schema:
    """The record cut down to the members that `fields` names."""
    properties = dict(whole["properties"])
    if record == "Contact":
        properties["company"] = {"anyOf": [reference("Company"), reference("CompanyPart")]}
    about = f"A {record} cut down to the members that `fields` names."
    return {"type": "object", "description": about, "properties": properties, "additionalProperties": False}


def envelope(data: Schema, meta: str) -> Schema:
    """The envelope of a success around `data`."""
    return {
        "type": "object",
        "properties": {"data": data, "meta": reference(meta), "errors": {"type": "array", "maxItems": 0}},
        "required": ["data", "meta", "errors"],
    }


def _complete(name: str, schema: Schema) -> None:
    """In an answer every member is there, whatever it defaults to when a record is made."""
    for member, of in schema.get("properties", {}).items():
        of.pop("default", None)
        if member in _TIMES:
            of["format"] = "date-time"
            of["examples"] = ["2026-01-31T09:30:00.000Z"]
    if name != "Problem":
        schema["required"] = list(schema.get("properties", {}))
    schema.pop("title", None)
    if "description" in schema:
        schema["description"] = " ".join(schema["description"].split("\n\n")[0].split())
