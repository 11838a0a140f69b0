"""The contact that two contacts become, and what is left of it when that is undone."""

from __future__ import annotations

from msgspec.structs import replace

from letrics.identity.union import restore_contact, unite_contacts
from letrics.records import ContactBody, Email

THEN, NOW, LATER = "2020-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z"


def body(**members: object) -> ContactBody:
    return ContactBody(**{"id": "1", "added_at": NOW, "updated_at": NOW} | members)  # type: ignore[arg-type]


def test_unite_keeps_values_and_adds_missing_ones() -> None:
    kept = body(full_name="Ann", job_title="CEO")
    other = body(id="2", full_name="Bob", job_title="CFO", phone="2", added_at=THEN)
    assert unite_contacts(kept, other, LATER) == replace(kept, phone="2", added_at=THEN, updated_at=LATER)


def test_unite_does_not_mix_parts_of_names() -> None:
    other = body(first_name="Bob", last_name="Baker", full_name="Bob Baker")
    assert unite_contacts(body(full_name="Ann"), other, NOW).first_name is None
    assert unite_contacts(body(), other, NOW).last_name == "Baker"


def test_unite_has_each_address_once() -> None:
    one, two = Email("a@x.example", "personal"), Email("A@x.example", "personal")
    three = Email("b@x.example", "generic")
    assert unite_contacts(body(emails=(one,)), body(emails=(two, three)), NOW).emails == (one, three)


def test_unite_prefers_given_values_to_derived_ones() -> None:
    kept = body(seniority="director", department="Sales", derived=("department", "seniority"))
    united = unite_contacts(kept, body(seniority="vp", department="IT", derived=("department",)), NOW)
    assert (united.seniority, united.department, united.derived) == ("vp", "Sales", ("department",))
    united = unite_contacts(body(), body(seniority="vp", derived=("seniority",)), NOW)
    assert (united.seniority, united.derived) == ("vp", ("seniority",))


def test_restore_gives_back_the_contact_before() -> None:
    before = body(full_name="Ann")
    after = unite_contacts(before, body(phone="2"), NOW)
    assert restore_contact(before, after, after, LATER) is before


def test_restore_keeps_what_changed_since() -> None:
    before = body(full_name="Ann", job_title="CEO")
    after = unite_contacts(before, body(phone="2"), NOW)
    restored = restore_contact(before, after, replace(after, job_title="Chair"), LATER)
    assert restored == replace(before, job_title="Chair", updated_at=LATER)
