"""Pairs of which something is damaged: named, and the others are listed."""

from __future__ import annotations

import logging

import pytest

from letrics.store.sqlite import SqliteStore
from tests.store.patches import row


@pytest.mark.parametrize(
    "harm",
    ["UPDATE duplicate SET reason = 'emall' WHERE id = 2", "UPDATE contact SET document = x'7b' WHERE num = 2",
     "UPDATE duplicate SET found_at = '2026-11-30T12:38:29*437Z' WHERE id = 2"],
)  # fmt: skip
def test_damaged_pair_is_named_and_the_others_listed(
    store: SqliteStore, harm: str, caplog: pytest.LogCaptureFixture
) -> None:
    store.put_contacts([row(str(number)) for number in range(4)])
    for some, other in (("0", "1"), ("2", "3"), ("0", "3")):
        store.dismiss_duplicate(some, other)
    store.sql.execute(harm)
    with caplog.at_level(logging.WARNING, "letrics.store"):
        assert [pair.id for pair in store.duplicates("dismissed")] == [1, 3]
    assert "the pair 2 of possible duplicates is left out" in caplog.text
    assert store.integrity() != []
