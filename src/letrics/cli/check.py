"""`letrics check`: verifies the store and compares the index with it."""

from __future__ import annotations

import click

from letrics.cli.context import CliSession, pass_session
from letrics.cli.exit_codes import DATA
from letrics.plurals import counted


@click.command(short_help="Verify the store and the index.")
@click.option("--sample", type=click.IntRange(min=1), metavar="N",
              help="Compare only N random companies and their contacts with an index on a cluster.")  # fmt: skip
@pass_session
def check(session: CliSession, sample: int | None) -> int:
    """Verify the store, and compare the index with it. Lists the problems and exits with 1 if there are any."""
    from letrics.cli.index import load_engine

    backends = session.backends()
    store = session.open_store()
    try:
        session.say("checking the store")
        wrong = list(store.integrity())
        session.say("checking the index against the store")
        wrong += load_engine(store, backends, session.console).verify(store, sample)
        counts = store.counts()
    finally:
        store.close()
    agreed = (
        f"store and index agree on {counted(counts.companies, 'company')} and {counted(counts.contacts, 'contact')}"
    )
    session.print_result({"ok": not wrong, "problems": wrong}, "\n".join(wrong) or agreed)
    return DATA if wrong else 0
