"""Parts of large batches."""

from __future__ import annotations

from letrics.engines.opensearch.following.change_parts import parts_of
from letrics.store.base import Changes, Position

_AT = Position("log", 9, "batch")


def test_parts_have_all_records_with_companies_first_and_deletions_last() -> None:
    changes = Changes(_AT, (1, 2, 3), (b"a", b"b", b"c"), (5, 6), (1, 3), (b"p", b"q"), (7,), (8, 9))
    assert list(parts_of(changes, 2)) == [
        Changes(_AT, (1, 2), (b"a", b"b")),
        Changes(_AT, (3,), (b"c",)),
        Changes(_AT, (), (), (5, 6), (1, 3), (b"p", b"q")),
        Changes(_AT, deleted_companies=(7,), deleted_contacts=(8, 9)),
    ]


def test_no_changes_have_no_parts() -> None:
    assert list(parts_of(Changes(_AT), 2)) == []
