"""`letrics status`: shows record counts, the last change, and the sizes of the store and the index."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from letrics.cli.context import CliSession, pass_session
from letrics.normalize.time import format_time
from letrics.plurals import counted

if TYPE_CHECKING:
    from letrics.engines.base import SavedIndex


@click.command(short_help="Show record counts, last change and sizes on disk.")
@pass_session
def status(session: CliSession) -> None:
    """Show the number of records, the time of the last change, and the sizes of the store and the index."""
    home, backends = session.home, session.backends()
    store = session.open_store()
    try:
        stored = store.describe()
    finally:
        store.close()
    facts: dict[str, Any] = {
        "home": str(home.path),
        "companies": stored.counts.companies,
        "contacts": stored.counts.contacts,
        "changes": stored.position.seq,
        "last_change": None if stored.changed_ms is None else format_time(stored.changed_ms),
        "database_bytes": stored.bytes,
        "index": _index(backends.engine.describe(stored.position)),
    }
    session.print_result(facts, "\n".join(_lines(facts)))


def _index(saved: SavedIndex | None) -> dict[str, Any] | None:
    if saved is None:
        return None
    if saved.away is not None:
        return {"away": saved.away}
    facts: dict[str, Any] = {"bytes": saved.bytes, "saved_at": format_time(saved.saved_ms), "lacks": saved.lacks}
    others = {"damaged": saved.damage, "problem": saved.problem}
    return facts | {name: text for name, text in others.items() if text is not None}


def _lines(facts: dict[str, Any]) -> list[str]:
    index = facts["index"]
    if index is None:
        fresh = "not saved: built when a command or a server needs it"
    elif "away" in index:
        fresh = f"not available: {index['away']}"
    else:
        lacks = index["lacks"]
        lag = (
            f"will be rebuilt: {index['damaged']}"
            if lacks is None
            else f"{counted(lacks, 'change')} behind the database"
        )
        fresh = f"{_bytes(index['bytes'])}, saved {_ago(index['saved_at'])}, {lag}"
        fresh += f"\nproblem      {index['problem']}" if "problem" in index else ""
    changed = "unknown" if facts["changes"] else "never"
    if facts["last_change"]:
        changed = f"{_ago(facts['last_change'])} ({facts['last_change']})"
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
