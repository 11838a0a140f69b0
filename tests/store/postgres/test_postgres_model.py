"""Random rows in random batches, as for the SQLite store, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from letrics.identity import keys
from letrics.store.postgres.postgres_store import PostgresStore
from letrics.store.tables.store_limits import StoreLimits
from tests.servers.postgres import new_database
from tests.store.sqlite.test_store_model import Clock, play, steps

_shared = cache(new_database)
"""The URL of the database of all examples."""


@contextmanager
def fresh_store(limits: StoreLimits | None = None, clock: Clock | None = None) -> Iterator[PostgresStore]:
    with PostgresStore.open(_shared()) as former:
        former._connection.run_script("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    with PostgresStore.open(_shared(), limits=limits or StoreLimits(), clock=clock or Clock()) as store:
        yield store


@given(steps, st.sampled_from((1, 3, 20_000)), st.sampled_from((0, 2, 10)), st.none() | st.integers(0, 2))
@settings(deadline=None, max_examples=8)
def test_store_and_model_agree(steps: list[Any], part: int, recent: int, late: int | None) -> None:
    limits = StoreLimits(rows_in_memory=part, max_recent_keys=recent)
    play(steps, encoded=True, late=late, limits=limits, fresh=fresh_store)


@given(steps)
@settings(deadline=None, max_examples=4)
def test_colliding_hashes_agree_with_the_model(steps: list[Any]) -> None:
    real: Callable[[str], keys.Key] = keys.hash_key

    def narrow(text: str) -> keys.Key:
        hash, mark = keys.parts_of(real(text))
        return keys.key_of(hash % 4, mark)

    with mock.patch.object(keys, "hash_key", narrow):
        play(steps, fresh=fresh_store)
