"""An engine offered to other processes: who may ask, and what becomes of the socket."""

from __future__ import annotations

import asyncio
import logging
import socket
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.engines.base import EngineAway, EngineLoading, SearchRequest, SearchResult
from letrics.engines.served.client import ServedEngine
from letrics.engines.served.offering import is_offered, offered
from letrics.query import Query
from letrics.store.base import Position
from tests.matrix.served import offering
from tests.naive.engine import NaiveEngine
from tests.naive.records import Records

REQUEST = SearchRequest(Query("contacts"))


@pytest.fixture
def path() -> Iterator[Path]:
    """A short path: that of a socket has at most about 100 characters."""
    with tempfile.TemporaryDirectory() as directory:
        yield Path(directory) / "engine.sock"


def empty(log: str) -> NaiveEngine:
    engine = NaiveEngine(60_000)
    engine.records = Records(Position(log, 1, "batch"), {}, {})
    return engine


def test_only_the_user_may_ask_and_the_file_goes_at_the_end(path: Path) -> None:
    with offering(empty("one"), path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert asyncio.run(ServedEngine(path).search(REQUEST)).total == 0
    assert list(path.parent.iterdir()) == []
    with pytest.raises(EngineAway):
        asyncio.run(ServedEngine(path).search(REQUEST))


def test_is_offered_until_its_process_ends(path: Path) -> None:
    assert not is_offered(path)
    with offering(empty("one"), path):
        assert is_offered(path)
        assert asyncio.run(ServedEngine(path).search(REQUEST)).total == 0
    path.write_text("left by a process that was killed")
    assert not is_offered(path)


def test_call_that_ends_early_is_logged_unless_it_asked_nothing(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "letrics.engines")

    def logged(content: bytes) -> int:
        with offering(empty("one"), path):
            with socket.socket(socket.AF_UNIX) as caller:
                caller.connect(str(path))
                caller.sendall(content)
            assert asyncio.run(ServedEngine(path).search(REQUEST)).total == 0
        return len(caplog.records)

    assert (logged(b""), logged(b"\0\0")) == (0, 1)


def test_last_process_at_a_path_gets_the_calls(path: Path) -> None:
    async def log() -> str:
        position = await ServedEngine(path).position()
        assert position is not None
        return position.log

    path.write_text("left by a process that was killed")
    with offering(empty("one"), path):
        with offering(empty("two"), path):
            assert asyncio.run(log()) == "two"
        with offering(empty("three"), path):
            assert asyncio.run(log()) == "three"


def test_earlier_process_leaves_the_socket_of_a_later_one(path: Path) -> None:
    async def check() -> None:
        first = offered(empty("one"), path)
        await first.__aenter__()
        async with offered(empty("two"), path):
            await first.__aexit__(None, None, None)
            assert path.exists() and await ServedEngine(path).position() is not None

    asyncio.run(check())


def test_errors_of_the_engine_reach_the_caller(path: Path) -> None:
    class Away(NaiveEngine):
        async def search(self, request: SearchRequest) -> SearchResult:
            raise EngineAway("the cluster is down", 17)

    with offering(NaiveEngine(60_000), path), pytest.raises(EngineLoading):
        asyncio.run(ServedEngine(path).search(REQUEST))
    with offering(Away(60_000), path), pytest.raises(EngineAway, match="the cluster is down") as raised:
        asyncio.run(ServedEngine(path).search(REQUEST))
    assert raised.value.retry_after == 17


@pytest.mark.parametrize("sent", [b"", b"\x00\x00\x00\x01\xc1", b"\xff\xff\xff\xff", b"GET / HTTP/1.1\r\n\r\n"])
def test_nonsense_is_answered_by_the_end_of_the_connection(path: Path, sent: bytes) -> None:
    with offering(empty("one"), path):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(60)
            client.connect(str(path))
            client.sendall(sent)
            client.shutdown(socket.SHUT_WR)
            assert client.recv(100) == b""
        assert asyncio.run(ServedEngine(path).position()) is not None


def test_path_too_long_for_a_socket_offers_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    directory = tmp_path / ("d" * 120)
    directory.mkdir()
    with offering(empty("one"), directory / "engine.sock"):
        assert list(directory.iterdir()) == []
    assert "load a separate index" in caplog.text
