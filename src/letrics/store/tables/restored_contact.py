"""Contacts that the undo of an import restores: what they are now, and what they were."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

from letrics.identity.batch_rows import keys_of
from letrics.identity.keys import Key, comparable_name, name_key, personal_keys, shared_keys
from letrics.records import UNREADABLE, ContactBody, decode_contact
from letrics.store.tables.former_states import FormerState


@dataclass(frozen=True, slots=True)
class RestoredContact:
    """A contact, and what it was before an import (`old`).

    `company_exists` is of its former company. A contact with a `digest` holds all its keys. The values `now` and
    `former` are None if the contact cannot be restored: its former state is not usable, or its document is malformed,
    so that its keys are not known.
    """

    seq: int
    company: int
    digest: int | None
    document: bytes
    company_exists: bool
    old: FormerState
    now: ContactBody | None
    former: ContactBody | None

    @classmethod
    def of(cls, row: Sequence[Any]) -> Self:
        """The contact of a row of the database."""
        seq, company, digest, document, exists, *state = row
        old = FormerState("contact", *state)
        now = former = None
        if old.is_usable():
            try:
                now, former = decode_contact(document), decode_contact(old.document)
            except UNREADABLE:
                now = None
        return cls(seq, company, digest, document, bool(exists), old, now, former if now else None)

    @property
    def num(self) -> int:
        return self.old.num

    def values(self) -> tuple[ContactBody, ContactBody]:
        """The present values and the former ones, of a contact that can be restored."""
        assert self.now is not None and self.former is not None
        return self.now, self.former

    def lost_keys(self) -> set[Key]:
        """The keys, also shared ones, that the present values have and the former ones have not."""
        now, former = self.values()
        lost = {*keys_of(now, self.company), *shared_keys(now)}
        return lost.difference(keys_of(former, self.old.company), shared_keys(former))

    def former_name_key(self) -> Key | None:
        """The key of the former name at the former company, which several contacts can have."""
        _, former = self.values()
        name = comparable_name(former)
        return None if name is None else name_key(name, self.old.company)

    def missing_keys(self) -> list[Key]:
        """The other keys of the former values that the contact may not hold at present."""
        now, former = self.values()
        held = {self.former_name_key(), *(keys_of(now, self.company) if self.digest is not None else ())}
        return [key for key in dict.fromkeys(keys_of(former, self.old.company)) if key not in held]


def addresses_with_shared_keys(contact: ContactBody) -> Iterator[tuple[Key, Key]]:
    """The key of each personal address of a contact with a name, and the shared key for it."""
    return zip(personal_keys(contact.emails), shared_keys(contact), strict=False)
