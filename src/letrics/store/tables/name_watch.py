"""Counts the changes of names by a batch, from the plans that its transaction writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from letrics.identity.plan import CompanyPlan, ContactPlan
from letrics.normalize.text import fold
from letrics.records import UNREADABLE, Kind
from letrics.store.name_changes import EXAMPLES, JUDGED_ROWS, Judge, NameChange, NameChanges
from letrics.store.sql import SqlConnection, read_rows
from letrics.store.tables.checksums import intact


class _NamedDocument(msgspec.Struct):
    name: str | None = None
    full_name: str | None = None


_decode: Final = msgspec.json.Decoder(_NamedDocument).decode
_TABLES: Final[dict[Kind, str]] = {"contacts": "contact", "companies": "company"}


class NameWatch:
    """The changes of names by the first rows of a batch.

    Only the documents of changed records are read, so that rows that change nothing cost nothing.
    """

    def __init__(self, connection: SqlConnection) -> None:
        self._connection = connection
        self._kinds: dict[Kind, _OfKind] = {}

    def note_contacts(self, first_new: int, rows: Sequence[int], plan: ContactPlan) -> None:
        """Note rows before their plan is written. `rows` are the nums of their contacts, new ones from `first_new`."""
        self._note("contacts", first_new, rows, zip(plan.changed.nums, plan.changed.documents, strict=True))

    def note_companies(self, first_new: int, rows: Sequence[int], plan: CompanyPlan) -> None:
        """Note rows before their plan is written. `rows` are the nums of their companies, new ones from `first_new`."""
        self._note("companies", first_new, rows, zip(plan.changed_nums, plan.changed_documents, strict=True))

    def judge(self, judge: Judge) -> None:
        """Judge what was noted of each kind."""
        for kind, noted in self._kinds.items():
            examples = tuple(noted.changes.values())[:EXAMPLES]
            judge(NameChanges(kind, len(noted.matched), len(noted.changes), examples))

    def _note(self, kind: Kind, first_new: int, rows: Sequence[int], new: Iterable[tuple[int, bytes]]) -> None:
        of_kind = self._kinds.setdefault(kind, _OfKind(first_new))
        some = rows[: of_kind.rows_left]
        of_kind.rows_left -= len(some)
        found = {num for num in some if num < of_kind.first_new}
        of_kind.matched |= found
        changed = {num: document for num, document in new if num in found}
        if not changed:
            return
        table = _TABLES[kind]
        sql = f"SELECT num, document, checksum FROM carray(?) AS a CROSS JOIN {table} ON {table}.num = a.value"  # noqa: S608
        for num, document, checksum in read_rows(self._connection, sql, (self._connection.ints(changed),)):
            old, name = _name(intact(num, document, checksum)), _name(changed[num])
            if old and fold(old) != fold(name or ""):
                of_kind.changes.setdefault(num, NameChange(old, name))


@dataclass(slots=True)
class _OfKind:
    """What was noted of one kind."""

    first_new: int
    rows_left: int = JUDGED_ROWS
    matched: set[int] = field(default_factory=set)
    changes: dict[int, NameChange] = field(default_factory=dict)


def _name(document: bytes) -> str | None:
    try:
        found = _decode(document)
    except UNREADABLE:
        return None
    return found.full_name or found.name
