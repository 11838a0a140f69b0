"""Contacts that have not changed for longer than the user keeps them are deleted once a day."""

from __future__ import annotations

import asyncio
import logging
from functools import partial

import pytest

from letrics.identity.patches import ContactPatch
from letrics.search.expiry import Retention, expiry
from tests.naive.engine import NaiveEngine
from tests.naive.following import FollowedNaiveEngine
from tests.naive.log import Log
from tests.naive.store import NaiveStore


@pytest.fixture
def log() -> Log:
    made = Log()
    for name, time in (("old", "2020-01-01T00:00:00.000Z"), ("new", "2999-01-01T00:00:00.000Z")):
        with NaiveStore(made, lambda time=time: time) as store:  # type: ignore[misc]
            store.put_contacts([ContactPatch(company="acme.example", external_id=name)])
    return made


def retention(log: Log, days: int) -> Retention:
    engine = FollowedNaiveEngine(NaiveEngine())
    engine.load(NaiveStore(log))
    return Retention(engine.engine, partial(NaiveStore, log), days)


def test_apply_deletes_what_did_not_change_for_long(log: Log, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    assert asyncio.run(retention(log, 30).apply()) == 1
    assert NaiveStore(log).find("contacts", "old") is None
    assert NaiveStore(log).find("contacts", "new") is not None
    assert "deleted 1 contact not changed for 30 days" in caplog.messages


def test_apply_twice_a_day_does_nothing(log: Log) -> None:
    assert asyncio.run(retention(log, 100_000).apply()) == 0
    assert asyncio.run(retention(log, 30).apply()) is None


def test_run_without_days_ends_at_once(log: Log) -> None:
    asyncio.run(retention(log, 0).run())
    assert NaiveStore(log).counts().contacts == 2


def test_expiry_is_days_before_the_moment() -> None:
    assert expiry(31, "2026-02-01T10:00:00.000Z") == "2026-01-01T10:00:00.000Z"
