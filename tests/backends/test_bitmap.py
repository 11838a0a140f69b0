"""The bitmap engine of a home, as a back end."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from letrics.backends import HomeBackends, open_backends
from letrics.engines.follower import Follower
from letrics.identity.patches import CompanyPatch
from letrics.settings import Home, Settings
from tests.waiting import wait_for


def filled(path: Path) -> HomeBackends:
    backends = open_backends(Home(path), Settings())
    with backends.store.open(create=True) as store:
        store.put_companies([CompanyPatch(domain="a.example")])
    return backends


def test_refresh_saves_the_index_once(tmp_path: Path) -> None:
    backends = filled(tmp_path)
    with backends.store.open() as store:
        end = store.position()
        assert backends.engine.describe(end) is None
        assert backends.engine.refresh(store)
        first = backends.engine.describe(end)
        assert backends.engine.refresh(store) and backends.engine.describe(end) == first
    saved = backends.engine.describe(replace(end, seq=5))
    assert saved is not None and (saved.lacks, saved.damage) == (4, None)
    other = backends.engine.describe(replace(end, log="another"))
    assert other is not None and (other.lacks, other.damage) == (None, "it is of another database")


def test_followed_engine_loads_and_applies_changes(tmp_path: Path) -> None:
    backends = filled(tmp_path)
    followed = backends.engine.make()
    target = followed.target()
    follower = Follower(target, backends.store.open, interval=0.01)
    follower.start()
    try:
        wait_for(lambda: target.position() is not None)
        with backends.store.open() as store:
            store.put_companies([CompanyPatch(domain="b.example")])
            wait_for(lambda: asyncio.run(followed.engine.position()) == store.position())
            assert followed.verify(store) == []
    finally:
        follower.stop()
    followed.suspend()
    assert target.position() is None and asyncio.run(followed.engine.position()) is None
