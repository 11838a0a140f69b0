"""Repairs the tables of a log, inside one transaction: what can be derived from documents is derived again.

The documents decide: keys, counters and references follow them. A document that cannot be read is replaced by what
else is known of the record, or the record is deleted. What is replaced or removed is passed to the caller first.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Final

from msgspec.structs import replace

from letrics.identity.batch_rows import keys_of
from letrics.identity.companies import no_company
from letrics.identity.keys import Key, comparable_name, hashes_of, id_key, name_key
from letrics.identity.merge import new_company
from letrics.identity.patches import CompanyPatch
from letrics.identity.plan import KeyRows
from letrics.plurals import counted
from letrics.records import UNREADABLE, ContactBody, decode_company, decode_contact, encode
from letrics.store.base import StoreAway
from letrics.store.sql import SqlConnection, read_rows, read_value
from letrics.store.tables.checksums import checksum_of
from letrics.store.tables.company_ids import correct_company_ids
from letrics.store.tables.deleting import remove_contacts
from letrics.store.tables.forgotten_checksums import repair_forgotten
from letrics.store.tables.import_batches import repair_batch_imports
from letrics.store.tables.import_table import repair_imports
from letrics.store.tables.journal import drop_damaged_journals
from letrics.store.tables.key_table import read_keys, write_keys
from letrics.store.tables.log import NUMS_WITHOUT_SEQ, Numbers
from letrics.store.tables.malformed import read_documents_with_ids
from letrics.store.tables.merged_companies import repair_merged_companies
from letrics.store.tables.misplaced_contacts import put_back_misplaced
from letrics.store.tables.restored_states import repair_restored
from letrics.store.tables.set_aside import SetAside
from letrics.store.tables.state_faults import drop_damaged_states
from letrics.store.tables.stored_times import repair_times

_PART: Final = 10_000
"""Records in memory at a time."""
_LONG_MARK: Final = "mark NOT BETWEEN -2147483648 AND 2147483647"
"""Selects keys of which a part has more than 32 bits."""
_KEY_TABLES: Final = ("contact_key", "recent_key", "company_key", "merged_key")
"""The tables of keys."""
_ORPHANS: Final[tuple[tuple[str, str], ...]] = (
    ("contact_key", "num NOT IN (SELECT num FROM contact)"),
    ("recent_key", "num NOT IN (SELECT num FROM contact)"),
    ("company_key", "num NOT IN (SELECT num FROM company)"),
    ("former_company_id", "num NOT IN (SELECT num FROM company)"),
    ("former_id", "num NOT IN (SELECT num FROM contact)"),
    (
        "tombstone",
        "num < 0 OR kind NOT IN (0, 1) OR (kind = 0 AND num >= (SELECT next_company FROM log)) "
        "OR (kind = 1 AND num >= (SELECT next_contact FROM log))",
    ),
    ("merged_key", "num NOT IN (SELECT num FROM contact)"),
    ("merged_company", "kept NOT IN (SELECT num FROM company) OR num IN (SELECT num FROM company)"),
    (
        "contact_merge",
        "kept NOT IN (SELECT num FROM contact) AND kept NOT IN (SELECT gone FROM contact_merge)",
    ),
    (
        "duplicate",
        "(first NOT IN (SELECT num FROM contact) AND first NOT IN (SELECT gone FROM contact_merge)) "
        "OR (second NOT IN (SELECT num FROM contact) AND second NOT IN (SELECT gone FROM contact_merge))",
    ),
    (
        "duplicate",
        "reason NOT IN ('email', 'request', 'merge') OR status NOT IN ('open', 'dismissed', 'merged')",
    ),
    (
        "duplicate",
        "status = 'merged' AND NOT EXISTS (SELECT 1 FROM contact_merge WHERE (kept = first AND gone = second) "
        "OR (kept = second AND gone = first))",
    ),
)
"""Rows that refer to records which do not exist, or have values that this program does not write, by table."""
_HIGHEST_SEQ: Final = (
    "SELECT coalesce(max(seq), 0) FROM (SELECT max(seq) AS seq FROM company UNION ALL SELECT max(seq) FROM contact "
    "UNION ALL SELECT max(seq) FROM tombstone UNION ALL SELECT max(seq) FROM batch) AS s"
)
"""The highest seq of any entry of the log."""


def repair_tables(connection: SqlConnection, now: str, set_aside: SetAside) -> list[str]:
    """Repair what can be repaired; returns what was done. Runs inside the caller's transaction."""
    numbers, done = Numbers.read(connection, for_repair=True), list[str]()
    before = numbers.seq
    numbers.seq = max(numbers.seq, read_value(connection, _HIGHEST_SEQ))
    for table in _KEY_TABLES:  # first: they cannot be read when a record is removed
        _remove(connection, done, table, _LONG_MARK)
    _note(done, put_back_misplaced(connection, numbers, set_aside), "contact", "put back to the company of its name")
    for kind, repair in (("company", _repair_company), ("contact", _repair_contact)):
        damaged = _damaged(connection, kind)
        for num, document in damaged:
            repair(connection, numbers, now, num, document, set_aside)
        _note(done, len(damaged), f"{kind} document", "repaired or removed")
    _note(done, correct_company_ids(connection, numbers, now), "company", "found by the id in its document again")
    _note(done, drop_damaged_states(connection, set_aside), "damaged former state", "dropped, without undo")
    _note(done, repair_batch_imports(connection), "row", "of import_batch corrected")
    for table, repair_rows in (("restored", repair_restored), ("merged_company", repair_merged_companies)):
        corrected, removed = repair_rows(connection)
        _note(done, corrected, "row", f"of {table} corrected")
        _note(done, removed, "damaged row", f"of {table} removed: undoing an import may keep a record")
    _note(done, drop_damaged_journals(connection), "damaged row", "of import_batch removed: no undo of these imports")
    _note(done, repair_imports(connection, set_aside), "import", "repaired, without its report")
    _note(done, _renumber(connection, numbers), "record", "given a new seq")
    _note(done, _without_company(connection, numbers), "contact", "separated from a company that does not exist")
    lost_deletions = False
    for table, where in _ORPHANS:
        lost_deletions |= _remove(connection, done, table, where) and table == "tombstone"
    connection.execute("UPDATE recent_state SET keys = (SELECT count(*) FROM recent_key)")
    _note(done, _add_missing_keys(connection), "identity key", "added")
    _note(done, _add_checksums(connection), "checksum", "added")
    _note(done, repair_times(connection, now), "malformed time", "replaced")
    done += repair_forgotten(connection, now)
    corrected = _count(connection, numbers) + _correct_pruned(connection, numbers, lost_deletions)
    _note(done, corrected, "counter", "of the log corrected")
    if numbers.seq == before and not corrected:
        return done
    numbers.take_seqs(1)
    numbers.write(connection, now)
    return done


