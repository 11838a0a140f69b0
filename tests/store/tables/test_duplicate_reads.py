"""Pairs of which something is damaged: named, and the others are listed."""

from __future__ import annotations

import logging

import pytest

from letrics.identity.patches import CompanyPatch
from letrics.store.sqlite import SqliteStore
from tests.store.patches import row

FLIP = "UPDATE {0} SET document = CAST(replace(CAST(document AS TEXT), '{1}', '{2}') AS BLOB)"


@pytest.mark.parametrize(
    "harm",
    [FLIP.format("contact", "Ann 2", "Aon 2"),
     "UPDATE duplicate SET reason = 'emall' WHERE id = 2", "UPDATE contact SET document = x'7b' WHERE num = 2",
     "UPDATE duplicate SET found_at = '2026-11-30T12:38:29*437Z' WHERE id = 2"],
)  # fmt: skip
def test_damaged_pair_is_named_and_the_others_listed(
    store: SqliteStore, harm: str, caplog: pytest.LogCaptureFixture
) -> None:
    store.put_contacts([row(str(number), full_name=f"Ann {number}") for number in range(4)])
    for some, other in (("0", "1"), ("2", "3"), ("0", "3")):
        store.dismiss_duplicate(some, other)
    store.sql.execute(harm)
    with caplog.at_level(logging.WARNING, "letrics.store"):
        assert [pair.id for pair in store.duplicates("dismissed")] == [1, 3]
    assert "the pair 2 of possible duplicates is left out" in caplog.text
    assert store.integrity() != []


@pytest.mark.parametrize(
    "harm",
    [FLIP.format("contact_merge", "Ann 2", "Aon 2"), FLIP.format("contact", "Ann 3", "Aon 3"),
     FLIP.format("company", "Firm", "Fyrm"), "UPDATE contact_merge SET gone_id = CAST(x'ff' AS TEXT) WHERE gone = 2",
     "UPDATE contact_merge SET merged_at = CAST(x'ff' AS TEXT) WHERE gone = 2"],
)  # fmt: skip
def test_damaged_merge_is_named_and_the_others_listed(
    store: SqliteStore, harm: str, caplog: pytest.LogCaptureFixture
) -> None:
    store.put_companies([CompanyPatch(domain="a.example", name="Firm")])
    store.put_contacts(
        [row(str(number), f"{'ba'[number > 1]}.example", full_name=f"Ann {number}") for number in range(4)]
    )
    store.merge_contacts("1", "0")
    store.merge_contacts("3", "2")
    assert [pair.id for pair in store.duplicates("merged")] == [2, 1]
    store.sql.execute(harm)
    with caplog.at_level(logging.WARNING, "letrics.store"):
        assert [pair.id for pair in store.duplicates("merged")] == [1]
    assert "the pair 2 of possible duplicates is left out" in caplog.text
