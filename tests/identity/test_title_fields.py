"""Fields derived from job titles: how rows set and change them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET
from msgspec.structs import asdict

from letrics.identity.merge import merge_contact, new_contact
from letrics.identity.patches import ContactPatch
from letrics.identity.title_fields import derive_row
from letrics.records import DERIVABLE, ContactBody
from tests.store.model_titles import with_derived

THEN, NOW = "2020-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z"
ALL = DERIVABLE


def contact(*rows: dict[str, Any]) -> ContactBody:
    """The contact that these rows make."""
    first, *others = [ContactPatch(company="a.example", **row) for row in rows]
    body = new_contact(first, "1", THEN)
    for patch in others:
        body = merge_contact(body, patch, "1", False, NOW)
    return body


def facts(body: ContactBody) -> tuple[Any, ...]:
    return body.department, body.seniority, body.is_decision_maker, body.derived


CEO: dict[str, Any] = {"job_title": "CEO"}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([CEO], ("Executive", "c_suite", True, ALL)),
        ([{"job_title": "Assistant to the CEO"}], ("Administration", "entry", False, ALL)),
        ([{"job_title": "Director"}], (None, "director", True, ("seniority", "is_decision_maker"))),
        ([{"job_title": "xyz"}], (None, None, None, ())),
        ([{"phone": "1"}], (None, None, None, ())),
        # given values win, in the row and in the record
        ([CEO | {"seniority": "C suite"}], ("Executive", "C suite", True, ("department", "is_decision_maker"))),
        ([{"is_decision_maker": False}, CEO], ("Executive", "c_suite", False, ("department", "seniority"))),
        ([CEO, {"seniority": "VP"}], ("Executive", "VP", True, ("department", "is_decision_maker"))),
        ([CEO, {"seniority": "c_suite"}], ("Executive", "c_suite", True, ("department", "is_decision_maker"))),
        # another title, none, and a row without a title
        ([CEO, {"job_title": "Sales Manager"}], ("Sales", "manager", False, ALL)),
        ([CEO, {"job_title": "xyz"}], (None, None, None, ())),
        ([CEO, {"job_title": None}], (None, None, None, ())),
        ([CEO, {"phone": "1"}], ("Executive", "c_suite", True, ALL)),
        ([CEO | {"department": "Board"}, {"job_title": "Sales Manager"}], ("Board", "manager", False, ALL[1:])),
        # null is no value, and removes one
        ([CEO | {"seniority": None}], ("Executive", "c_suite", True, ALL)),
        ([CEO | {"seniority": "VP"}, {"seniority": None}], ("Executive", "c_suite", True, ALL)),
        # rows that list their derived fields
        ([CEO | {"seniority": "vp", "derived": ("seniority",)}], (None, "vp", None, ("seniority",))),
        ([CEO | {"derived": ()}], (None, None, None, ())),
        ([{"seniority": "VP"}, CEO | {"seniority": "c_suite", "derived": ("seniority",)}], (None, "VP", None, ())),
    ],
)
def test_derived_fields_follow_the_title_and_given_ones_stay(rows: list[Any], expected: tuple[Any, ...]) -> None:
    assert facts(contact(*rows)) == expected


def test_records_of_earlier_versions_change_with_the_next_row() -> None:
    old = ContactBody(id="1", job_title="CEO", added_at=THEN, updated_at=THEN)
    new = merge_contact(old, ContactPatch(company="a.example", **CEO), "1", False, NOW)
    assert facts(new) == ("Executive", "c_suite", True, ALL) and new.updated_at == NOW


def test_the_same_row_again_changes_nothing() -> None:
    body = contact(CEO)
    assert merge_contact(body, ContactPatch(company="a.example", **CEO), "1", False, NOW) is body


def rows() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {},
        optional={
            "job_title": st.sampled_from([None, "CEO", "Sales Manager", "Director", "xyz"]),
            "department": st.sampled_from([None, "Sales", "Board"]),
            "seniority": st.sampled_from([None, "VP", "manager"]),
            "is_decision_maker": st.sampled_from([None, True, False]),
            "derived": st.sets(st.sampled_from(DERIVABLE)).map(lambda some: tuple(n for n in DERIVABLE if n in some)),
        },
    )


@settings(deadline=None)
@given(st.lists(rows(), min_size=1, max_size=3))
def test_derived_fields_are_those_of_the_model(given: list[dict[str, Any]]) -> None:
    members: dict[str, Any] = dict.fromkeys(("job_title", *DERIVABLE)) | {"derived": ()}
    for row in given:
        members |= row | with_derived(members, row)
    body = asdict(contact(*given))
    assert {name: body[name] for name in members} == members


@given(rows())
def test_row_is_that_of_a_contact_and_never_unset(row: dict[str, Any]) -> None:
    made = derive_row(ContactPatch(company="a.example", **row))
    assert made == facts(contact(row))
    assert UNSET not in tuple[object, ...](made)
