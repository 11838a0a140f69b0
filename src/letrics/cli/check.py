"""`letrics check`: verifies the store and compares the index with it, and repairs what can be repaired."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from letrics.cli.context import CliSession, pass_session
from letrics.cli.exit_codes import DATA
from letrics.cli.number_types import FROM_ONE
from letrics.logs.request_context import add_details, skip_event
from letrics.plurals import counted

if TYPE_CHECKING:
    from letrics.store.base import Store

_IN_FULL: Final = ", in full: --sample is for an index on a cluster"
"""How a comparison that ignores --sample is announced."""


@click.command(short_help="Verify the store and the index.")
@click.option("--sample", type=FROM_ONE, metavar="N",
              help="Compare only N random companies and their contacts, if the index is on a cluster.")  # fmt: skip
@click.option("--repair", is_flag=True, help="Make a backup in the home, then repair what can be repaired.")
@click.option("--yes", is_flag=True, help="Do not ask before the repair.")
@pass_session
def check(session: CliSession, sample: int | None, repair: bool, yes: bool) -> int:
    """Verify the store, and compare the index with it. Lists the problems and exits with 1 if there are any.

    With --repair, a backup is made first. Indexes, keys and counters are then derived from the records again, and rows
    that refer to nothing are removed. Damaged documents are written to a file; contacts that cannot be read are
    deleted.
    """
    if repair:
        add_details(repair=True)
    else:
        skip_event()
    store = session.open_store()
    try:
        if repair:
            from letrics.cli.repair import repair_home

            repair_home(session, store, yes)
        session.say("checking the store")
        wrong = list(store.integrity())
        is_in_full = sample is not None and session.backends().is_engine_local
        session.say(f"checking the index against the store{_IN_FULL if is_in_full else ''}")
        differences = _index_problems(session, store, sample, bool(wrong))
        wrong += differences
        wrong += _account_problems(session)
        agreed = "" if wrong else _agreed(store)
    finally:
        store.close()
    if differences and not repair:
        session.say("to build the index again: letrics check --repair")
    session.print_result({"ok": not wrong, "problems": wrong}, "\n".join(wrong) or agreed)
    return DATA if wrong else 0


def _agreed(store: Store) -> str:
    counts = store.counts()
    return f"store and index agree on {counted(counts.companies, 'company')} and {counted(counts.contacts, 'contact')}"


def _account_problems(session: CliSession) -> list[str]:
    from letrics.store.base import StoreAway

    backend = session.backends().accounts
    if not backend.exists():
        return []
    try:
        with backend.open() as accounts:
            return accounts.faults()
    except StoreAway as error:
        return [str(error)]


def _index_problems(session: CliSession, store: Store, sample: int | None, is_damaged: bool) -> list[str]:
    """Compare the index with the store. From a damaged store, an index may be impossible to load."""
    from letrics.cli.index import load_engine
    from letrics.engines.base import EngineAway
    from letrics.store.base import StoreAway

    try:
        return load_engine(store, session.backends(), session.console).verify(store, sample)
    except EngineAway:
        raise
    except StoreAway as error:
        return [str(error)]
    except Exception as error:
        if not is_damaged:
            raise
        return [f"the index cannot be compared with the damaged store ({type(error).__name__})"]
