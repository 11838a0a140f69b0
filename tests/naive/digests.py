"""Digests of rows that change nothing: which rows of a batch they are, and who holds a key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from letrics.identity.encoded_patches import EncodedCompany, EncodedContact, decode_contact_patch
from letrics.identity.keys import Key, hash_key, id_key
from letrics.identity.patches import ContactPatch, Tally
from tests.store.model import Model, Person


def digests_of(rows: Sequence[ContactPatch | EncodedContact | EncodedCompany], model: Model) -> dict[int, int]:
    """The contacts of the rows that would change nothing any more, each with the digest of its last such row."""
    found = {}
    for row in rows:
        if isinstance(row, EncodedContact) and row.digest:
            patch, tally = decode_contact_patch(row), Tally()
            person = model.who(patch, model.named(patch))
            model.copy().put_contact(patch, "", tally)
            if person is not None and tally == Tally(unchanged=1):
                found[person.num] = row.digest
    return found


def keys_held(person: Person) -> Iterator[Key]:
    """The keys that a contact holds."""
    yield from (id_key(id) for id in {person.id} | person.former)
    for key in person.holds:
        yield hash_key(f"email {key}" if "@" in key else f"linkedin {key}")
