"""The HTTP server over a socket."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import uvicorn

from letrics.api.server import bind, make_config
from tests.api.wire import Wire
from tests.conftest import Service
from tests.waiting import wait_for


@pytest.fixture
def wire(service: Service) -> Iterator[Wire]:
    with bind("127.0.0.1", 0) as bound:
        server = uvicorn.Server(make_config(service.api.app))
        thread = threading.Thread(target=server.run, args=([bound],))
        thread.start()
        wait_for(lambda: server.started)
        yield Wire(bound.getsockname(), service.tokens["read"])
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()
