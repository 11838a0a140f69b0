"""Isolated rows as columns: their keys, documents and removal."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from letrics.identity.batch_rows import keys_of
from letrics.identity.companies import reference
from letrics.identity.isolated_rows import IsolatedRows
from letrics.identity.keys import generate_id, hashes_of, id_key, linkedin_key, name_key, personal_keys
from letrics.identity.merge import new_contact
from letrics.identity.patches import ContactPatch
from letrics.identity.prepared_rows import prepare_row
from letrics.records import Email, encode
from tests.identity.test_resolver import patches

NOW = "2026-01-01T00:00:00.000Z"
URL = "https://www.linkedin.com/in/jane"
JANE = Email("jane@x.example", "personal")


def isolated(*given: ContactPatch) -> IsolatedRows:
    prepared = list(map(prepare_row, given))
    references = {row: reference(patch.company) for row, patch in enumerate(given) if prepared[row].id is None}
    return IsolatedRows(prepared, references, list(range(len(given))), NOW)


def patch(**members: Any) -> ContactPatch:
    return ContactPatch(company="a.example", **members)


def test_no_rows_have_no_keys_and_no_contacts() -> None:
    rows = isolated()
    rows.remove_related()
    assert rows.kept() == [] and len(rows.hashes()) == 0 and not rows.remove(np.array([1], np.int64))
    assert rows.contacts([], []).documents == [] and rows.key_rows([]).keys == []


def test_keys_are_those_of_the_id_profile_name_and_addresses() -> None:
    rows = isolated(patch(external_id="7", full_name="Jane  DOE", linkedin_url=URL, emails=(JANE,)))
    keys = [id_key("7"), linkedin_key(URL), *personal_keys((JANE,)), name_key("jane doe", 0)]
    assert rows.key_rows([5]).keys == keys and rows.key_rows([5]).nums == [5] * 4


@settings(deadline=None)
@given(st.lists(patches, max_size=8))
def test_contacts_and_keys_are_those_of_rows_made_alone(given: list[ContactPatch]) -> None:
    rows = isolated(*given)
    nums = list(range(10, 10 + len(given)))
    contacts, keys = rows.contacts(nums, [None] * len(given)), rows.key_rows(nums)
    stored = set(zip(keys.keys, keys.nums, strict=True))
    for row, (patch, document) in enumerate(zip(given, contacts.documents, strict=True)):
        body = new_contact(patch, patch.external_id or "", NOW)
        if patch.external_id is None:
            body = new_contact(patch, generate_id(body, reference(patch.company)), NOW)
        assert document == encode(body)
        assert contacts.external[row] is (patch.external_id is not None)
        assert {key for key, num in stored if num == nums[row]} == set(keys_of(body, contacts.companies[row]))


def test_related_rows_are_removed() -> None:
    rows = isolated(
        patch(external_id="1"), patch(external_id="2", emails=(JANE,)), patch(external_id="3", emails=(JANE,))
    )
    rows.remove_related()
    assert rows.kept() == [0]
    assert rows.contacts([9], [4]).nums == [9] and rows.key_rows([9]).nums == [9, 9]


def test_remove_reports_whether_a_row_was_removed() -> None:
    rows = isolated(patch(external_id="1"), patch(external_id="2"))
    asked = hashes_of([id_key("2"), id_key("3")])
    assert rows.remove(asked) and not rows.remove(asked)
    assert rows.kept() == [0]
    assert id_key("1") in rows.key_rows([0]).keys and id_key("2") not in rows.key_rows([0]).keys
