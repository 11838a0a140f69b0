"""Forget people: delete their contacts with all former states, and remember keyed hashes of what identifies them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import msgspec

from letrics.identity.forgotten import PersonKeys, keys_of_record, person_keys, references_of
from letrics.identity.identities import Identity
from letrics.identity.keys import HASH_BYTES, Key, hashes_of, id_key, profile_and_address_keys
from letrics.identity.mentions import Mentions
from letrics.records import UNREADABLE, ContactBody, decode_company, decode_contact
from letrics.store.forgotten_list import Forgotten
from letrics.store.sql import SqlConnection, read_rows
from letrics.store.tables.deleting import delete_records
from letrics.store.tables.forgotten_table import add_forgotten, note_forgotten, read_forgotten
from letrics.store.tables.import_table import erase_reasons
from letrics.store.tables.key_table import read_keys
from letrics.store.tables.log import Numbers
from letrics.store.tables.merge_rows import split_keys
from letrics.store.tables.merged_key_table import read_merged_keys
from letrics.store.tables.sweeping import EVERYTHING, Needles, sweep_states

_THERE: Final = "SELECT c.num FROM carray(?) AS a CROSS JOIN contact AS c ON c.num = a.value"
_DOCUMENTS: Final = "SELECT c.document FROM carray(?) AS a CROSS JOIN contact AS c ON c.num = a.value"
_PART: Final = 5_000
"""Contacts in memory at a time."""
_ALL: Final = f"""
SELECT c.num, c.external, c.document, o.document, (SELECT max(id) FROM former_company_id AS f WHERE f.num = c.company)
FROM contact AS c LEFT JOIN company AS o ON o.num = c.company WHERE c.num > ? ORDER BY c.num LIMIT {_PART}
"""  # noqa: S608
"""Contacts with their companies, and one of the former ids of these."""


@dataclass(slots=True)
class _Person:
    """A contact with everything that it is or was known by."""

    body: ContactBody
    company: int
    external: bool
    bodies: list[ContactBody] = field(default_factory=list)
    keys: set[Key] = field(default_factory=set)


def find_people(connection: SqlConnection, keys: Collection[Key]) -> list[int]:
    """The nums of the contacts that have an id, a profile or an address with one of these keys, ascending.

    Other contacts with the same address have a key with the same hash (`letrics.identity.keys.shared_key`).
    """
    found = {num for _, num in read_keys(connection, hashes_of(keys))} if keys else set()
    return sorted(num for (num,) in read_rows(connection, _THERE, (connection.ints(sorted(found)),)))


def forget_contacts(
    connection: SqlConnection, now: str, nums: Sequence[int], given: Collection[Identity], people: Mentions
) -> Forgotten:
    """Forget the people of these contacts, and those `given`, inside the caller's transaction.

    A given identity that none of the contacts has is remembered, too. Adds the contacts to `people`.
    """
    found = list(_read_people(connection, nums))
    listed = read_forgotten(connection)
    others = _held_by_others(connection, found, set(nums))
    needles = Needles()
    remembered = []
    for person in found:
        more = set(person.keys)
        for body in (person.body, *person.bodies):
            people.add(body)
            needles.add(body)
            more.update((id_key(body.id), *profile_and_address_keys(body)))
        companies = _references(connection, person.company)
        keys = person_keys(person.body, companies, person.external, more, others)
        remembered.append(listed.hashes(keys))
    known = {hash for hashes in remembered for hash in hashes}
    for identity in given:
        hashes = listed.hashes(PersonKeys(identity.keys[:1]))
        needles.add_text(identity.text)
        if known.isdisjoint(hashes):
            remembered.append(hashes)
    added = add_forgotten(connection, remembered, now)
    before = Numbers.read(connection).seq
    erased = _erase(connection, now, nums, people, needles)
    if erased.seq != before:
        note_forgotten(connection, erased.seq)
    return Forgotten(erased.contacts, added, erased.companies)


def _read_people(connection: SqlConnection, nums: Sequence[int]) -> Iterator[_Person]:
    """The contacts, without those whose document is malformed: they are only known by the identities that are given."""
    asked = (connection.ints(nums),)
    rows = read_rows(
        connection,
        "SELECT c.num, c.company, c.external, c.document FROM carray(?) AS a "
        "CROSS JOIN contact AS c ON c.num = a.value",
        asked,
    )
    for num, company, external, document in rows:
        try:
            person = _Person(decode_contact(document), company, bool(external))
        except UNREADABLE:
            continue
        person.keys.update(read_merged_keys(connection, [num]).keys)
        former = read_rows(connection, "SELECT id FROM former_id WHERE num = ?", (num,))
        person.keys.update(id_key(id) for (id,) in former)
        _add_documents(person, read_rows(connection, "SELECT document FROM contact_before WHERE num = ?", (num,)))
        _add_merges(connection, person, num)
        yield person


def _add_documents(person: _Person, rows: Sequence[tuple[bytes, ...]]) -> None:
    for row in rows:
        for document in row:
            with suppress(*UNREADABLE, TypeError):
                person.bodies.append(decode_contact(document))


def _add_merges(connection: SqlConnection, person: _Person, num: int) -> None:
    """Add what is known from the contacts that were merged into this one, and into those before."""
    kept = [num]
    while kept:
        rows = read_rows(
            connection,
            "SELECT m.gone, m.former_ids, m.keys, m.kept_before, m.kept_after, m.document FROM carray(?) AS a "
            "CROSS JOIN contact_merge AS m ON m.kept = a.value",
            (connection.ints(kept),),
        )
        for _, former_ids, keys, *documents in rows:
            with suppress(*UNREADABLE):
                person.keys.update(map(id_key, msgspec.json.decode(former_ids, type=list[str])))
            person.keys.update(split_keys(keys))
            _add_documents(person, [tuple(documents)])
        kept = [row[0] for row in rows]


def _held_by_others(connection: SqlConnection, people: Sequence[_Person], nums: set[int]) -> set[Key]:
    """Those of their keys that a contact who is not forgotten has, too.

    The key of another contact with the same address has the same hash (`letrics.identity.keys.shared_key`).
    """
    keys = set[Key]()
    for person in people:
        keys |= person.keys
        for body in (person.body, *person.bodies):
            keys.update(profile_and_address_keys(body))
    found = read_keys(connection, hashes_of(keys)) if keys else ()
    others = {key[:HASH_BYTES] for key, num in found if num not in nums}
    return {key for key in keys if key[:HASH_BYTES] in others}


def _references(connection: SqlConnection, num: int) -> tuple[str, ...]:
    """What stands for a company in the hash of a name."""
    rows = read_rows(connection, "SELECT document FROM company WHERE num = ?", (num,))
    former = read_rows(connection, "SELECT id FROM former_company_id WHERE num = ?", (num,))
    with suppress(*UNREADABLE):
        return references_of(decode_company(rows[0][0]) if rows else None, [id for (id,) in former])
    return ()


def forget_listed(connection: SqlConnection, now: str, nums: Sequence[int], people: Mentions) -> Forgotten:
    """Delete contacts of people who are on the list, and all former states of such people, inside the caller's
    transaction; see `find_listed`."""
    for (document,) in read_rows(connection, _DOCUMENTS, (connection.ints(nums),)):
        with suppress(*UNREADABLE):
            people.add(decode_contact(document))
    erased = _erase(connection, now, nums, people, EVERYTHING)
    note_forgotten(connection, erased.seq)
    return Forgotten(erased.contacts, 0, erased.companies)


class _Erased(NamedTuple):
    """The number of contacts that were deleted and of companies that changed, and the seq of the log afterwards."""

    contacts: int
    companies: int
    seq: int


def _erase(
    connection: SqlConnection, now: str, nums: Sequence[int], people: Mentions, needles: Needles | None
) -> _Erased:
    """Delete contacts of people on the list, and what else the tables have of these people; see `sweep_states`."""
    done = delete_records(connection, now, "contacts", nums, False, people=people)
    erase_reasons(connection)
    numbers = Numbers.read(connection)
    seq = numbers.seq
    companies = sweep_states(connection, numbers, now, read_forgotten(connection), needles)
    if numbers.seq != seq:
        numbers.write(connection, now)
    return _Erased(done.records, companies, numbers.seq)


def find_listed(connection: SqlConnection) -> list[int]:
    """The nums of the contacts that are of people on the list. Decodes all contacts."""
    people, after, found = read_forgotten(connection), -1, list[int]()
    while people:
        rows = read_rows(connection, _ALL, (after,))
        for num, external, document, company, former in rows:
            with suppress(*UNREADABLE):
                at = None if company is None else decode_company(company)
                former_ids = () if former is None else (former,)
                body = decode_contact(document)
                if people.have(keys_of_record(body, references_of(at, former_ids), bool(external))):
                    found.append(num)
        if len(rows) < _PART:
            break
        after = rows[-1][0]
    return found
