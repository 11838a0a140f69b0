"""`letrics show`: one record by its id. With `--json` it prints the same response as the API."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

import click
import msgspec

from letrics.cli.context import CliSession, pass_session
from letrics.cli.examples import examples
from letrics.cli.exit_codes import DATA, Failed
from letrics.cli.filters import KIND
from letrics.cli.record_lines import record_lines
from letrics.identity.company_keys import exact_company_id
from letrics.normalize.domain import registrable_domain
from letrics.records import KINDS, SINGULAR, UNREADABLE, Kind

if TYPE_CHECKING:
    from letrics.store.base import Store, StoredRecord

_RECORD: Final = msgspec.json.Decoder(dict[str, object])


@click.command(
    short_help="Show one record.",
    epilog=examples("letrics show crm:1234", "letrics show acme.example", "letrics show crm:1234 --json"),
)
@click.argument("id")
@click.option("--kind", type=KIND, help="The kind of the record (default: a contact, otherwise a company).")
@pass_session
def show(session: CliSession, id: str, kind: Kind | None) -> None:
    """Show one contact or company by its id; a company also by its domain.

    The former id of a record that was merged shows the record that it is now. With --json, print the same response as
    the API.
    """
    with session.open_store() as store:
        found = {each: record for each in KINDS if kind in (None, each) and (record := _find(store, each, id))}
    if not found:
        raise Failed(_missing(kind, id), DATA)
    (first, record), *others = found.items()
    try:
        decoded = _RECORD.decode(record.document)
    except UNREADABLE:
        raise Failed(f"the stored document of {SINGULAR[first]} {id} is malformed: run letrics check", DATA) from None
    for other, _ in others:
        session.say(f"there is also a {SINGULAR[other]} {id}: to show it, add --kind {other}")
    session.print_result({"data": decoded, "meta": {}, "errors": []}, "\n".join(record_lines(decoded)))


def _find(store: Store, kind: Kind, id: str) -> StoredRecord | None:
    try:
        return store.find(kind, exact_company_id(id) if kind == "companies" else id)
    except ValueError:
        return None


def _missing(kind: Kind | None, id: str) -> str:
    """The error of an id that no record has, with a hint if it is an address, a profile or a URL."""
    what = "contact or company" if kind is None else SINGULAR[kind]
    hint = ""
    if "@" in id or "linkedin." in id.casefold():
        hint = (
            f": to find people by address or LinkedIn profile, use letrics person {id}" if kind != "companies" else ""
        )
    elif kind != "contacts":
        with suppress(ValueError):
            domain = registrable_domain(id)
            hint = f": did you mean the domain {domain}?" if domain != id.casefold() else ""
    return f"there is no {what} {id}{hint}"
