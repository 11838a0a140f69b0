"""Identity keys: which values are equivalent, and the ids generated from them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from letrics.identity.keys import (
    comparable_name,
    generate_id,
    id_key,
    is_keyed,
    linkedin_key,
    name_key,
    parts_of,
    personal_keys,
    shared_key,
    shared_keys,
    sort_unique,
    without_hashes,
)
from letrics.records import ContactBody, Email

NOW = "2026-01-01T00:00:00.000Z"


def body(**members: object) -> ContactBody:
    return ContactBody(id="", added_at=NOW, updated_at=NOW, **members)  # type: ignore[arg-type]


def test_letters_of_any_script_are_folded_encoded_or_not() -> None:
    assert linkedin_key("linkedin.com/in/J%C3%9CRGEN") == linkedin_key("https://de.linkedin.com/in/jürgen")


def test_different_profiles_differ() -> None:
    urls = [
        "linkedin.com/in/a",
        "linkedin.com/in/b",
        "linkedin.com/pub/a",
        "linkedin.com/sales/lead/a",
        "linkedin.example/in/a",
    ]
    assert len({linkedin_key(url) for url in urls}) == len(urls)


def test_keys_of_different_kinds_differ() -> None:
    keys = {id_key("a@x.example"), *personal_keys((Email("a@x.example", "personal"),)), name_key("a@x.example", 1)}
    assert len(keys) == 3
    assert name_key("a", 1) != name_key("a", 2)


def test_personal_addresses_count_once_and_generic_ones_never() -> None:
    emails = tuple(Email(value, "personal") for value in ("B@x.example", "a@x.example", "b@X.example"))
    assert len(personal_keys(emails)) == 2
    assert personal_keys((Email("info@x.example", "generic"),)) == ()
    assert not is_keyed(body(emails=(Email("info@x.example", "generic"),), linkedin_url="linkedin.com"))
    assert is_keyed(body(linkedin_url="linkedin.com/in/a")) and is_keyed(body(emails=emails))


def test_shared_key_has_the_hash_of_the_address() -> None:
    (address,) = personal_keys((Email("office@x.example", "personal"),))
    keys = [shared_key(address, name) for name in ("Ann", " ANN", "Bob")]
    assert keys[0] == keys[1] != keys[2] and address not in keys
    assert {parts_of(key)[0] for key in (address, *keys)} == {parts_of(address)[0]}


def test_shared_keys_are_those_of_named_contacts() -> None:
    emails = tuple(Email(f"{name}@x.example", "personal") for name in "ab")
    expected = tuple(shared_key(key, "Ann") for key in personal_keys(emails))
    assert shared_keys(body(full_name="Ann", emails=emails)) == expected
    assert shared_keys(body(emails=emails)) == shared_keys(body(full_name="Ann")) == ()


def test_comparable_name_is_folded_and_none_without_name() -> None:
    assert comparable_name(body(full_name=" ÀDA  Love")) == "àda love"
    assert comparable_name(body(linkedin_url="linkedin.com/in/a")) is None
    one = comparable_name(body(emails=(Email("Info@x.example", "generic"),)))
    assert one == comparable_name(body(emails=(Email("info@x.example", "generic"),))) != comparable_name(body())


def test_a_generated_id_follows_from_the_first_key() -> None:
    jane = body(full_name="Jane", linkedin_url="linkedin.com/in/jane", emails=(Email("jane@x.example", "personal"),))
    by_profile = generate_id(jane, "a.example")
    assert by_profile == generate_id(body(linkedin_url="https://www.linkedin.com/in/JANE/"), "b.example")
    by_address = generate_id(body(full_name="J", emails=jane.emails), "a.example")
    assert by_address == generate_id(body(emails=(Email("JANE@x.example", "personal"),)), "b.example")
    by_name = generate_id(body(full_name="Jane"), "a.example")
    assert (
        by_name == generate_id(body(full_name="JANE"), "a.example") != generate_id(body(full_name="Jane"), "b.example")
    )
    ids = {by_profile, by_address, by_name, generate_id(jane, "a.example", 1), generate_id(jane, "a.example", 2)}
    assert len(ids) == 5
    assert all(len(id) == 18 and id.startswith("c_") and id == id.lower() for id in ids)


def test_ids_given_once_stay_the_same_in_later_versions() -> None:
    assert generate_id(body(full_name="Bob"), "a.example") == "c_pnxdrtd726bortpx"
    assert generate_id(body(linkedin_url="linkedin.com/in/ada"), "a.example") == "c_zti4dvev45rgzsva"


@given(st.lists(st.integers(-5, 5)), st.lists(st.integers(-5, 5)))
def test_sorted_hashes_are_unique_and_without_others(some: list[int], others: list[int]) -> None:
    hashes = sort_unique(np.array(some, np.int64))
    assert hashes.tolist() == sorted(set(some))
    assert without_hashes(hashes, sort_unique(np.array(others, np.int64))).tolist() == sorted(set(some) - set(others))
