"""Finds contacts that their name does not find at their company, and puts them back.

The num of the company is in no checksum, and damage can make it that of another company. But the identity key of a
name is a hash of the name and of that num.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from typing import Final

import msgspec

from letrics.identity.batch_rows import keys_of
from letrics.identity.keys import Key, hashes_of, key_of, name_key, shared_keys
from letrics.normalize.text import fold
from letrics.records import UNREADABLE, ContactBody, decode_contact
from letrics.store.sql import SqlConnection, read_rows
from letrics.store.tables.checksums import intact
from letrics.store.tables.id_key_faults import unfound_contacts
from letrics.store.tables.key_table import read_keys
from letrics.store.tables.log import Numbers
from letrics.store.tables.recent import tables
from letrics.store.tables.set_aside import SetAside

_PART: Final = 20_000
"""Contacts whose keys are read at a time."""
_MOST_SEARCHED: Final = 100
"""Maximum number of contacts whose company is searched for, which takes about a second for a million companies each. If
there are more, their keys are what was lost."""


class _Named(msgspec.Struct):
    full_name: str | None = None


_decode: Final = msgspec.json.Decoder(_Named).decode


def misplaced_contacts(connection: SqlConnection) -> Iterator[int]:
    """The nums of the contacts with a name and an intact document whose name does not find them at their company."""
    rows = iter(connection.execute("SELECT num, company, document, checksum FROM contact ORDER BY num"))
    while part := list(islice(rows, _PART)):
        keys = {
            num: name_key(name, company)
            for num, company, document, checksum in part
            if (name := _name_of(intact(num, document, checksum)))
        }
        held = set(read_keys(connection, hashes_of(list(keys.values())))) if keys else set()
        yield from (num for num, key in keys.items() if (key, num) not in held)


def misplaced_contact_faults(connection: SqlConnection) -> Iterator[str]:
    """A description of the contacts that their name does not find at their company, if there are any."""
    words = "{is not found by its name|are not found by their names} at the company"
    yield from unfound_contacts(list(misplaced_contacts(connection)), words)


def put_back_misplaced(connection: SqlConnection, numbers: Numbers, set_aside: SetAside) -> int:
    """Put misplaced contacts back to the company that the key of their name is of. Returns their number.

    A contact whose company cannot be found, although it holds a key that nothing explains, is set aside and stays where
    it is.
    """
    nums = list(islice(misplaced_contacts(connection), _MOST_SEARCHED + 1))
    if not nums or len(nums) > _MOST_SEARCHED:
        return 0
    held = _keys_held_by(connection, nums)
    sql = "SELECT c.num, c.company, c.document FROM carray(?) AS a CROSS JOIN contact AS c ON c.num = a.value"
    moved: list[tuple[int, int]] = []
    for num, company, document in read_rows(connection, sql, (connection.ints(nums),)):
        contact = decode_contact(document)
        unexplained = held.get(num, set()).difference(keys_of(contact, company), shared_keys(contact))
        if not unexplained:
            continue
        found = _company_of(connection, contact, unexplained)
        if found is None:
            set_aside("contact", num, document, f"kept at company num {company}, which may be another one")
        else:
            moved.append((num, found))
    seqs = numbers.take_seqs(len(moved))
    connection.update(
        "contact", ("seq", "company"), [(seq, company, num) for seq, (num, company) in zip(seqs, moved, strict=True)]
    )
    return len(moved)


def _name_of(document: bytes) -> str:
    """The name of a contact as its key has it; empty without one, or if the document cannot be read."""
    try:
        return fold(_decode(document).full_name or "")
    except UNREADABLE:
        return ""


def _keys_held_by(connection: SqlConnection, nums: Collection[int]) -> dict[int, set[Key]]:
    """The keys of these contacts. O(number of all keys), because the tables are in order of key."""
    held: dict[int, set[Key]] = {}
    for table in tables(connection):
        sql = f"SELECT num, hash, mark FROM {table} WHERE num IN (SELECT value FROM carray(?) AS a)"  # noqa: S608
        for num, hash, mark in read_rows(connection, sql, (connection.ints(sorted(nums)),)):
            held.setdefault(num, set()).add(key_of(hash, mark))
    return held


def _company_of(connection: SqlConnection, contact: ContactBody, keys: Collection[Key]) -> int | None:
    """The company at which one of the keys is that of the contact's name."""
    name = fold(contact.full_name or "")
    nums = connection.execute(
        "SELECT num FROM company UNION ALL SELECT no_company FROM log WHERE no_company IS NOT NULL"
    )
    return next((num for (num,) in nums if name_key(name, num) in keys), None)
