"""Growable column: one value per record number, on a mapped file at first and in memory for what is added."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


class Column:
    """A one-dimensional array that grows at its end and can be changed anywhere.

    It begins with an array that is never copied, such as a private mapping of a file: only pages that are written to
    take memory. Added values go into a second array, which grows by half.
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
        """The type of the values."""
        return self._base.dtype

    def over(self, data: npt.NDArray[Any]) -> Column:
        """A column of the same type and fill value that begins with `data`."""
        return Column(self.dtype, self._fill, data)

    def take(self, at: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The values at these positions."""
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
        """Set the values at these positions to `values` (a single one, or one for each position).

        Only values that differ are written, so that a page of the file takes memory only if something in it changes.
        """
        new_values = np.broadcast_to(np.asarray(values, dtype=self.dtype), len(at))
        split = len(self._base)
        late = at >= split
        if late.all():
            self._tail[at - split] = new_values
            return
        if late.any():
            self._tail[at[late] - split] = new_values[late]
            at, new_values = at[~late], new_values[~late]
        changed = self._base[at] != new_values
        self._base[at[changed]] = new_values[changed]

    def part(self, start: int, end: int) -> npt.NDArray[Any]:
        """The values from `start` up to `end`."""
        split = len(self._base)
        if end <= split:
            return self._base[start:end]
        late = self._tail[max(0, start - split) : end - split]
        return late if start >= split else np.concatenate([self._base[start:], late])

    def pieces(self) -> list[npt.NDArray[Any]]:
        """All values, as the two arrays that hold them."""
        return [self._base, self._tail[: self._size - len(self._base)]]

    def whole(self) -> npt.NDArray[Any]:
        """All values in one array."""
        return self.part(0, self._size)

    def grow(self, size: int) -> None:
        """Grow to at least `size`. New positions have the fill value."""
        need = size - len(self._base)
        if need > len(self._tail):
            # Readers may still use the old array, so it is not resized in place.
            larger = np.full(max(need, len(self._tail) * 3 // 2, 1024), self._fill, dtype=self.dtype)
            used = self._size - len(self._base)
            larger[:used] = self._tail[:used]
            self._tail = larger
        self._size = max(self._size, size)

    def append(self, values: npt.NDArray[Any]) -> int:
        """Add values at the end. Returns the position of the first."""
        start = self._size
        self.grow(start + len(values))
        at = start - len(self._base)
        self._tail[at : at + len(values)] = values
        return start
