"""Unchanged rows are recognized before they are mapped: the import has the same result as one that maps every row."""

from __future__ import annotations

import io
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letrics.identity.encoded_patches import KnownContact
from letrics.identity.patches import Tally
from letrics.ingest.column_mapping import make_mapping
from letrics.ingest.contact_converter import AHEAD, ContactConverter
from letrics.ingest.contact_mapper import ContactMapper
from letrics.ingest.converted_rows import Look
from letrics.ingest.delimited import DelimitedReader
from letrics.ingest.importer import Importer
from letrics.ingest.input_file import InputFile
from letrics.ingest.jsonl import json_lines
from letrics.ingest.rejects import Rejects
from letrics.ingest.row_digest import RowDigester
from letrics.ingest.rows import FileRow, Rows
from letrics.settings import Home
from tests.default_backends import fast_store, open_store
from tests.ingest.apart import import_apart

NOW = "2026-01-01T00:00:00.000Z"


class World:
    """A store and what has been put into it."""

    def __init__(self, path: Path) -> None:
        self.store = fast_store(path, clock=lambda: NOW)
        self.sent: Counter[type] = Counter()

    def put(self, batch: list[Any]) -> Tally:
        self.sent.update(map(type, batch))
        return self.store.put_contacts(batch)

    def records(self) -> list[Any]:
        return [
            [
                list(part.company_documents),
                *map(list, (part.contact_nums, part.contact_companies, part.contact_documents)),
            ]
            for part in self.store.scan(50)
        ]

    def take(
        self, rows: Iterator[Rows], mapper: ContactMapper, size: int, look: Look | None, ahead: int = AHEAD,
        digester: RowDigester | None = None,
    ) -> Any:  # fmt: skip
        """Import a file; all that it comes to."""
        out = io.BytesIO()
        converter = ContactConverter(mapper, digester, ahead)
        if look is not None:
            converter.know(look)
        importer = Importer(batch_size=size, rejects=Rejects(out), make_converter=lambda _: converter)
        importer.run("f", rows, mapper, self.put)
        plain = importer.report.plain() | {"seconds": 0, "rows_per_second": 0}
        return plain, out.getvalue(), self.records(), self.store.integrity()

    def close(self) -> None:
        self.store.close()


@contextmanager
def worlds(count: int) -> Iterator[list[World]]:
    with tempfile.TemporaryDirectory() as directory, ExitStack() as stack:
        made = [World(Path(directory) / f"{n}.db") for n in range(count)]
        for world in made:
            stack.callback(world.close)
        yield made


def lines(rows: Sequence[Any]) -> bytes:
    return b"".join((row if isinstance(row, bytes) else msgspec.json.encode(row)) + b"\n" for row in rows)


_members: dict[str, st.SearchStrategy[Any]] = {
    "id": st.sampled_from(["1", " 2", 3, "4", None]),
    "ID": st.just("1"),
    "full_name": st.sampled_from(["Ada", "Bob", None]),
    "phone": st.sampled_from(["1", "2", None]),
    "emails": st.sampled_from([[], ["ada@a.example"], [{"value": "bob@a.example"}], ["info@a.example"], "x"]),
    "linkedin_url": st.sampled_from(["linkedin.com/in/ada", "https://www.linkedin.com/in/bob/", None]),
    "fax": st.integers(0, 3),
    "shoe size": st.just(40),
    "company": st.sampled_from([None, {"domain": "a.example"}, {"domain": "b.example", "name": "B"}, {"x": 1}]),
}


_contact = st.one_of(
    st.builds(
        lambda own, id: {"id": id, "company_domain": "a.example", **own},
        st.fixed_dictionaries({}, optional={name: _members[name] for name in ("full_name", "phone", "emails", "fax")}),
        st.sampled_from(["1", "2"]),
    ),
    st.fixed_dictionaries({"company_domain": st.sampled_from(["a.example", "b.example"])}, optional=_members),
    st.fixed_dictionaries({}, optional=_members),
)


_line = st.one_of(
    _contact,
    _contact,
    _contact.map(lambda row: b" " + msgspec.json.encode(row) + b"\r"),
    st.sampled_from([b"{", b"", b"[1]", b'{"id":"1","id":"2","company_domain":"a.example"}', b'{"id":"\xff"}']),
)


_files = st.lists(
    st.one_of(st.lists(_line, min_size=1, max_size=12), st.integers(0, 2)), min_size=2, max_size=6
)  # fmt: skip


