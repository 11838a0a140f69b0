"""Bitmap engine: windows, counts, following and snapshots against plain records, and malformed stored documents."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import apsw
import pytest

from letrics.engines.base import EngineLoading, OutOfTime, SearchRequest, Window
from letrics.engines.bitmap import BitmapEngine
from letrics.fields import CATALOGUE, INDUSTRIES
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.query import parse_request
from letrics.query.clauses import Query
from letrics.store.base import Store
from tests.default_backends import open_store
from tests.engines.bitmap.costs import SMALL
from tests.engines.bitmap.world import World

MANY = 1200
"""More than 500: converting that many timestamps at once used to end the process if one was malformed."""
SECRET = "Secret Name"
MALFORMED = {
    "empty": b"",
    "no JSON": b"\x00\xff\xfe",
    "truncated": b'{"id":"c7","first_name":"Secret Name","last_n',
    "another type": b'{"id":"c7","full_name":["Secret Name"]}',
    "fields missing": b'{"id":"c7"}',
    "two objects": b'{"id":"c7"},{"id":"c8"}',
    "not UTF-8": b'{"id":"c7","full_name":"Secret Name \xff"}',
    "surrogate": b'{"id":"c7","full_name":"Secret Name \\ud800"}',
    "too deep": b'{"id":' + b"[" * 100_000,
    "no object": b"7",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "letrics.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with open_store(path) as opened:
        opened.put_contacts(
            [
                ContactPatch(company=f"f{n % 9}.example", external_id=f"c{n}", full_name=SECRET, job_title=f"Job {n}")
                for n in range(MANY)
            ]
        )
        yield opened


def damage(path: Path, num: int, document: bytes, table: str = "contact") -> None:
    """Replace a document, as a later change of the log by a version before checksums."""
    connection = apsw.Connection(str(path))
    with connection:
        seq = connection.execute("SELECT seq + 1 FROM log").get
        changed = f"UPDATE {table} SET seq = ?, document = ?, checksum = NULL WHERE num = ?"
        connection.execute(changed, (seq, document, num))
        connection.execute("UPDATE log SET seq = ?", (seq,))
        connection.execute("INSERT INTO batch (seq, id) VALUES (?, ?)", (seq, f"batch{seq}"))
    connection.close()


def with_time(path: Path, num: int, time: str) -> bytes:
    connection = apsw.Connection(str(path))
    document: bytes = connection.execute("SELECT document FROM contact WHERE num = ?", (num,)).get
    connection.close()
    at = document.index(b'"updated_at":"') + 14
    return document[:at] + time.encode() + document[at + 24 :]


def total(engine: BitmapEngine, **body: object) -> int:
    return asyncio.run(engine.search(SearchRequest(parse_request("contacts", body).query, Window()))).total


@pytest.mark.parametrize("time", ["2026-99-99T99:99:99.999Z", "yesterday", ""])
def test_engine_malformed_timestamp_counts_as_none(path: Path, store: Store, time: str) -> None:
    engine = BitmapEngine()
    engine.load(store)
    damage(path, 700, with_time(path, 700, time))
    fresh = BitmapEngine()
    fresh.load(store)
    assert engine.catch_up(store)
    for made in (engine, fresh):
        assert total(made) == MANY
        assert total(made, contact_added_before="9999-12-31") == MANY
    assert engine.verify(store) == []
    assert store.integrity() == ["the document of contact num 700 (id 'c700') has a malformed timestamp: updated_at"]


@pytest.mark.parametrize("document", MALFORMED.values(), ids=MALFORMED)
def test_engine_malformed_document_is_left_out(
    path: Path, store: Store, document: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    engine = BitmapEngine()
    engine.load(store)
    damage(path, 7, document)
    fresh = BitmapEngine()
    with caplog.at_level(logging.WARNING):
        assert engine.catch_up(store)
        fresh.load(store)
    assert total(engine) == total(fresh) == MANY - 1
    assert caplog.text.count("contact num 7 is malformed") == 2 and "Secret" not in caplog.text
    store.put_contacts([ContactPatch(company="late.example", external_id="late", job_title="Late")])
    assert engine.catch_up(store) and total(engine, job_titles=["late"]) == 1, "following goes on"
    assert engine.verify(store) == []
    (fault,) = store.integrity()
    assert "contact num 7 " in fault and "cannot be read" in fault and "Secret" not in fault


def test_engine_malformed_company_has_no_facts(path: Path, store: Store) -> None:
    store.put_companies([CompanyPatch(domain="f1.example", industries=("Steel",), employees=9)])
    engine = BitmapEngine()
    engine.load(store)
    steel = total(engine, industries=["steel"])
    damage(path, 1, b'{"id":1}', "company")
    assert engine.catch_up(store) and steel > 0
    assert total(engine) == MANY and total(engine, industries=["steel"]) == 0
    assert total(engine, employees_min=1) == 0 and total(engine, added_before="9999-01-01") == MANY - steel
    assert engine.verify(store) == []


@pytest.mark.parametrize("document", [MALFORMED["truncated"], MALFORMED["not UTF-8"]])
def test_store_malformed_document_can_be_deleted(path: Path, store: Store, document: bytes) -> None:
    damage(path, 7, document)
    assert store.delete_id("contacts", "c7") == 1
    assert store.integrity() == [] and store.find("contacts", "c7") is None


def test_store_import_repairs_a_malformed_document(path: Path, store: Store) -> None:
    damage(path, 7, MALFORMED["truncated"])
    damage(path, 1, b"{}", "company")
    store.put_companies([CompanyPatch(domain="f1.example", name="Again")])
    tally = store.put_contacts([ContactPatch(company="f1.example", external_id="c7", full_name="Jo Again")])
    assert tally.new == 1
    found = store.find("contacts", "c7")
    assert found is not None and b"Jo Again" in found.document and b'"name":"Again"' in found.document
    assert [fault for fault in store.integrity() if "num 7 " not in fault] == []


# --- searching and following the log


def _engine(world: World) -> BitmapEngine:
    engine = BitmapEngine(costs=replace(SMALL, large_segment_records=10**6))
    engine.load(world.store)
    return engine


def test_engine_windows_of_any_order_are_slices(seed: int) -> None:
    world = World(Random(seed))
    engine, query = _engine(world), Query("contacts")
    nums = world.of_kind("contacts")
    for offset, size in itertools.product((0, 1, 30, 59, 60, 90), (0, 1, 25, 100)):
        for order, ordered in (("oldest", nums), ("newest", nums[::-1])):
            window = Window(order="oldest" if order == "oldest" else "newest", offset=offset, size=size)
            hits = asyncio.run(engine.search(SearchRequest(query, window)))
            part = ordered[offset : offset + size]
            assert (hits.total, hits.nums) == (len(nums), part)
            assert hits.more == (offset < len(nums) and offset + size < len(nums))


@pytest.mark.parametrize("after", [0, 1, 29, 59, 60, 10**12])
def test_engine_windows_after_a_record_begin_behind_it(after: int, seed: int) -> None:
    world = World(Random(seed))
    engine, nums = _engine(world), world.of_kind("contacts")
    oldest = asyncio.run(engine.search(SearchRequest(Query("contacts"), Window(after=after, size=7))))
    assert oldest.nums == [num for num in nums if num > after][:7]
    newest = asyncio.run(engine.search(SearchRequest(Query("contacts"), Window("newest", after=after, size=7))))
    assert newest.nums == [num for num in nums[::-1] if num < after][:7]


def test_engine_facets_leave_out_their_own_filter(seed: int) -> None:
    world = World(Random(seed))
    query = parse_request("contacts", {"industries": ["Steel"], "is_decision_maker": True}).query
    field = next(field for field in CATALOGUE if field.name == "industries")
    (found,) = asyncio.run(_engine(world).search(SearchRequest(query, facets=(field,), facet_size=99))).facets
    others = world.matches(Query("contacts", tuple(c for c in query.clauses if c.field != "industries")))
    expected = Counter(key for num in others for key in world.keys("contacts", num, INDUSTRIES))
    assert {INDUSTRIES.key(each.value): each.count for each in found} == expected


def test_engine_counts_are_of_live_records(seed: int) -> None:
    world = World(Random(seed))
    engine = _engine(world)
    for _ in range(3):
        world.change()
        while engine.catch_up(world.store, rebase=False):
            pass
        counts = engine.counts()
        assert (counts["companies"], counts["contacts"]) == (len(world.companies), len(world.contacts))
        assert engine.seq() == world.log.last and engine.applied() == world.log.position()
    assert counts["layers"] > 1 and engine.base_seq() < engine.seq()


def test_engine_without_index_raises_loading(seed: int) -> None:
    engine, world = BitmapEngine(), World(Random(seed))
    assert not engine.ready() and engine.applied() is None and engine.counts() == {} and engine.seq() == 0
    for call in (
        lambda: asyncio.run(engine.search(SearchRequest(Query("contacts"), Window()))),
        lambda: engine.catch_up(world.store),
    ):
        with pytest.raises(EngineLoading):
            call()


def test_engine_suspended_is_loading_and_goes_on(seed: int) -> None:
    world = World(Random(seed))
    engine = _engine(world)
    engine.suspend()
    assert not engine.ready() and engine.belongs_to(world.store)
    world.change()
    engine.load(world.store, rebase=False)
    assert engine.ready() and engine.seq() == world.log.last and engine.counts()["layers"] > 1


def test_engine_past_its_budget_raises_out_of_time(seed: int) -> None:
    world = World(Random(seed))
    engine = BitmapEngine(budget_ms=0)
    engine.load(world.store)
    with pytest.raises(OutOfTime, match="longer than 0 s"):
        asyncio.run(engine.search(SearchRequest(parse_request("contacts", world.body("contacts")).query, Window())))


def test_engine_saved_snapshot_lacks_later_changes(tmp_path: Path, seed: int) -> None:
    world = World(Random(seed))
    engine = _engine(world)
    assert engine.lacks(tmp_path / "index") == engine.seq() + 1
    engine.save(tmp_path / "index")
    assert engine.lacks(tmp_path / "index") == 0 and engine.can_load(world.store, tmp_path / "index")
    before = engine.seq()
    world.change()
    while engine.catch_up(world.store):
        pass
    assert engine.lacks(tmp_path / "index") == engine.seq() - before


def test_engine_adopted_snapshot_never_goes_back_in_time(tmp_path: Path, seed: int) -> None:
    world = World(Random(seed))
    engine, other = _engine(world), _engine(world)
    other.save(tmp_path / "index")
    world.change()
    while engine.catch_up(world.store, rebase=False):
        pass
    assert engine.adopt(world.store, tmp_path / "index")
    assert engine.seq() == world.log.last and engine.verify(world.store) == []
    assert not engine.adopt(world.store, tmp_path / "none")
