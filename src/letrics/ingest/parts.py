"""Rows through a mapper into parts: what some thousand rows of a file come to, fit to pass between processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, Generic, TypeVar

import msgspec

from letrics.ingest.reading import CompanyRows, ContactRows
from letrics.ingest.rows import DamagedFile, Row, RowProblem, raw_text, row_size
from letrics.records import Kind
from letrics.store.packed import Claim, PackedCompany, PackedContact

ROWS: Final = 2048
"""The most rows of a part; progress is told after each."""
BYTES: Final = 4 << 20
"""The most bytes of the rows of a part, but for its last row."""

Packed = TypeVar("Packed", PackedCompany, PackedContact | Claim)


class Refused(msgspec.Struct, frozen=True, array_like=True):
    """A row that was refused: which row of its part it is, counted from 1, how many patches came before it, and
    the rest as in `letrics.ingest.rejects.Reject`."""

    row: int
    place: int
    line: int
    field: str | None
    reason: str
    raw: str


class Part(msgspec.Struct, Generic[Packed], frozen=True, array_like=True):
    """`rows` rows: the patches of those that can be used, in order, and those that were refused.

    `read` is how far the file has been read by then, `ignored` names columns that were met for the first time, and
    `damage` says in words where the file breaks off after these rows, which are then the last ones. `size` is how many
    bytes the rows took in the file."""

    rows: int
    patches: list[Packed]
    refused: list[Refused]
    read: int
    ignored: list[str]
    damage: str | None = None
    size: int = 0


def read_parts(
    rows: Iterable[Row], reading: CompanyRows | ContactRows, size: int, read: Callable[[], int]
) -> Iterator[Part[Any]]:
    """The parts of one file, of at most `size` rows and about BYTES each; only one that reports damage may be empty.

    A row that cannot be read because of a bug is rejected too, so that it does not end an import of millions.
    """
    mapper = reading.mapper
    known, patch_of = set(mapper.ignored), reading.read
    count, bytes_, patches, refused = 0, 0, list[Any](), list[Refused]()
    damage: str | None = None

    def part() -> Part[Any]:
        ignored = [name for name in mapper.ignored if name not in known]
        known.update(ignored)
        return Part(count, patches, refused, read(), ignored, damage, bytes_)

    def refuse(row: Row, field: str | None, reason: str) -> None:
        refused.append(Refused(count, len(patches), row.line, field, reason, raw_text(row.raw)))

    try:
        for row in reading.ahead(rows):
            count += 1
            try:
                patches.append(patch_of(row))
            except RowProblem as problem:
                refuse(row, problem.field, problem.reason)
            except MemoryError:
                raise
            except Exception as error:
                refuse(row, None, f"the row made the program fail ({type(error).__name__}): report this as a bug")
            bytes_ += row_size(row)
            if count >= size or bytes_ >= BYTES:
                yield part()
                count, bytes_, patches, refused = 0, 0, [], []
    except DamagedFile as error:
        damage = str(error)
    if count or damage is not None:
        yield part()


_encode: Final = msgspec.msgpack.Encoder().encode
_decoders: Final[dict[Kind, msgspec.msgpack.Decoder[Any]]] = {
    "companies": msgspec.msgpack.Decoder(Part[PackedCompany]),
    "contacts": msgspec.msgpack.Decoder(Part[PackedContact | Claim]),
}


def encode_part(part: Part[Any]) -> bytes:
    """The part as bytes."""
    return _encode(part)


def decode_part(kind: Kind, part: bytes) -> Part[Any]:
    """The part of which these are the bytes."""
    decoded: Part[Any] = _decoders[kind].decode(part)
    return decoded
