"""The list of people who were forgotten, as it leaves a store: without identities, or whole for another store."""

from __future__ import annotations

import msgspec

from letrics.identity.forgotten import KeyHash


class Forgotten(msgspec.Struct, frozen=True):
    """The effect of forgetting people: the contacts that were deleted, the people that are on the list because of it,
    and the companies that lost an address of theirs."""

    contacts: int = 0
    people: int = 0
    companies: int = 0


class ForgottenDay(msgspec.Struct, frozen=True):
    """The number of people on the list who were forgotten on a day (`2026-01-31`, UTC)."""

    day: str
    people: int


class ForgottenPerson(msgspec.Struct, frozen=True):
    """A person of the list: a random number, when the person was forgotten, and the keyed hashes."""

    id: int
    forgotten_at: str
    hashes: list[KeyHash]


class ForgottenList(msgspec.Struct, frozen=True):
    """The whole list with the secrets of its hashes. With it, one can find out whether a given person is on it."""

    secrets: list[bytes] = []
    people: list[ForgottenPerson] = []


class Erasures(msgspec.Struct, frozen=True):
    """The last seqs at which people were forgotten, or any records deleted. 0 if never.

    What was built from the log before that, such as the dictionaries of an index, may have their values.
    """

    forgotten_seq: int = 0
    deleted_seq: int = 0
