"""`letrics serve`: runs the HTTP API and the web pages until stopped."""

from __future__ import annotations

import errno
import logging
import sys
from typing import TYPE_CHECKING

import click
import msgspec

from letrics.accounts.upgrade import NO_ADMIN
from letrics.cli.context import CliSession, pass_session
from letrics.cli.exit_codes import ENVIRONMENT, INTERRUPTED, Failed
from letrics.collector import no_collection

if TYPE_CHECKING:
    from letrics.backends.base import AccountsBackend


@click.command()
@click.option("--host", metavar="H", help="The address to listen on (default 127.0.0.1).")
@click.option("--port", metavar="P", help="The port to listen on; 0 selects a free port (default 8000).")
@click.option("--workers", metavar="N", help="The number of server processes that share the port (default 1).")
@pass_session
def serve(session: CliSession, host: str | None, port: str | None, workers: str | None) -> int:
    """Run the HTTP API and the web pages until stopped.

    When the server is ready for searches, it prints its address on standard output. While there are no users, it also
    prints a set-up code. A person with this code can become the first admin. Each start creates a new code.
    """
    settings = session.settings({"host": host, "port": port, "workers": workers})
    if session.home.restoring.exists():
        raise Failed("a restore was interrupted: run `letrics restore` with the same backup again", ENVIRONMENT)
    with no_collection():  # garbage collection takes 10 % of the time to import these modules
        from letrics import app
        from letrics.store.base import StoreAway

    def tell(text: str) -> None:
        if settings.log_format == "json":
            logging.getLogger("letrics.serve").warning("%s", text)
        else:
            session.say(text)

    def ready(url: str) -> None:
        code, lacks_admin = None, False
        try:
            code = set_up_code(session.backends().accounts)
            lacks_admin = code is None and lack_admin(session.backends().accounts)
        except StoreAway as error:  # several processes serve 503 until it is there
            tell(f"There is no set-up code while the database is away: {error}")
        public = settings.public_url or url
        text = f"Serving on {url} (documentation: {url}/docs)"
        if code is not None:
            text += f"\nThere are no users yet. Create the first admin at {public}/setup with the code {code}"
        elif lacks_admin:
            tell(NO_ADMIN)
        if settings.log_format == "json":  # a program reads standard output, too
            text = msgspec.json.encode({"message": text, "url": url, "setup_code": code}).decode()
        session.print_result({"url": url, "setup_code": code}, text)
        sys.stdout.flush()  # a process that reads the pipe waits for this text

    if not session.home.path.exists() and not settings.database:
        tell(f"There is no data yet: {session.home.path} is created. Pass --home DIR if your data is elsewhere")
    try:
        interrupted = app.serve(session.home, settings, ready)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        if error.errno == errno.EADDRINUSE:
            text = f"{where} is in use by another program: stop that program, or choose another port with --port"
            raise Failed(text, ENVIRONMENT) from None
        if error.errno in (errno.EADDRNOTAVAIL, errno.EACCES) or error.errno is None or error.errno < 0:
            reason = (error.strerror or "this machine does not have the address").partition(" (")[0]
            raise Failed(f"cannot listen on {where}: {reason}", ENVIRONMENT) from None
        raise
    return INTERRUPTED if interrupted else 0


def set_up_code(accounts: AccountsBackend) -> str | None:
    """Create a set-up code; None if there are users. Only its hash is stored, in the database that all workers read."""
    from letrics.accounts.links import Links

    with accounts.open(create=True) as database:
        return Links(database).make_setup_code()


def lack_admin(accounts: AccountsBackend) -> bool:
    """Return whether there are users but no enabled admin."""
    from letrics.accounts.users import Users

    with accounts.open(create=True) as database:
        return Users(database).lack_admin()