def played(files: Sequence[Any]) -> list[list[Any]]:
    """The files; a number n repeats the file n + 1 places before."""
    put: list[list[Any]] = []
    for file in files:
        put.append(
            put[-1 - file % len(put)] if isinstance(file, int) and put else [] if isinstance(file, int) else file
        )
    return put


@given(_files, st.sampled_from((1, 3, 50)), st.sampled_from((1, 2, 50)), st.sampled_from((None, "crm")))
@settings(deadline=None, max_examples=80)
def test_lines(files: list[Any], size: int, ahead: int, source: str | None) -> None:
    with worlds(2) as (plain, knowing):
        for file in played(files):
            one, other = ContactMapper(source=source), ContactMapper(source=source)
            expected = plain.take(json_lines(io.BytesIO(lines(file))), one, size, None)
            assert (
                knowing.take(json_lines(io.BytesIO(lines(file))), other, size, knowing.store.digests, ahead) == expected
            )
            assert list(other.ignored) == list(one.ignored)


_NAMES = ["id", "email", "linkedin_url", "phone", "fax", "company_domain", "company_name", "company_employees"]
_CELLS = st.sampled_from(["", "1", "ada@a.example", "linkedin.com/in/ada", "'=x"])


@given(
    st.lists(
        st.one_of(
            st.lists(
                st.tuples(*[st.sampled_from(["", "1", "ada@a.example", "linkedin.com/in/ada", "'=x"])] * 8), max_size=8
            ),
            st.integers(0, 2),
        ),
        min_size=2,
        max_size=4,
    ),
    st.sampled_from((2, 50)),
)
@settings(deadline=None, max_examples=60)
def test_blocks_give_what_rows_give(files: list[Any], size: int) -> None:
    with worlds(2) as (plain, knowing):
        for file in played(files):
            data = "\n".join(map(",".join, [_NAMES, *file])).encode()
            single, table = (DelimitedReader(io.BytesIO(data), "f.csv") for _ in range(2))
            one, other = ContactMapper(True), ContactMapper(True)
            for mapper in (one, other):
                mapper.use(make_mapping("contacts", _NAMES))
            one.is_mapped = False  # its rows are mapped one by one
            expected = plain.take(iter(single), one, size, None)
            assert knowing.take(table.blocks(), other, size, knowing.store.digests) == expected


_cell = st.sampled_from(["", "1", "2", "ada@a.example", "linkedin.com/in/ada", "x"])


@given(st.lists(st.one_of(st.lists(st.tuples(*[_cell] * 5), max_size=8), st.integers(0, 2)), min_size=2, max_size=5))
@settings(deadline=None, max_examples=100)
def test_tables(files: list[Any]) -> None:
    head = "Id,email,LinkedIn URL,phone,fax,company_domain\n"
    with worlds(2) as (plain, knowing):
        for file in played(files):
            data = (head + "".join(",".join(row) + ",a.example\n" for row in file)).encode()

            def rows(mapper: ContactMapper, data: bytes = data) -> Iterator[FileRow]:
                table = DelimitedReader(io.BytesIO(data), "f.csv")
                mapper.meet(table.columns)
                return iter(table)

            one, other = ContactMapper(cells=True), ContactMapper(cells=True)
            expected = plain.take(rows(one), one, 4, None)
            assert knowing.take(rows(other), other, 4, knowing.store.digests, 3) == expected


def row(n: int, **members: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "id": str(n),
        "full_name": f"N {n}",
        "company_domain": "a.example",
        "emails": [],
        "linkedin_url": None,
    }
    return {**plain, "phone": None, **members}


def unmapped(world: World, rows: list[Any], source: str | None = None, **versions: Any) -> int:
    """How many of these rows go to the store without being mapped."""
    world.sent.clear()
    mapper = ContactMapper(source=source)
    digester = RowDigester(mapper, **versions)
    world.take(json_lines(io.BytesIO(lines(rows))), mapper, 50, world.store.digests, digester=digester)
    return world.sent[KnownContact]


def test_unchanged_rows_are_recognised_the_second_time() -> None:
    with worlds(1) as (world,):
        rows = [row(n) for n in range(20)]
        assert unmapped(world, rows) == 0
        assert unmapped(world, rows) == 20
        assert unmapped(world, [row(n, phone="1" if n % 2 else None) for n in range(20)]) == 10
        assert unmapped(world, rows) == 10


