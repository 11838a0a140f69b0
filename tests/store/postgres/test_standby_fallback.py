"""The choice between the primary and a standby, with servers that are made up."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from letrics.store.base import StoreAway, StoreCorrupt
from letrics.store.postgres.standby_fallback import StandbyFallback, standby_url
from tests.waiting import wait_for

SEVERAL = "postgresql://letrics@a.example,b.example/letrics"


class Servers:
    """A primary and a standby, each of which may be away. A connection is the name of its server."""

    def __init__(self, url: str = SEVERAL) -> None:
        self.up = {"primary", "standby"}
        self.fallback = StandbyFallback(url, "documents", self)
        self.asked = ""

    def __call__(self) -> Servers:
        self._connect("primary")
        return self

    def close(self) -> None:
        """Nothing is open."""

    def open(self) -> str:
        return self.fallback.open(lambda: self._connect("primary"), self._open_standby)

    def _open_standby(self, url: str) -> str:
        self.asked = url
        return self._connect("standby")

    def _connect(self, name: str) -> str:
        if name not in self.up:
            raise StoreAway(f"no {name}")
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
    assert (servers.open(), servers.asked) == ("primary", "")
    with pytest.raises(StoreAway, match="documents are no longer read from a standby"):
        servers.fallback.require_outage()


def test_a_standby_is_used_until_the_primary_is_found() -> None:
    servers = Servers()
    servers.up = {"standby"}
    assert servers.open() == "standby"
    servers.fallback.require_outage()
    assert servers.asked == f"{SEVERAL}?target_session_attrs=standby"
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


def test_a_damaged_primary_is_not_replaced() -> None:
    def fail() -> str:
        raise StoreCorrupt("damaged")

    with pytest.raises(StoreCorrupt):
        StandbyFallback(SEVERAL, "documents", Servers()).open(fail, lambda _: "standby")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://letrics@a.example/letrics",
        "postgresql:///letrics",
        f"{SEVERAL}?target_session_attrs=any",
        "postgresql://a.example,b.example/letrics?unknown=1",
    ],
)
def test_other_urls_have_no_standby(url: str) -> None:
    assert standby_url(url) is None
    servers = Servers(url)
    assert servers.open() == "primary"
    servers.up = {"standby"}
    with pytest.raises(StoreAway, match="no primary"):
        servers.open()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"{SEVERAL}?sslmode=require", f"{SEVERAL}?sslmode=require&target_session_attrs=standby"),
        ("postgresql:///x?host=a,b", "postgresql:///x?host=a,b&target_session_attrs=standby"),
        (
            "postgresql:///x?hostaddr=10.0.0.1,10.0.0.2",
            "postgresql:///x?hostaddr=10.0.0.1,10.0.0.2&target_session_attrs=standby",
        ),
    ],
)
def test_parameters_of_the_url_stay(url: str, expected: str) -> None:
    assert standby_url(url) == expected
