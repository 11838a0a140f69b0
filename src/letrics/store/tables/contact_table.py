"""The table of contacts: read by num, written in order of num."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence, Set
from typing import Final
from zlib import crc32

import msgspec
import numpy as np

from letrics.identity.plan import ContactPlan
from letrics.records import UNREADABLE, can_be_decoded, decode_contact
from letrics.store.sql import SqlConnection, read_rows
from letrics.store.tables.checksums import checksums_of, checksums_of_changed, intact
from letrics.store.tables.key_table import write_keys
from letrics.store.tables.log import Numbers

_VALUES: Final = ("seq", "external", "digest", "document", "checksum")
"""The columns of a contact that every change sets."""


def find_contacts(
    connection: SqlConnection, nums: Collection[int], damaged: set[int]
) -> Iterator[tuple[int, int, bool, int | None, bytes]]:
    """The num, company, whether the id is external, digest and document of the contacts with these nums. Adds those
    whose document can be decoded but is not the one that was written to `damaged`."""
    if not nums:
        return
    asked = np.fromiter(nums, np.int64)
    asked.sort()
    found = connection.execute(
        "SELECT c.num, c.company, c.external, c.digest, c.document, c.checksum FROM carray(?) AS a "
        "CROSS JOIN contact AS c ON c.num = a.value",
        (connection.ints(asked),),
    )
    for num, company, external, digest, document, checksum in found:
        if checksum is not None and checksum != crc32(document, num) and can_be_decoded(document, decode_contact):
            damaged.add(num)
        yield num, company, external == 1, digest, document


class _RecordId(msgspec.Struct):
    id: str


_decode_id: Final = msgspec.json.Decoder(_RecordId).decode


def id_of(document: bytes) -> str:
    """The id in the document of a record, which may be malformed otherwise."""
    try:
        return _decode_id(document).id
    except UNREADABLE:
        return "?"


def contact_ids(connection: SqlConnection, nums: Sequence[int]) -> dict[int, str]:
    """The ids of the contacts with these nums, "?" where a document is damaged."""
    sql = "SELECT num, document, checksum FROM carray(?) AS a CROSS JOIN contact ON contact.num = a.value"
    found = read_rows(connection, sql, (connection.ints(sorted(set(nums))),)) if nums else []
    return {num: id_of(intact(num, document, checksum)) for num, document, checksum in found}


def write_contacts(
    connection: SqlConnection, numbers: Numbers, plan: ContactPlan, damaged: Set[int] = frozenset()
) -> None:  # fmt: skip
    """Write changed contacts, then new ones, assign them the next seqs of the log, and write their keys. The documents
    of `damaged` ones stay damaged."""
    changed, new = plan.changed, plan.new
    seqs = numbers.take_seqs(len(changed.nums) + len(new.nums))
    old, added = seqs[: len(changed.nums)], seqs[len(changed.nums) :]
    sums = checksums_of_changed(changed.nums, changed.documents, damaged)
    connection.update(
        "contact",
        _VALUES,
        zip(old, changed.external, changed.digests, changed.documents, sums, changed.nums, strict=True),
    )
    # A separate statement: SQLite rewrites the index of every column that is set, even to the same value.
    connection.update("contact", ("company",), [(company, num) for num, company in plan.moved])
    sums = checksums_of(new.nums, new.documents)
    connection.insert(
        "contact",
        (*_VALUES, "num", "company"),
        zip(added, new.external, new.digests, new.documents, sums, new.nums, new.companies, strict=True),
    )
    connection.update("contact", ("digest",), [(digest, num) for num, digest in plan.confirmed])
    write_keys(connection, plan.put, plan.removed, *new.nums[:1])
    connection.insert_missing("former_id", ("num", "id"), plan.former_ids)
