"""The composition root: settings in, a running service out. The only module that picks classes."""

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
from letrics.api.backends import Backends
from letrics.api.compression import Compression
from letrics.api.connection_limits import ConnectionLimits, available_connections, default_max_connections
from letrics.api.cors import Cors
from letrics.api.hosts import known_hosts
from letrics.api.inside import Inside
from letrics.api.metrics import Metrics
from letrics.api.server import Server, bind, url_of
from letrics.api.surface import build_table
from letrics.api.workers import Workers
from letrics.child import python_command
from letrics.engines.bitmap import BitmapEngine
from letrics.engines.follower import Follower, save_if_behind, write_snapshot
from letrics.engines.renewal import alone
from letrics.fields import warm_up
from letrics.memory import at_hand, hold_in_steps, hold_memory, trim_memory
from letrics.settings import Home, Settings, SettingsError, is_usual_home
from letrics.store.base import Store, StoreAway
from letrics.store.current import CurrentStore
from letrics.store.sqlite import SqliteStore
from letrics.web.pages import build_pages
from letrics.web.site import Site
from letrics.web.templates import compile_templates

_log: Final = logging.getLogger("letrics.app")


def _make_engine(settings: Settings) -> BitmapEngine:
    return BitmapEngine(budget_ms=settings.query_budget_ms, cache_mb=settings.index_cache_mb)


_READY_CHECK_SECONDS: Final = 0.02
_MAX_READY_WAIT_SECONDS: Final = 30.0
"""How long a restarted server process leaves all requests to the others. Then it serves, with 503 until it is ready."""
_SETTLED_SECONDS: Final = 1.0
_BETWEEN_SECONDS: Final = 0.002
_MORE_BYTES: Final = 192 << 20
"""So much more may be left of an index that was given up: to give it back holds up whoever asks."""

_RENEW: Final = "import os; os.nice(2); from letrics.app import renew_index; renew_index(sys.argv[1])"
"""Those who serve go first, but not by much: beside an import and a server that follows it, a process of far lower
priority takes very long, and until it ends, the server keeps all changes in memory."""


def renewal_command(home: Home) -> list[str]:
    """The command of a process that rebuilds the saved index of a home."""
    return python_command(_RENEW, str(home.path.absolute()))


def renew_index(path: str) -> None:
    """Make the saved index of the home at `path` anew, with all that the log has: what a server has done by a process
    of its own. Does nothing where another process is at it."""
    home = Home(Path(path))
    with alone(home.snapshot) as only:
        if not only:
            return
        with SqliteStore.open(home.database, create=False) as store:
            engine = BitmapEngine()
            engine.renew(store, home.snapshot)
            write_snapshot(engine, store, home.snapshot)


def create_app(
    home: Home, settings: Settings, engine: BitmapEngine | None = None, metrics: Metrics | None = None,
    create: bool = True,
) -> ASGIApp:  # fmt: skip
    """The ASGI application over the data in `home`, which is made where it is missing, with `create`: a database that
    is removed later is not. Without, the database may be missing: requests get 503 until it is there.

    The index is loaded and followed in a thread; until it is, searches answer 503. An `engine` that is loaded already
    is only followed. The application stops what was started here at the end of its lifespan. Raises StoreAway and
    StoreTooNew.
    """
    warm_up()
    engine = engine or _make_engine(settings)
    if create:
        _create_databases(home)

    def open_store() -> Store:
        return SqliteStore.open(home.database, create=False)

    store = CurrentStore(open_store, engine.position)
    try:
        store.position()  # open it now: while it is open, a file put in its place is noticed
    except StoreAway:
        if create:
            raise
    accounts = AccountsDatabase(home.accounts, create=False)
    last_used = LastUsed(home.accounts)
    follower = Follower(engine, open_store, home.snapshot, settings.follow_ms / 1000, renewal_command(home))
    backends = Backends(engine, store, open_store, Verifier(accounts, last_used), last_used)
    metrics = metrics or Metrics()

    table = build_table(backends, metrics)
    sessions = SessionVerifier(accounts)
    https = settings.https or settings.public_url.startswith("https:")
    inside = Inside(table, sessions, https=https)
    shown = "" if is_usual_home(home.path) else str(home.path)
    site = Site(home.accounts, sessions, inside.ask, https=https, public_url=settings.public_url, home=shown)
    hosts = known_hosts(settings.host, settings.public_url, settings.allowed_hosts)

    def stop() -> None:
        follower.stop()
        site.close()
        accounts.close()
        store.close()

    follower.start()
    hold_memory(at_hand(_index_bytes(home)))
    pages = build_pages(site)
    beside = partial(_prepare, engine, home, settings.index_cache_mb << 20)
    rate = settings.requests_per_second
    app: ASGIApp = Application(table, backends, metrics, pages, rate, stop, inside, beside, hosts)
    app = Compression(app)
    return Cors(app, settings.cors_origins) if settings.cors_origins else app


def _create_databases(home: Home) -> None:
    """Make the home and its databases where they are missing, and bring them up to date before several processes open
    them. Raises StoreAway and StoreTooNew."""
    home.make()
    AccountsDatabase(home.accounts).close()
    SqliteStore.open(home.database, create=True).close()


