"""`letrics demo`: the bundled sample, served for a trial from a directory of its own.

That directory bears a mark, a small file; a directory that has data but no mark is somebody's own and is left alone.
The mark also says which sample has been loaded: another version of it is loaded over the old one.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import msgspec

from letrics.cli.context import Session, pass_session
from letrics.cli.failures import ENVIRONMENT, INTERRUPTED, USAGE, Failed
from letrics.cli.interrupt import Shield
from letrics.cli.progress import Meter
from letrics.plurals import counted
from letrics.records import KINDS, Kind
from letrics.settings import Home, Settings, default_home

if TYPE_CHECKING:
    from letrics.store.base import Tally
    from letrics.store.packed import Again
    from letrics.store.sqlite import SqliteStore

MARK: Final = "demo.json"
LOCK: Final = "demo.lock"
USER: Final = "demo@letrics.example"
_TOKEN_DAYS: Final = 30
QUESTION: Final = {
    "job_titles": ["manager"],
    "locations": ["Germany", "Nordics"],
    "has_personal_email": True,
    "per_page": 3,
}
"""The search that the printed curl command asks."""


class _Mark(msgspec.Struct):
    """What the demo's directory says of itself: the fingerprint of the sample it holds, None until it is loaded."""

    sample: str | None = None


@click.command()
@click.option("--host", metavar="H", help="The address to listen on (default 127.0.0.1).")
@click.option("--port", metavar="P", help="The port to listen on (default 8000).")
@pass_session
def demo(session: Session, host: str | None, port: str | None) -> int:
    """Serve a bundled sample of 6,000 companies and 26,000 invented contacts, until stopped.

    Its data is kept in $XDG_CACHE_HOME/letrics-demo or in the directory given with --home, never in your own. When
    searches can be answered, a fresh token and a command to try it with are printed.
    """
    session.home_given = session.home_given or demo_directory()
    home = session.home
    claim(home)
    settings = session.settings({"host": host, "port": port, "workers": 1})
    with only_demo(home):
        return _serve(session, settings)


def _serve(session: Session, settings: Settings) -> int:
    home = session.home
    from letrics import app
    from letrics.api.server import bind

    try:
        bind(settings.host, settings.port).close()  # said at once, and not after the sample has been loaded
        load_sample(session, home, settings)
        token = fresh_token(home)
        interrupted = app.serve(home, settings, lambda url: _welcome(session, url, token, sign_in_path(home)))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise Failed(
            f"port {settings.port} is taken by another program: stop that one, or choose another port "
            "(letrics demo --port 8123, make demo PORT=8123)",
            ENVIRONMENT,
        ) from None
    session.say("Stopped.")
    return INTERRUPTED if interrupted else 0


def demo_directory() -> Path:
    """`$XDG_CACHE_HOME/letrics-demo`, else `~/.cache/letrics-demo`: what is in it can be made again at any time."""
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "letrics-demo"


def claim(home: Home) -> None:
    """Make the directory and mark it as the demo's. Raises Failed where it holds somebody's own data."""
    mark = home.path / MARK
    if mark.exists():
        return
    own = home.path.resolve() == default_home().expanduser().resolve()
    if own or home.database.exists() or home.accounts.exists():
        raise Failed(
            f"{home.path} is for your own data: the demo works in a directory of its own (name one with --home DIR)",
            USAGE,
        )
    home.make()
    _write_mark(home, _Mark())


