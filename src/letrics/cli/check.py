"""`letrics check`: store and index verified, each in itself and against each other."""

from __future__ import annotations

import click

from letrics.cli.context import Session, pass_session
from letrics.cli.failures import DATA
from letrics.plurals import counted


@click.command(short_help="Verify store and index against each other.")
@pass_session
def check(session: Session) -> int:
    """Verify the store in itself, and the index against it. Exit code 1, with what is wrong."""
    from letrics.cli.index import load_engine

    settings = session.settings()
    store = session.open_store()
    try:
        session.say("checking the store")
        wrong = list(store.integrity())
        session.say("checking the index against the store")
        engine = load_engine(store, session.home, settings, session.console)
        wrong += engine.verify(store)
        counts = store.counts()
    finally:
        store.close()
    good = f"store and index agree on {counted(counts.companies, 'company')} and {counted(counts.contacts, 'contact')}"
    session.answer({"ok": not wrong, "problems": wrong}, "\n".join(wrong) or good)
    return DATA if wrong else 0
