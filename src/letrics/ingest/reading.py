"""Rows made into what is sent to the store, each kind in its own way: patches, and claims of rows that are known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from letrics.ingest.given import Given
from letrics.ingest.jsonl import read_line, read_row
from letrics.ingest.mapping import CompanyMapper, ContactMapper
from letrics.ingest.rows import DamagedFile, Row, RowProblem, row_size
from letrics.records import Kind
from letrics.store.identity import Key
from letrics.store.packed import Claim, PackedCompany, PackedContact, pack_company, pack_contact

AHEAD: Final = 16384
"""How many rows are looked up at a time. The more, the nearer what is found lies together."""
AHEAD_BYTES: Final = 32 << 20
"""How much memory these rows may take."""
_FEW: Final = 8
"""Where fewer than one row in so many is known, looking is not worth its cost for the next `_REST` times."""
_REST: Final = 7

Look = Callable[[Sequence[Key]], dict[int, int]]
"""The digests of contacts that hold keys, and who bears each."""


class CompanyRows:
    """Companies."""

    kind: Kind = "companies"

    def __init__(self, mapper: CompanyMapper) -> None:
        self.mapper = mapper

    def ahead(self, rows: Iterable[Row]) -> Iterable[Row]:
        """The rows, as they are read."""
        return rows

    def know(self, look: Look) -> None:
        """There is nothing to know of companies."""

    def read(self, row: Row) -> PackedCompany:
        """The patch of a row. Raises RowProblem."""
        row = read_row(row)
        if row.problem is not None:
            raise row.problem.again()
        if row.members is None:
            raise RowProblem(None, "the row is empty")
        return pack_company(self.mapper.read(row.members))


class ContactRows:
    """Contacts. Rows that made a contact what it is are recognized once there is a way to `know` them."""

    kind: Kind = "contacts"

    def __init__(self, mapper: ContactMapper) -> None:
        self.mapper = mapper
        self._given = Given(mapper)
        self._look: Look | None = None
        self._known: dict[int, int] = {}
        self._claims = 0

    def know(self, look: Look) -> None:
        """Recognize rows from now on, by looking them up."""
        self._look = look

    def ahead(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows, as they are read; some thousand at a time where they are looked up. Raises DamagedFile after the
        last row."""
        rows = iter(rows)
        while self._look is None:
            row = next(rows, None)
            if row is None:
                return
            yield row
        rest = 0
        while self._look is not None:
            some, damage = _some(rows)
            rest -= 1
            self._known = {} if rest > 0 else self._look([key for key in map(self._given.key, some) if key])
            self._claims = 0
            yield from some
            if rest <= 0 and self._claims * _FEW < len(some):
                rest = _REST
            if damage is not None:
                raise damage
            if not some:
                return

    def read(self, row: Row) -> PackedContact | Claim:
        """The patch of a row, or a claim that it is known. Raises RowProblem."""
        given, mapper, known = self._given, self.mapper, self._known
        told, digest = b"", 0
        _, raw, members, problem = row
        if members is None:
            if problem is not None:
                raise problem.again()
            assert type(raw) is bytes, "only a line is yet to be read"
            told = raw.strip()
            digest = given.digest(told)
            if digest in known:
                return self._claim(digest, told)
            members = read_line(told)
        if not told or given.has_unknown(members):
            told = given.plain(members)
            digest = given.digest(told)
            if digest in known:
                mapper.meet(members)
                return self._claim(digest, told)
        met = len(mapper.ignored)
        patch = mapper.read(members)
        if len(mapper.ignored) != met and given.has_unknown(members):
            digest = given.digest(given.plain(members))
        return pack_contact(patch, digest)

    def again(self, given: bytes) -> PackedContact:
        """The patch of a row that was recognized, but by now is another's."""
        return pack_contact(self.mapper.read(self._given.members(given)), self._given.digest(given))

    def _claim(self, digest: int, told: bytes) -> Claim:
        self._claims += 1
        return Claim(self._known[digest], digest, told)


def rows_for(mapper: CompanyMapper | ContactMapper) -> CompanyRows | ContactRows:
    """What makes a mapper's rows fit for the store."""
    return ContactRows(mapper) if isinstance(mapper, ContactMapper) else CompanyRows(mapper)


def _some(rows: Iterator[Row]) -> tuple[list[Row], DamagedFile | None]:
    """The next rows, and what comes of the file after them."""
    some: list[Row] = []
    size = 0
    try:
        for row in islice(rows, AHEAD):
            some.append(row)
            size += row_size(row)
            if size >= AHEAD_BYTES:
                break
    except DamagedFile as error:
        return some, error
    return some, None
