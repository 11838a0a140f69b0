"""`letrics demo`: serves the bundled sample from a separate directory, to try the program.

The demo marks its directory with a small file. It refuses a directory that has data but no mark, because that is a
user's own data. The mark also records the version of the loaded sample; another version is imported over it.
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

from letrics.cli.context import CliSession, pass_session
from letrics.cli.exit_codes import ENVIRONMENT, INTERRUPTED, USAGE, Failed
from letrics.cli.interrupt import Shield
from letrics.cli.progress import Meter
from letrics.plurals import counted
from letrics.records import KINDS, Kind
from letrics.settings import Home, Settings, default_home

if TYPE_CHECKING:
    from letrics.identity.patches import Tally
    from letrics.store.base import Store

MARK: Final = "demo.json"
"""The name of the file that marks the demo's directory."""
LOCK: Final = "demo.lock"
"""The name of the file that a running demo locks."""
USER: Final = "demo@letrics.example"
"""The email address of the demo's user."""
_TOKEN_DAYS: Final = 30
"""The lifetime of the demo's token, in days."""
QUESTION: Final = {
    "job_titles": ["manager"],
    "locations": ["Germany", "Nordics"],
    "has_personal_email": True,
    "per_page": 3,
}
"""The body of the search in the printed curl command."""


class _Mark(msgspec.Struct):
    """Content of the mark file. `sample` is the fingerprint of the imported sample; None until the import is done."""

    sample: str | None = None


@click.command()
@click.option("--host", metavar="H", help="The address to listen on (default 127.0.0.1).")
@click.option("--port", metavar="P", help="The port to listen on (default 8000).")
@pass_session
def demo(session: CliSession, host: str | None, port: str | None) -> int:
    """Serve the bundled sample of 6,000 companies and 26,000 invented contacts, until stopped.

    The data is stored in $XDG_CACHE_HOME/letrics-demo or in the directory passed with --home, never in your own
    data directory. When the server is ready for searches, it prints a new token and an example command.
    """
    session.home_given = session.home_given or demo_directory()
    home = session.home
    settings = session.settings({"host": host, "port": port, "workers": 1})
    if settings.database or settings.engine != "bitmap":
        raise Failed("the demo never uses your own servers: run it without the settings database and engine", USAGE)
    claim(home)
    with only_demo(home):
        return _serve(session, settings)


def _serve(session: CliSession, settings: Settings) -> int:
    home = session.home
    from letrics import app
    from letrics.api.server import bind

    try:
        bind(settings.host, settings.port).close()  # report a taken port before the import of the sample
        load_sample(session, home, settings)
        token = fresh_token(home)
        interrupted = app.serve(home, settings, lambda url: _welcome(session, url, token, sign_in_path(home)))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise Failed(
            f"port {settings.port} is in use by another program: stop that program, or choose another port "
            "(letrics demo --port 8123, make demo PORT=8123)",
            ENVIRONMENT,
        ) from None
    session.say("Stopped.")
    return INTERRUPTED if interrupted else 0


def demo_directory() -> Path:
    """Return `$XDG_CACHE_HOME/letrics-demo`, or `~/.cache/letrics-demo`. The demo can recreate its content any time."""
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "letrics-demo"


def claim(home: Home) -> None:
    """Create the directory and mark it as the demo's. Raises Failed if it has a user's own data."""
    mark = home.path / MARK
    if mark.exists():
        return
    own = home.path.resolve() == default_home().expanduser().resolve()
    if own or home.database.exists() or home.accounts.exists():
        raise Failed(
            f"{home.path} is for your own data: the demo needs a separate directory, pass one with --home DIR",
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
    """Return a digest of the bundled sample, which changes with its content."""
    from letrics.sample import sample_file

    digest = hashlib.blake2b(digest_size=12)
    for kind in KINDS:
        digest.update(sample_file(kind).read_bytes())
    return digest.hexdigest()


def load_sample(session: CliSession, home: Home, settings: Settings) -> None:
    """Import the sample and save its index, unless that is done. After an interrupt, the next start finishes it."""
    from letrics.backends import open_backends
    from letrics.cli.index import refresh_index

    fingerprint = sample_fingerprint()
    backends = open_backends(home, settings)
    if _read_mark(home).sample == fingerprint and backends.store.exists():
        return

    session.say(f"Importing the sample into {home.path} (first start only)")
    store = backends.store.open(create=True)
    try:
        with Shield() as shield, Meter(session.console) as meter:
            for kind in ("companies", "contacts"):
                _import(store, kind, settings, shield, meter)
    finally:
        store.close()
    refresh_index(backends, session.console)
    _write_mark(home, _Mark(fingerprint))


def _import(store: Store, kind: Kind, settings: Settings, shield: Shield, meter: Meter) -> None:
    from letrics.ingest.importer import Importer
    from letrics.ingest.input_file import InputFile
    from letrics.ingest.mapping import mapper
    from letrics.ingest.report import Report
    from letrics.ingest.source import read_source
    from letrics.sample import sample_file

    def write(batch: list[Any]) -> Tally:
        if kind == "companies":
            return shield.hold(lambda: store.put_companies(batch))
        return shield.hold(lambda: store.put_contacts(batch))

    def tell(report: Report) -> None:
        meter.show(f"Importing {kind}", source.progress(), source.total, counted(report.rows, "row"))
        shield.release()

    with InputFile.open(str(sample_file(kind))) as file:
        source = read_source(file)
        importer = Importer(batch_size=settings.batch_size, tell=tell)
        report = importer.run(source.name, source.rows, mapper(kind), write)
    if report.rejected:
        raise Failed(f"the bundled sample is damaged: {importer.rejects.first[0]}", ENVIRONMENT)


def fresh_token(home: Home) -> str:
    """Create the demo's token and return its secret. Replaces the previous token, whose secret is not stored.

    Adds the user if there is none. The token has the scopes read and write, and expires after 30 days.
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
    """Return the path of a single-use link that signs the demo's user in and expires after one hour."""
    from letrics.accounts.database import AccountsDatabase
    from letrics.accounts.links import Links

    with AccountsDatabase(home.accounts) as database:
        return Links(database).sign_in(USER)


def _welcome(session: CliSession, url: str, token: str, path: str) -> None:
    command = curl_command(url, token)
    session.print_result(
        {"url": url, "token": token, "curl": command, "link": url + path},
        f"Letrics is running on {url} (documentation: {url}/docs; press Ctrl-C to stop).\n\n"
        f"Open this link in a browser (works once, expires in one hour):\n\n{url}{path}\n\n"
        f"Create another link:\n\n{link_command(session.home, url)}\n\n"
        f"Search from the command line:\n\n{command}\n\nLETRICS_TOKEN={token}",
    )
    sys.stdout.flush()  # a process that reads the pipe waits for this text


def link_command(home: Home, url: str) -> str:
    """Return a shell command, in one line, that prints another sign-in link. It works in any shell of this machine."""
    return shlex.join([*program(), "user", "link", USER, "--home", str(home.path), "--url", url])


def program() -> list[str]:
    """Return the words that call this installation from a shell, even if it is not on the PATH."""
    script = Path(sys.executable).parent / "letrics"
    if shutil.which("letrics") == str(script):
        return ["letrics"]
    return [str(script)] if script.exists() else [sys.executable, "-m", "letrics.cli"]


def curl_command(url: str, token: str) -> str:
    """Return a shell command, in one line, that runs the example search."""
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
    new = path.with_suffix(".new")
    new.write_bytes(msgspec.json.encode(mark))
    new.replace(path)
