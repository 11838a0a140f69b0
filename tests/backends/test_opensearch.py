"""The engine back end of an OpenSearch cluster."""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from letrics.backends.opensearch import OpenSearchBackend
from letrics.engines.base import EngineAway
from letrics.engines.opensearch.cluster_address import Address, read_address
from letrics.engines.opensearch.cluster_client import Client
from letrics.engines.opensearch.following.builds import Builds
from letrics.identity.patches import ContactPatch
from letrics.store.base import Position, Store
from tests.engines.opensearch.fake_node import FakeNode, fake_nodes
from tests.naive.backend import NaiveStoreBackend
from tests.servers.opensearch import shared_url


@pytest.fixture
def address() -> Iterator[Address]:
    address = replace(read_address(shared_url()), prefix=f"test-{secrets.token_hex(6)}")
    yield address
    client = Client(address)
    client.request_blocking("DELETE", f"/{address.prefix}-*")
    client.close()


@pytest.fixture
def log(tmp_path: Path) -> NaiveStoreBackend:
    log = NaiveStoreBackend(tmp_path)
    with log.open(create=True) as store:
        store.put_contacts([ContactPatch(external_id="p0", company="firm.example")])
    return log


def add_contact(store: Store) -> None:
    store.put_contacts([ContactPatch(external_id="p1", company="firm.example")])


def test_refresh_loads_indexes_that_describe_then_describes(address: Address, log: NaiveStoreBackend) -> None:
    backend = OpenSearchBackend(address, log, budget_ms=2000)
    with log.open() as store:
        assert backend.describe(store.position()) is None
        assert backend.refresh(store)
        saved = backend.describe(store.position())
        assert saved is not None and saved.bytes > 0 and saved.lacks == 0 and saved.damage is None
        add_contact(store)
        behind = backend.describe(store.position())
        assert behind is not None and behind.lacks == 1


def test_engine_of_another_process_waits_for_the_one_that_feeds(address: Address, log: NaiveStoreBackend) -> None:
    backend = OpenSearchBackend(address, log, budget_ms=2000)
    first, second = backend.make(), backend.make()
    with log.open() as store:
        first.load(store)
        assert backend.refresh(store), "the other process does it"
        second.load(store)
        assert not second.target().is_feeding() and asyncio.run(second.engine.position()) == store.position()
        first.target().close()
        add_contact(store)
        second.load(store)
        assert second.target().is_feeding() and asyncio.run(second.engine.position()) == store.position()
        assert second.verify(store) == []
    for made in (first, second):
        made.target().close()
        made.engine.close()


def test_rebuild_makes_new_indexes(address: Address, log: NaiveStoreBackend) -> None:
    backend = OpenSearchBackend(address, log, budget_ms=2000)
    with log.open() as store:
        backend.rebuild(store)
        saved = backend.describe(store.position())
        assert saved is not None and saved.lacks == 0


def test_rebuild_is_done_by_the_process_that_feeds(address: Address, log: NaiveStoreBackend) -> None:
    backend = OpenSearchBackend(address, log, budget_ms=2000)
    feeding = backend.make()
    with log.open() as store:
        feeding.load(store)
        before = held(address, "")
        ended = threading.Event()

        def feed() -> None:
            with log.open() as own:
                while not ended.wait(0.05):
                    feeding.target().load(own)

        thread = threading.Thread(target=feed)
        thread.start()
        backend.rebuild(store)
        ended.set()
        thread.join()
        assert feeding.target().is_feeding() and set(held(address, "")) > set(before)
        assert feeding.verify(store) == []
    feeding.target().close()
    feeding.engine.close()


def test_cluster_that_is_away_is_described_and_raises(log: NaiveStoreBackend) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    backend = OpenSearchBackend(read_address(f"opensearch+http://127.0.0.1:{port}"), log, budget_ms=2000)
    saved = backend.describe(Position("log", 3, "batch"))
    assert saved is not None and saved.lacks is None and "cannot be reached" in (saved.away or "")
    made = backend.make()
    with log.open() as store, pytest.raises(EngineAway, match="cannot be reached"):
        made.load(store)
    made.target().close()
    made.engine.close()


