"""What every log store promises of changes of names: they are judged before the batch is committed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from letrics.identity.encoded_patches import encode_company_patch, encode_contact_patch
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.store.base import Store
from letrics.store.name_changes import ManyNamesChange, NameChange, NameChanges, refuse_many


@pytest.fixture
def store(opener: Callable[[], Store]) -> Iterator[Store]:
    with opener() as store:
        yield store


def firm(number: int, name: str | None) -> CompanyPatch:
    return CompanyPatch(domain=f"a{number}.example", name=name)


def person(number: int, name: str, company: str | CompanyPatch = "acme.example") -> ContactPatch:
    return ContactPatch(external_id=str(number), company=company, full_name=name)


def judged_contacts(store: Store, *patches: ContactPatch) -> list[NameChanges]:
    judged: list[NameChanges] = []
    store.put_contacts([encode_contact_patch(patch) for patch in patches], judge=judged.append)
    return judged


def test_changed_names_of_companies_are_counted(store: Store) -> None:
    store.put_companies([firm(number, f"Firm {number}") for number in range(4)])
    judged: list[NameChanges] = []
    rows = [firm(0, "Firm 0"), firm(1, "Other"), firm(2, " FIRM  2 "), firm(3, None), firm(9, "New")]
    tally = store.put_companies([encode_company_patch(row) for row in rows], judge=judged.append)
    changes = (NameChange("Firm 1", "Other"), NameChange("Firm 3", None))
    assert judged == [NameChanges("companies", 4, 2, changes)]
    assert (tally.new, tally.changed) == (1, 3)


def test_contacts_and_their_companies_are_judged(store: Store) -> None:
    acme = CompanyPatch(domain="acme.example", name="Acme")
    store.put_contacts([person(1, "Ann Archer", acme), person(2, "Bob Baker", acme)])
    renamed = CompanyPatch(domain="acme.example", name="Apex")
    judged = judged_contacts(
        store, person(1, "Ann Archer", renamed), person(2, "Cy Cole"), person(3, "Dan", "b.example")
    )
    assert judged == [
        NameChanges("contacts", 2, 1, (NameChange("Bob Baker", "Cy Cole"),)),
        NameChanges("companies", 1, 1, (NameChange("Acme", "Apex"),)),
    ]


def test_new_and_unchanged_rows_change_no_names(store: Store) -> None:
    assert judged_contacts(store, person(1, "Ann"), person(1, "Bob"))[0] == NameChanges("contacts", 0, 0)
    assert judged_contacts(store, person(1, "Bob"), person(2, "Cy"))[0] == NameChanges("contacts", 1, 0)


def test_refused_batch_stores_nothing(store: Store) -> None:
    store.put_contacts([person(number, f"Ann {number}") for number in range(5)])
    position, imports = store.position(), store.imports()
    rows = [person(number, f"Bob {number}") for number in range(6)]
    with pytest.raises(ManyNamesChange) as error:
        store.put_contacts(rows, judge=refuse_many)
    assert (error.value.changes.changed, error.value.changes.matched) == (5, 5)
    assert (store.position(), store.imports(), store.counts().contacts) == (position, imports, 5)
    assert store.put_contacts(rows).changed == 5


def test_preview_judges_as_put_does(store: Store) -> None:
    store.put_companies([firm(1, "A")])
    store.put_contacts([person(1, "Ann Archer")])
    judged: list[NameChanges] = []
    store.preview_companies([firm(1, "B")], judged.append)
    store.preview_contacts([person(1, "Bob Baker")], judged.append)
    assert judged == [
        NameChanges("companies", 1, 1, (NameChange("A", "B"),)),
        NameChanges("contacts", 1, 1, (NameChange("Ann Archer", "Bob Baker"),)),
        NameChanges("companies", 1, 0),
    ]
