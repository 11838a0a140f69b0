"""The composition root of the server: builds the ASGI application from the settings, and runs it."""

from __future__ import annotations

import asyncio
import gc
import logging
import select
import socket
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from starlette.types import ASGIApp

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.last_used import LastUsed
from letrics.accounts.sessions import SessionVerifier
from letrics.accounts.verifier import Verifier
from letrics.api.application import Application
from letrics.api.auth import Buckets
from letrics.api.backends import Backends
from letrics.api.compression import Compression
from letrics.api.connection_limits import ConnectionLimits, available_connections, default_max_connections
from letrics.api.cors import Cors
from letrics.api.endpoints import build_table
from letrics.api.hosts import known_hosts
from letrics.api.internal_api import InternalApi
from letrics.api.metrics import Metrics
from letrics.api.server import Server, bind, url_of
from letrics.api.workers import Workers
from letrics.backends import open_backends
from letrics.backends.base import FollowedEngine, StoreBackend
from letrics.engines.base import SearchEngine
from letrics.engines.follower import Follower
from letrics.fields import warm_up
from letrics.settings import Home, Settings, SettingsError, is_usual_home
from letrics.store.base import StoreAway
from letrics.store.current import CurrentStore
from letrics.store.documents import LocalDocuments
from letrics.web.asgi import build_pages, prepare_pages
from letrics.web.site import Site

_log: Final = logging.getLogger("letrics.app")


_READY_CHECK_SECONDS: Final = 0.02
"""Seconds between two checks of whether the engine is ready."""
_MAX_READY_WAIT_SECONDS: Final = 30.0
"""Seconds for which a restarted server process leaves all requests to the other processes. Then it serves, and returns
503 until it is ready."""


def create_app(
    home: Home, settings: Settings, engine: FollowedEngine | None = None, metrics: Metrics | None = None,
    create: bool = True,
) -> ASGIApp:  # fmt: skip
    """Create the ASGI application for the data in `home`.

    With `create`, the home and its databases are created if they are missing; a database that is removed later is not
    created again. Without it, the database may be missing: requests return 503 until it exists.

    A thread loads the index and applies changes to it; until it is loaded, searches return 503. An `engine` that is
    already loaded only gets the changes. The application stops its threads at the end of its lifespan.
    Raises StoreAway and StoreTooNew.
    """
    warm_up()
    chosen = open_backends(home, settings)
    engine, open_store = engine or chosen.engine.make(), chosen.store.open
    if create:
        _create_databases(home, chosen.store)
    store = CurrentStore(open_store, engine.engine.position)
    try:
        store.position()  # open it now: while it is open, a file put in its place is noticed
    except StoreAway:
        if create:
            raise
    accounts = AccountsDatabase(home.accounts, create=False)
    last_used = LastUsed(home.accounts)
    follower = Follower(engine.target(), open_store, settings.follow_ms / 1000)
    documents = LocalDocuments(store)
    backends = Backends(engine.engine, documents, open_store, Verifier(accounts, last_used), last_used)
    metrics = metrics or Metrics()

    table = build_table(backends, metrics)
    sessions = SessionVerifier(accounts)
    https = settings.https or settings.public_url.startswith("https:")
    internal = InternalApi(table, sessions, https=https)
    shown = "" if is_usual_home(home.path) else str(home.path)
    site = Site(home.accounts, sessions, internal.ask, https=https, public_url=settings.public_url, home=shown)
    hosts = known_hosts(settings.host, settings.public_url, settings.allowed_hosts)

    def stop() -> None:
        follower.stop()
        engine.engine.close()
        site.close()
        accounts.close()
        store.close()

    follower.start()
    pages = build_pages(site)
    background = partial(prepare, prepare_pages)
    limiter = Buckets(settings.requests_per_second)
    app: ASGIApp = Application(table, backends, metrics, pages, limiter, stop, internal, background, hosts)
    app = Compression(app)
    return Cors(app, settings.cors_origins) if settings.cors_origins else app


def _create_databases(home: Home, store: StoreBackend) -> None:
    """Create the home and its databases if they are missing, and migrate them before several processes open them.

    Raises StoreAway and StoreTooNew.
    """
    home.make()
    AccountsDatabase(home.accounts).close()
    store.open(create=True).close()


async def prepare(prepare_pages: Callable[[], None]) -> None:
    """Prepare the pages in the background, so that no request has to wait for that.

    Forked processes inherit the prepared pages.
    """
    try:
        await asyncio.to_thread(prepare_pages)
    except Exception:
        _log.exception("preparing the pages failed")


