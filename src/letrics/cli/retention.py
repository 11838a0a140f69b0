"""`letrics retention`: deletes contacts that have not changed for longer than the user keeps them."""

from __future__ import annotations

import click

from letrics.cli.confirmed import ByFilter, delete_confirmed
from letrics.cli.context import CliSession, pass_session
from letrics.cli.examples import examples
from letrics.cli.exit_codes import DATA
from letrics.cli.progress import Meter
from letrics.logs.request_context import add_details, skip_event
from letrics.plurals import counted


@click.command(
    short_help="Delete contacts that are older than you keep them.",
    epilog=examples("letrics retention", "letrics retention --days 730", "letrics retention --apply"),
)
@click.option("--days", type=click.IntRange(1, 36_500), help="Instead of the setting retention_days.")
@click.option("--apply", is_flag=True, help="Delete them. Without it, only their number is shown.")
@pass_session
def retention(session: CliSession, days: int | None, apply: bool) -> int:
    """Show how many contacts have not changed for more than `retention_days`, and delete them with --apply.

    A server does the latter once a day if the setting is not 0. An import that changes nothing of a contact does not
    count as a change. People who are deleted like this are not on the list of `letrics forget`.
    """
    if not apply:
        skip_event()
    store = session.open_store()
    try:
        kept = days or session.settings().retention_days
        if not kept:
            raise click.UsageError("the setting retention_days is 0, which keeps contacts for ever: pass --days N")
        from letrics.cli.index import CurrentEngine
        from letrics.search.expiry import expired, expiry

        before = expiry(kept)
        selection = ByFilter("contacts", store, CurrentEngine(session, store), expired(kept))
        confirmed = selection.judge()
        deleted = 0
        if apply and confirmed.nums:
            with Meter(session.console) as meter:

                def tell(done: int, deleted: int) -> None:
                    meter.show("deleting contacts", done, len(confirmed.nums), counted(deleted, "contact"))

                deleted = delete_confirmed(store, "contacts", selection, confirmed, False, tell).deleted
    finally:
        store.close()
    add_details(kind="contacts", records=deleted)
    found = len(confirmed.nums)
    facts = {"retention_days": kept, "updated_before": before, "expired": found, "deleted": deleted}
    of = f"{counted(found, 'contact')} not changed since {before}, for more than {counted(kept, 'day')}"
    session.print_result(facts, f"{of}: {deleted:,} deleted" if apply else f"{of}. Nothing was deleted")
    return DATA if apply and deleted < found else 0
