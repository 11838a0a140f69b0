"""`letrics serve`: the API and its pages, until stopped."""

from __future__ import annotations

import errno

import click

from letrics.cli.context import Session, pass_session
from letrics.cli.failures import ENVIRONMENT, INTERRUPTED, Failed


@click.command()
@click.option("--host", metavar="H", help="The address to listen on (default 127.0.0.1).")
@click.option("--port", type=int, metavar="P", help="The port to listen on; 0 takes a free one (default 8000).")
@click.option("--workers", type=int, metavar="N", help="How many server processes share the port (default 1).")
@pass_session
def serve(session: Session, host: str | None, port: int | None, workers: int | None) -> int:
    """Serve the API and its pages until stopped.

    When searches can be answered, the address is printed on standard output.
    """
    settings = session.settings({"host": host, "port": port, "workers": workers})
    from letrics import app

    def ready(url: str) -> None:
        session.answer({"url": url}, f"Serving on {url} (the reference is {url}/docs)")

    try:
        interrupted = app.serve(session.home, settings, ready)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        if error.errno == errno.EADDRINUSE:
            text = f"{where} is taken by another program: stop it, or choose another port with --port"
            raise Failed(text, ENVIRONMENT) from None
        if error.errno in (errno.EADDRNOTAVAIL, errno.EACCES) or error.errno is None or error.errno < 0:
            raise Failed(f"{where} cannot be listened on: {error.strerror or error}", ENVIRONMENT) from None
        raise
    return INTERRUPTED if interrupted else 0