def _index_bytes(home: Home) -> int:
    return home.snapshot.stat().st_size if home.snapshot.exists() else 0


async def _prepare(engine: BitmapEngine, home: Home, cache_bytes: int) -> None:
    """Do in the background what a request would otherwise wait for. Forked processes have compiled templates."""
    try:
        await asyncio.to_thread(compile_templates)
    except Exception:
        _log.exception("compiling the templates failed")
    await _hold_more(engine, home, cache_bytes)


async def _hold_more(engine: BitmapEngine, home: Home, cache_bytes: int) -> None:
    """Have memory at hand for what the engine keeps of its index too, bit by bit once it answers. When it has taken
    over another index, what it held of the one before is at hand again; where that is much more, it is given back."""
    base, held = -1, 0
    while True:
        await asyncio.sleep(_SETTLED_SECONDS)
        if not engine.ready() or engine.base_seq() == base:
            continue
        size, first, base = at_hand(_index_bytes(home), cache_bytes), base < 0, engine.base_seq()
        if not first and trim_memory(size + _MORE_BYTES):
            held = 0
        for _ in hold_in_steps(size - held):
            await asyncio.sleep(_BETWEEN_SECONDS)
        held = max(held, size)


def serve(home: Home, settings: Settings, ready: Callable[[str], None] | None = None) -> bool:
    """Serve until SIGTERM or SIGINT; returns whether it was SIGINT. To be called in the main thread.

    `ready` is called once with the URL, when the first searches can be answered. Raises OSError where the address
    cannot be taken, SettingsError, StoreAway and StoreTooNew.
    """
    _log_to_stderr(settings.log_level)
    limits = _connection_limits(settings)
    with bind(settings.host, settings.port) as bound:

        def tell() -> None:
            if ready is not None:
                ready(url_of(bound))

        if settings.workers > 1:
            return _serve_forked(home, settings, bound, tell, limits)
        engine = _make_engine(settings)
        app = create_app(home, settings, engine)
        server = Server(app, started=lambda: _when_ready(engine, tell), limits=limits)
        server.run(sockets=[bound])
        return server.interrupted


def _connection_limits(settings: Settings) -> ConnectionLimits:
    """Raises SettingsError where more connections are set than files may be open."""
    most = available_connections()
    if settings.max_connections > most:
        raise SettingsError(
            f"max_connections = {settings.max_connections:,}: this process may open files for {most:,} connections; "
            "set fewer, or raise its limit of open files (ulimit -n, LimitNOFILE= of the systemd unit)"
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
    """Load the index and the templates once, then fork: the processes share the memory, and each follows the log by
    itself. Until they are loaded the address is taken but nothing listens there.

    A process searches only once it has caught up with the log: what it was forked with may be days old. Until then it
    accepts no connections while another process can answer them; where none can, it answers 503.
    """
    _create_databases(home)
    engine = _make_engine(settings)
    store = SqliteStore.open(home.database, create=False)
    engine.load(store, home.snapshot)
    save_if_behind(engine, store, home.snapshot)
    store.close()
    with tempfile.TemporaryDirectory(prefix="letrics-metrics-") as shared:
        metrics = Metrics(Path(shared))

        def work(lifeline: int, started: Callable[[], None], any_started: Callable[[], bool]) -> None:
            engine.suspend()  # what was loaded is as old as the parent
            try:
                app = create_app(home, settings, engine, metrics, create=False)
            except StoreAway as error:
                _log.error("this server process cannot start: %s", error)
                raise SystemExit(1) from None
            if _wait_for_turn(engine, lifeline, any_started):
                Server(app, lambda: _when_ready(engine, started), lifeline, limits).run(sockets=[bound])

        compile_templates()
        gc.collect()
        gc.freeze()  # what is loaded is never looked at by the collector, which would write to its pages
        return Workers(settings.workers, work, tell).run()


def _wait_for_turn(engine: BitmapEngine, lifeline: int, any_started: Callable[[], bool]) -> bool:
    """Wait until the follower has brought the engine up to date, or until no other process is ready to serve instead.
    Returns False where the parent process, which holds the other end of the pipe `lifeline`, is gone. SIGTERM ends
    the process meanwhile."""
    deadline = time.monotonic() + _MAX_READY_WAIT_SECONDS
    try:
        while not engine.ready() and any_started() and time.monotonic() < deadline:
            if select.select([lifeline], [], [], _READY_CHECK_SECONDS)[0]:
                return False
    except KeyboardInterrupt:
        return False
    return True


def _when_ready(engine: BitmapEngine, tell: Callable[[], None]) -> None:
    """Call `tell` once searches can be answered. To be called in the running loop."""

    async def wait() -> None:
        while not engine.ready():
            await asyncio.sleep(_READY_CHECK_SECONDS)
        tell()

    _waiting.add(waiting := asyncio.get_running_loop().create_task(wait()))
    waiting.add_done_callback(_waiting.discard)


_waiting: Final[set[asyncio.Task[None]]] = set()
"""The loop itself keeps no task from being collected."""


def _log_to_stderr(level: str) -> None:
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # Not its warnings: it writes one for every malformed request, and anybody can send those.
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
