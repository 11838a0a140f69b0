"""The records that the rows of an import have found or made."""

from __future__ import annotations

from letrics.store.tables.touched import Touched


def test_note_counts_rows_of_noted_records() -> None:
    touched = Touched()
    assert touched.note([5, 5, 7], [7, 8]) == 1
    assert touched.note([8, 9, 5, 9], []) == 3
    assert touched.note([], [10, 11]) == 0
    assert touched.note([11, 10, 12], []) == 2


def test_join_notes_the_record_that_stays() -> None:
    touched = Touched()
    touched.note([1], [])
    touched.join(2, 1)
    touched.join(4, 3)
    assert touched.note([2, 4], []) == 1
