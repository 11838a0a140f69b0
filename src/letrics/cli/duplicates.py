"""`letrics duplicates`: lists pairs of contacts that may be one person, and records what a person decides on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import click
import msgspec

from letrics.cli.context import CliSession, pass_session
from letrics.cli.number_types import FROM_ONE, FROM_ZERO
from letrics.store.duplicate_record import DUPLICATE_STATUSES, Duplicate, DuplicateReason, DuplicateStatus

_REASONS: Final[dict[DuplicateReason, str]] = {
    "email": "one address, different names",
    "request": "on request",
    "merge": "a contact that was merged into one of them was in a pair with the other",
}


@click.group(invoke_without_command=True, short_help="List and decide on possible duplicates.")
@click.option(
    "--status", type=click.Choice(DUPLICATE_STATUSES), default="open", show_default=True, help="Which pairs to list."
)
@click.option("--limit", type=FROM_ONE, default=100, show_default=True, help="The number of pairs to list.")
@click.option("--after", type=FROM_ZERO, default=0, metavar="N", help="List the pairs after pair N.")
@click.pass_context
def duplicates(context: click.Context, status: DuplicateStatus, limit: int, after: int) -> None:
    """List pairs of contacts that have an email address in common but names that disagree, oldest first.

    Imports never merge such contacts. Decide with the commands below whether they are one person.
    """
    if context.invoked_subcommand is None:
        session = context.ensure_object(CliSession)
        with session.open_store() as store:
            _list(session, store.duplicates(status, limit, after), limit)


def _list(session: CliSession, found: Sequence[Duplicate], limit: int) -> None:
    lines = [line for pair in found for line in _lines(pair)]
    if len(found) == limit and found[-1].status != "merged":
        lines.append(f"more: letrics duplicates --after {found[-1].id}")
    session.print_result(found, "\n".join(lines) if found else "there are no such pairs")


@duplicates.command()
@click.argument("kept", metavar="ID")
@click.argument("other", metavar="OTHER_ID")
@pass_session
def merge(session: CliSession, kept: str, other: str) -> None:
    """Merge the contact OTHER_ID into the contact ID.

    ID keeps its values and gets those that it does not have. Both ids find it from now on.
    """
    with session.open_store() as store:
        store.merge_contacts(kept, other)
    session.print_result(
        {"merged": [kept, other]}, f"{other} was merged into {kept}; undo: letrics duplicates undo {kept} {other}"
    )
    _refresh(session)


@duplicates.command()
@click.argument("some", metavar="ID")
@click.argument("other", metavar="ID")
@pass_session
def dismiss(session: CliSession, some: str, other: str) -> None:
    """Note that two contacts are different persons. The pair is not listed again."""
    with session.open_store() as store:
        store.dismiss_duplicate(some, other)
    session.print_result({"dismissed": [some, other]}, f"{some} and {other} are different persons")


@duplicates.command()
@click.argument("some", metavar="ID")
@click.argument("other", metavar="ID")
@pass_session
def undo(session: CliSession, some: str, other: str) -> None:
    """Take back what was decided on two contacts: that they are different persons, or that they are one."""
    with session.open_store() as store:
        before = store.position()
        store.undo_duplicate(some, other)
        has_changed = store.position() != before
    session.print_result({"open": [some, other]}, f"{some} and {other} are possible duplicates again")
    if has_changed:
        _refresh(session)


def _refresh(session: CliSession) -> None:
    from letrics.cli.index import refresh_index

    refresh_index(session.backends(), session.console)


def _lines(pair: Duplicate) -> list[str]:
    """The pair with the fields that tell the contacts apart."""
    if pair.status == "merged":
        kept, other = pair.contacts
        return [f"{pair.id}  {pair.merged_at}: {_id(other)} was merged into", _line(kept)]
    return [f"{pair.id}  found {pair.found_at}: {_reason(pair)}", *map(_line, pair.contacts)]


def _reason(pair: Duplicate) -> str:
    return _REASONS[pair.reason]


def _id(contact: msgspec.Raw) -> str:
    return str(msgspec.json.decode(contact)["id"])


def _line(contact: msgspec.Raw) -> str:
    member: dict[str, Any] = msgspec.json.decode(contact)
    company = (member["company"] or {}).get("domain")
    addresses = ", ".join(email["value"] for email in member["emails"][:3])
    facts = (member["full_name"], member["job_title"], company, addresses, member["linkedin_url"])
    return f"   {member['id']}  " + "  ".join(fact for fact in facts if fact)
