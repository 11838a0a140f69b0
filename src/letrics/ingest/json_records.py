"""JSON objects in a request, interpreted like the rows of a JSON Lines file.

The columns of all records together are mapped once, as those of a file: a date such as 1/5/2026 is read in the order of
day and month that the others show. Other than in a file of contacts, every record must be a contact.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from letrics.ingest.aliases import header_key
from letrics.ingest.cell_rules import DEFAULT_RULES, complete_rules
from letrics.ingest.column_choices import near_fields
from letrics.ingest.column_mapping import make_mapping
from letrics.ingest.columns import DERIVED
from letrics.ingest.conversion import converter_for
from letrics.ingest.first_rows import read_first_rows
from letrics.ingest.mapping import mapper
from letrics.ingest.nested_objects import read_flat_row
from letrics.ingest.parts import ROWS, read_parts
from letrics.ingest.rows import MAX_ROW, RAW_KEPT, FileRow, Members, RowProblem
from letrics.records import Kind
from letrics.store.upserting import AmbiguousFields, FieldProblem, RecordsToUpsert, UnusedField

_MAX_SUGGESTED: Final = 20
"""The maximum number of different unknown fields for which a suggestion is searched."""
_DERIVED: Final = frozenset(header_key(f"{prefix}{name}") for name in DERIVED for prefix in ("", "company."))
"""The keys of fields that exports have and that are not stored, because they are derived from others."""


def read_json_records(kind: Kind, texts: Sequence[bytes]) -> RecordsToUpsert:
    """Read records, each the text of a JSON object. Raises AmbiguousFields."""
    rows = [_row(number, text) for number, text in enumerate(texts)]
    first = read_first_rows(rows)
    mapping = make_mapping(kind, list(dict.fromkeys(name for members in first for name in members)), first)
    if mapping.ambiguous:
        raise AmbiguousFields({column.name: column.choices for column in mapping.ambiguous})
    rows_of = mapper(kind, rules=complete_rules(DEFAULT_RULES, mapping, first))
    rows_of.use(mapping)
    records = RecordsToUpsert([], {column.name: column.field for column in mapping.columns})
    for part in read_parts(rows, converter_for(rows_of, takes_companies=False), ROWS, int):
        records.patches += part.patches
        for row in part.refused:
            records.rejected[row.line] = FieldProblem(row.field, row.reason)
        for warned in part.warned:
            records.warnings[warned.line] = [UnusedField(each.field, each.reason) for each in warned.warnings]
    unused = _Unused(kind, rows_of.ignored)
    for number, record in enumerate(rows):
        members = first[number] if number < len(first) else read_flat_row(record).members or {}
        if found := unused.warnings(members):
            records.warnings.setdefault(number, []).extend(found)
    return records


def _row(number: int, text: bytes) -> FileRow:
    if len(text) > MAX_ROW:
        return FileRow(number, text[:RAW_KEPT], None, RowProblem(None, f"the record is longer than {MAX_ROW:,} bytes"))
    return FileRow(number, text, None)


class _Unused:
    """Makes the warnings about fields that are not used. `ignored` are their names, with dots if nested."""

    def __init__(self, kind: Kind, ignored: dict[str, None]) -> None:
        self._kind = kind
        self._ignored = {name for name in ignored if header_key(name) not in _DERIVED}
        self._reasons: dict[str, str] = {}

    def warnings(self, members: Members) -> list[UnusedField]:
        return [UnusedField(name, self._reason(name)) for name in members if name in self._ignored]

    def _reason(self, name: str) -> str:
        reason = self._reasons.get(name)
        if reason is None:
            reason = self._reasons[name] = self._explain(name)
        return reason

    def _explain(self, name: str) -> str:
        nested = name.startswith("company.")
        kind: Kind = "companies" if nested else self._kind
        own = name.removeprefix("company.")
        near: Any = near_fields(kind, [own]).get(own) if len(self._reasons) < _MAX_SUGGESTED else None
        hint = f": did you mean {'company.' if nested else ''}{near}?" if near and near != own else ""
        return f"is not used, because {kind} have no such field{hint}"
