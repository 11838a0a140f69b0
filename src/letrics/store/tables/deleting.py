"""Delete records, so that only the numbers that followers need remain of them."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final

from letrics.identity.batch_rows import keys_of
from letrics.identity.keys import id_key, shared_keys
from letrics.identity.mentions import Mentions
from letrics.identity.plan import KeyRows
from letrics.records import UNREADABLE, Kind, decode_contact
from letrics.store.base import Deleted, HasContacts
from letrics.store.sql import SqlConnection, read_rows, read_value
from letrics.store.tables.checksums import intact
from letrics.store.tables.company_key_table import remove_company_keys
from letrics.store.tables.company_table import company_ids
from letrics.store.tables.duplicate_table import forget_duplicates
from letrics.store.tables.following import COMPANY, CONTACT
from letrics.store.tables.forgotten_table import note_deleted
from letrics.store.tables.import_table import erase_from_reports
from letrics.store.tables.journal import forget_states
from letrics.store.tables.key_table import keys_held_by, write_keys
from letrics.store.tables.log import Numbers
from letrics.store.tables.merged_key_table import forget_merges, read_merged_keys

_PART: Final = 20_000
"""Contacts in memory at a time. A company may have hundreds of thousands of them."""


_CHANGED_CONTACTS: Final = """
SELECT c.num FROM carray(?1) AS a CROSS JOIN contact AS c ON c.num = a.value
LEFT JOIN company AS o ON o.num = c.company WHERE c.seq > ?2 OR o.seq > ?2
"""
_CHANGED_COMPANIES: Final = """
SELECT o.num FROM carray(?1) AS a CROSS JOIN company AS o ON o.num = a.value WHERE o.seq > ?2
UNION SELECT c.company FROM carray(?1) AS a CROSS JOIN contact AS c ON c.company = a.value WHERE c.seq > ?2
"""


def delete_records(
    connection: SqlConnection, now: str, kind: Kind, nums: Sequence[int], with_contacts: bool,
    judged_seq: int | None = None, people: Mentions | None = None,
) -> Deleted:  # fmt: skip
    """Do what `Store.delete` promises, inside the caller's transaction. `now` is the time of the batch.

    Adds the contacts to `people`, and removes texts that mention them from the reports of imports.
    """
    numbers = Numbers.read(connection)
    changed = _changed_since(connection, kind, nums, judged_seq) if judged_seq not in (None, numbers.seq) else ()
    wanted = sorted(set(nums).difference(changed))
    companies = sorted(company_ids(connection, wanted)) if kind == "companies" else []
    contacts = wanted if kind == "contacts" else _contacts_of(connection, companies)
    if companies and contacts and not with_contacts:
        raise _has_contacts(connection, contacts[0])
    people = Mentions() if people is None else people
    for part in _parts(contacts):
        _add_people(connection, part, people)
    gone = sum(remove_contacts(connection, numbers, part) for part in _parts(contacts))
    remove_companies(connection, numbers, companies)
    if gone or companies:
        numbers.write(connection, now)
    if people:
        erase_from_reports(connection, people)
    return Deleted(gone + len(companies), changed)


def _add_people(connection: SqlConnection, nums: Sequence[int], people: Mentions) -> None:
    sql = "SELECT c.document FROM carray(?) AS a CROSS JOIN contact AS c ON c.num = a.value"
    for (document,) in connection.execute(sql, (connection.ints(nums),)):
        with suppress(*UNREADABLE):
            people.add(decode_contact(document))


def count_contacts(connection: SqlConnection, companies: Sequence[int]) -> dict[int, int]:
    """The number of contacts of each of these companies, without the companies that have none."""
    return dict(
        read_rows(
            connection,
            "SELECT c.company, count(*) FROM carray(?) AS a CROSS JOIN contact AS c ON c.company = a.value "
            "GROUP BY c.company",
            (connection.ints(companies),),
        )
        if companies
        else ()
    )


def contacts_by_company(connection: SqlConnection, companies: Sequence[int]) -> tuple[array[int], array[int]]:
    """The num of the company of each contact of these companies, and its own num."""
    of, nums = array("Q"), array("Q")
    if companies:
        found = connection.execute(
            "SELECT c.company, c.num FROM carray(?) AS a CROSS JOIN contact AS c ON c.company = a.value",
            (connection.ints(companies),),
        )
        for company, num in found:
            of.append(company)
            nums.append(num)
    return of, nums


def _changed_since(
    connection: SqlConnection, kind: Kind, nums: Sequence[int], seq: int | None
) -> tuple[int, ...]:  # fmt: skip
    """The nums of those records that changed after `seq`, in ascending order; see `Store.delete`."""
    sql = _CHANGED_CONTACTS if kind == "contacts" else _CHANGED_COMPANIES
    found = read_rows(connection, sql, (connection.ints(nums), seq)) if nums else []
    return tuple(sorted(num for (num,) in found))


def _parts(nums: Sequence[int]) -> Iterator[Sequence[int]]:
    return (nums[start : start + _PART] for start in range(0, len(nums), _PART))


def _contacts_of(connection: SqlConnection, companies: Sequence[int]) -> list[int]:
    if not companies:
        return []
    found = connection.execute(
        "SELECT contact.num FROM carray(?) AS a CROSS JOIN contact ON contact.company = a.value",
        (connection.ints(companies),),
    )
    return sorted(num for (num,) in found)


def _has_contacts(connection: SqlConnection, contact: int) -> HasContacts:
    num = read_value(connection, "SELECT company FROM contact WHERE num = ?", (contact,))
    return HasContacts(company_ids(connection, [num])[num], count_contacts(connection, [num])[num])


def remove_companies(
    connection: SqlConnection, numbers: Numbers, nums: Sequence[int], erase: bool = True
) -> None:  # fmt: skip
    """Remove companies without contacts, inside the caller's transaction. `erase` also removes their former states."""
    numbers.companies -= len(nums)
    _bury(connection, numbers, COMPANY, nums)
    for part in _parts(nums):
        _delete(connection, "company", part)
        remove_company_keys(connection, part)
        if erase:
            forget_states(connection, "company", [*part, *_forget_joined(connection, part)])


