"""Liveness, readiness and metrics."""

from __future__ import annotations

import pytest

from letrics.engines.base import EngineLoading
from letrics.store.base import Position
from tests.api.plain import PlainStore
from tests.conftest import Service
from tests.contract.envelope import check
from tests.contract.world import COMPANIES, CONTACTS


class OtherStore(PlainStore):
    """A store whose log is not the one that the index was built from."""

    def has_batch(self, position: Position) -> bool:
        return False


def test_alive_needs_neither_index_nor_databases(service: Service) -> None:
    service.store.away = True
    service.engine.failure = EngineLoading()
    reply = service.api.get("/healthz", token=None)
    assert (reply.status, reply.json["data"]) == (200, {"status": "alive"})


def test_ready_waits_for_the_index_and_the_store(service: Service) -> None:
    assert service.api.get("/readyz", token=None).json["data"] == {"status": "ready"}
    service.engine.failure = EngineLoading()
    reply = service.api.get("/readyz", token=None)
    assert "loading" in check(reply, "unavailable") and reply.headers["retry-after"] == "1"
    service.engine.failure = None
    service.store.away = True
    assert "database" in check(service.api.get("/readyz", token=None), "unavailable")


def test_ready_without_the_accounts_database_is_unavailable(service: Service) -> None:
    service.accounts.rename(service.accounts.with_name("away.db"))
    assert "database" in check(service.api.get("/readyz", token=None), "unavailable")


@pytest.mark.parametrize("plain_store", [OtherStore(COMPANIES, CONTACTS)], ids=["other"])
def test_ready_over_another_database_is_unavailable(service: Service) -> None:
    assert "database" in check(service.api.get("/readyz", token=None), "unavailable")
