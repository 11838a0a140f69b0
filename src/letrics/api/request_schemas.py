"""The JSON Schemas of requests, made from the catalogue.

Client generators read them, too. A default is only stated where a client may send it: `page` has none, as a generated
client would send it along with a cursor. Enumerations have names; an enumeration or null is a choice of two schemas.
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
"""Of each kind, the name of its record's schema, with which those of requests for it begin."""

# White space may stand around and inside a value; other control characters may not, and something must be there.
_CONTROLS: Final = r"\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f"
_VALUE_PATTERN: Final = rf"^[^{_CONTROLS}]*[^\s{_CONTROLS}][^{_CONTROLS}]*$"
_CURSOR_PATTERN: Final = "^[A-Za-z0-9_-]{30}$"

_GIVEN: Final[Schema] = {"not": {"type": "null"}}
_NULL: Final[Schema] = {"type": "null"}


def reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def enumerations() -> dict[str, Schema]:
    """The named choices of words."""
    found = {
        "ExportFormat": _words("The form of a file.", FORMATS),
        "Order": _words("By when the record first entered this database.", ("oldest", "newest")),
    }
    for kind in KINDS:
        facets = [field.name for field in facet_fields(kind)]
        found[f"{NAMES[kind]}Facet"] = _words(f"A field of {kind} whose values can be counted and completed.", facets)
        found[f"{NAMES[kind]}Field"] = _words(f"What can be returned of {kind}.", member_names(kind))
    return found


def _words(about: str, words: Iterable[str]) -> Schema:
    return {"type": "string", "description": about, "enum": list(words)}


def search_body(kind: Kind) -> Schema:
    """The body of a search of `kind`."""
    exclusive: Schema = {"required": ["cursor", "page"], "properties": {"cursor": _GIVEN, "page": _GIVEN}}
    return _body(
        kind, f"A search of {kind}. Values of one field are joined by OR, fields by AND.", paging(kind), exclusive
    )


def count_body(kind: Kind) -> Schema:
    """The body of a count of `kind`."""
    return _body(kind, f"The filters of a search of {kind}.", {})


def export_body(kind: Kind) -> Schema:
    """The body of an export of `kind`."""
    beside = {name: schema for name, schema in paging(kind).items() if name in ("order", "fields")}
    return _body(kind, f"The filters of a search of {kind}, the order, and the members to write.", beside)


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
    body["properties"]["facet_size"] = _nullable(size) | {"description": "How many values of each, at most."}
    return body | {"required": ["facets"]}


def _body(kind: Kind, about: str, beside: dict[str, Schema], *exclusive: Schema) -> Schema:
    """A body of filters, and of members `beside` them; no two members of an `exclusive` may be given together."""
    properties: dict[str, Schema] = {}
    for field in fields_of(kind):
        properties[field.name] = _nullable(member(field))
        for alias in field.aliases:
            older = {"deprecated": True, "description": f"The older spelling of {field.name}; send one of the two."}
            properties[alias] = _nullable(member(field)) | older
        if field.is_array:
            left_out = f"Leaves out what {field.name} would hit."
            properties[f"exclude_{field.name}"] = _nullable(member(field)) | {"description": left_out}
    properties |= {name: _nullable(schema) for name, schema in beside.items()}
    never = [*exclusive, *({"required": [field.name, alias]} for field in fields_of(kind) for alias in field.aliases)]
    body = {"type": "object", "description": about, "properties": properties, "additionalProperties": False}
    return body | {"not": {"anyOf": never}} if never else body


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
    """The members of a search that are no filters."""
    return {
        "order": {
            "anyOf": [reference("Order")],
            "description": "By when the record first entered this database; without it, the oldest first.",
        },
        "page": {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_PAGE,
            "description": "Which page; without it, the first.",
        },
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
            "items": reference(f"{NAMES[kind]}Field"),
            "description": (
                "The fields of the records to return, in this order, those of a contact's company dotted; default: all."
            ),
        },
    }


def export_parameters() -> dict[str, Schema]:
    """The query parameters of an export."""
    about = "The form of the file; without it, JSON Lines. Parquet needs a package on the server."
    return {"format": {"anyOf": [reference("ExportFormat")], "description": about}}


def values_parameters() -> dict[str, Schema]:
    """The query parameters of a field's values."""
    return {
        "q": {
            "type": "string",
            "maxLength": MAX_VALUE_LENGTH,
            "pattern": f"^[^{_CONTROLS}]*$",
            "description": "What was typed of the value; without it, the commonest values.",
        },
        "limit": {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_VALUES,
            "default": DEFAULT_VALUES,
            "description": "How many values, at most.",
        },
    }


def _nullable(schema: Schema) -> Schema:
    """The schema, or null, which is as if absent."""
    if "anyOf" in schema:
        return schema | {"anyOf": [*schema["anyOf"], _NULL]}
    return schema | {"type": [schema["type"], "null"]}
