"""Mapping of a file's columns to record fields, made once for each file from its header and its first rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from letrics.ingest.address_columns import give_to_owners, number_columns
from letrics.ingest.column_corrections import (
    correct_field,
    is_site_of_company,
    known_names,
    without_own_site,
    without_rivals,
)
from letrics.ingest.column_decisions import map_column
from letrics.ingest.column_values import ColumnValues, values_of_columns
from letrics.ingest.lone_people import names_of_lone_person
from letrics.ingest.mapped_column import MappedColumn
from letrics.ingest.recognition import column_named, recognise
from letrics.ingest.registry_numbers import is_registry_number
from letrics.ingest.rows import Members
from letrics.ingest.sniffing import look_of_values
from letrics.records import Kind

_SAMPLES: Final = 3
"""The number of sample values of a column."""
_SAMPLE: Final = 80
"""The maximum length of a sample value, in characters."""

Overrides = tuple[tuple[str, str | None, int], ...]
"""Columns whose field does not follow from their name alone, with the field and the rank."""


class ColumnMapping(msgspec.Struct, frozen=True):
    """The columns of a file and their fields. It can be sent between processes and to clients."""

    kind: Kind
    columns: tuple[MappedColumn, ...]

    @property
    def used(self) -> list[MappedColumn]:
        """The columns that set a field."""
        return [column for column in self.columns if column.field is not None]

    @property
    def used_names(self) -> list[str]:
        """The names of the columns that set a field."""
        return [column.name for column in self.used]

    @property
    def ignored(self) -> list[MappedColumn]:
        """The columns that are not used."""
        return [column for column in self.columns if column.field is None]

    @property
    def ambiguous(self) -> list[MappedColumn]:
        """The columns that the user has to decide."""
        return [column for column in self.columns if column.reason == "ambiguous"]

    def overrides(self) -> Overrides:
        """The columns whose field does not follow from their name alone. They change what a row means."""
        changed = []
        for column in self.columns:
            found = column_named(self.kind, column.name)
            known = recognise(self.kind, column.name)
            field = known.fields[0] if found is not None and known is not None else None
            if (field, found and found.rank) != (column.field, column.rank if column.field else None):
                changed.append((column.name, column.field, column.rank))
        return tuple(changed)


def make_mapping(
    kind: Kind,
    names: Sequence[str],
    rows: Iterable[Members] = (),
    given: Mapping[str, str | None] | None = None,
    with_source: bool = False,
) -> ColumnMapping:
    """Map the columns `names` of a file of `kind`. `rows` are its first rows.

    `given` has the fields that the user chose, by column; None ignores the column. `with_source` says that ids of other
    systems are used, since the name of the source makes them unique.
    """
    values = values_of_columns(names, rows)
    meant = names_of_lone_person(names) if kind == "contacts" else {}
    columns = [
        map_column(kind, name, values[name], given or {}, with_source)
        if name not in meant or (given and name in given)
        else msgspec.structs.replace(map_column(kind, meant[name], values[name], {}, with_source), name=name)
        for name in names
    ]
    fields = Counter(column.field for column in columns)
    known = known_names(kind, columns, values)
    columns = [correct_field(kind, column, fields, values[column.name], known) for column in columns]
    if any("." in column.name and is_site_of_company(column) for column in columns):
        columns = [without_own_site(column) for column in columns]
    columns = number_columns(give_to_owners(columns) if kind == "contacts" else columns)
    ranks: dict[str | None, list[int]] = {}
    for column in columns:
        ranks.setdefault(column.field, []).append(column.rank)
    columns = [without_rivals(column, ranks[column.field]) for column in columns]
    return ColumnMapping(kind, tuple(_with_samples(column, values[column.name]) for column in columns))


def _with_samples(column: MappedColumn, values: ColumnValues) -> MappedColumn:
    samples = tuple(dict.fromkeys(text[:_SAMPLE] for text in values.texts))[:_SAMPLES]
    looks_like = look_of_values(values.texts) if column.field is None else None
    if looks_like == "phones" and is_registry_number(column.name):
        looks_like = None
    return msgspec.structs.replace(column, samples=samples, looks_like=looks_like)
