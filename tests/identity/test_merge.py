"""Merging: how patches change records."""

from __future__ import annotations

import pytest

from letrics.identity.merge import merge_company, merge_contact, new_company, new_contact
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.records import ContactBody, Email, Place

THEN, NOW = "2020-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z"


def contact(**members: object) -> ContactBody:
    return new_contact(ContactPatch(company="a.example", **members), "1", THEN)  # type: ignore[arg-type]


def merged(old: ContactBody, **members: object) -> ContactBody:
    return merge_contact(old, ContactPatch(company="a.example", **members), "1", False, NOW)  # type: ignore[arg-type]


def test_a_patch_that_changes_nothing_returns_the_very_record() -> None:
    old = contact(full_name="Ada", emails=(Email("a@x.example", "personal"),), is_decision_maker=False)
    assert merged(old) is old
    assert merged(old, emails=(Email("a@x.example", "personal"),), job_title=None, is_decision_maker=False) is old
    company = new_company(CompanyPatch(domain="a.example", employees=1), THEN)
    assert merge_company(company, CompanyPatch(domain="a.example", employees=1, website=None), NOW) is company


def test_a_change_is_dated_now() -> None:
    assert merged(contact(), phone="1", updated_at=THEN).updated_at == NOW
    assert merge_contact(contact(), ContactPatch(company="b.example"), "1", True, NOW).updated_at == NOW
    assert merge_contact(contact(), ContactPatch(company="a.example"), "2", False, NOW).id == "2"


@pytest.mark.parametrize(
    ("patch", "derived"),
    [
        ({}, ("seniority", "is_decision_maker")),
        ({"phone": "1"}, ("seniority", "is_decision_maker")),
        ({"seniority": "manager"}, ("is_decision_maker",)),
        ({"seniority": None, "is_decision_maker": True}, ()),
        ({"seniority": "head", "derived": ("seniority",)}, ("seniority",)),
        ({"derived": ()}, ()),
    ],
)
def test_a_given_value_is_no_longer_a_derived_one(patch: dict[str, object], derived: tuple[str, ...]) -> None:
    old = contact(seniority="manager", is_decision_maker=False, derived=("seniority", "is_decision_maker"))
    assert merged(old, **patch).derived == derived


def test_locations_of_a_contact_are_replaced_and_cleared() -> None:
    old = contact(locations=(Place("Berlin"),))
    assert merged(old, locations=(Place("Paris"),)).locations == (Place("Paris"),)
    assert merged(old, phone="1").locations == (Place("Berlin"),)
    assert merged(old, locations=()).locations == ()


@pytest.mark.parametrize(
    ("old", "patch", "full_name"),
    [
        ({}, {"first_name": "Ada"}, "Ada"),
        ({"first_name": "Ada"}, {"last_name": "Love"}, "Ada Love"),
        ({"first_name": "Ada", "full_name": "Countess"}, {"phone": "1"}, "Countess"),
        ({"first_name": "Ada", "full_name": "Countess"}, {"first_name": "Ada"}, "Ada"),
        ({"first_name": "Ada", "full_name": "Countess"}, {"full_name": None}, "Ada"),
        ({"first_name": "Ada"}, {"first_name": None}, "Ada"),
        ({"first_name": "Ada"}, {"first_name": None, "full_name": None}, None),
        ({"first_name": "Ada"}, {"last_name": "Love", "full_name": "Countess"}, "Countess"),
        ({"full_name": "Countess"}, {"full_name": None}, None),
    ],
)
def test_the_full_name_is_built_from_its_parts(
    old: dict[str, str], patch: dict[str, str | None], full_name: str | None
) -> None:
    assert merged(contact(**old), **patch).full_name == full_name


def test_the_suffix_of_a_company_is_the_whole_public_one() -> None:
    assert new_company(CompanyPatch(domain="shop.co.uk"), NOW).tld == "co.uk"
    assert new_company(CompanyPatch(domain="shop.myshopify.com"), NOW).tld == "com"
