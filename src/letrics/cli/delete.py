"""`letrics delete`: records out of the store, after saying how many."""

from __future__ import annotations

import sys
from array import array
from typing import TYPE_CHECKING, Final

import click

from letrics.cli.context import Session, pass_session
from letrics.cli.failures import DATA, INTERRUPTED, USAGE, Failed
from letrics.cli.filters import KIND, read_filter
from letrics.cli.progress import Meter
from letrics.records import Kind

if TYPE_CHECKING:
    from letrics.store.base import Found, Store

_BATCH: Final = 10_000
"""How many records are deleted at once."""


@click.command(short_help="Delete companies or contacts.")
@click.argument("kind", type=KIND)
@click.argument("ids", nargs=-1, metavar="[ID…]")
@click.option("--filter", "filter_", metavar="JSON", help="Delete what this search body finds; {} is all.")
@click.option("--with-contacts", is_flag=True, help="Delete the contacts of the companies too.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_session
def delete(
    session: Session, kind: Kind, ids: tuple[str, ...], filter_: str | None, with_contacts: bool, yes: bool
) -> int:
    """Delete contacts or companies, by id (a company's is its domain) or by --filter. Says how many first."""
    if bool(ids) == (filter_ is not None):
        raise click.UsageError("say what to delete: ids, or --filter JSON, and not both")
    if with_contacts and kind == "contacts":
        raise click.UsageError("--with-contacts is for companies")
    settings = session.settings()
    request = read_filter(kind, filter_) if filter_ is not None else None
    store = session.open_store()
    try:
        if request is None:
            nums, missing = _by_id(session, store, kind, ids, with_contacts)
        else:
            from letrics.cli.index import load_engine, windows

            engine = load_engine(store, session.home, settings, session.console)
            nums, missing = array("Q"), 0
            for part in windows(engine, request.query):
                nums.extend(part)
        deleted = 0
        if nums:
            everything = request is not None and not request.query.clauses
            _ask(session, kind, len(nums), with_contacts, yes, everything)
            deleted = _delete(session, store, kind, nums, with_contacts)
    finally:
        store.close()
    session.answer({"deleted": deleted, "not_found": missing}, f"{deleted:,} records deleted")
    _refresh(session, deleted)
    return DATA if missing else 0


def _by_id(
    session: Session, store: Store, kind: Kind, ids: tuple[str, ...], with_contacts: bool
) -> tuple[array[int], int]:
    """The nums of the records with these ids, and how many ids there are no records for."""
    found: dict[int, Found] = {}
    missing = 0
    for id in ids:
        record = store.find(kind, _key(kind, id))
        if record is None:
            session.say(f"there is no {'contact' if kind == 'contacts' else 'company'} {id}")
            missing += 1
        elif record.contacts and not with_contacts:
            raise Failed(
                f"{id} has {record.contacts:,} contacts, so nothing was deleted: delete them first, or with it by "
                "--with-contacts", DATA,
            )  # fmt: skip
        else:
            found[record.num] = record
    contacts = sum(record.contacts for record in found.values())
    if contacts:
        session.say(f"they have {contacts:,} contacts")
    return array("Q", found), missing


def _key(kind: Kind, id: str) -> str:
    """An id as the store knows it: a company is its registrable domain, however it is written."""
    if kind == "contacts":
        return id
    from letrics.normalize.domain import registrable_domain

    try:
        return registrable_domain(id)
    except ValueError as error:
        raise click.UsageError(f"{id} {error}") from None


def _ask(session: Session, kind: Kind, count: int, with_contacts: bool, yes: bool, everything: bool) -> None:
    """Say how many, and make sure it is meant. Leaves the command where it is not."""
    and_contacts = " and their contacts" if with_contacts else ""
    what = f"{count:,} {kind}{and_contacts}"
    if everything:
        session.say(f"this deletes ALL {what} in {session.home.path}")
        if not yes:
            raise Failed("an empty filter means everything: add --yes, and type what it asks for", USAGE)
        word = f"delete all {kind}"
        click.echo(f"type {word!r} to go on: ", nl=False, err=True)
        if sys.stdin.readline().strip() != word:
            raise Failed("nothing was deleted", USAGE)
        return
    session.say(f"{what} will be deleted")
    if yes:
        return
    if not sys.stdin.isatty():
        raise Failed("nothing was deleted: there is nobody to ask here, so add --yes", USAGE)
    if not click.confirm("go on?", err=True):
        raise Failed("nothing was deleted", INTERRUPTED)


def _delete(session: Session, store: Store, kind: Kind, nums: array[int], with_contacts: bool) -> int:
    deleted = 0
    with Meter(session.console) as meter:
        for start in range(0, len(nums), _BATCH):
            try:
                deleted += store.delete(kind, nums[start : start + _BATCH].tolist(), with_contacts)
            except ValueError as error:
                already = f" ({deleted:,} records were deleted before it)" if deleted else ""
                raise Failed(
                    f"{error}{already}: add --with-contacts to delete companies with their contacts", DATA
                ) from None
            meter.show(f"deleting {kind}", start, len(nums), f"{deleted:,} records")
    return deleted


def _refresh(session: Session, deleted: int) -> None:
    from letrics.cli.index import refresh_index

    if deleted:
        refresh_index(session.home, session.settings(), session.console)
