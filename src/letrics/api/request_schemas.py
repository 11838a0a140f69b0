"""The JSON Schemas of requests, generated from the field catalogue.

They are written for client generators, too. A default is only stated if a client may always send it: `page` has none,
because a generated client would send it together with a cursor. Enumerations are named schemas. A nullable enumeration
is `anyOf` the enumeration and null.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from letrics.api.catalogue import DEFAULT_VALUES, MAX_VALUES
from letrics.api.count import DEFAULT_FACET, MAX_FACET
from letrics.export.writers import FORMATS
from letrics.fields import (
    DEFAULT_PER_PAGE,
    MAX_NUMBER,
    MAX_PAGE,
    MAX_PER_PAGE,
    MAX_VALUE_LENGTH,
    Field,
    facet_fields,
    fields_of,
)
from letrics.records import KINDS, Kind, member_names

Schema = dict[str, Any]

NAMES: Final[dict[Kind, str]] = {
    "contacts": "Contact",
    "companies": "Company",
}
"""The schema name of each kind's record. The names of its request schemas begin with it."""

_CONTROLS: Final = r"\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f"
"""The control characters that a value must not contain, as part of a character class: all except white space."""
_VALUE_PATTERN: Final = rf"^[^{_CONTROLS}]*[^\s{_CONTROLS}][^{_CONTROLS}]*$"
"""The pattern of a value: no control characters, and at least one character that is not white space."""
_CURSOR_PATTERN: Final = "^[A-Za-z0-9_-]{30}$"
"""The pattern of a cursor: 22 bytes in URL-safe base64 without padding."""

_GIVEN: Final[Schema] = {"not": {"type": "null"}}
_NULL: Final[Schema] = {"type": "null"}


def reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def enumerations() -> dict[str, Schema]:
    """The named enumerations."""
    found = {
        "ExportFormat": _words("A file format.", FORMATS),
        "Order": _words("The order of records, by when they were first added to this database.", ("oldest", "newest")),
    }
    for kind in KINDS:
        facets = [field.name for field in facet_fields(kind)]
        found[f"{NAMES[kind]}Facet"] = _words(f"A field of {kind} whose values can be counted and completed.", facets)
        found[f"{NAMES[kind]}Field"] = _words(f"A field of {kind} that can be returned.", member_names(kind))
    return found


def _words(about: str, words: Iterable[str]) -> Schema:
    return {"type": "string", "description": about, "enum": list(words)}


def search_body(kind: Kind) -> Schema:
    """The body of a search of `kind`."""
    exclusive: Schema = {"required": ["cursor", "page"], "properties": {"cursor": _GIVEN, "page": _GIVEN}}
    return _body(
        kind, f"A search of {kind}. Values of a field are combined by OR, fields by AND.", paging(kind), exclusive
    )


def count_body(kind: Kind) -> Schema:
    """The body of a count of `kind`."""
    return _body(kind, f"The filters of a search of {kind}.", {})


def export_body(kind: Kind) -> Schema:
    """The body of an export of `kind`."""
    beside = {name: schema for name, schema in paging(kind).items() if name in ("order", "fields")}
    return _body(kind, f"The filters of a search of {kind}, the order, and the fields to export.", beside)


def facets_body(kind: Kind) -> Schema:
    """The body of a request for facets of `kind`."""
    body = _body(kind, f"The filters of a search of {kind}, and the fields whose values are counted.", {})
    body["properties"]["facets"] = {
        "type": "array",
        "minItems": 1,
        "uniqueItems": True,
        "items": reference(f"{NAMES[kind]}Facet"),
        "description": "The fields whose values are counted.",
        "examples": [["industries"]],
    }
    size = {"type": "integer", "minimum": 1, "maximum": MAX_FACET, "default": DEFAULT_FACET}
    body["properties"]["facet_size"] = _nullable(size) | {"description": "The maximum number of values per field."}
    return body | {"required": ["facets"]}


def _body(kind: Kind, about: str, beside: dict[str, Schema], *exclusive: Schema) -> Schema:
    """The schema of a body with filters and the further fields `beside`. Each of `exclusive` is a schema that the body
    must not match, such as two fields that exclude each other."""
    properties: dict[str, Schema] = {}
    for field in fields_of(kind):
        properties[field.name] = _nullable(member(field))
        for alias in field.aliases:
            older = {"deprecated": True, "description": f"An older name of {field.name}; send only one of the two."}
            properties[alias] = _nullable(member(field)) | older
        if field.can_exclude:
            left_out = f"Excludes the records that {field.name} would match."
            properties[f"exclude_{field.name}"] = _nullable(member(field)) | {"description": left_out}
    properties |= {name: _nullable(schema) for name, schema in beside.items()}
    never = [*exclusive, *({"required": [field.name, alias]} for field in fields_of(kind) for alias in field.aliases)]
    body = {"type": "object", "description": about, "properties": properties, "additionalProperties": False}
    return body | {"not": {"anyOf": never}} if never else body


def member(field: Field) -> Schema:
    """The schema of one field's value."""
    if field.kind in ("flag", "modifier"):
        return {"type": "boolean", "description": f"{field.help} `false` is ignored.", "examples": [True]}
    if field.kind == "number":
        return {
            "type": "integer", "minimum": 0, "maximum": MAX_NUMBER, "description": field.help,
            "examples": [int(field.example)],
        }  # fmt: skip
    if field.kind == "range":
        return {
            "description": field.help,
            "anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}],
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
    """The schemas of the fields of a search that are not filters."""
    return {
        "order": {
            "anyOf": [reference("Order")],
            "description": "The order, by when records were first added to this database. Default: oldest first.",
        },
        "page": {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_PAGE,
            "description": "The page number. Default: 1.",
        },
        "per_page": {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_PER_PAGE,
            "default": DEFAULT_PER_PAGE,
            "description": "The number of records per page.",
        },
        "cursor": {
            "type": "string",
            "pattern": _CURSOR_PATTERN,
            "description": "Continue after the page whose meta.next_cursor this is. Cannot be combined with page.",
        },
        "fields": {
            "type": "array",
            "maxItems": 500,
            "items": reference(f"{NAMES[kind]}Field"),
            "description": (
                "The record fields to return, in this order. Fields of a contact's company are dotted, such as "
                "company.name. Default: all."
            ),
        },
    }


def export_parameters() -> dict[str, Schema]:
    """The query parameters of an export."""
    about = "The file format. Default: JSON Lines. Parquet requires an optional package on the server."
    return {"format": {"anyOf": [reference("ExportFormat")], "description": about}}


def values_parameters() -> dict[str, Schema]:
    """The query parameters of a field's values."""
    return {
        "q": {
            "type": "string",
            "maxLength": MAX_VALUE_LENGTH,
            "pattern": f"^[^{_CONTROLS}]*$",
            "description": "The beginning or a part of the values to suggest. Default: the most common values.",
        },
        "limit": {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_VALUES,
            "default": DEFAULT_VALUES,
            "description": "The maximum number of values.",
        },
    }


def _nullable(schema: Schema) -> Schema:
    """The schema, or null, which counts as absent."""
    if "anyOf" in schema:
        return schema | {"anyOf": [*schema["anyOf"], _NULL]}
    return schema | {"type": [schema["type"], "null"]}
