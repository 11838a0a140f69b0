"""The JSON Schemas of requests, made from the catalogue, and of answers, made from the record structs."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from letrics.api.answer import Meta
from letrics.api.search import SearchMeta
from letrics.errors import MAX_PROBLEMS, Problem
from letrics.fields import DEFAULT_PER_PAGE, MAX_NUMBER, MAX_PAGE, MAX_PER_PAGE, MAX_VALUE_LENGTH, Field, fields_of
from letrics.records import KINDS, Company, Contact, Kind, member_names

Schema = dict[str, Any]

NAMES: Final[dict[Kind, tuple[str, str]]] = {
    "contacts": ("Contact", "ContactSearch"),
    "companies": ("Company", "CompanySearch"),
}
"""Of each kind, the names of the schemas of its record and of a search for it."""

_TIMES: Final = frozenset({"added_at", "updated_at", "first_seen_at"})
# White space may stand around and inside a value; other control characters may not, and something must be there.
_CONTROLS: Final = r"\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f"
_VALUE_PATTERN: Final = rf"^[^{_CONTROLS}]*[^\s{_CONTROLS}][^{_CONTROLS}]*$"
_CURSOR_PATTERN: Final = "^[A-Za-z0-9_-]{30}$"


def reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def components() -> dict[str, Schema]:
    """Every named schema."""
    _, schemas = msgspec.json.schema_components(
        [Company, Contact, Problem, SearchMeta, Meta], ref_template="#/components/schemas/{name}"
    )
    for name, schema in schemas.items():
        _complete(name, schema)
    for kind in KINDS:
        record, search = NAMES[kind]
        schemas[search] = search_body(kind)
        schemas[f"{record}Part"] = _part(record, schemas[record])
        items = {"anyOf": [reference(record), reference(f"{record}Part")]}
        schemas[f"{record}Page"] = envelope({"type": "array", "items": items}, "SearchMeta")
        schemas[f"{record}Answer"] = envelope(reference(record), "Meta")
    deleted = {"type": "object", "properties": {"deleted": {"type": "integer", "minimum": 0}}, "required": ["deleted"]}
    deleted["description"] = "How many records are gone: the one asked for, and a company's contacts."
    schemas["DeletedAnswer"] = envelope(deleted, "Meta")
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


def search_body(kind: Kind) -> Schema:
    """The body of a search of `kind`."""
    properties: dict[str, Schema] = {}
    for field in fields_of(kind):
        properties[field.name] = _nullable(member(field))
        for alias in field.aliases:
            older = {"deprecated": True, "description": f"The older spelling of {field.name}; send one of the two."}
            properties[alias] = _nullable(member(field)) | older
        if field.is_array:
            left_out = f"Leaves out what {field.name} would hit."
            properties[f"exclude_{field.name}"] = _nullable(member(field)) | {"description": left_out}
    properties |= {name: _nullable(schema) for name, schema in paging(kind).items()}
    given = {"not": {"type": "null"}}
    exclusive: list[Schema] = [{"required": ["cursor", "page"], "properties": {"cursor": given, "page": given}}]
    exclusive += [{"required": [field.name, alias]} for field in fields_of(kind) for alias in field.aliases]
    return {
        "type": "object",
        "description": f"A search of {kind}. Values of one field are joined by OR, fields by AND.",
        "properties": properties,
        "additionalProperties": False,
        "allOf": [{"not": both} for both in exclusive],
    }


def member(field: Field) -> Schema:
    """The schema of one field's value."""
    if field.kind in ("flag", "modifier"):
        return {"type": "boolean", "description": f"{field.help} False restricts nothing.", "examples": [True]}
    if field.kind == "number":
        return {
            "type": "integer", "minimum": 0, "maximum": MAX_NUMBER, "description": field.help,
            "examples": [int(field.example)],
        }  # fmt: skip
    if field.kind == "range":
        return {
            "type": "string",
            "description": field.help,
            "anyOf": [{"format": "date-time"}, {"format": "date"}],
            "examples": [field.example],
        }
    return {
        "type": "array",
        "description": field.help,
        "maxItems": field.max_values,
        "items": {"type": "string", "minLength": 1, "maxLength": MAX_VALUE_LENGTH, "pattern": _VALUE_PATTERN},
        "examples": [[field.example]],
    }


def paging(kind: Kind) -> dict[str, Schema]:
    """The members of a search that are no filters."""
    return {
        "order": {
            "type": "string",
            "enum": ["oldest", "newest"],
            "default": "oldest",
            "description": "By when the record first entered this database.",
        },
        "page": {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": 1, "description": "Which page."},
        "per_page": {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_PER_PAGE,
            "default": DEFAULT_PER_PAGE,
            "description": "How many records a page has.",
        },
        "cursor": {
            "type": "string",
            "pattern": _CURSOR_PATTERN,
            "description": "Continue after the page that gave it as meta.next_cursor; not together with page.",
        },
        "fields": {
            "type": "array",
            "maxItems": 500,
            "items": {"enum": list(member_names(kind))},
            "description": "The members of the records to return, those of a contact's company dotted; default: all.",
        },
    }


def _nullable(schema: Schema) -> Schema:
    """Null is as if absent."""
    schema = schema | {"type": [schema["type"], "null"]}
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    if "anyOf" in schema:
        schema["anyOf"] = [*schema["anyOf"], {"type": "null"}]
    return schema
