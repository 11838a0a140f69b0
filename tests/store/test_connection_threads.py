"""Work on connections to another machine, which an event loop waits for."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from letrics.store.base import StoreAway, StoreReplaced
from letrics.store.connection_threads import ConnectionThreads


class Connection:
    """A connection that notes whether it is closed."""

    def __init__(self) -> None:
        self.is_closed = False

    def close(self) -> None:
        self.is_closed = True


class Server:
    """Opens connections. While it is away, that fails."""

    def __init__(self) -> None:
        self.is_away = False
        self.opened: list[Connection] = []
        self.work = ConnectionThreads(self.open, 2, "tests", seconds=0.4)

    def open(self) -> Connection:
        if self.is_away:
            raise StoreAway("the server is away")
        self.opened.append(Connection())
        return self.opened[-1]

    def use(self, _: Connection) -> str:
        if self.is_away:
            raise StoreAway("the server is away")
        return threading.current_thread().name


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.work.close()
    assert all(one.is_closed for one in made.opened)


def taken(run: Callable[[], object]) -> float:
    start = time.monotonic()
    run()
    return time.monotonic() - start


def test_work_runs_in_threads_that_keep_their_connections(server: Server) -> None:
    async def run() -> list[str]:
        return [await server.work.read(server.use) for _ in range(20)]

    assert all(name.startswith("tests") for name in asyncio.run(run()))
    assert 1 <= len(server.opened) <= 2


def test_a_failed_connection_is_closed_and_replaced(server: Server) -> None:
    asyncio.run(server.work.read(server.use))
    server.is_away = True
    with pytest.raises(StoreAway):
        asyncio.run(server.work.read(server.use))
    server.is_away = False
    asyncio.run(server.work.read(server.use))
    assert len(server.opened) >= 2 and server.opened[0].is_closed


def test_a_read_waits_for_a_server_that_comes_back(server: Server) -> None:
    server.is_away = True
    threading.Timer(0.2, lambda: setattr(server, "is_away", False)).start()
    assert asyncio.run(server.work.read(server.use)).startswith("tests")


def test_a_read_of_a_server_that_stays_away_ends_in_time(server: Server) -> None:
    server.is_away = True

    def run() -> None:
        with pytest.raises(StoreAway, match="the server is away"):
            asyncio.run(server.work.read(server.use))

    assert taken(run) < 1


def test_a_silent_server_stops_no_other_coroutine(server: Server) -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    async def run() -> None:
        ticking = asyncio.create_task(tick())
        with pytest.raises(StoreAway, match=r"did not respond within 0\.4 seconds"):
            await server.work.read(lambda _: time.sleep(1))
        ticking.cancel()

    assert taken(lambda: asyncio.run(run())) < 0.9
    assert ticks > 10


@pytest.mark.parametrize("error", [StoreReplaced("another log"), KeyError("bug")])
def test_other_errors_are_raised_at_once(server: Server, error: Exception) -> None:
    calls = 0

    def fail(_: Connection) -> None:
        nonlocal calls
        calls += 1
        raise error

    with pytest.raises(type(error)):
        asyncio.run(server.work.read(fail))
    assert calls == 1