def _remove(connection: SqlConnection, done: list[str], table: str, where: str) -> bool:
    """Remove rows of a table; returns whether there were any."""
    removed = 0
    while rows := read_value(connection, f"SELECT count(*) FROM {table} WHERE {where}"):  # noqa: S608
        connection.execute(f"DELETE FROM {table} WHERE {where}")  # noqa: S608
        removed += rows  # rows of merges may refer to each other
    _note(done, removed, "row", f"of {table} removed")
    return removed > 0


def _note(done: list[str], count: int, noun: str, words: str) -> None:
    if count:
        done.append(f"{counted(count, noun)} {words}")


def _damaged(connection: SqlConnection, kind: str) -> list[tuple[int, bytes]]:
    """The records whose document cannot be read or has another checksum."""
    decode: Callable[[bytes], object] = decode_company if kind == "company" else decode_contact
    found = list[tuple[int, bytes]]()
    for num, document, checksum, _ in read_documents_with_ids(connection, kind):
        try:
            decode(document)
        except UNREADABLE:
            found.append((num, document))
            continue
        if checksum is not None and checksum != checksum_of(num, document):
            found.append((num, document))
    return found


def _repair_company(
    connection: SqlConnection, numbers: Numbers, now: str, num: int, document: bytes, set_aside: SetAside
) -> None:
    id = str(read_value(connection, "SELECT domain FROM company WHERE num = ?", (num,)))
    domain = None if id.startswith("co_") else id
    try:
        company = decode_company(document)
        set_aside("company", num, document, "kept, with a new checksum: compare it with the source")
        if company.id != id:  # the document is damaged, so its id may be what is wrong
            document = encode(replace(company, id=id, domain=domain))
    except UNREADABLE:
        set_aside("company", num, document, f"replaced by one that has only the id {id}")
        document = encode(new_company(CompanyPatch(domain=domain), now, id))
    _write(connection, numbers, "company", num, document)


def _repair_contact(
    connection: SqlConnection, numbers: Numbers, now: str, num: int, document: bytes, set_aside: SetAside
) -> None:
    del now
    try:
        decode_contact(document)
    except UNREADABLE:
        set_aside("contact", num, document, "deleted: import it again")
        remove_contacts(connection, numbers, [num])
        return
    set_aside("contact", num, document, "kept, with a new checksum: compare it with the source")
    _write(connection, numbers, "contact", num, document)


def _write(connection: SqlConnection, numbers: Numbers, kind: str, num: int, document: bytes) -> None:
    (seq,) = numbers.take_seqs(1)
    connection.update(kind, ("seq", "document", "checksum"), [(seq, document, checksum_of(num, document), num)])


