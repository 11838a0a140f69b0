"""Whose address a column belongs to, and which of several, decided from all columns of a file."""

from __future__ import annotations

from typing import Final

import msgspec

from letrics.ingest.addresses import PER_ADDRESS, AddressPart, address_qualifier, number_addresses
from letrics.ingest.header_names import mentions_person
from letrics.ingest.location_parts import LOCATION_PARTS
from letrics.ingest.mapped_column import MappedColumn

_ADDRESS_OF: Final = {part: f"company_{part}" for part in LOCATION_PARTS}
"""The field of the company for each part of an address of the contact."""
_TOWNS: Final = frozenset({"city", "region", "country"})
"""The parts of an address without which a street has no place."""
_STREETS: Final = frozenset({"street", "postal_code", "address"})
"""The parts of an address that say little without a town."""
_STREETS_OF_COMPANY: Final = frozenset(_ADDRESS_OF[street] for street in _STREETS)
"""The same parts of an address of the company."""
_VAGUE: Final = 3
"""The rank of a column of regions that is named so."""


def give_to_owners(columns: list[MappedColumn]) -> list[MappedColumn]:
    """Give parts of addresses that do not say whose they are to the company, if the contact has others.

    With `Person City`, a column `Street` or `Full Address` is that of the company, and so is `City`. It also is where
    only the company has a town. `Business Address` next to a `Business City` of the contact is that of the contact.
    """
    parts = {column.name: column.field for column in columns if column.field in _ADDRESS_OF}
    of_person = {field for name, field in parts.items() if mentions_person(name)}
    town_of_person = not _TOWNS.isdisjoint(parts.values())
    town_of_company = not {_ADDRESS_OF[town] for town in _TOWNS}.isdisjoint(column.field for column in columns)
    of_contact = {address_qualifier(name) for name, field in parts.items() if field in _TOWNS} - {""}
    of_company_alone = {
        address_qualifier(column.name) for column in columns if column.field in map(_ADDRESS_OF.get, _TOWNS)
    }
    owned = []
    for column in columns:
        field = column.field or ""
        is_plain = field in parts.values() and column.reason != "given" and not mentions_person(column.name)
        of_company = field in of_person or (
            field in _STREETS and (bool(of_person) or (town_of_company and not town_of_person))
        )
        if is_plain and of_company and field in _ADDRESS_OF:
            column = msgspec.structs.replace(column, field=_ADDRESS_OF[field], reason="other_columns")
        elif field in _STREETS_OF_COMPANY and column.reason != "given":
            qualifier = address_qualifier(column.name)
            if qualifier in of_contact and qualifier not in of_company_alone:
                column = msgspec.structs.replace(column, field=field.removeprefix("company_"), reason="other_columns")
        owned.append(column)
    return owned


def number_columns(columns: list[MappedColumn]) -> list[MappedColumn]:
    """Add to the ranks of parts of addresses which address of the record or of its company they belong to.

    `Region` is the least certain of its field, since a sales territory can have that name: `State` is preferred.
    """
    numbered = {column.name: column for column in columns}
    for prefix in ("", "company_"):
        fields = [f"{prefix}{part}" for part in LOCATION_PARTS]
        parts = []
        for column in columns:
            if column.field in fields:
                is_vague = column.field == f"{prefix}region" and column.reason == "name"
                parts.append(AddressPart(column.name, column.field, _VAGUE if is_vague else column.rank))
        for part, number in zip(parts, number_addresses(parts), strict=True):
            rank = number * PER_ADDRESS + min(part.rank, PER_ADDRESS - 1)
            numbered[part.name] = msgspec.structs.replace(numbered[part.name], rank=rank)
    return list(numbered.values())
