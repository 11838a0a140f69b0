"""The records that the rows of an import have found or made so far, to count the rows that are merged into them."""

from __future__ import annotations

from collections.abc import Sequence

from pyroaring import BitMap


class Touched:
    """The nums of records of one kind. A bitmap takes at most 1 bit for each num of the log."""

    def __init__(self) -> None:
        self._nums = BitMap()

    def note(self, rows: Sequence[int], new: Sequence[int]) -> int:
        """Note the records of rows; returns the number of rows whose record was noted before, or is that of an earlier
        row. `new` are consecutive nums: they include the records that one row has made and no other row has found.
        """
        before = len(self._nums)
        self._nums.update(rows)
        merged = len(rows) - (len(self._nums) - before)
        if new:
            self._nums.add_range(new[0], new[-1] + 1)
        return merged

    def join(self, kept: int, gone: int) -> None:
        """Note the record that another one was merged into, if that one was noted."""
        if gone in self._nums:
            self._nums.add(kept)


class TouchedRecords:
    """The records of both kinds that an import has found or made in this process."""

    def __init__(self) -> None:
        self.companies = Touched()
        self.contacts = Touched()
