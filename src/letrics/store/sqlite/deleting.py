"""Deleting records so that nothing of them remains but the numbers a follower needs."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Final

import apsw

from letrics.records import Kind, decode_contact
from letrics.store.connection import read_rows
from letrics.store.identity import id_key
from letrics.store.sqlite.companies import domains_of
from letrics.store.sqlite.following import COMPANY, CONTACT
from letrics.store.sqlite.keys import Rows, write_keys
from letrics.store.sqlite.log import Numbers
from letrics.store.sqlite.rows import keys_of

_PART: Final = 20_000
"""How many contacts are held in memory at a time: a company may have hundreds of thousands."""


def delete_records(connection: apsw.Connection, kind: Kind, nums: Sequence[int], with_contacts: bool) -> int:
    """What `Store.delete` does, inside a transaction."""
    numbers = Numbers.read(connection)
    wanted = sorted(set(nums))
    companies = sorted(domains_of(connection, wanted)) if kind == "companies" else []
    contacts = wanted if kind == "contacts" else _contacts_of(connection, companies)
    if companies and contacts and not with_contacts:
        raise ValueError(_in_the_way(connection, contacts[0]))
    gone = sum(_delete_contacts(connection, numbers, part) for part in _parts(contacts))
    numbers.contacts -= gone
    numbers.companies -= len(companies)
    _bury(connection, numbers, COMPANY, companies)
    for part in _parts(companies):
        _delete(connection, "company", part)
    if gone or companies:
        numbers.write(connection)
    return gone + len(companies)


def _parts(nums: Sequence[int]) -> Iterator[Sequence[int]]:
    return (nums[start : start + _PART] for start in range(0, len(nums), _PART))


def _contacts_of(connection: apsw.Connection, companies: Sequence[int]) -> list[int]:
    if not companies:
        return []
    found = connection.execute(
        "SELECT contact.num FROM carray(?) AS a CROSS JOIN contact ON contact.company = a.value",
        (apsw.carray(array("q", companies)),),
    )
    return sorted(num for (num,) in found)


def _in_the_way(connection: apsw.Connection, contact: int) -> str:
    num = connection.execute("SELECT company FROM contact WHERE num = ?", (contact,)).get
    domain = domains_of(connection, [num])[num]
    count = connection.execute("SELECT count(*) FROM contact WHERE company = ?", (num,)).get
    return f"{domain} still has {count:,} contact{'s' if count != 1 else ''}: delete them first, or with it"


def _delete_contacts(connection: apsw.Connection, numbers: Numbers, nums: Sequence[int]) -> int:
    asked = (apsw.carray(array("q", nums)),)
    found = read_rows(
        connection,
        "SELECT c.num, c.company, c.document FROM carray(?) AS a CROSS JOIN contact AS c ON c.num = a.value",
        asked,
    )
    former = read_rows(
        connection, "SELECT f.num, f.id FROM carray(?) AS a CROSS JOIN former_id AS f ON f.num = a.value", asked
    )
    keys = Rows()
    for num, id in former:
        keys.add(id_key(id), num)
    for num, company, document in found:
        for key in keys_of(decode_contact(document), company):
            keys.add(key, num)
    write_keys(connection, Rows(), keys)
    there = sorted(row[0] for row in found)
    _bury(connection, numbers, CONTACT, there)
    _delete(connection, "contact", there)
    _delete(connection, "former_id", there)
    return len(there)


def _bury(connection: apsw.Connection, numbers: Numbers, kind: int, nums: Sequence[int]) -> None:
    seqs = numbers.take_seqs(len(nums))
    connection.executemany(
        "INSERT INTO tombstone VALUES (?, ?, ?)", [(seq, kind, num) for seq, num in zip(seqs, nums, strict=True)]
    )


def _delete(connection: apsw.Connection, table: str, nums: Sequence[int]) -> None:
    if nums:
        connection.execute(
            f"DELETE FROM {table} WHERE num IN (SELECT value FROM carray(?))",  # noqa: S608
            (apsw.carray(array("q", nums)),),
        )
