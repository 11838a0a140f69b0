"""Write the contacts of a batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import apsw

from letrics.records import encode
from letrics.store.sqlite.batch_rows import Held
from letrics.store.sqlite.log import Numbers

_CHANGED = "UPDATE contact SET seq=?, external=?, digest=?, document=? WHERE num=?"
_DIGEST = "UPDATE contact SET digest=? WHERE num=?"
_MOVED = "UPDATE contact SET company=? WHERE num=?"
_NEW = "INSERT INTO contact (seq, external, digest, document, num, company) VALUES (?, ?, ?, ?, ?, ?)"


def write_contacts(connection: apsw.Connection, numbers: Numbers, changed: Iterable[Held], new: Sequence[Held]) -> None:
    """Write changed contacts, then new ones (given in order of num), and assign them the next seqs of the log."""
    changed = sorted(changed, key=lambda held: held.num)
    seqs = iter(numbers.take_seqs(len(changed) + len(new)))
    connection.executemany(_CHANGED, [(*_row(held, seq), held.num) for held, seq in zip(changed, seqs, strict=False)])
    # A separate statement: SQLite rewrites the index of every column that is set, even to the same value.
    connection.executemany(_MOVED, [(held.company, held.num) for held in changed if held.moved])
    connection.executemany(
        _NEW, [(*_row(held, seq), held.num, held.company) for held, seq in zip(new, seqs, strict=True)]
    )


def write_digests(connection: apsw.Connection, confirmed: Iterable[Held]) -> None:
    """Write the digests of unchanged contacts. This is not a change of the log and takes no seq."""
    rows = sorted((held.num, held.digest) for held in confirmed if held.owns)
    connection.executemany(_DIGEST, [(digest, num) for num, digest in rows])


def _row(held: Held, seq: int) -> tuple[int, bool, int | None, bytes]:
    return seq, held.external, held.digest if held.owns else None, encode(held.body)