def test_ignored_columns_do_not_change_digests_but_are_reported() -> None:
    with worlds(1) as (world,):
        unmapped(world, [row(n, fax=1) for n in range(20)])
        # The first row makes the mapper report the unknown field.
        assert unmapped(world, [row(n, fax=2) for n in range(20)]) == 19
        mapper = ContactMapper()
        told, *_ = world.take(
            json_lines(io.BytesIO(lines([row(0, fax=3), row(1, fax=1, y=2)]))), mapper, 9, world.store.digests
        )
        assert told["ignored_columns"] == ["fax", "y"]


@pytest.mark.parametrize(
    "changed",
    [{"source": "crm"}, {"program_version": "9.9.9"}, {"mapping_version": 99}],
)
def test_rows_are_mapped_once_more_after_a_change_of_mapping(changed: dict[str, Any]) -> None:
    with worlds(1) as (world,):
        rows = [row(n) for n in range(20)]
        unmapped(world, rows)
        assert unmapped(world, rows, **changed) == 0
        assert unmapped(world, rows, **changed) == 20


def test_row_with_values_of_its_company_is_never_recognised() -> None:
    with worlds(1) as (world,):
        rows = [row(1, company_name="A"), {**row(2), "company": {"domain": "a.example", "name": "A"}}]
        assert [unmapped(world, rows) for _ in range(3)] == [0, 0, 0]


def test_rows_that_are_rarely_known_are_rarely_looked_up() -> None:
    with worlds(1) as (world,):
        looks: list[int] = []

        def look(keys: Sequence[bytes]) -> dict[int, int]:
            looks.append(len(keys))
            return world.store.digests(keys)

        rows = [row(n) for n in range(200)]
        mapper = ContactMapper()
        world.take(json_lines(io.BytesIO(lines(rows))), mapper, 50, look, 10)
        assert len(looks) < 6
        looks.clear()
        world.take(json_lines(io.BytesIO(lines(rows))), ContactMapper(), 50, look, 10)
        assert len(looks) >= 20


@pytest.mark.parametrize("change", [lambda n: {}, lambda n: {"phone": "1"} if n % 3 else {}])
def test_reader_process_recognises_known_rows(tmp_path: Path, change: Callable[[int], dict[str, Any]]) -> None:
    """Row 5,000 is changed and then given as it was, all in one file."""
    home = Home(tmp_path)
    path = home.database
    rows = [row(n) for n in range(12_000)]
    unmapped_rows = 0

    def put(batch: list[Any]) -> Tally:
        nonlocal unmapped_rows
        unmapped_rows += sum(type(one) is KnownContact for one in batch)
        with open_store(path) as store:
            return store.put_contacts(batch)

    def run(rows: list[Any]) -> Importer:
        importer = Importer(batch_size=3_000)
        (tmp_path / "f.jsonl").write_bytes(lines(rows))
        with InputFile.open(str(tmp_path / "f.jsonl")) as file:
            import_apart(importer, file, ContactMapper(), put, home)
        return importer

    run(rows)
    assert unmapped_rows == 0
    second = run([row(n, **change(n)) for n in range(12_000)] + [row(5_000, phone="9"), row(5_000)])
    changed = sum(bool(change(n)) for n in range(12_000))
    assert unmapped_rows >= (12_000 - changed) // 2
    assert second.report.tally.changed == changed + 2
    with open_store(path) as store:
        found = store.find("contacts", "5000")
        assert found is not None
        (document,) = store.documents("contacts", [found.num])
        assert document is not None and msgspec.json.decode(document)["phone"] is None


@pytest.mark.parametrize("row", [{}, {"fax": 1}, {"company_domain": "a.example"}])
@pytest.mark.parametrize("company", [{"x": 1}, {"domain": "a.example", "x": 1}])
def test_unknown_fields_of_the_company_of_an_unchanged_row_are_reported(
    row: dict[str, Any], company: dict[str, Any]
) -> None:
    row = {"id": "1", "full_name": "Ada", **row, "company": company}
    data = lines([row, {**row, "id": "2"}])
    with worlds(1) as (world,):
        for _ in range(3):
            mapper = ContactMapper()
            world.take(json_lines(io.BytesIO(data)), mapper, 1, world.store.digests, 1)
            assert list(mapper.ignored) == [name for name in ("fax", "company.x") if name != "fax" or "fax" in row]
