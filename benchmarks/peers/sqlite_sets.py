"""Sets of ids of a search in SQLite, each computed once, for the count and for the page."""

from __future__ import annotations

import re

import apsw

_MOST = 0.5
"""The share of all titles or companies above which scanning contacts is faster than an index."""


def _all_of(name: str) -> str:
    return f"SELECT id FROM {name}"


class Sets:
    """Temporary tables of a connection, one for each set."""

    def __init__(self, db: apsw.Connection) -> None:
        self._db = db
        self._sizes: dict[str, int] = {}

    def titles(self, needles: list[str]) -> tuple[str, list[object]]:
        name = self._new()
        for needle in needles:
            select, value = _contains(needle)
            self._db.execute(f"INSERT OR IGNORE INTO {name} {select}", (value,))
        return self._done(name), []

    def domains(self, domains: list[str]) -> tuple[str, list[object]]:
        name = self._new()
        marks = ", ".join("?" * len(domains))
        self._db.execute(f"INSERT INTO {name} SELECT num FROM company WHERE domain IN ({marks})", domains)
        return self._done(name), []

    def selected(self, select: str) -> str:
        name = self._new()
        self._db.execute(f"INSERT OR IGNORE INTO {name} {select}")
        return self._done(name)

    def index_for(self, condition: str, records: dict[str, int]) -> str:
        """The index to begin with, which SQLite cannot know: that of the set with the smallest share of all records."""
        shares = [
            (size / max(1, records[column]), column)
            for name, size in self._sizes.items()
            for column in ("title", "company")
            if f"{column} IN ({_all_of(name)})" in condition
        ]
        share, column = min(shares, default=(1.0, ""))
        return f" INDEXED BY contact_{column}" if share < _MOST else ""

    def _done(self, name: str) -> str:
        ((self._sizes[name],),) = self._db.execute(f"SELECT count(*) FROM {name}")
        return _all_of(name)

    def _new(self) -> str:
        name = f"temp.found_{len(self._sizes)}"
        self._db.execute(f"CREATE TABLE IF NOT EXISTS {name} (id INTEGER PRIMARY KEY); DELETE FROM {name}")
        return name


def _contains(needle: str) -> tuple[str, str]:
    """Titles that contain the needle; the index has n-grams of three characters and is used by GLOB only."""
    if len(needle) < 3:
        return "SELECT id FROM title WHERE instr(folded, ?)", needle
    escaped = re.sub(r"[*?[]", r"[\g<0>]", needle)
    return "SELECT rowid FROM title_part WHERE folded GLOB ?", f"*{escaped}*"
