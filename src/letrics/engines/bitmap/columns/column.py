"""A growable array with a value for each record number: over a mapped file at first, in memory for what is added."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


class Column:
    """A one-dimensional array that grows at its end, and can be changed anywhere.

    It begins as an array that was given, such as a private mapping of a file, which is never copied: only the pages
    written to take memory. What is added stands in a second array, which grows by half.
    """

    __slots__ = ("_base", "_fill", "_size", "_tail")

    def __init__(self, dtype: npt.DTypeLike, fill: int = 0, data: npt.NDArray[Any] | None = None) -> None:
        self._fill = fill
        self._base: npt.NDArray[Any] = np.zeros(0, dtype) if data is None else np.asarray(data, dtype=dtype)
        self._tail: npt.NDArray[Any] = np.zeros(0, dtype)
        self._size = len(self._base)

    def __len__(self) -> int:
        return self._size

    @property
    def dtype(self) -> np.dtype[Any]:
        return self._base.dtype

    def over(self, data: npt.NDArray[Any]) -> Column:
        """A column of the same kind that begins as `data`."""
        return Column(self.dtype, self._fill, data)

    def take(self, at: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The values at these places."""
        split = len(self._base)
        if self._size == split:
            return np.asarray(self._base[at])
        late = at >= split
        if not late.any():
            return np.asarray(self._base[at])
        if late.all():
            return np.asarray(self._tail[at - split])
        taken = np.empty(len(at), self.dtype)
        taken[~late] = self._base[at[~late]]
        taken[late] = self._tail[at[late] - split]
        return taken

    def put(self, at: npt.NDArray[Any], values: Any) -> None:
        """Set the values at these places (`values`: one, or one for each). A page of the file takes memory only if
        there is something in it to change."""
        every = np.broadcast_to(np.asarray(values, dtype=self.dtype), len(at))
        split = len(self._base)
        late = at >= split
        if late.all():
            self._tail[at - split] = every
            return
        if late.any():
            self._tail[at[late] - split] = every[late]
            at, every = at[~late], every[~late]
        other = self._base[at] != every
        self._base[at[other]] = every[other]

    def part(self, start: int, end: int) -> npt.NDArray[Any]:
        """The values from `start` up to `end`."""
        split = len(self._base)
        if end <= split:
            return self._base[start:end]
        late = self._tail[max(0, start - split) : end - split]
        return late if start >= split else np.concatenate([self._base[start:], late])

    def pieces(self) -> list[npt.NDArray[Any]]:
        """All values, in the arrays in which they stand, one after the other."""
        return [self._base, self._tail[: self._size - len(self._base)]]

    def whole(self) -> npt.NDArray[Any]:
        """All values, in one array."""
        return self.part(0, self._size)

    def grow(self, size: int) -> None:
        """Be at least `size` long; new places hold the fill value."""
        need = size - len(self._base)
        if need > len(self._tail):
            # Readers may hold the old array: it is left as it is.
            larger = np.full(max(need, len(self._tail) * 3 // 2, 1024), self._fill, dtype=self.dtype)
            used = self._size - len(self._base)
            larger[:used] = self._tail[:used]
            self._tail = larger
        self._size = max(self._size, size)

    def append(self, values: npt.NDArray[Any]) -> int:
        """Add `values` at the end; returns where they start."""
        start = self._size
        self.grow(start + len(values))
        at = start - len(self._base)
        self._tail[at : at + len(values)] = values
        return start
