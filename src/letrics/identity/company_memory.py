"""Which patches of companies change nothing, from one batch to the next.

The contacts of a company are spread over a file. Reading and merging the company again in each batch takes a seventh of
the time of an import.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from typing import Final

import xxhash

_MAX_REMEMBERED: Final = 200_000
"""Maximum patches that are remembered, in about 180 bytes each. All are forgotten when there are more."""


class CompanyMemory:
    """Encoded patches that find their company by its domain and agree with its record, with the num of the company.

    It is right as long as no other process changes the log: each batch says at which position it begins and ends. What
    a batch adds counts only if its end is where the next one begins.
    """

    def __init__(self, max_remembered: int = _MAX_REMEMBERED) -> None:
        self._max_remembered = max_remembered
        self._nums: dict[bytes, int] = {}
        self._end: Hashable = None

    def __len__(self) -> int:
        return len(self._nums)

    def begin(self, position: Hashable) -> None:
        """Begin a batch at this position of the log. Forgets everything if that is not the end of the last one."""
        if position != self._end:
            self.clear()
        self._end = None

    def end(self, position: Hashable) -> None:
        """End a batch, after which the log is at this position."""
        self._end = position

    def num(self, encoded: bytes) -> int | None:
        """The num of the company with whose record an encoded patch agrees, if that is known."""
        return self._nums.get(_key(encoded))

    def learn(self, patches: Iterable[tuple[bytes, int]]) -> None:
        """Remember encoded patches, each with the num of the company with whose record it agrees."""
        learnt = {_key(encoded): num for encoded, num in patches}
        if len(self._nums) + len(learnt) > self._max_remembered:
            self.clear()
        if len(learnt) <= self._max_remembered:
            self._nums |= learnt

    def forget(self, nums: Collection[int]) -> None:
        """Forget what is known of companies that have changed."""
        if nums:
            self._nums = {key: num for key, num in self._nums.items() if num not in nums}

    def clear(self) -> None:
        """Forget everything."""
        self._nums.clear()


def _key(encoded: bytes) -> bytes:
    return xxhash.xxh3_128_digest(encoded)
