"""Documents joined by commas, as the database gives them and as they are decoded: many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec

_decoder: Final = msgspec.json.Decoder(list[msgspec.Raw])


class Joined(Sequence[bytes]):
    """As a sequence it gives the documents, which are cut apart only when asked for; `parts` has some of them each,
    joined by commas. A slice of all of them is still joined."""

    def __init__(self, parts: Sequence[bytes], size: int) -> None:
        self.parts = parts
        self._size = size
        self._cut: list[bytes] | None = None
        """The documents, once they were asked for."""

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice) and at.indices(self._size) == (0, self._size, 1):
            return self
        if self._cut is None:
            self._cut = [bytes(raw) for part in self.parts for raw in _decoder.decode(b"[%s]" % part)]
        return self._cut[at]