def _renumber(connection: SqlConnection, numbers: Numbers) -> int:
    """Give a new seq to records that have the seq of another entry, or one outside the log."""
    count = 0
    for kind in ("company", "contact"):
        other = "contact" if kind == "company" else "company"
        rows = read_rows(
            connection,
            f"SELECT num FROM {kind} AS r WHERE seq < 1 OR EXISTS (SELECT 1 FROM {other} WHERE seq = r.seq) "  # noqa: S608
            "OR EXISTS (SELECT 1 FROM tombstone WHERE seq = r.seq)",
        )
        seqs = numbers.take_seqs(len(rows))
        connection.update(kind, ("seq",), [(seq, num) for seq, (num,) in zip(seqs, rows, strict=True)])
        count += len(rows)
    return count


def _without_company(connection: SqlConnection, numbers: Numbers) -> int:
    rows = read_rows(
        connection,
        "SELECT num FROM contact AS c WHERE NOT EXISTS (SELECT 1 FROM company WHERE num = c.company) "
        "AND c.company IS DISTINCT FROM (SELECT no_company FROM log)",
    )
    if rows:
        highest = read_value(connection, "SELECT coalesce(max(num), -1) FROM company")
        numbers.next_company = max(numbers.next_company, highest + 1)
        company, seqs = no_company(numbers), numbers.take_seqs(len(rows))
        moved = [(seq, company, num) for seq, (num,) in zip(seqs, rows, strict=True)]
        connection.update("contact", ("seq", "company"), moved)
    return len(rows)


def _add_missing_keys(connection: SqlConnection) -> int:
    """Add the keys that the values of contacts give them and that no contact holds. The first contact gets a key, and
    all of a name at a company have that of the name."""
    count = 0
    rows = iter(read_rows(connection, "SELECT num FROM contact ORDER BY num"))
    while part := [num for (num,) in islice(rows, _PART)]:
        wanted, ids, names = dict[tuple[Key, int], None](), dict[Key, int](), set[Key]()
        asked = (connection.ints(part),)
        sql = "SELECT c.num, c.company, c.document FROM carray(?) AS a CROSS JOIN contact AS c ON c.num = a.value"
        for num, company, document in read_rows(connection, sql, asked):
            contact: ContactBody = decode_contact(document)
            wanted.update(dict.fromkeys((key, num) for key in keys_of(contact, company)))
            ids[id_key(contact.id)] = num
            if (name := comparable_name(contact)) is not None:
                names.add(name_key(name, company))
        wanted.update(dict.fromkeys(ids.items()))
        held = list(read_keys(connection, hashes_of([key for key, _ in wanted])))
        taken, exact = {key for key, _ in held}, set(held)
        put, removed = KeyRows(), KeyRows()
        for key, holder in held:
            if ids.get(key, holder) != holder:  # an id is of the contact whose document has it
                removed.add(key, holder)
                taken.discard(key)
        for key, num in wanted:
            if (key, num) in exact or (key in taken and key not in names):
                continue
            taken.add(key)
            put.add(key, num)
        count += len(put.keys)
        write_keys(connection, put, removed)
    return count


def _add_checksums(connection: SqlConnection) -> int:
    count = 0
    for kind in ("company", "contact"):
        while rows := read_rows(
            connection,
            f"SELECT num, document FROM {kind} WHERE checksum IS NULL LIMIT {_PART}",  # noqa: S608
        ):
            connection.update(kind, ("checksum",), [(checksum_of(num, document), num) for num, document in rows])
            count += len(rows)
    return count


def _correct_pruned(connection: SqlConnection, numbers: Numbers, lost_deletions: bool) -> int:
    """Have followers start over if deletions were lost, or it is not known up to where they are no longer stored."""
    if not lost_deletions and not read_rows(
        connection, "SELECT 1 FROM log WHERE pruned > ? OR pruned < 0", (numbers.seq,)
    ):
        return 0
    connection.execute("UPDATE log SET pruned = ?", (numbers.seq,))
    return 1


def _count(connection: SqlConnection, numbers: Numbers) -> int:
    """Correct the counters of the log; returns how many were wrong.

    Raises StoreAway for a record with a num far above all that were assigned: no index could be built up to it.
    """
    wrong, too_high = 0, numbers.find_too_high(connection)
    for name in too_high:
        setattr(numbers, name, numbers.seq + 1)
        wrong += 1
    for kind, count, following in (("company", "companies", "next_company"), ("contact", "contacts", "next_contact")):
        rows, highest = read_rows(connection, f"SELECT count(*), coalesce(max(num), -1) FROM {kind}")[0]  # noqa: S608
        if highest > numbers.seq + NUMS_WITHOUT_SEQ:
            raise StoreAway(
                f"{connection.database} cannot be repaired: the {kind} with the num {highest:,} is far above all that "
                "were assigned. Restore a backup"
            )
        if getattr(numbers, count) != rows:
            setattr(numbers, count, rows)
            wrong += 1
        if getattr(numbers, following) <= highest:
            setattr(numbers, following, highest + 1)
            wrong += 1
    if not read_rows(connection, "SELECT 1 FROM log WHERE seq = 0 OR seq IN (SELECT seq FROM batch)"):
        wrong += 1
    return wrong
