"""The tables of the reference: fields, members of records and endpoints, read from what the program itself goes by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, get_type_hints

import msgspec
from msgspec import inspect

from letrics.errors import TABLE, ErrorKind
from letrics.fields import MAX_NUMBER, Field, fields_of
from letrics.records import Company, ContactBody, Email, Kind, Place
from letrics.web.docs.meanings import MATCHING, MEMBERS

_TYPES: Final = {"flag": "boolean", "modifier": "boolean", "range": "timestamp", "number": "integer"}
_SUMMARIES: Final = {"openapi": "This documentation for programs (OpenAPI 3.1)"}
"""What operations do, where they say it of themselves in words that only fit there."""
_STRUCTS: Final[dict[str, type[msgspec.Struct]]] = {
    "Contact": ContactBody,
    "Company": Company,
    "Place": Place,
    "Email": Email,
}


@dataclass(frozen=True, slots=True)
class FieldEntry:
    """One request field as a search of one kind of record knows it. Examples are JSON."""

    name: str
    type: str
    help: str
    matching: str
    example: str
    exclude_example: str | None
    aliases: tuple[str, ...]
    other: str | None
    max_values: int | None


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a record."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation of the API, with the errors that it can answer with."""

    id: str
    method: str
    path: str
    summary: str
    errors: tuple[ErrorKind, ...]
    parameters: tuple[tuple[str, str], ...]


def field_entries(kind: Kind, owner: str | None = None) -> list[FieldEntry]:
    """The filters of a search of `kind`; with `owner` (contact, company), those that judge that record."""
    wanted = [field for field in fields_of(kind) if owner in (None, _owner(field, kind))]
    return [_entry(field, kind) for field in wanted]


def _owner(field: Field, kind: Kind) -> str:
    fact = field.fact(kind)
    assert fact is not None
    return fact.owner


def _entry(field: Field, kind: Kind) -> FieldEntry:
    example = int(field.example) if field.kind == "number" else field.example
    value: Any = [example] if field.is_array else example
    other = "companies" if kind == "contacts" else "contacts"
    known = field.contacts is not None and field.companies is not None
    return FieldEntry(
        field.name,
        "array of texts" if field.is_array else _TYPES[field.kind],
        field.help,
        MATCHING[field.kind].format(most=f"{MAX_NUMBER:,}"),
        _json({field.name: value}),
        _json({f"exclude_{field.name}": value}) if field.is_array else None,
        field.aliases,
        other if known else None,
        field.max_values if field.is_array else None,
    )


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=0).decode()


def members(name: str) -> list[Member]:
    """The members of `Contact`, `Company`, `Place` or `Email`, in the order in which they are sent."""
    struct = _STRUCTS[name]
    hints = get_type_hints(struct)
    listed = [(member, shown(inspect.type_info(hints[member]))) for member in struct.__struct_fields__]
    if struct is ContactBody:
        listed.append(("company", "Company"))
    return [Member(member, type, MEMBERS[name][member]) for member, type in listed]


def shown(of: Any) -> str:
    """A type in words."""
    match of:
        case inspect.UnionType():
            return " or ".join(shown(part) for part in of.types)
        case inspect.VarTupleType():
            return f"list of {shown(of.item_type)}"
        case inspect.StructType():
            return str(of.cls.__name__)
        case inspect.LiteralType():
            return " or ".join(map(str, of.values))
        case inspect.NoneType():
            return "null"
        case inspect.IntType():
            return "integer"
        case inspect.BoolType():
            return "boolean"
        case _:
            return "text"


def endpoints(openapi: dict[str, Any]) -> list[Endpoint]:
    """Every operation of the API, from its OpenAPI document."""
    found = []
    for path, item in openapi["paths"].items():
        shared = item.get("parameters", [])
        for method, operation in item.items():
            if method == "parameters":
                continue
            codes = {int(code) for code in operation["responses"] if code.isdigit() and int(code) >= 400}
            own = [] if operation["operationId"].endswith("_by_url") else operation.get("parameters", [])
            parameters = tuple((p["name"], p.get("description", "")) for p in [*shared, *own])
            errors = tuple(kind for kind in TABLE if kind.code in codes)
            summary = _SUMMARIES.get(operation["operationId"], operation.get("summary", ""))
            found.append(Endpoint(operation["operationId"], method.upper(), path, summary, errors, parameters))
    return found
