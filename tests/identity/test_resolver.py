"""Batches of contacts: the resolver and the reference model agree, however many rows are isolated."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET
from msgspec.structs import asdict

from letrics.identity.encoded_patches import encode_contact_patch
from letrics.identity.patches import CompanyPatch, ContactPatch, RowEffect, Tally
from letrics.records import Email
from tests.identity.resolving import MemoryContacts
from tests.store.model import Model
from tests.store.model_names import agree

NOW, LATER = "2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"


def maybe(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from((UNSET, *values))


# The samples have many values, so that most rows of a batch are isolated, and some share a key.
names = st.sampled_from(("Ada", "Bob", "Cyd", "Dan", "Eve", "Fay"))
patches = st.builds(
    ContactPatch,
    company=st.one_of(
        st.sampled_from(("a.example", "b.example", "c.example", UNSET, None)),
        st.builds(CompanyPatch, domain=st.just("d.example"), name=maybe("A", "B")),
    ),
    company_from_email=st.booleans(),
    external_id=st.one_of(st.none(), st.integers(0, 40).map(str)),
    first_name=st.one_of(st.just(UNSET), names),
    last_name=st.one_of(st.just(UNSET), names),
    full_name=st.one_of(st.just(UNSET), names),
    phone=maybe("1", "2"),
    emails=st.one_of(
        st.just(UNSET),
        st.lists(st.integers(0, 40), max_size=2, unique=True).map(
            lambda numbers: tuple(Email(f"{number}@x.example", "personal") for number in numbers)
        ),
        st.just((Email("info@a.example", "generic"),)),
    ),
    linkedin_url=st.one_of(
        st.just(UNSET), st.integers(0, 40).map(lambda number: f"https://www.linkedin.com/in/p{number}")
    ),
    added_at=maybe(NOW),
    updated_at=maybe(NOW),
)


@given(st.lists(st.lists(patches, min_size=1, max_size=25), min_size=1, max_size=4), st.booleans())
@settings(deadline=None, max_examples=150)
def test_resolver_and_model_agree(batches: list[list[ContactPatch]], encoded: bool) -> None:
    contacts, model = MemoryContacts(), Model()
    for day, batch in enumerate(batches, 1):
        now = f"2026-01-{day:02}T00:00:00.000Z"
        rows = [encode_contact_patch(patch) for patch in batch] if encoded else batch
        assert contacts.put(rows, now) == model.put_contacts(batch, now)
        assert contacts.bodies() == model.contact_records()


@given(st.lists(st.lists(patches, min_size=1, max_size=25), min_size=1, max_size=3))
@settings(deadline=None, max_examples=50)
def test_effects_are_those_of_the_rows_one_by_one(batches: list[list[ContactPatch]]) -> None:
    contacts, model = MemoryContacts(), Model()
    for batch in batches:
        effects: list[RowEffect] = []
        contacts.put([encode_contact_patch(patch) for patch in batch], NOW, effects=effects)
        expected = [model.put_contact(patch, NOW, Tally()) for patch in batch]
        assert effects == [(person.num, effect) for effect, person in expected]


def test_isolated_rows_have_nums_in_order_of_position() -> None:
    contacts = MemoryContacts()
    rows = [
        ContactPatch(company="a.example", external_id=id, full_name=name)
        for id, name in (("1", "A"), ("2", "B"), ("3", "B"), ("4", "D"))
    ]
    assert contacts.put(rows, NOW) == Tally(new=4, companies_new=1)
    assert [body.id for _, body in contacts.bodies().values()] == ["1", "2", "3", "4"]
    assert (contacts.numbers.next_contact, contacts.numbers.contacts) == (4, 4)


@pytest.mark.parametrize("before", [0, 2])
def test_row_that_gets_the_name_of_a_later_row_is_that_contact(before: int) -> None:
    contacts = MemoryContacts()
    contacts.put([ContactPatch(company="a.example", external_id="1", first_name="Ada", last_name="Love")], NOW)
    rows = [
        *(ContactPatch(company="b.example", external_id=f"b{number}") for number in range(before)),
        ContactPatch(company="a.example", external_id="1", last_name="Byron"),
        ContactPatch(company="a.example", full_name="Ada Byron"),
    ]
    tally = contacts.put(rows, LATER)
    assert (tally.new, tally.changed, tally.unchanged) == (before, 1, 1)
    assert contacts.numbers.next_contact == contacts.numbers.contacts == 1 + before
    assert contacts.bodies()[0][1].full_name == "Ada Byron"


def test_row_without_the_name_of_a_later_change_is_new() -> None:
    contacts = MemoryContacts()
    contacts.put([ContactPatch(company="a.example", external_id="1", first_name="Ada", last_name="Love")], NOW)
    rows = [
        ContactPatch(company="a.example", full_name="Ada Byron"),
        ContactPatch(company="a.example", external_id="1", last_name="Byron"),
    ]
    assert contacts.put(rows, LATER) == Tally(new=1, changed=1)
    assert contacts.put([], LATER) == Tally()


def test_rows_with_one_new_address_are_one_contact() -> None:
    contacts = MemoryContacts()
    emails = (Email("ada@x.example", "personal"),)
    contacts.put([ContactPatch(company="a.example", external_id="1", full_name="Ada")], NOW)
    rows = [
        ContactPatch(company="a.example", external_id="1", emails=emails),
        ContactPatch(company="b.example", full_name="A. Love", emails=emails),
    ]
    assert contacts.put(rows, LATER) == Tally(changed=2, companies_new=1)
    assert contacts.bodies()[0][1].full_name == "A. Love"


def at(address: str, name: str | None, company: str = "a.example", **members: Any) -> ContactPatch:
    """A row of a person with a personal address."""
    return ContactPatch(company=company, full_name=name, emails=(Email(address, "personal"),), **members)


def test_users_of_a_mailbox_are_contacts_of_their_own() -> None:
    contacts = MemoryContacts()
    rows = [at("office@x.example", name, f"{name[0].lower()}.example") for name in ("Ann Archer", "Bob Baker", "Cy Co")]
    assert contacts.put(rows, NOW) == Tally(new=3, companies_new=3, conflicts=2, duplicates=2)
    for batch in (rows, rows[::-1], rows[2:], rows[1:]):
        tally = contacts.put(batch, LATER)
        assert (tally.new, tally.changed, tally.unchanged) == (0, 0, len(batch))
    assert len({body.id for _, body in contacts.bodies().values()}) == 3
    assert contacts.put([at("office@x.example", "A. Archer", "a.example", phone="1")], LATER).changed == 1
    assert contacts.bodies()[0][1].phone == "1"


def test_user_of_a_mailbox_is_found_after_the_first_is_gone() -> None:
    contacts = MemoryContacts()
    contacts.put([at("office@x.example", "Ann Archer"), at("office@x.example", "Bob Baker")], NOW)
    ann = contacts.bodies()[0][1].id
    contacts.put([ContactPatch(company="a.example", external_id=ann, emails=())], NOW)
    assert contacts.put([at("office@x.example", "Bob Baker", phone="1")], LATER) == Tally(changed=1)
    assert contacts.put([at("office@x.example", "B. Baker", phone="1")], LATER) == Tally(changed=1)


def test_user_of_a_mailbox_is_found_under_a_new_name() -> None:
    contacts = MemoryContacts()
    contacts.put([at("office@x.example", "Ann Archer"), at("office@x.example", "Bob Baker")], NOW)
    bob = contacts.bodies()[1][1].id
    contacts.put([ContactPatch(company="a.example", external_id=bob, full_name="Bob Miller")], NOW)
    assert contacts.put([at("office@x.example", "Bob Miller", phone="1")], LATER) == Tally(changed=1, conflicts=1)
    assert contacts.put([at("office@x.example", "Bob Baker", phone="1")], LATER) == Tally(
        new=1, conflicts=1, duplicates=1
    )


def test_row_without_a_name_is_the_first_with_its_address() -> None:
    contacts = MemoryContacts()
    contacts.put([at("office@x.example", "Ann Archer"), at("office@x.example", "Bob Baker")], NOW)
    assert contacts.put([at("office@x.example", None, phone="1")], LATER) == Tally(changed=1)
    assert contacts.bodies()[0][1].phone == "1"


def test_row_with_an_id_takes_over_the_user_of_its_name() -> None:
    contacts = MemoryContacts()
    contacts.put([at("office@x.example", "Ann Archer"), at("office@x.example", "Bob Baker")], NOW)
    assert contacts.put([at("office@x.example", "Bob Baker", external_id="7")], LATER) == Tally(changed=1, conflicts=1)
    assert [body.id for _, body in contacts.bodies().values()][1] == "7"


users = st.builds(
    at,
    address=st.sampled_from(("office@x.example", "Office@x.example", "ann@x.example")),
    name=st.sampled_from(
        (None, "Ann Archer", "A. Archer", "Archer, Ann", "Ann Baker", "Bob Baker", "B. Archer", "Bob")
    ),
    company=st.sampled_from(("a.example", "b.example")),
    external_id=st.sampled_from((None, None, None, "1", "2")),
    phone=maybe("1", "2"),
)


@given(st.lists(st.lists(users, min_size=1, max_size=6), min_size=1, max_size=5))
@settings(deadline=None, max_examples=150)
def test_users_of_mailboxes_agree_with_the_model(batches: list[list[ContactPatch]]) -> None:
    contacts, model = MemoryContacts(), Model()
    for batch in batches:
        assert contacts.put(batch, NOW) == model.put_contacts(batch, NOW)
        assert contacts.bodies() == model.contact_records()


@given(st.lists(users.filter(lambda row: row.external_id is None), min_size=2, max_size=12))
@settings(deadline=None, max_examples=150)
def test_an_address_never_joins_names_that_disagree(rows: list[ContactPatch]) -> None:
    contacts = MemoryContacts()
    for row in rows:
        before = contacts.bodies()
        contacts.put([row], NOW)
        after = contacts.bodies()
        for num, (company, body) in before.items():
            if after[num] != (company, body):
                assert agree(asdict(body), {"first_name": None, "last_name": None, "full_name": row.full_name})


@given(st.lists(users.filter(lambda row: row.external_id is None and row.full_name), min_size=1, max_size=8))
@settings(deadline=None, max_examples=100)
def test_rows_of_one_person_each_change_nothing_again(rows: list[ContactPatch]) -> None:
    contacts, single = MemoryContacts(), list[ContactPatch]()
    for row in rows:  # one row for each person
        name = {"first_name": None, "last_name": None, "full_name": row.full_name}
        others = [{"first_name": None, "last_name": None, "full_name": other.full_name} for other in single]
        if not any(agree(name, other) for other in others):
            single.append(row)
    contacts.put(single, NOW)
    assert len(contacts.bodies()) == len(single)
    again = contacts.put(single, LATER)
    assert (again.new, again.changed, again.unchanged) == (0, 0, len(single))
