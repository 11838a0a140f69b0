"""Parts: the mapped result of up to some thousand rows of a file, which can be sent between processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, Generic, TypeVar

import msgspec
from msgspec.structs import replace

from letrics.identity.encoded_patches import EncodedCompany, EncodedContact, pack_contact
from letrics.ingest.cell_warnings import CellWarning
from letrics.ingest.company_converter import CompanyConverter
from letrics.ingest.contact_converter import ContactConverter
from letrics.ingest.converted_rows import KnownRow, MappedRows
from letrics.ingest.rows import DamagedFile, FileRow, Rest, RowProblem, Rows, raw_text, row_size
from letrics.records import Kind

ROWS: Final = 2048
"""The maximum number of rows of a part. Progress is reported after each part."""
BYTES: Final = 4 << 20
"""The maximum size of the rows of a part, in bytes; the last row may exceed it."""

Encoded = TypeVar("Encoded", EncodedCompany, EncodedContact | KnownRow | EncodedCompany)


class Refused(msgspec.Struct, frozen=True, array_like=True):
    """A rejected row of a part.

    `row` is its number in the part, from 1, and `place` is the number of patches before it. The other fields are those
    of `letrics.ingest.rejects.Reject`.
    """

    row: int
    place: int
    line: int
    field: str | None
    reason: str
    raw: str


class Warned(msgspec.Struct, frozen=True, array_like=True):
    """A row of a part that was imported without the cells of `warnings`."""

    line: int
    raw: str
    warnings: list[CellWarning]


class Part(msgspec.Struct, Generic[Encoded], frozen=True, array_like=True):
    """Result of `rows` rows: the patches of the valid ones, in order, the rejected ones, and warnings about cells.

    `read` is the read position in the file, and `ignored` has the unknown columns found since the previous part.
    `damage` is the error text if the file is damaged after these rows, which are then the last. `size` is the size of
    the rows in the file, in bytes. `skipped` is the number of lines that were not rows, and `notes` are notices for the
    user; only the last part has them.
    """

    rows: int
    patches: list[Encoded]
    refused: list[Refused]
    read: int
    ignored: list[str]
    damage: str | None = None
    size: int = 0
    warned: list[Warned] = []
    skipped: int = 0
    notes: tuple[str, ...] = ()


def read_parts(
    rows: Iterable[Rows],
    reading: CompanyConverter | ContactConverter,
    size: int,
    read: Callable[[], int],
    rest: Callable[[], Rest] = Rest,
) -> Iterator[Part[Any]]:
    """Yield the parts of one file, each of at most `size` rows and about BYTES. Only the last part can be empty.

    `rest` returns what the reader reports after the last row.

    A row on which the program fails (a bug) is rejected too, so that one row does not end an import of millions.
    """
    mapper = reading.mapper
    known, patch_of = set(mapper.ignored), reading.read
    count, bytes_, patches, refused, warned = 0, 0, list[Any](), list[Refused](), list[Warned]()
    damage: str | None = None
    last = Rest()

    def part() -> Part[Any]:
        ignored = [name for name in mapper.ignored if name not in known]
        known.update(ignored)
        return Part(count, patches, refused, read(), ignored, damage, bytes_, warned, *last)

    def refuse(row: FileRow, field: str | None, reason: str) -> None:
        mapper.warnings.clear()
        refused.append(Refused(count, len(patches), row.line, field, reason, raw_text(row.raw)))

    try:
        for row in reading.ahead(rows):
            if type(row) is MappedRows:
                start = 0
                while start < len(row.patches):
                    end = start + size - count
                    patches += row.patches[start:end]
                    bytes_ += sum(map(len, row.raw[start:end]))
                    count += len(row.patches[start:end])
                    start = end
                    if count >= size or bytes_ >= BYTES:
                        yield part()
                        count, bytes_, patches, refused, warned = 0, 0, [], [], []
                continue
            assert type(row) is FileRow
            count += 1
            try:
                patches.append(patch_of(row))
                if mapper.warnings:
                    warned.append(Warned(row.line, raw_text(row.raw), mapper.take_warnings()))
            except RowProblem as problem:
                refuse(row, problem.field, problem.reason)
            except MemoryError:
                raise
            except Exception as error:
                refuse(row, None, f"the program failed on this row ({type(error).__name__}): report this as a bug")
            bytes_ += row_size(row)
            if count >= size or bytes_ >= BYTES:
                yield part()
                count, bytes_, patches, refused, warned = 0, 0, [], [], []
        last = rest()
    except DamagedFile as error:
        damage = str(error)
    if count or damage is not None or last != Rest():
        yield part()


_encode: Final = msgspec.msgpack.Encoder().encode
_decoders: Final[dict[Kind, msgspec.msgpack.Decoder[Any]]] = {
    "companies": msgspec.msgpack.Decoder(Part[EncodedCompany]),
    "contacts": msgspec.msgpack.Decoder(Part[EncodedContact | KnownRow | EncodedCompany]),
}


def encode_part(part: Part[Any], prepare: bool = True) -> bytes:
    """Encode a part as MessagePack, with each patch encoded on its own, so that it is decoded only when needed.

    `prepare` says whether the rows of contacts are prepared for the store here, not by the process that receives them.
    """
    return _encode(replace(part, patches=[_packed(patch, prepare) for patch in part.patches]))


def _packed(
    patch: EncodedCompany | EncodedContact | KnownRow, prepare: bool
) -> EncodedCompany | EncodedContact | KnownRow:
    if type(patch) is EncodedContact:
        return pack_contact(patch, prepare)
    return EncodedCompany(_encode(patch.patch)) if type(patch) is EncodedCompany else patch


def decode_part(kind: Kind, part: bytes) -> Part[Any]:
    """Decode a part that `encode_part` encoded."""
    decoded: Part[Any] = _decoders[kind].decode(part)
    return decoded
