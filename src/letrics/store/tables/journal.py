"""What undoing an import needs: which records each of its batches made, and the former states of the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from letrics.identity.plan import CompanyPlan, ContactPlan
from letrics.store.import_record import UPSERT_FILE, ImportEffect
from letrics.store.sql import SqlConnection, read_rows, read_value
from letrics.store.tables.checksums import sum_in_sql
from letrics.store.tables.former_states import STATE_NUMBERS, StateTable
from letrics.store.tables.import_batches import imports_of_damaged_batches, imports_that_made, insert_batch
from letrics.store.tables.log import Numbers
from letrics.store.tables.touched import TouchedRecords

_OLD: Final = "SELECT id FROM import WHERE undoable AND updated_at < ? AND status <> 'undoing'"
"""Finds imports that can be undone by the index of them, because every upsert asks."""
_TABLES: Final = ("contact_before", "company_before", "import_batch")


class Journal:
    """Notes the changes of an import, inside the transactions of its batches. Call a method before its plan is
    written."""

    def __init__(self, connection: SqlConnection, id: int, touched: TouchedRecords) -> None:
        self._connection = connection
        self._id = id
        self.touched = touched

    @property
    def import_id(self) -> int:
        return self._id

    def note_batch(self, before: Numbers, after: Numbers) -> None:
        """Note a batch that took the counters of the log from one state to another."""
        insert_batch(
            self._connection,
            (self._id, before.seq, after.seq, before.next_company, after.next_company, before.next_contact,
             after.next_contact),
        )  # fmt: skip

    def note_companies(self, plan: CompanyPlan) -> None:
        """Note the states of the companies that a plan changes."""
        self.note_company_nums(plan.changed_nums)

    def note_company_nums(self, nums: Sequence[int]) -> None:
        """Note the states of the companies with these nums."""
        self._note("company", "num, seq, domain, document", nums)

    def note_contacts(self, plan: ContactPlan) -> None:
        """Note the states of the contacts that a plan changes."""
        self.note_contact_nums(plan.changed.nums)

    def note_contact_nums(self, nums: Sequence[int]) -> None:
        """Note the states of the contacts with these nums."""
        self._note("contact", "num, seq, company, external, digest, document", nums)

    def _note(self, table: StateTable, columns: str, nums: Sequence[int]) -> None:
        """Copy these rows of a table, unless they are noted already or the import itself has made them.

        The checksum of a state is NULL if the document has none.
        """
        if not nums:
            return
        numbers = sum_in_sql(("?1", *(f"{table}.{name}" for name in STATE_NUMBERS[table][1:])))
        self._connection.execute(
            f"INSERT INTO {table}_before (import, {columns}, checksum) "  # noqa: S608
            f"SELECT ?1, {columns}, checksum + {numbers} FROM carray(?2) AS a "
            f"CROSS JOIN {table} ON {table}.num = a.value WHERE {table}.num < ?3 OR NOT EXISTS (SELECT 1 FROM "
            f"import_batch WHERE import = ?1 AND {table}.num >= first_{table} AND {table}.num < end_{table}) "
            "ON CONFLICT DO NOTHING",
            (self._id, self._connection.ints(nums), self._first(table)),
        )

    def _first(self, table: str) -> int:
        """The lowest num that a new record of the import can have. Most changed records have a lower one."""
        sql = f"SELECT min(first_{table}) FROM import_batch WHERE import = ?"  # noqa: S608
        first: int | None = read_value(self._connection, sql, (self._id,))
        return (1 << 62) if first is None else first


def forget_states(connection: SqlConnection, table: str, nums: Sequence[int]) -> None:
    """Erase the former states of deleted records of a table, `contact` or `company`."""
    if not nums:
        return
    connection.execute(
        f"DELETE FROM {table}_before WHERE import IN (SELECT id FROM import) "  # noqa: S608
        "AND num IN (SELECT value FROM carray(?) AS a)",
        (connection.ints(nums),),
    )


def drop_journals(connection: SqlConnection, before: str) -> None:
    """Delete the journals of imports that last changed something before this time; they cannot be undone any more.

    Of an upsert nothing else is of use, so it is deleted as a whole.
    """
    old = read_rows(connection, _OLD, (before,))
    if not old:
        return
    for table in _TABLES:
        connection.executemany(f"DELETE FROM {table} WHERE import = ?", old)  # noqa: S608
    connection.executemany("UPDATE import SET undoable = FALSE WHERE id = ?", old)
    connection.executemany("DELETE FROM import WHERE id = ? AND file = ?", [(id, UPSERT_FILE) for (id,) in old])
    _drop_restored(connection)


def imports_of(connection: SqlConnection, num: int) -> list[tuple[int, ImportEffect]]:
    """The imports that made or changed a contact, as far as their journals are stored."""
    found: dict[int, ImportEffect] = dict.fromkeys(imports_that_made(connection, num), "made")
    for (id,) in read_rows(connection, "SELECT import FROM contact_before WHERE num = ?", (num,)):
        found.setdefault(id, "changed")
    return sorted(found.items())


def drop_journal(connection: SqlConnection, id: int) -> None:
    """Delete the journal of an import that is undone."""
    for table in _TABLES:
        connection.execute(f"DELETE FROM {table} WHERE import = ?", (id,))  # noqa: S608
    _drop_restored(connection)


def drop_damaged_journals(connection: SqlConnection) -> int:
    """Delete the journals of imports with damaged batches, which cannot be undone any more; returns the number of such
    batches. Former states that nothing can restore would stay for ever, with the data of people."""
    damaged = imports_of_damaged_batches(connection)
    for id in set(damaged):
        connection.execute("UPDATE import SET undoable = FALSE WHERE id = ?", (id,))
        drop_journal(connection, id)
    return len(damaged)


def _drop_restored(connection: SqlConnection) -> None:
    """Forget which states undoing restored, once no import is left that could ask."""
    connection.execute("DELETE FROM restored WHERE NOT EXISTS (SELECT 1 FROM import_batch)")