def test_low_limit_of_a_cluster_is_described(log: NaiveStoreBackend) -> None:
    about = {"version": {"distribution": "opensearch", "number": "3.9.0"}}
    low = {"persistent": {"indices.query.bool.max_clause_count": "1024"}}
    position = {"_source": {"log": "log", "seq": 3, "batch": "batch", "written_ms": 1}}
    size = {"_all": {"total": {"store": {"size_in_bytes": 7}}}}
    node = FakeNode(replies=[json.dumps(reply).encode() for reply in (position, about, low, {}, size)])
    with fake_nodes(node) as url:
        saved = OpenSearchBackend(read_address(url), log, budget_ms=2000).describe(Position("log", 4, "batch"))
    assert saved is not None and (saved.bytes, saved.lacks) == (7, 1)
    assert "max_clause_count" in (saved.problem or "")


def test_damage_and_blocks_of_indexes_are_described(address: Address, log: NaiveStoreBackend) -> None:
    backend, client = OpenSearchBackend(address, log, budget_ms=2000), Client(address)
    with log.open() as store:
        backend.refresh(store)
        client.request_blocking("PUT", f"/{address.prefix}-*/_settings", {"index.blocks.write": True})
        saved = backend.describe(store.position())
        assert saved is not None and saved.lacks == 0 and "index.blocks.write" in (saved.problem or "")
        client.request_blocking("PUT", f"/{address.prefix}-*/_settings", {"index.blocks.write": None})
        client.request_blocking("DELETE", f"/{address.prefix}-contacts-*")
        saved = backend.describe(store.position())
        assert saved is not None and (saved.lacks, saved.damage) == (None, "one of its indexes was deleted")
    client.close()


@pytest.mark.parametrize("blocked", [True, False])
def test_wait_for_a_process_that_sends_nothing_ends(address: Address, log: NaiveStoreBackend, blocked: bool) -> None:
    backend, client = OpenSearchBackend(address, log, budget_ms=2000), Client(address)
    first = backend.make()
    second = backend.make(stalled_seconds=0.5)
    with log.open() as store:
        first.load(store)
        add_contact(store)
        client.request_blocking("PUT", f"/{address.prefix}-*/_settings", {"index.blocks.write": blocked})
        words = "changes are blocked" if blocked else r"another process feeds .* sent nothing for 0\.5 s"
        with pytest.raises(EngineAway, match=words):
            second.load(store)
    for made in (first, second):
        made.target().close()
        made.engine.close()
    client.close()


def test_wait_goes_on_while_shards_are_copied(
    address: Address, log: NaiveStoreBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Builds, "is_copying", lambda _: True)
    backend = OpenSearchBackend(address, log, budget_ms=2000)
    first = backend.make()
    second = backend.make(stalled_seconds=0.5)
    with log.open() as store:
        first.load(store)
        add_contact(store)
        ending = threading.Timer(4, first.target().close)
        ending.start()
        second.load(store)
        ending.join()
        assert second.target().is_feeding()
    for made in (first, second):
        made.target().close()
        made.engine.close()


def held(address: Address, word: str) -> list[str]:
    """The indexes in which a stored document has this word: only the dictionary stores values."""
    client = Client(address)
    names = client.request_blocking("GET", f"/{address.prefix}-*/_alias")
    found = []
    for name in names:
        reply = client.request_blocking("GET", f"/{name}/_search?size=1000")
        found += [name] if word in json.dumps(reply).lower() else []
    client.close()
    return sorted(found)


def test_erase_leaves_nothing_of_a_forgotten_person(address: Address, log: NaiveStoreBackend) -> None:
    backend = OpenSearchBackend(address, log, budget_ms=2000)
    with log.open() as store:
        patch = ContactPatch(external_id="gone", company="firm.example", job_title="Boss", department="Zorblax")
        store.put_contacts([patch])
        assert backend.refresh(store) and held(address, "zorblax")
        before = set(held(address, ""))
        assert backend.erase(store), "nothing is to be erased"
        assert set(held(address, "")) == before
        store.forget([1])
        assert backend.erase(store)
        assert held(address, "zorblax") == []
        assert before.isdisjoint(held(address, "")), "the former indexes are deleted"
        saved = backend.describe(store.position())
        assert saved is not None and saved.lacks == 0
        made = backend.make()
        made.load(store)
        assert made.verify(store) == []
        made.target().close()
        made.engine.close()
