"""What every log store promises of a record that an undo restores: it is found by what it was found by before.

Also if another record of the import has had its address, profile or page meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from msgspec import UNSET, UnsetType

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.records import Email, Kind
from letrics.store.base import Store
from letrics.store.import_record import ImportStart
from tests.store.encoded_rows import encoded

STEPS = pytest.mark.parametrize("limit", [1, 2, 100])


@pytest.fixture
def store(opener: Callable[[], Store]) -> Iterator[Store]:
    with opener() as store:
        yield store


def contact(
    id: str | None, name: str, *emails: str, profile: str | UnsetType | None = UNSET, title: str | None = None
) -> ContactPatch:  # fmt: skip
    return ContactPatch(
        external_id=id, company="office.example", full_name=name, job_title=title,
        emails=tuple(Email(f"{email}@mail.example", "personal") for email in emails),
        linkedin_url=f"https://www.linkedin.com/in/{profile}" if isinstance(profile, str) else profile,
    )  # fmt: skip


def company(domain: str | None, page: str | None, name: str = "Acme") -> CompanyPatch:
    url = page and f"https://www.linkedin.com/company/{page}"
    return CompanyPatch(domain=domain and f"{domain}.example", name=name, linkedin_url=url)


def put_and_undo(store: Store, rows: list[ContactPatch] | list[CompanyPatch], limit: int) -> None:
    """Import rows one after the other, and undo that in steps of `limit` records."""
    id = store.start_import(ImportStart(kind="contacts", file="people.csv"))
    for row in rows:
        if isinstance(row, CompanyPatch):
            store.put_companies([row], of_import=id)
        else:
            store.put_contacts([row], of_import=id)
    store.update_import(id, "done")
    while not store.undo_import(id, limit).finished:
        pass


def found_by(store: Store, kind: Kind, row: ContactPatch | CompanyPatch) -> str:
    """The id of the record that a row describes."""
    return store.upsert(ImportStart(kind=kind, file="asked.csv"), [row], {}).records[0].id


@STEPS
@pytest.mark.parametrize("are_encoded", [False, True])
def test_addresses_that_moved_from_row_to_row(store: Store, limit: int, are_encoded: bool) -> None:
    """As in a table of which one column was moved down: the last address is that of a new contact."""
    before = [contact("1", "Ann Archer", "x"), contact("2", "Bob Baker", "y"), contact("3", "Cy Cole", "z")]
    moved = [
        contact("1", "Ann Archer"), contact("2", "Bob Baker", "x"), contact("3", "Cy Cole", "y"),
        contact("4", "Dan Dow", "z"),
    ]  # fmt: skip
    store.put_contacts(list(map(encoded, before)) if are_encoded else before)
    put_and_undo(store, moved, limit)
    asked = [contact(None, "A. Archer", "x"), contact(None, "B. Baker", "y"), contact(None, "C. Cole", "z")]
    assert [found_by(store, "contacts", row) for row in asked] == ["1", "2", "3"]


@STEPS
def test_profile_that_a_new_contact_has_taken(store: Store, limit: int) -> None:
    store.put_contacts([contact("1", "Ann Archer", profile="ann")])
    put_and_undo(store, [contact("1", "Ann Archer", profile=None), contact("2", "Bob", profile="ann")], limit)
    assert found_by(store, "contacts", contact(None, "Someone", profile="ann")) == "1"


@STEPS
def test_profile_from_a_merge_stays(store: Store, limit: int) -> None:
    store.put_contacts([contact("1", "Ann Archer", profile="ann"), contact("2", "Ann Abel", profile="abel")])
    store.merge_contacts("1", "2")
    put_and_undo(store, [contact("1", "Ann", profile="abel")], limit)
    assert found_by(store, "contacts", contact(None, "Someone", profile="abel")) == "1"


@STEPS
@pytest.mark.parametrize("taker", ["b", "c"])
def test_page_that_another_company_has_taken(store: Store, limit: int, taker: str) -> None:
    store.put_companies([company("a", "acme"), company("b", None, "B")])
    put_and_undo(store, [company("a", None), company(taker, "acme", "B")], limit)
    assert found_by(store, "companies", company(None, "acme", "Z")) == "a.example"


@STEPS
@pytest.mark.parametrize("taker", ["b", "c"])
def test_page_of_a_company_that_was_merged(store: Store, limit: int, taker: str) -> None:
    """The import merged it into `a.example`, whose page then became that of another company."""
    store.put_companies([company(None, "acme", "Acme Ltd"), company("b", None, "B")])
    merged = found_by(store, "companies", company(None, "acme", "Acme Ltd"))
    put_and_undo(store, [company("a", "acme"), company("a", None), company(taker, "acme", "B")], limit)
    assert found_by(store, "companies", company(None, "acme", "Z")) == merged
