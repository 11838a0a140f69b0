"""`letrics person`: everything stored about a person, and the imports that it comes from."""

from __future__ import annotations

from typing import Any

import click
import msgspec

from letrics.cli.context import CliSession, pass_session
from letrics.cli.examples import examples
from letrics.cli.exit_codes import DATA
from letrics.cli.record_lines import record_lines
from letrics.plurals import counted
from letrics.store.import_record import ImportRecord, UnknownImport


@click.command(
    short_help="Show everything stored about a person.",
    epilog=examples("letrics person jane.doe@acme.example", "letrics person crm:1234 --json > jane.json"),
)
@click.argument("person", metavar="EMAIL|LINKEDIN_URL|ID")
@pass_session
def person(session: CliSession, person: str) -> int:
    """Show everything stored about a person, for a request of that person: all contacts with the address, LinkedIn
    profile or id, with their former ids, and the imports that made or changed them.

    Imports are known as long as they can be undone. A contact that is damaged in the database is named instead, and the
    command exits with 1.
    """
    with session.open_store() as store:
        try:
            nums = store.find_people(person)
        except ValueError as error:
            raise click.UsageError(f"{person} {error}") from None
        contacts: list[dict[str, Any]] = []
        found = store.found_documents("contacts", nums, None)
        for num, document in zip(nums, found.documents, strict=True):
            imports = []
            for id, effect in store.imports_of(num):
                try:
                    imports.append(_import(store.find_import(id), effect))
                except UnknownImport:
                    continue
            record = msgspec.json.decode(document) if document else None
            contacts.append({"contact": record, "former_ids": store.former_ids(num), "imports": imports})
    for name in found.malformed:
        session.say(f"the stored document of contact {name} is damaged and not shown: run `letrics check`")
    lines = [f"{counted(len(contacts), 'contact')} with {person}"]
    for each in contacts:
        lines += ["", *record_lines(each["contact"] or {}, "  "), *_imports(each)]
    session.print_result({"person": person, "contacts": contacts}, "\n".join(lines))
    return 0 if contacts and not found.malformed else DATA


def _import(record: ImportRecord, effect: str) -> dict[str, Any]:
    return {
        "id": record.id, "effect": effect, "file": record.file, "source": record.source, "user": record.user,
        "started_at": record.started_at,
    }  # fmt: skip


def _imports(found: dict[str, Any]) -> list[str]:
    lines = [f"  former ids: {', '.join(found['former_ids'])}"] if found["former_ids"] else []
    for each in found["imports"]:
        by = f" by {each['user']}" if each["user"] else ""
        lines.append(f"  {each['effect']} by import {each['id']} of {each['file']}, {each['started_at']}{by}")
    return lines or ["  not from an import that can still be undone"]
