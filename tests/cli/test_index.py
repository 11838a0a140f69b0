"""The saved index of commands: loaded, verified, and saved again."""

from __future__ import annotations

import json
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from letrics.engines.base import SearchRequest, SearchResult
from letrics.settings import Home
from letrics.store.base import Position
from tests.cli.conftest import Lines, Run
from tests.default_backends import open_store, saving_index
from tests.matrix.served import offering
from tests.naive.engine import NaiveEngine


def test_a_damaged_saved_index_is_rebuilt_and_told(loaded: Run, home: Path) -> None:
    snapshot = home / "index" / "bitmap.snapshot"
    data = bytearray(snapshot.read_bytes())
    half = len(data) // 2
    for at in range(half, half + 64):  # what fills up to the next multiple of 64 is in no checksum
        data[at] ^= 0xFF
    snapshot.write_bytes(data)
    result = loaded("search", "companies", "--json")
    assert json.loads(result.stdout)["meta"]["total"] == 4
    assert "damaged" in result.stderr


def test_the_index_is_saved_by_one_process_at_a_time(run: Run, lines: Lines, home: Path) -> None:
    snapshot = home / "index" / "bitmap.snapshot"
    with saving_index(Home(home)):  # as while a server rebuilds it
        told = run("import", lines("one.jsonl", [{"domain": "acme.example"}])).stderr
        assert "Another process is saving the index" in told and not snapshot.exists()
    run("import", lines("two.jsonl", [{"domain": "bolt.example"}]))
    assert snapshot.exists()


class Server(NaiveEngine):
    """An engine of a server that finds the first contact alone. `behind` is how many changes it has not applied."""

    def __init__(self, home: Path, behind: int = 0, log: str | None = None) -> None:
        super().__init__(60_000)
        with open_store(home / "letrics.db") as store:
            at = store.position()
        self.at = Position(log or at.log, at.seq - behind, at.batch)
        self.asked = 0

    async def position(self) -> Position | None:
        return self.at

    async def search(self, request: SearchRequest) -> SearchResult:
        self.asked += 1
        return SearchResult(1, [0], False, self.at)


@pytest.fixture
def home() -> Iterator[Path]:
    """A data directory with a short path: that of a socket has at most about 100 characters."""
    with tempfile.TemporaryDirectory() as directory:
        yield Path(directory) / "home"


def test_commands_that_filter_ask_a_running_server(loaded: Run, home: Path, tmp_path: Path) -> None:
    shutil.rmtree(home / "index")
    with offering(server := Server(home), home / "engine.sock"):
        found = json.loads(loaded("search", "contacts", "--json").stdout)
        assert found["meta"]["total"] == 1 and [record["id"] for record in found["data"]] == ["c1"]
        out = tmp_path / "out.jsonl"
        loaded("export", "contacts", "--filter", '{"job_titles": ["CTO"]}', "-o", out)
        assert [json.loads(line)["id"] for line in out.read_text().splitlines()] == ["c1"]
        assert server.asked == 2 and not (home / "index").exists(), "no index was built"
        deleted = loaded("delete", "contacts", "--filter", '{"job_titles": ["CTO"]}', "--yes", "--json")
        assert json.loads(deleted.stdout)["deleted"] == 1 and server.asked == 3
    with open_store(home / "letrics.db") as store:
        assert store.find("contacts", "c1") is None and store.counts().contacts == 3


@pytest.mark.parametrize(("behind", "log"), [(1, None), (0, "another log")])
def test_server_that_is_behind_or_of_another_log_is_not_asked(
    loaded: Run, home: Path, behind: int, log: str | None
) -> None:
    with offering(server := Server(home, behind, log), home / "engine.sock"):
        assert json.loads(loaded("search", "contacts", "--json").stdout)["meta"]["total"] == 4
    assert server.asked == 0


def test_server_that_catches_up_meanwhile_is_asked(loaded: Run, home: Path) -> None:
    server = Server(home, behind=1)
    ready = replace(server.at, seq=server.at.seq + 1)
    timer = threading.Timer(0.1, lambda: setattr(server, "at", ready))
    with offering(server, home / "engine.sock"):
        timer.start()
        assert json.loads(loaded("search", "contacts", "--json").stdout)["meta"]["total"] == 1
    timer.join()


def test_socket_that_nobody_listens_on_is_ignored(loaded: Run, home: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as left:
        left.bind(str(home / "engine.sock"))
    assert json.loads(loaded("search", "contacts", "--json").stdout)["meta"]["total"] == 4
