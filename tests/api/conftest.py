"""The HTTP server over a socket."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from letrics.api.server import Server, bind
from tests.api.wire import Wire
from tests.conftest import Service


@pytest.fixture
def wire(service: Service) -> Iterator[Wire]:
    started = threading.Event()
    with bind("127.0.0.1", 0) as bound:
        server = Server(service.api.app, started.set)
        thread = threading.Thread(target=server.run, args=([bound],))
        thread.start()
        assert started.wait(20)
        yield Wire(bound.getsockname(), service.tokens["read"])
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()
