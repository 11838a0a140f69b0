"""Finds contacts that their id does not find, because the key of the id is missing or damaged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from letrics.identity.keys import hashes_of, id_key
from letrics.plurals import counted, inflected
from letrics.store.sql import SqlConnection
from letrics.store.tables.contact_table import id_of
from letrics.store.tables.key_table import read_keys

_PART: Final = 20_000
"""Contacts whose keys are read at a time."""
_MOST_SHOWN: Final = 5
"""Maximum number of contacts that are named."""


def unfindable_contacts(connection: SqlConnection) -> Iterator[int]:
    """The nums of the contacts whose id is in a readable document and does not find them."""
    rows = iter(connection.execute("SELECT num, document FROM contact ORDER BY num"))
    while part := list(islice(rows, _PART)):
        ids = {num: id for num, document in part if (id := id_of(document)) != "?"}
        keys = {num: id_key(id) for num, id in ids.items()}
        held = set(read_keys(connection, hashes_of(list(keys.values())))) if keys else set()
        yield from (num for num, key in keys.items() if (key, num) not in held)


def id_key_faults(connection: SqlConnection) -> Iterator[str]:
    """A description of the contacts that their id does not find, if there are any."""
    yield from unfound_contacts(
        list(unfindable_contacts(connection)), "{is not found by its|are not found by their} id"
    )


def unfound_contacts(nums: Sequence[int], are_not_found: str) -> Iterator[str]:
    """A description of the contacts with these nums, if there are any. `are_not_found` is for `inflected`."""
    if nums:
        some = ", ".join(map(str, nums[:_MOST_SHOWN])) + (", …" if len(nums) > _MOST_SHOWN else "")
        words = inflected(len(nums), are_not_found)
        yield f"{counted(len(nums), 'contact')} {words} (num {some}): run `letrics check --repair`"
