"""`letrics undo`: undoes imports."""

from __future__ import annotations

from typing import Any, Final

import click

from letrics.cli.context import CliSession, pass_session
from letrics.cli.examples import examples
from letrics.cli.number_types import NUMBER
from letrics.cli.progress import Meter
from letrics.engines.pace import Pace, undo_in_steps
from letrics.logs.request_context import add_details
from letrics.plurals import counted
from letrics.records import Kind
from letrics.store.base import Store
from letrics.store.import_record import Undone

_SHOWN: Final = 20
"""The maximum number of kept records that are listed."""


@click.command(short_help="Undo imports.", epilog=examples("letrics imports", "letrics undo 12"))
@click.argument("ids", nargs=-1, required=True, type=NUMBER, metavar="ID…")
@pass_session
def undo(session: CliSession, ids: tuple[int, ...]) -> None:
    """Undo the imports with these IDs, in this order: restore the records that they changed, and delete those that
    they added.

    A record that something else changed since, or whose former state is damaged, stays as it is and is listed. Run the
    command again to finish an interrupted undo. `letrics imports` lists the IDs.
    """
    undone = []
    add_details(import_ids=ids)
    with session.open_store() as store:
        for id in ids:
            store.find_import(id)
        for id in ids:
            with Meter(session.console) as meter:
                undone.append(_undo(store, id, session.pace(store), meter))
    done_by_id = dict(zip(ids, undone, strict=True))
    session.print_result(
        [_plain(id, done) for id, done in done_by_id.items()],
        "\n".join(line for id, done in done_by_id.items() for line in _lines(id, done)),
    )
    if any(done.restored or done.deleted for done in undone):
        from letrics.cli.index import refresh_index

        refresh_index(session.backends(), session.console)


def _undo(store: Store, id: int, pace: Pace, meter: Meter) -> Undone:
    changes = store.find_import(id).changes
    total = sum(changes.get(name, 0) for name in ("new", "changed", "companies_new", "companies_changed"))
    restored = deleted = 0
    kept, damaged = list[tuple[Kind, str]](), list[tuple[Kind, str]]()
    for done in undo_in_steps(store, id, pace):
        restored, deleted = restored + done.restored, deleted + done.deleted
        kept += done.kept
        damaged += done.damaged
        count = restored + deleted + len(kept)
        meter.show(f"undoing import {id}", min(count, total), total, counted(count, "record"))
    return Undone(restored=restored, deleted=deleted, kept=tuple(kept), damaged=tuple(damaged))


def _plain(id: int, done: Undone) -> dict[str, Any]:
    damaged = set(done.damaged)
    kept = [{"kind": one[0], "id": one[1], "damaged": one in damaged} for one in done.kept]
    return {"id": id, "restored": done.restored, "deleted": done.deleted, "kept": kept}


def _lines(id: int, done: Undone) -> list[str]:
    lines = [f"import {id} is undone: {done.restored:,} restored, {done.deleted:,} deleted, {len(done.kept):,} kept"]
    damaged = set(done.damaged)
    kept = sorted(done.kept, key=lambda one: one not in damaged)
    lines += [f"  kept {one[0]} {one[1]}: {_reason(one in damaged)}" for one in kept[:_SHOWN]]
    if len(done.kept) > _SHOWN:
        lines.append(f"  … and {len(done.kept) - _SHOWN:,} more")
    return lines


def _reason(is_damaged: bool) -> str:
    return "it or its former state is damaged and cannot be restored" if is_damaged else "changed since, or in use"
