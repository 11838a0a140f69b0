"""Rejected rows of an import, with line, field, reason and raw text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO, Final

import msgspec

SHOWN: Final = 5
"""The number of rejected rows shown on the terminal."""


class Reject(msgspec.Struct, frozen=True):
    """A rejected row. `field` is null if the reason does not concern a single field."""

    file: str
    line: int
    field: str | None
    reason: str
    raw: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: "
        return where + (f"{self.field}: {self.reason}" if self.field else self.reason)


@dataclass(slots=True)
class Rejects:
    """Collector of rejected rows: counts all, stores the first `SHOWN`, and writes each as a JSON line to `out`."""

    out: BinaryIO | None = None
    count: int = 0
    first: tuple[Reject, ...] = ()

    def add(self, reject: Reject) -> None:
        self.count += 1
        if len(self.first) < SHOWN:
            self.first += (reject,)
        if self.out is not None:
            self.out.write(msgspec.json.encode(reject) + b"\n")
