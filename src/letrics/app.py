"""The composition root of the server: builds the ASGI application from the settings, and runs it."""

from __future__ import annotations

import asyncio
import logging
import math
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from starlette.types import ASGIApp

from letrics import __version__
from letrics.accounts.last_used import LastUsed
from letrics.api.application import Application
from letrics.api.auth import Buckets
from letrics.api.backends import Backends
from letrics.api.compression import Compression
from letrics.api.connection_limits import ConnectionLimits, available_connections, default_max_connections
from letrics.api.cors import Cors
from letrics.api.endpoints import build_table
from letrics.api.fair_use import FairUse
from letrics.api.hosts import known_hosts
from letrics.api.idempotency import Idempotency
from letrics.api.import_endpoints import Imports
from letrics.api.import_jobs import ImportJobs
from letrics.api.internal_api import InternalApi
from letrics.api.metrics import Metrics, forget_process
from letrics.api.metrics_port import serving_metrics
from letrics.api.pools import FairUseLimits
from letrics.api.security_events import RequestEvents
from letrics.api.server import Workers, bind, make_config, run, stop_with_parent, url_of
from letrics.api.strict_transport import StrictTransport
from letrics.backends import open_backends
from letrics.backends.base import HomeBackends
from letrics.backends.leftovers import remove_leftovers, temporary_directory
from letrics.engines.base import EngineAway, SearchEngine
from letrics.engines.explained_engine import ExplainedEngine
from letrics.engines.follower import Follower
from letrics.engines.follower_positions import PositionFile
from letrics.engines.served.offering import offered
from letrics.fields import warm_up
from letrics.ingest.json_records import read_json_records
from letrics.logs.log_setup import set_up_logs
from letrics.logs.security_log import open_security_log
from letrics.search.expiry import Retention
from letrics.settings import Home, Settings, SettingsError, is_usual_home
from letrics.store.base import Position, StoreAway
from letrics.web.asgi import build_pages, prepare_pages
from letrics.web.site import Site

_log: Final = logging.getLogger("letrics.app")


_READY_CHECK_SECONDS: Final = 0.02
"""Seconds between two checks of whether the engine is ready."""
_MAX_READY_WAIT_SECONDS: Final = 10.0
"""Seconds for which a server process that was started leaves all requests to the other processes. Then it serves, and
returns 503 until it is ready."""
_CREATE_SECONDS: Final = 0.5
"""Seconds between two attempts to create the tables in a database that was away when the program started."""
_SWEEP_SECONDS: Final = 600.0
"""Seconds between two deletions of the responses of requests that are older than 24 hours."""
_UPLOADS_SWEEP_SECONDS: Final = 5.0
"""Seconds between two deletions of files of uploads: of imports that outlived the server that started them."""


