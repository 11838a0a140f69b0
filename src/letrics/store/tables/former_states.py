"""The former states of records that imports keep for their undo, and whether one is what was written.

A damaged state cannot be restored. `drop_state` leaves an empty document in its place, so that undoing the import still
names the record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, Literal, NamedTuple

from letrics.records import UNREADABLE, decode_company, decode_contact
from letrics.store.base import StoreDamaged
from letrics.store.sql import SqlConnection
from letrics.store.tables.checksums import checksum_of, sum_of
from letrics.store.tables.lenient_rows import lenient_rows

StateTable = Literal["contact", "company"]
"""The table of the records; that of their former states is called `contact_before` or `company_before`."""
STATE_NUMBERS: Final[dict[StateTable, tuple[str, ...]]] = {
    "contact": ("import", "num", "seq", "company", "external", "digest"),
    "company": ("import", "num", "seq"),
}
"""The columns of a state with numbers, all of which are part of its checksum."""
CONTACT_STATE: Final = "b.import, b.num, b.seq, b.document, b.checksum, b.company, b.external, b.digest"
"""The columns of a FormerState in `contact_before AS b`, after its table."""
COMPANY_STATE: Final = "b.import, b.num, b.seq, b.document, b.checksum, 0, 0, NULL, b.domain"
"""The columns of a FormerState in `company_before AS b`, after its table."""
_COLUMNS: Final[dict[StateTable, str]] = {"contact": CONTACT_STATE, "company": COMPANY_STATE}
DROPPED: Final = b""
"""The document of a state that was dropped, because it was damaged."""
_DECODERS: Final[dict[StateTable, Callable[[bytes], Any]]] = {"contact": decode_contact, "company": decode_company}
_PART: Final = 10_000
"""States in memory at a time."""


class FormerState(NamedTuple):
    """A row of `contact_before` or `company_before`. Only companies have an `id`, only contacts what is before it."""

    table: StateTable
    import_id: int
    num: int
    seq: int
    document: bytes
    checksum: int | None
    company: int
    external: int
    digest: int | None
    id: str = ""

    def is_usable(self) -> bool:
        """Whether the record can be restored: the state is what was written, as far as that is known."""
        return self.document != DROPPED and self.fault() is None

    def fault(self) -> str | None:
        """What is wrong with the state, in words. None for one that was dropped."""
        try:
            if self.checksum is not None and self.checksum != self.expected_checksum():
                return "is not the one that was written (checksum)"
            if self.document == DROPPED and self.checksum is not None:
                return None
            decoded = _DECODERS[self.table](self.document)
        except (*UNREADABLE, TypeError) as error:
            return f"cannot be read ({type(error).__name__})"
        if self.table == "company" and self.id != decoded.id and (self.checksum is not None or not self.has_text_id()):
            return "has another id than its document"
        return None

    def has_text_id(self) -> bool:
        """Whether the id is a text: one that is not UTF-8 is `bytes`."""
        return isinstance(self.id, str)

    def expected_checksum(self) -> int:
        """The checksum of the state, which the database computes when it is written (`Journal`)."""
        numbers = (self.import_id, self.num, self.seq, self.company, self.external, self.digest)
        return checksum_of(self.num, self.document) + sum_of(numbers)


def damaged_states(connection: SqlConnection, table: StateTable) -> Iterator[FormerState]:
    """The states that are not what was written. Reads all of them."""
    after = (-(1 << 62), 0)
    while True:
        rest = f"FROM {table}_before AS b WHERE (import, num) > (?, ?) ORDER BY import, num LIMIT {_PART}"
        rows = lenient_rows(connection, _COLUMNS[table].split(", "), ("b.domain",), rest, after)
        for row in rows:
            state = FormerState(table, *row)
            if state.fault() is not None:
                yield state
        if len(rows) < _PART:
            return
        after = rows[-1][:2]


def delete_states(connection: SqlConnection, table: StateTable, import_id: int, nums: Sequence[int]) -> None:
    """Delete the states that an undo has treated. Raises StoreDamaged if one stays: the undo would never end."""
    if connection.delete_rows(f"{table}_before", ("import", "num"), [(import_id, num) for num in nums]) != len(nums):
        raise StoreDamaged(connection.database, f"{table}_before", import_id)


def drop_state(connection: SqlConnection, state: FormerState) -> None:
    """Replace the document of a state, so that the record is not restored."""
    dropped = state._replace(document=DROPPED)
    connection.execute(
        f"UPDATE {state.table}_before SET document = ?, checksum = ? WHERE import = ? AND num = ?",  # noqa: S608
        (dropped.document, dropped.expected_checksum(), state.import_id, state.num),
    )
    if not state.has_text_id():
        key = (state.import_id, state.num)
        connection.execute("UPDATE company_before SET domain = '?' WHERE import = ? AND num = ?", key)
