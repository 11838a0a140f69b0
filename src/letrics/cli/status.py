"""`letrics status`: shows record counts, the last change, and the sizes of the store and the index."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from letrics.cli.context import CliSession, pass_session
from letrics.normalize.time import format_time
from letrics.plurals import counted


@click.command(short_help="Show record counts, last change and sizes on disk.")
@pass_session
def status(session: CliSession) -> None:
    """Show the number of records, the time of the last change, and the sizes of the store and the index."""
    session.settings()
    home = session.home
    store = session.open_store()
    try:
        counts, position = store.counts(), store.position()
    finally:
        store.close()
    database = [home.database, *(home.database.with_name(home.database.name + end) for end in ("-wal", "-shm"))]
    facts: dict[str, Any] = {
        "home": str(home.path),
        "companies": counts.companies,
        "contacts": counts.contacts,
        "changes": position.seq,
        "last_change": _changed(database[:2]) if position.seq else None,
        "database_bytes": sum(map(_size, database)),
        "index": _index(home.snapshot, position.seq),
    }
    session.print_result(facts, "\n".join(_lines(facts)))


def _index(snapshot: Path, seq: int) -> dict[str, Any] | None:
    """Describe the saved index: size, time, and the number of log changes it lacks. None if no index is saved."""
    if not snapshot.exists():
        return None
    from letrics.engines.bitmap.storage.serializer import SnapshotUnusable, saved_position

    saved = snapshot.stat()
    facts: dict[str, Any] = {"bytes": saved.st_size, "saved_at": _moment(saved.st_mtime), "lacks": None}
    try:
        facts["lacks"] = max(0, seq - saved_position(snapshot).seq)
    except SnapshotUnusable as error:
        facts["damaged"] = str(error)
    return facts


def _changed(files: list[Path]) -> str:
    return _moment(max(file.stat().st_mtime for file in files if file.exists()))


def _moment(seconds: float) -> str:
    return format_time(int(seconds * 1000))


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _lines(facts: dict[str, Any]) -> list[str]:
    index = facts["index"]
    if index is None:
        fresh = "not saved: built when a command or a server needs it"
    else:
        lacks = index["lacks"]
        lag = (
            f"will be rebuilt: {index['damaged']}"
            if lacks is None
            else f"{counted(lacks, 'change')} behind the database"
        )
        fresh = f"{_bytes(index['bytes'])}, saved {_ago(index['saved_at'])}, {lag}"
    changed = f"{_ago(facts['last_change'])} ({facts['last_change']})" if facts["last_change"] else "never"
    return [
        f"home         {facts['home']}",
        f"companies    {facts['companies']:,}",
        f"contacts     {facts['contacts']:,}",
        f"last change  {changed}, number {facts['changes']:,}",
        f"database     {_bytes(facts['database_bytes'])}",
        f"index        {fresh}",
    ]


def _bytes(count: int) -> str:
    size, unit = float(count), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    return f"{size:,.1f} {unit}" if unit != "B" else f"{count} B"


def _ago(moment: str) -> str:
    seconds = max(0, int((datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds()))
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            return f"{counted(seconds // length, unit)} ago"
    return "just now"
