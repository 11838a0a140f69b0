"""Merge a company without a domain into the company whose domain a row names with it, and undo that.

The company with the domain keeps its values and gains those that it lacks. It takes over the contacts, the LinkedIn
page, the name and the ids of the other one, which is deleted. Undoing an import adds the company again, under its num.
Merges of contacts still name the company that is gone: `letrics.store.tables.merged_companies` has the other one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from letrics.identity.company_keys import company_key, page_key
from letrics.identity.keys import comparable_name, name_key
from letrics.identity.plan import KeyRows
from letrics.identity.union import unite_companies
from letrics.records import UNREADABLE, Kind, decode_company, decode_contact, encode
from letrics.store.import_record import Undone
from letrics.store.sql import SqlConnection, read_rows
from letrics.store.tables.checksums import checksum_of, checksum_of_damaged, is_damaged_document
from letrics.store.tables.company_key_table import give_company_keys, has_free_key, restore_keys_of_joined
from letrics.store.tables.deleting import remove_companies
from letrics.store.tables.following import COMPANY
from letrics.store.tables.former_states import COMPANY_STATE, FormerState, delete_states
from letrics.store.tables.journal import Journal
from letrics.store.tables.key_table import write_keys
from letrics.store.tables.log import Numbers
from letrics.store.tables.merged_companies import note_merged
from letrics.store.tables.number_rows import is_damaged
from letrics.store.tables.restored_states import note_restored

IsFromImport = Callable[[int], bool]
"""Whether an import made the state that a record has at a seq."""
_PART: Final = 20_000
"""Contacts in memory at a time."""
_GONE: Final = f"""
SELECT m.num, m.kept, m.import, m.checksum, k.seq, {COMPANY_STATE}
FROM company_before AS b JOIN merged_company AS m ON m.num = b.num JOIN company AS k ON k.num = m.kept
WHERE b.import = ? ORDER BY b.num
"""  # noqa: S608
"""Finds the companies of the journal of an import that are merged into others: the row that says so, the seq of the
other one, and what they were."""


def join_companies(
    connection: SqlConnection, numbers: Numbers, kept: int, gone: int, now: str, journal: Journal | None
) -> None:
    """Merge the company `gone` into `kept`, inside the caller's transaction."""
    sql = "SELECT num, document, checksum FROM company WHERE num IN (?, ?)"
    found = read_rows(connection, sql, (kept, gone))
    documents: dict[int, bytes] = {num: document for num, document, _ in found}
    are_intact = not any(is_damaged_document(*row) for row in found)
    if journal is not None:
        journal.note_company_nums([kept, gone])
    former = decode_company(documents[gone])
    for nums in _contacts_of(connection, gone):
        if journal is not None:
            journal.note_contact_nums(nums)
        _move_contacts(connection, numbers, nums, gone, kept)
    united = unite_companies(decode_company(documents[kept]), former, now)
    pages = page_key(former.linkedin_url), page_key(united.linkedin_url)
    give_company_keys(connection, gone, kept, *pages)
    remove_companies(connection, numbers, [gone], erase=False)
    connection.insert_missing("former_company_id", ("id", "num"), [(former.id, kept)])
    import_id = None if journal is None else journal.import_id
    note_merged(connection, gone, kept, import_id)
    (seq,) = numbers.take_seqs(1)
    document = encode(united)
    connection.execute(
        "UPDATE company SET seq=?, document=?, checksum=? WHERE num=?",
        (seq, document, (checksum_of if are_intact else checksum_of_damaged)(kept, document), kept),
    )


def _contacts_of(connection: SqlConnection, company: int) -> Iterator[Sequence[int]]:
    """The nums of the contacts of a company, in parts, each of which the caller moves to another company."""
    sql = "SELECT num FROM contact WHERE company = ? ORDER BY num LIMIT ?"
    while rows := read_rows(connection, sql, (company, _PART)):
        yield [num for (num,) in rows]


def _move_contacts(
    connection: SqlConnection, numbers: Numbers, nums: Sequence[int], gone: int, kept: int
) -> None:  # fmt: skip
    sql = "SELECT c.num, c.document FROM carray(?) AS a CROSS JOIN contact AS c ON c.num = a.value"
    put, removed = KeyRows(), KeyRows()
    for num, document in read_rows(connection, sql, (connection.ints(nums),)):
        try:
            name = comparable_name(decode_contact(document))
        except UNREADABLE:
            continue
        if name is not None:
            removed.add(name_key(name, gone), num)
            put.add(name_key(name, kept), num)
    write_keys(connection, put, removed)
    seqs = numbers.take_seqs(len(nums))
    moved = [(seq, kept, num) for seq, num in zip(seqs, nums, strict=True)]
    connection.update("contact", ("seq", "company"), moved)


def restore_joined(connection: SqlConnection, numbers: Numbers, id: int, is_from_import: IsFromImport) -> Undone:
    """Add the companies again that an import merged into others.

    A company stays merged if the other one changed since and has its key, if something else merged it, or if the row
    that says so or its former state is damaged. The former states of those that are added stay in the journal, because
    they get keys that other companies of the import have last of all.
    """
    restored, kept, damaged = 0, list[tuple[Kind, str]](), list[tuple[Kind, str]]()
    for gone, other, of_import, checksum, other_seq, *state in read_rows(connection, _GONE, (id,)):
        former = FormerState("company", *state)
        num, domain = former.num, former.id
        if not former.is_usable() or is_damaged((gone, other, of_import, checksum)):
            damaged.append(("companies", domain))
            delete_states(connection, "company", id, [num])
            continue
        company = decode_company(former.document)
        if of_import != id or not (is_from_import(other_seq) or has_free_key(connection, company, other)):
            kept.append(("companies", domain))
            delete_states(connection, "company", id, [num])
            continue
        (seq,) = numbers.take_seqs(1)
        connection.execute("DELETE FROM former_company_id WHERE id=? AND num=?", (domain, other))
        connection.execute("DELETE FROM merged_company WHERE num=?", (num,))
        connection.execute("DELETE FROM tombstone WHERE kind=? AND num=?", (COMPANY, num))
        connection.execute(
            "INSERT INTO company (num, seq, domain, document, checksum) VALUES (?, ?, ?, ?, ?)",
            (num, seq, domain, former.document, checksum_of(num, former.document)),
        )
        note_restored(connection, [(seq, former.seq)])
        restore_keys_of_joined(connection, other, num, (page_key(company.linkedin_url), company_key(company.name)))
        restored += 1
    numbers.companies += restored
    return Undone(restored=restored, kept=(*kept, *damaged), damaged=tuple(damaged), finished=False)