def create_app(
    home: Home, settings: Settings, ready: Callable[[], None] | None = None, shared_metrics: Path | None = None,
    metrics_socket: socket.socket | None = None,
) -> ASGIApp:  # fmt: skip
    """Create the ASGI application for the data in `home`. `ready` is called once, when it is ready for searches.

    A thread loads the index and applies changes to it; until it is loaded, searches return 503. The application stops
    its threads at the end of its lifespan. Raises StoreAway and StoreTooNew.

    With `shared_metrics`, a directory, it is the application of one of several processes. Otherwise the home and its
    databases are created if they are missing. A database that is removed later is not created again: requests return
    503 until it exists. A database on a server may be away: then its tables are created when it is there.
    """
    warm_up()
    chosen = open_backends(home, settings)
    engine, open_store = chosen.engine.make(), chosen.store.open
    is_created = shared_metrics is not None and not chosen.store.is_remote
    if not is_created:
        is_created = _create_databases(home, chosen)
    target = engine.target()
    documents = chosen.store.open_documents(target.position)
    wait_seconds = _MAX_READY_WAIT_SECONDS if is_created else 0
    try:
        documents.connect()  # while it is open, a file put in its place is noticed
    except StoreAway:
        if shared_metrics is None:
            raise
        wait_seconds = 0
    last_used = LastUsed(chosen.accounts.open)
    follower = Follower(target, open_store, settings.follow_ms / 1000, PositionFile(home.followers))
    authenticator = chosen.accounts.open_authenticator(last_used)
    searched = ExplainedEngine(engine.engine, follower.why_loading)
    backends = Backends(searched, documents, open_store, authenticator, last_used, follower.why_loading)
    metrics = Metrics(shared_metrics, home.path)
    security = open_security_log(home.path, settings.security_log, settings.security_log_mb)
    unwritten = "Security events that could not be written."
    metrics.states.watch("letrics_security_events_lost", unwritten, "livesum", lambda: security.failures)

    jobs = ImportJobs(home.path)
    pace = partial(chosen.pace, home.followers)
    imports = Imports(backends, jobs, settings.max_upload, is_shared=chosen.store.is_remote, pace=pace)
    table = build_table(backends, metrics, imports=imports, read_records=read_json_records,
                        with_metrics=metrics_socket is None)  # fmt: skip
    requests = chosen.accounts.open_requests()
    https = settings.https or settings.public_url.startswith("https:")
    fair = FairUse(fair_use_limits(settings), settings.query_budget_ms / 1000)
    internal = InternalApi(table, authenticator, https=https, fair=fair, on_failure=metrics.count_failure)
    shown = "" if is_usual_home(home.path) else str(home.path)
    site = Site(
        chosen.accounts.open, authenticator, internal.ask, backends.search, https=https, public_url=settings.public_url,
        home=shown, max_upload=settings.max_upload, wait_seconds=chosen.accounts.wait_seconds,
    )  # fmt: skip
    hosts = known_hosts(settings.host, settings.public_url, settings.allowed_hosts)

    def stop() -> None:
        follower.stop()
        engine.engine.close()
        site.close()
        authenticator.close()
        requests.close()
        documents.close()

    async def start() -> None:
        if shared_metrics is not None:
            stop_with_parent()
            if not await _is_away(engine.engine):
                await _until_ready(engine.engine, wait_seconds)

    async def background() -> None:
        nonlocal is_created
        measured = serving_metrics(metrics_socket, lambda: metrics.text(backends))
        async with offered(searched, home.engine_socket), measured:
            refreshing = asyncio.create_task(metrics.refresh_for_ever(backends))
            await prepare(prepare_pages)
            while not is_created:
                await asyncio.sleep(_CREATE_SECONDS)
                is_created = await asyncio.to_thread(_create_databases, home, chosen, logging.DEBUG)
            await _until_ready(engine.engine)
            if ready is not None:
                ready()
            await asyncio.gather(
                refreshing,
                authenticator.watch(),
                _sweep_for_ever(requests.sweep, _SWEEP_SECONDS),
                _sweep_for_ever(jobs.sweep, _UPLOADS_SWEEP_SECONDS),
                Retention(engine.engine, open_store, settings.retention_days).run(),
            )

    follower.start()
    pages = build_pages(site)
    limiter = Buckets(settings.requests_per_second)
    app: ASGIApp = Application(table, backends, metrics, pages, limiter, stop, internal, background, hosts, start,
                               Idempotency(requests, wait_seconds=chosen.accounts.wait_seconds),
                               RequestEvents(security), fair)  # fmt: skip
    app = Compression(app)
    app = Cors(app, settings.cors_origins) if settings.cors_origins else app
    return StrictTransport(app, https=https)


async def _sweep_for_ever(sweep: Callable[[], None], seconds: float) -> None:
    """Delete what is old at the start and now and then, also if no request causes it."""
    while True:
        try:
            await asyncio.to_thread(sweep)
        except StoreAway as error:
            _log.warning("deleting old responses or uploads failed: %s", error)
        except OSError:
            _log.exception("deleting old responses or uploads failed")
        await asyncio.sleep(seconds)


def _create_databases(home: Home, chosen: HomeBackends, level: int = logging.WARNING) -> bool:
    """Create the home and its databases if they are missing, and migrate them before several processes open them.

    Returns False if they are on a server that is away at present, which is logged at `level`. Raises StoreAway and
    StoreTooNew.
    """
    home.make()
    try:
        chosen.accounts.open(create=True).close()
        chosen.store.open(create=True).close()
    except StoreAway as error:
        if not chosen.store.is_remote:
            raise
        _log.log(level, "the database is not available, trying again: %s", error)
        return False
    return True


async def prepare(prepare_pages: Callable[[], None]) -> None:
    """Prepare the pages in the background, so that no request has to wait for that."""
    try:
        await asyncio.to_thread(prepare_pages)
    except Exception:
        _log.exception("preparing the pages failed")


