"""Filters, record fields and columns of import files, derived from the code that implements them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, get_type_hints

import msgspec
from msgspec import inspect

from letrics.fields import MAX_NUMBER, Field, fields_of
from letrics.ingest import columns as ingest
from letrics.ingest.aliases import alias_rows
from letrics.records import Company, ContactBody, Email, EmployeesRange, Kind, Place
from scripts.reference.limits import USUAL_VALUES
from scripts.reference.markup import code, escape
from scripts.reference.meanings import COLUMNS, MATCHING, MEMBERS

_TYPES: Final = {"flag": "boolean", "modifier": "boolean", "range": "timestamp", "number": "integer"}
"""Displayed type of each kind of field that is not an array."""

_STRUCTS: Final[dict[str, type[msgspec.Struct]]] = {
    "Contact": ContactBody,
    "Company": Company,
    "Place": Place,
    "EmployeesRange": EmployeesRange,
    "Email": Email,
}
"""The struct of each type of object in a record."""


@dataclass(frozen=True, slots=True)
class FieldEntry:
    """One filter in searches of one kind of record. Examples are JSON."""

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
    """One field of a record."""

    name: str
    type: str
    meaning: str


def field_entries(kind: Kind, owner: str | None = None) -> list[FieldEntry]:
    """Return the filters of a search of `kind`. With `owner` (contact or company), only filters on that record."""
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
        "array of strings" if field.is_array else _TYPES[field.kind],
        field.help,
        MATCHING[field.kind].format(most=f"{MAX_NUMBER:,}"),
        _json({field.name: value}),
        _json({f"exclude_{field.name}": value}) if field.can_exclude else None,
        field.aliases,
        other if known else None,
        field.max_values if field.is_array else None,
    )


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=0).decode()


def members(name: str) -> list[Member]:
    """Return the fields of `Contact`, `Company`, `Place` or `Email`, in the order of the response."""
    struct = _STRUCTS[name]
    hints = get_type_hints(struct)
    listed = [(member, shown(inspect.type_info(hints[member]))) for member in struct.__struct_fields__]
    if struct is ContactBody:
        listed.append(("company", "Company"))
    return [Member(member, type, MEMBERS[name][member]) for member, type in listed]


def shown(of: Any) -> str:
    """Describe a type in words."""
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
            return "string"


def filter_sections(kind: Kind, owner: str | None = None) -> Callable[[], str]:
    """Return a function that describes the filters of a search, each below a heading with its name, after links."""

    def describe() -> str:
        entries = field_entries(kind, owner)
        jump = " · ".join(f"[{code(entry.name)}](#{entry.name})" for entry in entries)
        return "\n\n".join([jump, *(_section(entry, kind) for entry in entries)])

    return describe


def _section(entry: FieldEntry, kind: Kind) -> str:
    available = "contacts and companies" if entry.other else kind
    lines = [f"- Type: {entry.type}. Available in searches of {available}."]
    if entry.max_values and entry.max_values != USUAL_VALUES:
        lines.append(f"- Up to {entry.max_values:,} values.")
    lines += [f"- Older name, still accepted: {code(alias)}." for alias in entry.aliases]
    lines.append(f"- Example: {code(entry.example)}")
    if entry.exclude_example:
        lines.append(f"- Exclude: {code(entry.exclude_example)}")
    text = f"{escape(entry.help)} {escape(entry.matching)}"
    return "\n\n".join([f"### {code(entry.name)}", text, "\n".join(lines)])


def other_names(kind: Kind, limit: int = 12) -> list[tuple[str, list[str]]]:
    """Return the usual English names of the columns of each field, at most `limit`, the preferred ones first."""
    names: dict[str, dict[str, int]] = {}
    for row in alias_rows():
        if row.tool != "English" or kind not in row.kinds or row.fields[0] not in ingest.COLUMNS["contacts"]:
            continue
        for field in row.fields:
            names.setdefault(field, {})[row.header] = row.rank
    own = [name for name in ingest.COLUMNS["contacts"] if name in names]
    return [(name, sorted(names[name], key=lambda header: names[name][header])[:limit]) for name in own]


def import_columns(kind: Kind) -> list[str]:
    """Return the names of the columns of import files, without those of a contact's company."""
    return [name for name in ingest.COLUMNS[kind] if not name.startswith("company_") and name in COLUMNS]
