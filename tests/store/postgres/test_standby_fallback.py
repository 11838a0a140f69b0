"""The choice between the primary and a standby, with servers that are made up."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from letrics.store.base import StoreAway, StoreCorrupt
from letrics.store.postgres.away import NoPrimary
from letrics.store.postgres.standby_fallback import StandbyFallback
from tests.waiting import wait_for

SEVERAL = "postgresql://letrics@a.example,b.example/letrics"


class Servers:
    """A primary and a standby, each of which may be away. A connection is the name of its server."""

    def __init__(self, url: str = SEVERAL) -> None:
        self.up = {"primary", "standby"}
        self.fallback = StandbyFallback(url, "documents", self)

    def __call__(self) -> Servers:
        self._connect("primary")
        return self

    def close(self) -> None:
        """Nothing is open."""

    def open(self) -> str:
        return self.fallback.open(lambda: self._connect("primary"), lambda: self._connect("standby"))

    def _connect(self, name: str) -> str:
        if name not in self.up:
            raise NoPrimary(f"no {name}")
        return name


def outage_ends(servers: Servers) -> Callable[[], bool]:
    def is_over() -> bool:
        try:
            servers.fallback.require_outage()
        except StoreAway:
            return True
        return False

    return is_over


def test_the_primary_is_used_while_it_is_there() -> None:
    servers = Servers()
    assert servers.open() == "primary"
    with pytest.raises(StoreAway, match="documents are no longer read from a standby"):
        servers.fallback.require_outage()


def test_a_standby_is_used_until_the_primary_is_found() -> None:
    servers = Servers()
    servers.up = {"standby"}
    assert servers.open() == "standby"
    servers.fallback.require_outage()
    servers.up = {"primary"}
    wait_for(outage_ends(servers), 5)
    assert servers.open() == "primary"


def test_the_reason_is_that_of_the_primary() -> None:
    servers = Servers()
    servers.up = set()
    with pytest.raises(StoreAway, match="no primary"):
        servers.open()
    servers.up = {"standby"}
    assert servers.open() == "standby"
    servers.up = set()
    with pytest.raises(StoreAway, match="no standby"):
        servers.open()


@pytest.mark.parametrize("error", [StoreCorrupt("damaged"), StoreAway("no connection left")])
def test_a_primary_that_refuses_is_not_replaced(error: StoreAway) -> None:
    def fail() -> str:
        raise error

    with pytest.raises(type(error), match=str(error)):
        StandbyFallback(SEVERAL, "documents", Servers()).open(fail, lambda: "standby")


def test_a_closed_fallback_stops_looking_for_the_primary() -> None:
    servers = Servers()
    servers.up = {"standby"}
    assert servers.open() == "standby"
    servers.fallback.close()
    wait_for(outage_ends(servers), 5)


@pytest.mark.parametrize(
    "url", ["postgresql://letrics@a.example/letrics", "postgresql:///letrics", f"{SEVERAL}?target_session_attrs=any"]
)
def test_other_urls_have_no_standby(url: str) -> None:
    servers = Servers(url)
    assert servers.open() == "primary"
    servers.up = {"standby"}
    with pytest.raises(StoreAway, match="no primary"):
        servers.open()
