"""Contacts at another company than the one that was written: found, and put back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.records import Email
from letrics.store.sqlite import SqliteStore
from letrics.store.tables.integrity import faults
from letrics.store.tables.misplaced_contacts import misplaced_contacts


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore.open(tmp_path / "log.db") as store:
        store.put_companies([CompanyPatch(domain=f"{name}.example") for name in "abcd"])
        store.put_contacts(
            [
                ContactPatch(company="a.example", full_name="Ann Lee", emails=(Email("ann@a.example", "personal"),)),
                ContactPatch(company="b.example", full_name="Bob Ray"),
                ContactPatch(company="c.example", external_id="c7", full_name="Ann Lee"),
                ContactPatch(full_name="Cid Moe", external_id="c8"),
                ContactPatch(company="d.example", external_id="c9"),
            ]
        )
        yield store


def companies(store: SqliteStore) -> list[tuple[int, int]]:
    return list(store._connection.execute("SELECT num, company FROM contact ORDER BY num"))


def repair(store: SqliteStore) -> tuple[list[str], list[int]]:
    """What was done, and the contacts that were set aside."""
    aside: list[int] = []
    done = store.repair(lambda kind, num, document, what: aside.append(num))
    return done, aside


def test_intact_contacts_are_all_at_their_company(store: SqliteStore) -> None:
    assert list(misplaced_contacts(store._connection)) == [] == list(faults(store._connection))


@pytest.mark.parametrize("num", range(4))
@pytest.mark.parametrize("by", [1, 2])
def test_contact_of_another_company_is_reported_and_put_back(store: SqliteStore, num: int, by: int) -> None:
    before = companies(store)
    store._connection.execute("UPDATE contact SET company = (company + ?) % 4 WHERE num = ?", (by, num))
    if companies(store) == before:
        pytest.skip("the num is the same")
    (fault,) = faults(store._connection)
    assert fault == (f"1 contact is not found by its name at the company (num {num}): run `letrics check --repair`")
    done, aside = repair(store)
    assert done == ["1 contact put back to the company of its name"] and aside == []
    assert companies(store) == before and list(faults(store._connection)) == []


def test_contact_whose_company_cannot_be_found_is_set_aside(store: SqliteStore) -> None:
    store.put_contacts([ContactPatch(company="a.example", full_name="Dan Fox")])
    store._connection.execute("UPDATE recent_key SET mark = mark + 1 WHERE num = 5")
    done, aside = repair(store)
    assert aside == [5] and not any("put back" in each for each in done)
    assert list(misplaced_contacts(store._connection)) == []


def test_contacts_without_any_keys_stay_where_they_are(store: SqliteStore) -> None:
    before = companies(store)
    store._connection.execute("DELETE FROM recent_key")
    assert len(list(misplaced_contacts(store._connection))) == 4
    _, aside = repair(store)
    assert aside == [] and companies(store) == before and list(faults(store._connection)) == []
