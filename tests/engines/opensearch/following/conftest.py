"""A small log, and an engine of the test run's OpenSearch node that follows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from letrics.backends.opensearch import FollowedOpenSearchEngine
from letrics.engines.opensearch.cluster_client import Client
from letrics.engines.opensearch.names import IndexNames
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.store.base import Store
from tests.engines.opensearch.cluster import HeldLease, make_client, make_engine, new_names
from tests.naive.backend import NaiveStoreBackend

COMPANIES = tuple(CompanyPatch(domain=f"firm{n}.example", industries=("Banking",)) for n in range(3))
CONTACTS = tuple(ContactPatch(external_id=f"p{n}", company=f"firm{n % 3}.example", job_title="Cook") for n in range(6))


@pytest.fixture
def open_store(tmp_path: Path) -> Callable[[], Store]:
    return lambda: NaiveStoreBackend(tmp_path).open(create=True)


@pytest.fixture
def store(open_store: Callable[[], Store]) -> Store:
    """Three companies with two contacts each."""
    store = open_store()
    store.put_companies(COMPANIES)
    store.put_contacts(CONTACTS)
    return store


@pytest.fixture
def client() -> Iterator[Client]:
    client = make_client()
    yield client
    client.close()


@pytest.fixture
def names(client: Client) -> Iterator[IndexNames]:
    names = new_names()
    yield names
    client.request_blocking("DELETE", f"/{names.prefix}-*")


@pytest.fixture
def made(names: IndexNames) -> Iterator[FollowedOpenSearchEngine]:
    made = make_engine(names, HeldLease(), keep_seconds=0)
    yield made
    made.engine.close()
