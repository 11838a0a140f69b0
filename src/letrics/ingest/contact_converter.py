"""Conversion of rows of contacts into encoded patches for the store, and recognition of unchanged rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from letrics.identity.encoded_patches import (
    NO_DIGEST,
    EncodedCompany,
    EncodedContact,
    KnownContact,
    encode_company_patch,
    encode_contact_patch,
)
from letrics.identity.patches import CompanyPatch
from letrics.ingest.columnwise import ColumnwiseMapper, Mapped
from letrics.ingest.company_rows import NoPerson
from letrics.ingest.contact_mapper import ContactMapper
from letrics.ingest.converted_rows import KnownRow, Look, MappedRows
from letrics.ingest.nested_objects import read_flat_line
from letrics.ingest.row_batches import one_by_one, read_batch
from letrics.ingest.row_digest import RowDigester
from letrics.ingest.rows import FileRow, Members, RowBlock, Rows
from letrics.records import Kind

AHEAD: Final = 16384
"""The number of rows looked up at a time. Larger batches give the look-ups better page locality."""
BLOCK: Final = 1024
"""The number of rows that are mapped at a time."""
_FEW: Final = 8
"""The look-up pauses for `_REST` batches if fewer than one row in `_FEW` was known."""
_REST: Final = 7
"""The number of batches during which the look-up pauses."""
_PROBE: Final = 1024
"""The number of rows that are looked up first, and after a pause."""


class ContactConverter:
    """Converts contact rows into patches. After `know`, unchanged rows of known contacts are not mapped.

    Unless `takes_companies`, every row must identify a contact.
    """

    kind: Kind = "contacts"

    def __init__(
        self,
        mapper: ContactMapper,
        digester: RowDigester | None = None,
        ahead_rows: int = AHEAD,
        takes_companies: bool = True,
    ) -> None:
        self.mapper = mapper
        self._takes_companies = takes_companies
        self._digester = digester or RowDigester(mapper)
        self._ahead_rows = ahead_rows
        self._look: Look | None = None
        self._known: dict[int, int] = {}
        self._unchanged = 0
        self._columns: ColumnwiseMapper | None = None
        self._mapped: Mapped | None = None

    def know(self, look: Look) -> None:
        """Recognise unchanged rows from now on, with the function `look`."""
        self._look = look

    def ahead(self, rows: Iterable[Rows]) -> Iterator[FileRow | MappedRows]:
        """Yield the rows, or their patches if they are mapped by column. Reads some rows at a time if they are mapped
        by column, and up to `ahead_rows` if they are looked up.

        Raises DamagedFile after the last row.
        """
        rows = iter(rows)
        if self.mapper.cells and self.mapper.is_mapped:
            self._columns = ColumnwiseMapper(self.mapper)
        pause, most = 0, min(_PROBE, self._ahead_rows)
        while True:
            looks = self._look is not None and pause <= 0
            some, count, damage = read_batch(rows, most if looks else BLOCK)
            pause -= count
            self._known = self._find(some) if looks else {}
            self._unchanged = 0
            yield from self._map(some)
            if looks:
                few = self._unchanged * _FEW < count
                pause = _REST * self._ahead_rows if few else 0
                most = min(_PROBE, self._ahead_rows) if few else self._ahead_rows
            if damage is not None:
                raise damage
            if not some:
                return

    def _find(self, rows: Sequence[Rows]) -> dict[int, int]:
        """Look up the rows."""
        assert self._look is not None
        return self._look([key for row in one_by_one(rows) if (key := self._digester.key(row))])

    def _map(self, rows: Sequence[Rows]) -> Iterator[FileRow | MappedRows]:
        """Yield the rows, each after it was mapped, if it can be mapped by column."""
        if self._columns is None or self._known:
            yield from one_by_one(rows)
            return
        single: list[FileRow] = []
        for row in rows:
            if type(row) is RowBlock:
                yield from self._map_single(single)
                single = []
                yield from self._map_block(row)
            else:
                assert type(row) is FileRow
                single.append(row)
        yield from self._map_single(single)

    def _map_single(self, rows: Sequence[FileRow]) -> Iterator[FileRow]:
        for start in range(0, len(rows), BLOCK):
            block = rows[start : start + BLOCK]
            mapped = iter(self._map_by_column([row.members for row in block if row.members is not None]))
            for row in block:
                self._mapped = None if row.members is None else next(mapped)
                yield row
            self._mapped = None

    def _map_block(self, block: RowBlock) -> Iterator[FileRow | MappedRows]:
        """Yield the patches of the rows of a block, and the rows that have to be mapped one by one."""
        assert self._columns is not None
        found: list[FileRow | MappedRows] = []
        try:
            mapped = self._columns.read_columns(block.columns, len(block.raw))
            start = 0
            for place in [*(place for place, patch in enumerate(mapped) if patch is None), len(mapped)]:
                if start < place:
                    found.append(MappedRows(self._encode(mapped[start:place], block, start), block.raw[start:place]))
                if place < len(mapped):
                    found.append(block.row(place))
                start = place + 1
        except MemoryError:
            raise
        except Exception:  # a bug, see `_map_by_column`
            found = [*block.rows()]
        yield from found

    def _encode(self, mapped: Sequence[Mapped | None], block: RowBlock, start: int) -> list[EncodedContact]:
        """Encode the patches of consecutive rows of a block, of which the first is at `start`."""
        encoded = list[EncodedContact]()
        for place, found in enumerate(mapped, start):
            assert found is not None
            patch, company = found
            is_recognised = not company and type(patch.company) is not CompanyPatch
            digest = self._digester.digest(self._digester.plain(block.members(place))) if is_recognised else NO_DIGEST
            encoded.append(encode_contact_patch(patch, digest, company))
        return encoded

    def _map_by_column(self, rows: Sequence[Members]) -> Sequence[Mapped | None]:
        assert self._columns is not None
        try:
            return self._columns.read(rows)
        except MemoryError:
            raise
        except Exception:  # a bug: mapped one at a time, only the row on which the program fails is rejected
            return [None] * len(rows)

    def read(self, row: FileRow) -> EncodedContact | KnownRow | EncodedCompany:
        """Map a row to its patch, unless it is known. Raises RowProblem.

        A row that identifies a company and no person becomes the patch of the company.
        """
        given, mapper, known = self._digester, self.mapper, self._known
        encoded = b""
        _, raw, members, problem = row
        if members is None:
            if problem is not None:
                raise problem.again()
            assert type(raw) is bytes, "only lines of JSON are not parsed yet"
            encoded = raw.strip()
            if known and (digest := given.digest(encoded)) in known:
                return self._known_row(digest, encoded)
            members = read_flat_line(encoded)
        is_plain = not encoded or mapper.has_unknown(members)
        if known and is_plain:
            encoded = given.plain(members)
            if (digest := given.digest(encoded)) in known:
                mapper.meet(members)
                return self._known_row(digest, encoded)
        met = len(mapper.ignored)
        try:
            patch, company = self._mapped or (mapper.read(members), b"")
        except NoPerson as problem:
            if not self._takes_companies:
                raise
            return encode_company_patch(problem.company_patch())
        if mapper.warnings or company or type(patch.company) is CompanyPatch:
            # The warnings are reported again if the row is imported again.
            return encode_contact_patch(patch, NO_DIGEST, company)
        if is_plain or (len(mapper.ignored) != met and mapper.has_unknown(members)):
            encoded = given.plain(members)
        return encode_contact_patch(patch, given.digest(encoded))

    def for_store(self, rows: Sequence[EncodedContact | KnownRow | EncodedCompany]) -> list[Any]:
        """Return rows of `read` in the form in which a store takes them. Another process may have read them."""
        return [
            KnownContact(row.num, row.digest, partial(self._read_known, row.given)) if type(row) is KnownRow else row
            for row in rows
        ]

    def _read_known(self, given: bytes) -> EncodedContact:
        """Map a known row to its patch, because the contact has changed since the look-up."""
        return encode_contact_patch(self.mapper.read(self._digester.members(given)), self._digester.digest(given))

    def _known_row(self, digest: int, encoded: bytes) -> KnownRow:
        self._unchanged += 1
        return KnownRow(self._known[digest], digest, encoded)
