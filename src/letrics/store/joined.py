"""Documents joined by commas: the database returns them this way, and the decoder takes many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, chain
from typing import Any, Final

import msgspec

from letrics.records import UNREADABLE

Reread = Callable[[int, int], list[bytes]]

_decoder: Final = msgspec.json.Decoder(list[msgspec.Raw])


class Joined(Sequence[bytes]):
    """A sequence of documents that is split only when a document is accessed.

    Each of `parts` is several documents joined by commas; `sizes` has their number. A slice of whole parts stays
    joined.

    A part with a malformed document cannot be split. For such a part, `reread(start, end)` reads the documents one by
    one; its arguments are the positions of the part's first document and of the one after its last.
    """

    def __init__(
        self, parts: Sequence[bytes], sizes: Sequence[int], reread: Reread | None = None, first: int = 0
    ) -> None:
        self.parts = parts
        self.sizes = sizes
        self._begins = {begin: at for at, begin in enumerate(accumulate(sizes, initial=0))}
        """Position of a part's first document → index of the part; the last entry is the end of the sequence."""
        self._size = sum(sizes)
        self._cut: list[bytes] | None = None
        """The split documents, after the first access."""
        self._reread = reread
        self._first = first
        """Position of the first document, as `reread` counts them."""

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle without `reread`, which needs this process's connection: the copy cannot split malformed parts."""
        return Joined, (self.parts, self.sizes)

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            start, stop, step = at.indices(self._size)
            first, last = self._begins.get(start), self._begins.get(stop)
            if step == 1 and first is not None and last is not None:
                return Joined(self.parts[first:last], self.sizes[first:last], self._reread, self._first + start)
        if self._cut is None:
            self._cut = list(chain.from_iterable(map(self._cut_apart, range(len(self.parts)))))
        return self._cut[at]

    def _cut_apart(self, at: int) -> list[bytes]:
        try:
            cut = [bytes(raw) for raw in _decoder.decode(b"[%s]" % self.parts[at])]
        except UNREADABLE:
            cut = []
        if len(cut) == self.sizes[at]:
            return cut
        if self._reread is None:
            raise ValueError("the joined documents include malformed ones and cannot be split")
        first = self._first + sum(self.sizes[:at])
        return self._reread(first, first + self.sizes[at])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


def slices(documents: Sequence[bytes], size: int) -> Iterator[slice]:
    """Slices of about `size` documents that together cover all. Joined documents are sliced only between parts."""
    if not isinstance(documents, Joined):
        yield from (slice(at, at + size) for at in range(0, len(documents), size))
        return
    start = end = 0
    for more in documents.sizes:
        if end > start and end + more - start > size:
            yield slice(start, end)
            start = end
        end += more
    if end > start:
        yield slice(start, end)