def _forget_joined(connection: SqlConnection, nums: Sequence[int]) -> list[int]:
    """Forget which companies were merged into deleted ones; returns their former nums."""
    sql = "DELETE FROM merged_company WHERE kept IN (SELECT value FROM carray(?) AS a) RETURNING num"
    return [num for (num,) in read_rows(connection, sql, (connection.ints(nums),))]


def remove_contacts(connection: SqlConnection, numbers: Numbers, nums: Sequence[int], erase: bool = True) -> int:
    """Remove contacts and their keys, inside the caller's transaction; returns how many there were.

    `erase` also removes the contacts that were merged into them, which otherwise can still be restored.
    """
    if not nums:
        return 0
    there, keys = keys_of_contacts(connection, nums)
    write_keys(connection, KeyRows(), keys)
    _bury(connection, numbers, CONTACT, there)
    _delete(connection, "contact", there)
    _delete(connection, "former_id", there)
    forget_states(connection, "contact", there)
    if erase:
        forget_duplicates(connection, there)
        forget_merges(connection, there)
    numbers.contacts -= len(there)
    return len(there)


def keys_of_contacts(connection: SqlConnection, nums: Sequence[int]) -> tuple[list[int], KeyRows]:
    """The nums of those of the contacts that exist, ascending, and the keys that they hold: all that they may hold,
    where another contact can have one of them."""
    asked = (connection.ints(nums),)
    found = read_rows(
        connection,
        "SELECT c.num, c.company, c.document, c.checksum FROM carray(?) AS a "
        "CROSS JOIN contact AS c ON c.num = a.value",
        asked,
    )
    former = read_rows(
        connection, "SELECT f.num, f.id FROM carray(?) AS a CROSS JOIN former_id AS f ON f.num = a.value", asked
    )
    keys = read_merged_keys(connection, nums)
    for num, id in former:
        keys.add(id_key(id), num)
    for num, company, document, checksum in found:
        try:
            contact = decode_contact(intact(num, document, checksum))
            own = (*keys_of(contact, company), *shared_keys(contact))
        except UNREADABLE:
            own = tuple(keys_held_by(connection, num))
        for key in own:
            keys.add(key, num)
    return sorted(row[0] for row in found), keys


def _bury(connection: SqlConnection, numbers: Numbers, kind: int, nums: Sequence[int]) -> None:
    seqs = numbers.take_seqs(len(nums))
    rows = [(seq, kind, num) for seq, num in zip(seqs, nums, strict=True)]
    connection.insert("tombstone", ("seq", "kind", "num"), rows)
    if rows:
        note_deleted(connection, numbers.seq)


def _delete(connection: SqlConnection, table: str, nums: Sequence[int]) -> None:
    if nums:
        connection.execute(
            f"DELETE FROM {table} WHERE num IN (SELECT value FROM carray(?) AS a)",  # noqa: S608
            (connection.ints(nums),),
        )
