"""The engine with low limits and several shards, against the naive engine over the same random records."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from typing import Any

import pytest

from letrics.engines.base import EngineLoading, OutOfTime, SearchRequest, SearchResult, ValueCount, Window
from letrics.engines.opensearch.cluster_client import Client
from letrics.engines.opensearch.following.cluster_target import ClusterTarget
from letrics.engines.opensearch.limits import DEFAULT_LIMITS, SearchLimits
from letrics.engines.opensearch.names import IndexNames
from letrics.engines.opensearch.opensearch_engine import OpenSearchEngine
from letrics.fields import INDUSTRIES, JOB_TITLE, LOCATIONS, Fact, facet_fields
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.normalize.text import fold
from letrics.query import parse_request
from letrics.query.clauses import Order, Query
from letrics.records import KINDS, Kind
from letrics.store.base import Store
from tests.engines.opensearch.cluster import HeldLease, make_client, new_names
from tests.naive.engine import NaiveEngine, rank
from tests.naive.log import Log
from tests.naive.records import Records
from tests.naive.store import NaiveStore
from tests.property.worlds import Generator

LOW = SearchLimits(
    sorted=20,
    skipped=7,
    histogram_buckets=3,
    values=4,
    values_per_page=3,
    margin=1,
    searches=2,
    dictionary_entries=10_000,
)
BODIES: tuple[dict[str, Any], ...] = ({"job_titles": ["e"]}, {"exclude_departments": ["Sales"]}, {"tlds": ["de"]}, {})


@pytest.fixture(scope="module")
def store(seed: int) -> Store:
    """Random records, some of them deleted."""
    store, generator = NaiveStore(Log()), Generator(random.Random(seed))
    store.put_companies([generator.company() for _ in range(40)])
    store.put_contacts([generator.contact() for _ in range(150)])
    store.delete("contacts", range(0, 100, 9))
    return store


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    client = make_client()
    yield client
    client.close()


@pytest.fixture(scope="module")
def names(client: Client, store: Store) -> Iterator[IndexNames]:
    """The names of indexes of two shards that have all records."""
    names = new_names()
    target = ClusterTarget(client, names, HeldLease(), shards=2, keep_seconds=0)
    target.load(store)
    yield names
    target.close()
    client.request_blocking("DELETE", f"/{names.prefix}-*", seconds=60)


@pytest.fixture(params=[DEFAULT_LIMITS, LOW], ids=["default", "low"])
def engine(request: pytest.FixtureRequest, client: Client, names: IndexNames) -> OpenSearchEngine:
    return OpenSearchEngine(client, names, budget_ms=60_000, limits=request.param)


@pytest.fixture
def naive(store: Store) -> NaiveEngine:
    engine = NaiveEngine()
    engine.records = Records.of_log(store)
    return engine


def search(engine: OpenSearchEngine | NaiveEngine, request: SearchRequest) -> SearchResult:
    return asyncio.run(engine.search(request))


def folded(values: list[ValueCount]) -> set[tuple[str, int]]:
    """Values with their counts. Which of several spellings is shown depends on the order of loading."""
    return {(fold(value.value), value.count) for value in values}


@pytest.mark.parametrize("order", ["oldest", "newest"])
@pytest.mark.parametrize("kind", KINDS)
def test_search_any_page_is_that_of_all_matches(
    engine: OpenSearchEngine, naive: NaiveEngine, kind: Kind, order: Order
) -> None:
    for offset in (0, 5, 6, 7, 20, 33, 90, 133, 1_000):
        for size in (0, 1, 7, 30):
            request = SearchRequest(Query(kind), Window(order, offset, None, size))
            found, expected = search(engine, request), search(naive, request)
            assert (found.total, found.nums, found.more) == (expected.total, expected.nums, expected.more), (
                offset,
                size,
            )


@pytest.mark.parametrize("order", ["oldest", "newest"])
def test_walk_by_cursor_finds_all_matches(engine: OpenSearchEngine, naive: NaiveEngine, order: Order) -> None:
    for body in BODIES:
        query = parse_request("contacts", body).query
        everything = search(naive, SearchRequest(query, Window(order, 0, None, 1_000)))
        nums: list[int] = []
        while True:
            found = search(engine, SearchRequest(query, Window(order, 0, nums[-1] if nums else None, 4)))
            assert found.total == everything.total
            nums += found.nums
            if not found.more:
                break
        assert nums == everything.nums


@pytest.mark.parametrize("order", ["oldest", "newest"])
def test_search_after_any_num_is_the_rest(engine: OpenSearchEngine, naive: NaiveEngine, order: Order) -> None:
    for body in BODIES:
        query = parse_request("contacts", body).query
        for after in (0, 1, 75, 149, 150, 151, 10_000, 2**62):
            request = SearchRequest(query, Window(order, 0, after, 10))
            found, expected = search(engine, request), search(naive, request)
            assert (found.total, found.nums, found.more) == (expected.total, expected.nums, expected.more), after


@pytest.mark.parametrize("kind", KINDS)
def test_search_facets_are_exact(engine: OpenSearchEngine, naive: NaiveEngine, kind: Kind) -> None:
    fields = tuple(facet_fields(kind))
    for body in BODIES if kind == "contacts" else BODIES[-2:]:
        query = parse_request(kind, body).query
        expected = search(naive, SearchRequest(query, Window(), fields, 1_000)).facets
        for size in (1, 2, 3, 100):
            found = search(engine, SearchRequest(query, Window(), fields, size)).facets
            for field, values, every in zip(fields, found, expected, strict=True):
                assert [value.count for value in values] == [value.count for value in every[:size]], (body, field.name)
                assert folded(values) <= folded(every), (body, field.name)


@pytest.mark.parametrize("fact", [INDUSTRIES, LOCATIONS, JOB_TITLE], ids=lambda fact: fact.name)
def test_values_complete_what_was_typed(client: Client, names: IndexNames, naive: NaiveEngine, fact: Fact) -> None:
    engine = OpenSearchEngine(client, names, budget_ms=60_000)
    for typed in ("", "e", "a", "an", "man", "ger", "ber", "soft", " S", "É"):
        found = asyncio.run(engine.values("contacts", fact, typed, 1_000))
        expected = asyncio.run(naive.values("contacts", fact, typed, 1_000))
        if not any(fold(typed) in fold(value.value) for value in expected):
            continue  # similar values are those of another measure
        ranks = [[rank(fold(value.value), fold(typed)) for value in values] for values in (found, expected)]
        assert not typed or ranks[0] == ranks[1]
        assert folded(found) == folded(expected), typed
        assert asyncio.run(engine.values("contacts", fact, typed, 5)) == found[:5]


def test_values_similar_to_what_was_typed(client: Client, names: IndexNames) -> None:
    engine = OpenSearchEngine(client, names, budget_ms=60_000)
    [best, *_] = asyncio.run(engine.values("contacts", INDUSTRIES, "", 5))
    wrong = best.value[:2] + "q" + best.value[2:]
    assert best in asyncio.run(engine.values("contacts", INDUSTRIES, wrong, 5))


def test_company_names_similar_to_what_was_typed_in_a_search_of_contacts(client: Client) -> None:
    names, store = new_names(), NaiveStore(Log())
    domains = {"analytics.example": "Meridian Analytics", "foods.example": "Meridien Foods"}
    store.put_companies([CompanyPatch(domain=domain, name=name) for domain, name in domains.items()])
    store.put_contacts([ContactPatch(full_name="Ann Meridion", company="analytics.example")])
    target = ClusterTarget(client, names, HeldLease(), keep_seconds=0)
    target.load(store)
    engine = OpenSearchEngine(client, names, budget_ms=60_000)
    query = parse_request("contacts", {"company_names": ["Meridjan"], "full_names": ["Meridjon"]}).query
    found = {value.field: value.suggestions for value in search(engine, SearchRequest(query, unmatched=True)).unmatched}
    assert found == {"company_names": ("meridian",), "full_names": ("meridion",)}, "the other company has no contacts"
    target.close()
    client.request_blocking("DELETE", f"/{names.prefix}-*", seconds=60)


def test_search_of_suspended_indexes_is_refused(client: Client, names: IndexNames, store: Store) -> None:
    engine = OpenSearchEngine(client, names, budget_ms=60_000)
    target = ClusterTarget(client, names, HeldLease(), keep_seconds=0)
    target.load(store)
    target.suspend()
    assert asyncio.run(engine.position()) is None
    with pytest.raises(EngineLoading):
        search(engine, SearchRequest(Query("contacts")))
    target.load(store)
    assert asyncio.run(engine.position()) == store.position()


def test_search_of_too_many_clauses_is_out_of_time(client: Client, names: IndexNames) -> None:
    engine = OpenSearchEngine(client, names, budget_ms=60_000, limits=SearchLimits(clauses=2))
    with pytest.raises(OutOfTime, match="too many texts"):
        search(engine, SearchRequest(parse_request("contacts", {"job_titles": ["sales", "manager", "cook"]}).query))
    assert search(engine, SearchRequest(parse_request("contacts", {"job_titles": ["sales", "cook"]}).query)).total >= 0
