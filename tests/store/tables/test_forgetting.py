"""Forgetting people of whom a document is damaged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.identity.patches import ContactPatch
from letrics.store.forgotten_list import Forgotten
from letrics.store.sqlite import SqliteStore

JANE = ContactPatch(company="acme.example", full_name="Jane Roe", external_id="crm:1")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore.open(tmp_path / "log.db") as opened:
        opened.put_contacts([JANE])
        yield opened


def test_forget_id_of_a_malformed_contact_is_remembered(store: SqliteStore) -> None:
    store._connection.execute("UPDATE contact SET document = x'7b'")
    assert store.forget_id("crm:1") == Forgotten(1, 1, 0)
    assert store.put_contacts([JANE]).forgotten == 1


def test_forget_id_of_a_whole_contact_adds_one_person(store: SqliteStore) -> None:
    assert store.forget_id("crm:1") == Forgotten(1, 1, 0)
