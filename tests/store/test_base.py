"""The interface of log stores: patches, tallies and errors."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from letrics.identity.patches import CompanyPatch, ContactPatch, Tally
from letrics.records import Company, ContactBody
from letrics.store.base import (
    Changes,
    HasContacts,
    Position,
    StoreAway,
    StoredRecord,
    StoreRemoved,
    StoreReplaced,
    StoreTooNew,
)

_tallies = st.builds(Tally, *[st.integers(0, 1_000)] * 6)


def test_patch_distinguishes_absent_from_null() -> None:
    absent, null = CompanyPatch(domain="a.example"), CompanyPatch(domain="a.example", name=None)
    assert absent.name is UNSET and null.name is None and absent != null
    for patch in (absent, null, ContactPatch(company=null), ContactPatch(company="a.example", emails=())):
        encoded = msgspec.msgpack.encode(patch)
        assert msgspec.msgpack.decode(encoded, type=type(patch)) == patch


@pytest.mark.parametrize(
    ("patch", "record", "derived"),
    [(CompanyPatch, Company, {"tld"}), (ContactPatch, ContactBody, {"id"})],
)
def test_patch_has_each_field_of_its_record(patch: type, record: type, derived: set[str]) -> None:
    missing = set(record.__struct_fields__) - set(patch.__struct_fields__)  # type: ignore[attr-defined]
    assert missing == derived


@given(_tallies, _tallies)
def test_tally_add_sums_every_count(one: Tally, other: Tally) -> None:
    total = Tally()
    total.add(one)
    total.add(other)
    for name in Tally.__slots__:
        assert getattr(total, name) == getattr(one, name) + getattr(other, name)


def test_tally_has_a_count_for_each_argument() -> None:
    assert Tally(1, 2, 3, 4, 5, 6, 7) == Tally(
        new=1, changed=2, unchanged=3, companies_new=4, companies_changed=5, conflicts=6, duplicates=7
    )


@pytest.mark.parametrize(
    ("count", "words"), [(1, "a.example still has 1 contact: delete"), (1_200, "still has 1,200 contacts: delete")]
)
def test_has_contacts_names_the_company_and_their_number(count: int, words: str) -> None:
    error = HasContacts("a.example", count)
    assert words in str(error) and (error.id, error.contacts) == ("a.example", count)
    assert isinstance(error, ValueError)


def test_store_errors_are_caught_from_wide_to_narrow() -> None:
    assert issubclass(StoreRemoved, StoreReplaced) and issubclass(StoreReplaced, StoreAway)
    assert not issubclass(StoreTooNew, StoreAway)


def test_values_of_the_interface_have_their_defaults() -> None:
    position = Position("log", 3, "batch")
    assert Changes(position) == Changes(position, (), (), (), (), (), (), ())
    assert StoredRecord(1, b"{}") == StoredRecord(1, b"{}", contacts=0, malformed=False)
    assert position == Position("log", 3, "batch") != Position("log", 3, "other")
