"""`letrics serve`: the API and its pages, until stopped."""

from __future__ import annotations

import errno
import sys

import click

from letrics.accounts.upgrade import NO_ADMIN
from letrics.cli.context import Session, pass_session
from letrics.cli.failures import ENVIRONMENT, INTERRUPTED, Failed
from letrics.collector import no_collection
from letrics.settings import Home


@click.command()
@click.option("--host", metavar="H", help="The address to listen on (default 127.0.0.1).")
@click.option("--port", metavar="P", help="The port to listen on; 0 takes a free one (default 8000).")
@click.option("--workers", metavar="N", help="How many server processes share the port (default 1).")
@pass_session
def serve(session: Session, host: str | None, port: str | None, workers: str | None) -> int:
    """Serve the API and its pages until stopped.

    When searches can be answered, the address is printed on standard output; while there are no users, also a code
    that lets whoever has it become the first admin. Each start makes a new one.
    """
    settings = session.settings({"host": host, "port": port, "workers": workers})
    with no_collection():  # it would walk what is imported again and again, a tenth of the time
        from letrics import app

    def ready(url: str) -> None:
        code = set_up_code(session.home)
        public = settings.public_url or url
        text = f"Serving on {url} (the reference is {url}/docs)"
        if code is not None:
            text += f"\nNobody can sign in yet. Become the first admin at {public}/setup with the code {code}"
        elif lack_admin(session.home):
            session.say(NO_ADMIN)
        session.answer({"url": url, "setup_code": code}, text)
        sys.stdout.flush()  # who reads this through a pipe waits for it

    try:
        interrupted = app.serve(session.home, settings, ready)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        if error.errno == errno.EADDRINUSE:
            text = f"{where} is taken by another program: stop it, or choose another port with --port"
            raise Failed(text, ENVIRONMENT) from None
        if error.errno in (errno.EADDRNOTAVAIL, errno.EACCES) or error.errno is None or error.errno < 0:
            raise Failed(
                f"cannot listen on {where}: {error.strerror or 'the address is not known here'}", ENVIRONMENT
            ) from None
        raise
    return INTERRUPTED if interrupted else 0


def set_up_code(home: Home) -> str | None:
    """A new set-up code; None where there are users already. Only its hash is kept, where every server process finds
    it."""
    from letrics.accounts.database import AccountsDatabase
    from letrics.accounts.links import Links

    with AccountsDatabase(home.accounts) as database:
        return Links(database).make_setup_code()


def lack_admin(home: Home) -> bool:
    """Whether there are users but none of them is an enabled admin."""
    from letrics.accounts.database import AccountsDatabase
    from letrics.accounts.users import Users

    with AccountsDatabase(home.accounts) as database:
        return Users(database).lack_admin()
