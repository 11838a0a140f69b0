"""Rejects: the rows an import refused, with line, field, reason and raw text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO, Final

import msgspec

SHOWN: Final = 5
"""How many rejects are kept to be shown on the terminal."""


class Reject(msgspec.Struct, frozen=True):
    """One refused row. `field` is null where no one field is to blame."""

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
    """Counts rejects, keeps the first few, and writes each as a line of JSON to `out` where one is given."""

    out: BinaryIO | None = None
    count: int = 0
    first: tuple[Reject, ...] = ()

    def add(self, reject: Reject) -> None:
        self.count += 1
        if len(self.first) < SHOWN:
            self.first += (reject,)
        if self.out is not None:
            self.out.write(msgspec.json.encode(reject) + b"\n")