def serve(home: Home, settings: Settings, ready: Callable[[str], None] | None = None) -> bool:
    """Serve until SIGTERM or SIGINT; returns whether the signal was SIGINT. Call it in the main thread.

    `ready` is called once with the URL, when the server is ready for searches. Raises OSError if the address cannot be
    bound, SettingsError, StoreAway and StoreTooNew.
    """
    _log_to_stderr(settings.log_level)
    limits = _connection_limits(settings)
    with bind(settings.host, settings.port) as bound:

        def tell() -> None:
            if ready is not None:
                ready(url_of(bound))

        if settings.workers > 1:
            return _serve_forked(home, settings, bound, tell, limits)
        engine = open_backends(home, settings).engine.make()
        app = create_app(home, settings, engine)
        server = Server(app, started=lambda: _when_ready(engine.engine, tell), limits=limits)
        server.run(sockets=[bound])
        return server.interrupted


def _connection_limits(settings: Settings) -> ConnectionLimits:
    """The connection limits of the settings. Raises SettingsError if max_connections exceeds the open file limit."""
    most = available_connections()
    if settings.max_connections > most:
        raise SettingsError(
            f"max_connections = {settings.max_connections:,}: the limit of open files allows {most:,} connections; set "
            "a lower number, or raise that limit (ulimit -n, or LimitNOFILE= in the systemd unit)"
        )
    return ConnectionLimits(
        head_seconds=settings.head_timeout_seconds,
        body_seconds=settings.body_timeout_seconds,
        write_seconds=settings.write_timeout_seconds,
        keep_alive_seconds=settings.keep_alive_seconds,
        max_connections=settings.max_connections or default_max_connections(),
    )


def _serve_forked(
    home: Home, settings: Settings, bound: socket.socket, tell: Callable[[], None], limits: ConnectionLimits
) -> bool:
    """Load the index and the pages once, then fork: the processes share the memory, and each applies changes by
    itself. Until they are loaded, the address is bound but not listened on.

    A process searches only when it has applied all changes: the index that it inherited may be days old. Until then it
    accepts no connections while another process can serve them. If no process can, it returns 503.
    """
    backends = open_backends(home, settings)
    _create_databases(home, backends.store)
    engine = backends.engine.make()
    with backends.store.open() as store:
        engine.preload(store)
    with tempfile.TemporaryDirectory(prefix="letrics-metrics-") as shared:
        metrics = Metrics(Path(shared))

        def work(lifeline: int, started: Callable[[], None], any_started: Callable[[], bool]) -> None:
            engine.suspend()  # the inherited index is as old as the parent process
            try:
                app = create_app(home, settings, engine, metrics, create=False)
            except StoreAway as error:
                _log.error("this server process cannot start: %s", error)
                raise SystemExit(1) from None
            if _wait_for_turn(engine.engine, lifeline, any_started):
                Server(app, lambda: _when_ready(engine.engine, started), lifeline, limits).run(sockets=[bound])

        prepare_pages()
        gc.collect()
        gc.freeze()  # exclude the index from garbage collection, which would write to the shared pages
        return Workers(settings.workers, work, tell).run()


def _wait_for_turn(engine: SearchEngine, lifeline: int, any_started: Callable[[], bool]) -> bool:
    """Wait until the engine has applied all changes, or until no other process is ready to serve instead.

    Returns False if the parent process, which has the write end of the pipe `lifeline`, has ended meanwhile. SIGTERM
    ends the process.
    """
    deadline = time.monotonic() + _MAX_READY_WAIT_SECONDS
    try:
        while not engine.ready() and any_started() and time.monotonic() < deadline:
            if select.select([lifeline], [], [], _READY_CHECK_SECONDS)[0]:
                return False
    except KeyboardInterrupt:
        return False
    return True


def _when_ready(engine: SearchEngine, tell: Callable[[], None]) -> None:
    """Call `tell` once the engine is ready. Call this in the running event loop."""

    async def wait() -> None:
        while not engine.ready():
            await asyncio.sleep(_READY_CHECK_SECONDS)
        tell()

    _waiting.add(waiting := asyncio.get_running_loop().create_task(wait()))
    waiting.add_done_callback(_waiting.discard)


_waiting: Final[set[asyncio.Task[None]]] = set()
"""The running tasks. The event loop has only weak references to tasks, so without this they could be collected."""


def _log_to_stderr(level: str) -> None:
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # Suppress uvicorn's warnings: it logs one for every malformed request, and any client can send those.
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
