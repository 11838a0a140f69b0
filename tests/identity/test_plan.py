"""Write plans: contacts merged in order of num."""

from __future__ import annotations

from letrics.identity.plan import ContactColumns, KeyRows, merge_rows


def rows(*nums: int) -> ContactColumns:
    return ContactColumns(
        nums=list(nums),
        companies=[num + 100 for num in nums],
        external=[num % 2 == 1 for num in nums],
        digests=[None if num % 3 else num for num in nums],
        documents=[b"%d" % num for num in nums],
    )


def test_merge_rows_keeps_each_row_whole_and_in_order() -> None:
    assert merge_rows(rows(1, 4, 5), rows(0, 2, 3)) == rows(0, 1, 2, 3, 4, 5)


def test_merge_rows_with_no_rows_is_the_other_set() -> None:
    assert merge_rows(rows(), rows(1)) == merge_rows(rows(1), rows()) == rows(1)


def test_key_rows_add_keeps_keys_and_nums_together() -> None:
    keys = KeyRows()
    keys.add(b"a", 1)
    keys.add(b"b", 2)
    assert (keys.keys, keys.nums) == ([b"a", b"b"], [1, 2])
