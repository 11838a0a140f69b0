"""Rejected rows of an import and cells left out of others, with line, field, reason and raw text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO, Final, Literal

import msgspec

SHOWN: Final = 5
"""The number of rejected rows shown on the terminal."""


class Reject(msgspec.Struct, frozen=True):
    """A rejected row or, with the kind `warning`, a cell that was left out of an imported row.

    `field` is null if the reason does not concern a single field.
    """

    file: str
    line: int
    field: str | None
    reason: str
    raw: str
    kind: Literal["rejected", "warning"] = "rejected"

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: "
        return where + (f"{self.field}: {self.reason}" if self.field else self.reason)


@dataclass(slots=True)
class Rejects:
    """Collector of rejected rows: counts all, stores the first `SHOWN`, and writes each as a JSON line to `out`.

    Warnings are only written.
    """

    out: BinaryIO | None = None
    count: int = 0
    first: tuple[Reject, ...] = ()

    def add(self, reject: Reject) -> None:
        if reject.kind == "rejected":
            self.count += 1
            if len(self.first) < SHOWN:
                self.first += (reject,)
        if self.out is not None:
            self.out.write(msgspec.json.encode(reject) + b"\n")

    def flush(self) -> None:
        """Write out what is buffered, so that the file is whole when the import is reported as ended."""
        if self.out is not None:
            self.out.flush()
