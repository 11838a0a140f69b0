"""Documents joined by commas, as the database gives them and as they are decoded: many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, chain
from typing import Any, Final

import msgspec

from letrics.records import UNREADABLE

Reread = Callable[[int, int], list[bytes]]

_decoder: Final = msgspec.json.Decoder(list[msgspec.Raw])


class Joined(Sequence[bytes]):
    """As a sequence it gives the documents, which are cut apart only when asked for; `parts` has some of them each,
    joined by commas, as many as `sizes` tells. A slice of whole parts is still joined.

    A part that has a malformed document cannot be cut apart: `reread`, called with the places of the part's first
    document and of the one after its last, reads its documents one by one."""

    def __init__(
        self, parts: Sequence[bytes], sizes: Sequence[int], reread: Reread | None = None, first: int = 0
    ) -> None:
        self.parts = parts
        self.sizes = sizes
        self._begins = {begin: at for at, begin in enumerate(accumulate(sizes, initial=0))}
        """Which part begins with which document; the last begins after all."""
        self._size = sum(sizes)
        self._cut: list[bytes] | None = None
        """The documents, once they were asked for."""
        self._reread = reread
        self._first = first
        """The place of the first document, as `reread` counts them."""

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
            raise ValueError("there are malformed documents, which cannot be told apart")
        first = self._first + sum(self.sizes[:at])
        return self._reread(first, first + self.sizes[at])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


def slices(documents: Sequence[bytes], size: int) -> Iterator[slice]:
    """The documents in slices of about `size`: joined ones are cut between parts, others anywhere."""
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
