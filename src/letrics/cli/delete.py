"""`letrics delete`: deletes records after it has shown their number and asked for confirmation."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import click
import msgspec

from letrics.cli.confirmed import ByFilter, ByIds, Judged, Outcome, Selection, delete_confirmed
from letrics.cli.context import CliSession, pass_session
from letrics.cli.examples import examples
from letrics.cli.exit_codes import DATA, INTERRUPTED, USAGE, Failed
from letrics.cli.filter_notes import show_warnings
from letrics.cli.filter_options import FilterCommand, given_options, option_name
from letrics.cli.filters import KIND, filter_option, is_filtered, read_filter
from letrics.cli.progress import Meter
from letrics.logs.request_context import add_details
from letrics.plurals import counted
from letrics.records import SINGULAR, UNREADABLE, Contact, Kind, decode_company

if TYPE_CHECKING:
    from letrics.store.base import Store

_SHOWN: Final = 5
"""The number of records listed by name before the confirmation."""


@click.command(
    cls=FilterCommand,
    short_help="Delete companies or contacts.",
    epilog=examples(
        "letrics delete contacts crm:1234",
        "letrics delete contacts --emails jane.doe@acme.example",
        "letrics delete companies acme.example --with-contacts",
    ),
)
@click.argument("kind", type=KIND)
@click.argument("ids", nargs=-1, metavar="[ID…]")
@filter_option("Delete the records that match this filter; {} matches all.")
@click.option("--with-contacts", is_flag=True, help="Also delete the contacts of the companies.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@pass_session
def delete(
    session: CliSession, kind: Kind, ids: tuple[str, ...], filter_: str | None, with_contacts: bool, yes: bool
) -> int:
    """Delete contacts or companies by id (that of a company is its domain, if it has one) or by a filter.

    The command first shows the number of records and the first few of them, and asks for confirmation. Records that
    another process changes after that are checked again. Records that no longer match are not deleted, and neither
    are companies that have more contacts than before.
    """
    filtered = is_filtered(filter_)
    if bool(ids) == filtered:
        what = "pass the ids of records, or --filter JSON" if not ids else "pass either ids or --filter JSON, not both"
        if ids and filter_ is None:
            what += f" ({option_name(next(iter(given_options())))} is part of a filter)"
        raise click.UsageError(what)
    if with_contacts and kind == "contacts":
        raise click.UsageError("--with-contacts applies only to companies")
    request = read_filter(kind, filter_) if filtered else None
    show_warnings(() if request is None else request.warnings)
    store = session.open_store()
    missing = 0
    found: Mapping[int, str] = {}
    try:
        selection: Selection
        if request is None:
            given = {_key(kind, id): id for id in ids}
            selection = named = ByIds(kind, store, given)
            confirmed = named.judge()
            missing, found = len(named.missing), named.found
            for id in named.missing:
                session.say(_missing(kind, given[id]))
        else:
            from letrics.cli.index import CurrentEngine

            selection = ByFilter(kind, store, CurrentEngine(session, store), request.query)
            confirmed = selection.judge()
        outcome = Outcome()
        if confirmed.nums:
            _check_contacts(session, store, confirmed, with_contacts, found)
            everything = request is not None and not request.query.clauses
            some = _some(store, kind, confirmed.nums, found)
            _ask(session, kind, len(confirmed.nums), with_contacts, yes, everything, some)
            outcome = _delete(session, store, kind, selection, confirmed, with_contacts)
    finally:
        store.close()
    _tell_left(session, outcome)
    add_details(kind=kind, records=outcome.deleted)
    counts = {"deleted": outcome.deleted, "not_found": missing, "left": outcome.left}
    session.print_result(counts, f"{counted(outcome.deleted, 'record')} deleted")
    _refresh(session, outcome.deleted)
    return DATA if missing or outcome.grown or outcome.unsettled else 0


def _check_contacts(
    session: CliSession, store: Store, confirmed: Judged, with_contacts: bool, given: Mapping[int, str]
) -> None:
    """Show the number of contacts of the companies. Raises Failed if there are any and `with_contacts` is false."""
    if not confirmed.contact_nums:
        return
    if with_contacts:
        session.say(f"including {counted(len(confirmed.contact_nums), 'contact')}")
        return
    num = confirmed.contact_companies[0]
    count = confirmed.contact_companies.count(num)
    (document,) = store.documents("companies", [num])
    try:
        name = decode_company(document or b"").id
    except UNREADABLE:
        name = given.get(num, f"company num {num} (malformed)")
    others = len(set(confirmed.contact_companies)) - 1
    too = f" ({counted(others, 'more company')} also {'has' if others == 1 else 'have'} contacts)" if others else ""
    raise Failed(
        f"nothing was deleted: {name} has {counted(count, 'contact')}{too}; delete the contacts first, or pass "
        "--with-contacts", DATA,
    )  # fmt: skip


def _missing(kind: Kind, id: str) -> str:
    hint = (
        f""": to delete by address, use --filter '{{"emails": ["{id}"]}}'""" if "@" in id and kind == "contacts" else ""
    )
    return f"there is no {SINGULAR[kind]} {id}{hint}"


def _key(kind: Kind, id: str) -> str:
    """Return the id in the form that the store uses. The id of a company is its registrable domain, if it has one."""
    from letrics.identity.company_keys import is_company_id

    if kind == "contacts" or is_company_id(id):
        return id
    from letrics.normalize.domain import registrable_domain

    try:
        return registrable_domain(id)
    except ValueError as error:
        raise click.UsageError(f"{id} {error}") from None


def _some(store: Store, kind: Kind, nums: array[int], given: Mapping[int, str]) -> list[str]:
    """Describe the first records, one line each: the id, the name and, for contacts, the title and the company.

    A malformed record is shown by the id `given` for it, or by its num.
    """
    lines = []
    shown = nums[:_SHOWN].tolist()
    for num, document in zip(shown, store.documents(kind, shown), strict=True):
        try:
            lines.append(_line(kind, document or b""))
        except UNREADABLE:
            lines.append(f"  {given.get(num, f'num {num}')} (malformed)")
    return lines


def _line(kind: Kind, document: bytes) -> str:
    """Raises one of UNREADABLE."""
    names: tuple[str | None, ...]
    if kind == "companies":
        id, names = (company := decode_company(document)).id, (company.name,)
    else:
        contact = msgspec.json.decode(document, type=Contact)
        id = contact.id
        employer = contact.company
        at = None if employer is None else employer.name or employer.domain
        names = contact.full_name, contact.job_title, at
    return "  ".join(filter(None, [f"  {id}", ", ".join(filter(None, names))]))


def _ask(
    session: CliSession, kind: Kind, count: int, with_contacts: bool, yes: bool, everything: bool, some: list[str]
) -> None:
    """Show the number of records and the first few, and ask for confirmation. Raises Failed without it."""
    and_contacts = f" and {'its' if count == 1 else 'their'} contacts" if with_contacts else ""
    what = f"{counted(count, SINGULAR[kind])}{and_contacts}"
    if everything:
        session.say(f"this deletes ALL {what} in {session.place()}")
        if not yes:
            raise Failed("an empty filter matches all records: pass --yes and type the confirmation", USAGE)
        word = f"delete all {kind}"
        click.echo(f"type {word!r} to confirm: ", nl=False, err=True)
        if sys.stdin.readline().strip() != word:
            raise Failed("nothing was deleted", USAGE)
        return
    more = [f"  and {count - len(some):,} more"] if count > len(some) else []
    session.say("\n".join([f"{what} will be deleted:", *some, *more]))
    if yes:
        return
    if not sys.stdin.isatty():
        raise Failed("nothing was deleted: not a terminal, pass --yes to confirm", USAGE)
    if not click.confirm("continue?", err=True):
        raise Failed("nothing was deleted", INTERRUPTED)


def _delete(
    session: CliSession, store: Store, kind: Kind, selection: Selection, confirmed: Judged, with_contacts: bool
) -> Outcome:
    total = len(confirmed.nums)
    with Meter(session.console) as meter:

        def tell(done: int, deleted: int) -> None:
            meter.show(f"deleting {kind}", done, total, counted(deleted, "record"))

        return delete_confirmed(store, kind, selection, confirmed, with_contacts, tell)


def _tell_left(session: CliSession, outcome: Outcome) -> None:
    """Show how many of the confirmed records were not deleted, and why."""
    if outcome.unmatched:
        session.say(f"{counted(outcome.unmatched, 'record')} not deleted: changed meanwhile and no longer matching")
    if outcome.grown:
        session.say(
            f"{counted(outcome.grown, 'company')} not deleted: more contacts than before, run the command again"
        )
    if outcome.unsettled:
        session.say(f"{counted(outcome.unsettled, 'record')} not deleted: still changing, run the command again")


def _refresh(session: CliSession, deleted: int) -> None:
    from letrics.cli.index import refresh_index

    if deleted:
        refresh_index(session.backends(), session.console)
