"""Contacts in memory: read when needed, except those that a digest shows to be unchanged."""

from __future__ import annotations

import pytest

from letrics.identity.batch_rows import NAMED, Held
from letrics.identity.held_contacts import HeldContacts
from letrics.records import ContactBody, encode
from tests.identity.memory_reads import MemoryReads

NOW = "2026-01-01T00:00:00.000Z"
BODY = ContactBody(id="7", added_at=NOW, updated_at=NOW)


@pytest.fixture
def reads() -> MemoryReads:
    return MemoryReads(stored_contacts={0: (3, True, 9, encode(BODY)), 1: (3, False, None, b"damaged")})


def test_read_skips_contacts_with_the_given_digest(reads: MemoryReads) -> None:
    held = HeldContacts(reads)
    assert held.read([0, 5], {0: 9}) == {0: 9} and held.get(0) is None
    assert held.read([0], {0: 8}) == {} and held.get(0) == held.find(0)
    found = held.get(0)
    assert found is not None and (found.company, found.body, found.external, found.owns) == (3, BODY, True, True)


def test_find_reads_contacts_that_exist(reads: MemoryReads, caplog: pytest.LogCaptureFixture) -> None:
    held = HeldContacts(reads)
    assert held.get(0) is None and held.find(0) is not None and held.rank_of(0) == NAMED
    assert held.find(1) is None and held.rank_of(1) is None and "contact num 1 is malformed" in caplog.text
    held.add(Held(5, 3, BODY, False))
    assert held.find(5) is held.get(5) is not None