@contextmanager
def only_demo(home: Home) -> Iterator[None]:
    """Lock the directory against another demo, which would replace the token of this one. Raises Failed where one
    runs. The lock ends with the process."""
    with (home.path / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failed(
                f"a demo is already running in {home.path}: use or stop that one, or choose another directory "
                "(letrics demo --home DIR)",
                ENVIRONMENT,
            ) from None
        yield


def sample_fingerprint() -> str:
    """Changes whenever the bundled sample does."""
    from letrics.sample import sample_file

    digest = hashlib.blake2b(digest_size=12)
    for kind in KINDS:
        digest.update(sample_file(kind).read_bytes())
    return digest.hexdigest()


def load_sample(session: Session, home: Home, settings: Settings) -> None:
    """Load the sample and save its index, where that has not been done. Interrupted, the next start finishes it."""
    fingerprint = sample_fingerprint()
    if _read_mark(home).sample == fingerprint and home.database.exists():
        return
    from letrics.cli.index import refresh_index
    from letrics.store.sqlite import SqliteStore

    session.say(f"Loading the sample into {home.path} (once)")
    store = SqliteStore.open(home.database, create=True)
    try:
        with Shield() as shield, Meter(session.console) as meter:
            for kind in ("companies", "contacts"):
                _import(store, kind, settings, shield, meter)
    finally:
        store.close()
    refresh_index(home, settings, session.console)
    _write_mark(home, _Mark(fingerprint))


def _import(store: SqliteStore, kind: Kind, settings: Settings, shield: Shield, meter: Meter) -> None:
    from letrics.ingest.importer import Importer
    from letrics.ingest.mapping import mapper
    from letrics.ingest.report import Report
    from letrics.ingest.source import open_source
    from letrics.sample import sample_file

    source = open_source(str(sample_file(kind)))

    def write(batch: list[Any], again: Again | None) -> Tally:
        if kind == "companies":
            return shield.hold(lambda: store.put_companies(batch))
        return shield.hold(lambda: store.put_contacts(batch, again))

    def tell(report: Report) -> None:
        meter.show(f"Loading {kind}", source.progress(), source.total, counted(report.rows, "row"))
        shield.release()

    try:
        importer = Importer(batch_size=settings.batch_size, tell=tell)
        report = importer.run(source.name, source.rows, mapper(kind), write)
    finally:
        source.close()
    if report.rejected:
        raise Failed(f"the bundled sample is damaged: {importer.rejects.first[0]}", ENVIRONMENT)


def fresh_token(home: Home) -> str:
    """The demo's token with a new secret: the one before is deleted, as its secret is kept nowhere.

    Its user is added where missing. It may read and write, for 30 days.
    """
    from letrics.accounts.database import AccountsDatabase, now_ms
    from letrics.accounts.tokens import Tokens
    from letrics.accounts.users import UnknownUser, Users
    from letrics.normalize.time import DAY_MS

    with AccountsDatabase(home.accounts) as database:
        users = Users(database)
        try:
            users.get(USER)
        except UnknownUser:
            users.add(USER, role="admin")
        expiry = now_ms() + _TOKEN_DAYS * DAY_MS
        return Tokens(database).replace(USER, "demo", ("read", "write"), expiry)[0]


def sign_in_path(home: Home) -> str:
    """The path of a link that signs the demo's user in, once, within the hour."""
    from letrics.accounts.database import AccountsDatabase
    from letrics.accounts.links import Links

    with AccountsDatabase(home.accounts) as database:
        return Links(database).sign_in(USER)


def _welcome(session: Session, url: str, token: str, path: str) -> None:
    command = curl_command(url, token)
    session.answer(
        {"url": url, "token": token, "curl": command, "link": url + path},
        f"Letrics is running on {url} (reference: {url}/docs; Ctrl-C stops it).\n\n"
        f"In the browser, with a link that works once, for an hour:\n\n{url}{path}\n\n"
        f"For another link:\n\n{link_command(session.home, url)}\n\n"
        f"From a program:\n\n{command}\n\nLETRICS_TOKEN={token}",
    )
    sys.stdout.flush()  # who reads this through a pipe waits for it


def link_command(home: Home, url: str) -> str:
    """A command that prints another sign-in link, as pasted into any shell of this machine: one line."""
    return shlex.join([*program(), "user", "link", USER, "--home", str(home.path), "--url", url])


def program() -> list[str]:
    """The words by which a shell calls this very installation, which its PATH need not have."""
    script = Path(sys.executable).parent / "letrics"
    if shutil.which("letrics") == str(script):
        return ["letrics"]
    return [str(script)] if script.exists() else [sys.executable, "-m", "letrics.cli"]


def curl_command(url: str, token: str) -> str:
    """A search that works as pasted into a shell: one line."""
    words = ["curl", "-s", f"{url}/v1/contacts", "-H", f"Authorization: Bearer {token}",
             "-H", "Content-Type: application/json", "-d", msgspec.json.encode(QUESTION).decode()]  # fmt: skip
    return shlex.join(words)


def _read_mark(home: Home) -> _Mark:
    try:
        return msgspec.json.decode((home.path / MARK).read_bytes(), type=_Mark)
    except (OSError, msgspec.DecodeError, msgspec.ValidationError):
        return _Mark()


def _write_mark(home: Home, mark: _Mark) -> None:
    path = home.path / MARK
    beside = path.with_suffix(".new")
    beside.write_bytes(msgspec.json.encode(mark))
    beside.replace(path)