async def _until_ready(engine: SearchEngine, seconds: float = math.inf) -> None:
    """Wait until the engine has applied all changes of the log, but not longer than `seconds`."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and await _position(engine) is None:
        await asyncio.sleep(_READY_CHECK_SECONDS)


async def _is_away(engine: SearchEngine) -> bool:
    """Whether the engine cannot be reached, so that waiting for it is useless."""
    try:
        await engine.position()
    except EngineAway:
        return True
    return False


async def _position(engine: SearchEngine) -> Position | None:
    try:
        return await engine.position()
    except EngineAway:
        return None


def serve(home: Home, settings: Settings, ready: Callable[[str], None] | None = None) -> bool:
    """Serve until SIGTERM or SIGINT; returns whether the signal was SIGINT. Call it in the main thread.

    `ready` is called once with the URL, when the server is ready for searches. Raises OSError if the address cannot be
    bound, SettingsError, StoreAway and StoreTooNew.
    """
    _set_up_logs(settings)
    limits = _connection_limits(settings)
    with bind(settings.host, settings.port) as bound, _metrics_socket(settings) as metrics_socket:
        url = url_of(bound)

        def tell() -> None:
            if ready is not None:
                ready(url)

        with _recorded_run(home, settings):
            if settings.workers == 1:
                app = create_app(home, settings, tell, metrics_socket=metrics_socket)
                return run(make_config(app, limits), bound)
            return _serve_by_workers(home, settings, bound, tell, limits, metrics_socket)


@contextmanager
def _recorded_run(home: Home, settings: Settings) -> Iterator[None]:
    """Record in the security log that the server starts, with the settings that it read, and that it stops."""
    security = open_security_log(home.path, settings.security_log, settings.security_log_mb)
    home.make()
    remove_leftovers(home)
    security.write("server_started", version=__version__, settings=settings.changed())
    try:
        yield
    except BaseException:
        security.write("server_stopped", "failed")
        raise
    security.write("server_stopped")


def _serve_by_workers(
    home: Home, settings: Settings, bound: socket.socket, tell: Callable[[], None], limits: ConnectionLimits,
    metrics_socket: socket.socket | None = None,
) -> bool:  # fmt: skip
    """Serve with several processes, which map the same saved index. Each applies changes by itself."""
    backends = open_backends(home, settings)
    if _create_databases(home, backends):
        try:
            with backends.store.open() as store:
                backends.engine.refresh(store)
        except EngineAway as error:  # a worker brings the index up to date when the engine is there
            _log.warning("the search engine is not available: %s", error)
    logging.getLogger("uvicorn").setLevel(logging.INFO)  # this process has no clients that can make it log
    with temporary_directory("metrics") as shared:
        make = partial(_create_worker_app, home, settings, shared, metrics_socket)
        config = make_config(make, limits, factory=True, workers=settings.workers)
        workers = Workers(config, bound, tell, partial(forget_process, shared))
        workers.run()
    return workers.interrupted


@contextmanager
def _metrics_socket(settings: Settings) -> Iterator[socket.socket | None]:
    """The socket of the setting `metrics_port`, None without it. Raises SettingsError if it cannot be used."""
    if not settings.metrics_port:
        yield None
        return
    host = settings.metrics_host or settings.host
    try:
        bound = bind(host, settings.metrics_port)
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (")[0]
        raise SettingsError(f"metrics_port: cannot listen on {host}:{settings.metrics_port}: {reason}") from None
    with bound:
        yield bound


def _create_worker_app(
    home: Home, settings: Settings, shared_metrics: Path, metrics_socket: socket.socket | None
) -> ASGIApp:
    _set_up_logs(settings)
    return create_app(home, settings, shared_metrics=shared_metrics, metrics_socket=metrics_socket)


def fair_use_limits(settings: Settings) -> FairUseLimits:
    """The limits of requests in progress, of the settings."""
    return FairUseLimits(
        requests=settings.concurrent_requests,
        heavy_searches=settings.concurrent_heavy_searches,
        exports=settings.concurrent_exports,
        uploads=settings.concurrent_uploads,
        changes=settings.concurrent_changes,
        token_share_percent=settings.token_share_percent,
    )


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


def _set_up_logs(settings: Settings) -> None:
    set_up_logs(settings.log_level, settings.log_format, requests=settings.log_requests)
