"""The HTTP server: over a socket, and in several processes."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from letrics.api.server import bind, url_of
from tests.api.wire import Wire, statuses


def test_the_usual(wire: Wire) -> None:
    status, body = wire.get(b"/v1/contacts?per_page=1")
    assert status == 200
    assert len(body["data"]) == 1  # type: ignore[arg-type]


def test_server_headers_say_nothing_of_the_server(wire: Wire) -> None:
    reply = wire.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").lower()
    assert b"server:" not in reply and b"date:" in reply


def test_head_has_the_headers_of_get_and_no_body(wire: Wire) -> None:
    rest = (
        b" /openapi.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Request-Id: a\r\nAccept-Encoding: gzip\r\n\r\n"
    )
    get, head = (re.sub(rb"date: [^\r]*", b"", wire.send(method + rest)) for method in (b"GET", b"HEAD"))
    assert head.endswith(b"\r\n\r\n") and get.startswith(head) and len(get) > len(head)


def test_pipelined_requests_are_answered_in_order(wire: Wire) -> None:
    one = b"GET /v1/contacts/%s HTTP/1.1\r\nHost: x\r\n" + wire.auth
    three = (one % b"ann" + b"\r\n", one % b"nobody" + b"\r\n", one % b"bob" + b"Connection: close\r\n\r\n")
    reply = wire.send(b"".join(three))
    assert statuses(reply) == [
        b"200",
        b"404",
        b"200",
    ]


def test_urls_of_sockets() -> None:
    with bind("127.0.0.1", 0) as bound:
        port = bound.getsockname()[1]
        assert url_of(bound) == f"http://127.0.0.1:{port}"
        bound.listen()
        with pytest.raises(OSError, match="in use"):
            bind("127.0.0.1", port)


PROGRAM: Final = """
import os, sys
from letrics.api.server import Workers, bind, make_config, stop_with_parent

def say(text):
    os.write(1, f"{text}\\n".encode())  # in one write, as other processes write to the same pipe

async def app(scope, receive, send):
    await receive()
    stop_with_parent()
    if sys.argv[1] != "-" and not os.path.exists(sys.argv[1]):
        open(sys.argv[1], "w").close()
        os._exit(7)
    say("work")
    await send({"type": "lifespan.startup.complete"})
    await receive()
    say("end")
    await send({"type": "lifespan.shutdown.complete"})

def make():
    return app

if __name__ == "__main__":
    workers = Workers(make_config(make, factory=True, workers=2), bind("127.0.0.1", 0), lambda: say("ready"))
    workers.run()
    say("interrupted" if workers.interrupted else "stopped")
"""
"""Two processes that wait. With the path of a file that does not exist, the first one creates it and dies."""


@contextmanager
def group(directory: Path, path: object = "-") -> Iterator[subprocess.Popen[str]]:
    program = directory / "program.py"
    program.write_text(PROGRAM)
    process = subprocess.Popen([sys.executable, str(program), str(path)], stdout=subprocess.PIPE, text=True)
    with process:
        try:
            yield process
        finally:
            process.kill()


def lines(process: subprocess.Popen[str], count: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline().strip() for _ in range(count)]


@pytest.mark.parametrize(("stop", "said"), [(signal.SIGTERM, "stopped"), (signal.SIGINT, "interrupted")])
def test_workers_are_ready_once_and_stop_at_a_signal(tmp_path: Path, stop: signal.Signals, said: str) -> None:
    with group(tmp_path) as process:
        assert lines(process, 3) == ["work", "work", "ready"]
        process.send_signal(stop)
        assert lines(process, 4) == ["end", "end", said, ""]
        assert process.wait(30) == 0


def test_workers_replace_a_process_that_dies(tmp_path: Path) -> None:
    with group(tmp_path, tmp_path / "died") as process:
        assert lines(process, 3) == ["work", "work", "ready"]
        assert (tmp_path / "died").exists()
        process.send_signal(signal.SIGTERM)
        assert lines(process, 4) == ["end", "end", "stopped", ""]


def test_workers_of_a_killed_parent_end(tmp_path: Path) -> None:
    with group(tmp_path) as process:
        lines(process, 3)
        process.kill()
        assert lines(process, 3) == ["end", "end", ""]
