"""SQLite: contacts in order of num with covering indexes by company and by title; values of companies in one clustered
table; a trigram index over distinct titles.

All filters on the company's values are one subselect. Contacts have the single-valued facts of their company, so that
every index alone covers most of a search. The database is memory-mapped, read-only and ANALYZEd.
"""

from __future__ import annotations

import time
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import numpy as np
import pyarrow.parquet as pq

from benchmarks.peers.base import Peer, Result
from benchmarks.peers.conditions import Condition
from benchmarks.peers.extract import COMPANY, column
from benchmarks.peers.pages import beyond, page_of
from benchmarks.peers.sqlite_sets import Sets
from letrics.engines.base import Window
from letrics.query import Query, Request

_FILE = "peer.db"
_SCALARS = [column(fact) for fact in COMPANY if fact.kind in ("flag", "number", "time")]
_VALUES = [column(fact) for fact in COMPANY if fact.kind == "values"]
_CONTACT = [
    "title", "department", "seniority", "has_personal_email", "has_linkedin", "is_decision_maker", "added", "updated",
]  # fmt: skip
_OF_COMPANY = [f"company_{name}" for name in _SCALARS]
_COVERED = "department, seniority, has_personal_email, has_linkedin, is_decision_maker"
_MORE = (
    f"{_COVERED}, company_has_generic_email, company_has_linkedin, added, updated, company_added, company_first_seen"
)


def _typed(columns: list[str]) -> str:
    """Columns of one type: SQLite does not search an index on a column without a type for values that have one."""
    return ", ".join(f"{name} INTEGER" for name in columns)


_SCHEMA = f"""
    CREATE TABLE company (num INTEGER PRIMARY KEY, domain TEXT, {_typed(_SCALARS)});
    CREATE TABLE company_value (key INTEGER, company INTEGER, PRIMARY KEY (key, company)) WITHOUT ROWID;
    CREATE TABLE title (id INTEGER PRIMARY KEY, folded TEXT);
    CREATE VIRTUAL TABLE title_part USING fts5
        (folded, content = 'title', content_rowid = 'id', tokenize = 'trigram case_sensitive 1', detail = 'none');
    CREATE TABLE contact (num INTEGER PRIMARY KEY, {_typed(["company", *_CONTACT, *_OF_COMPANY])});
"""
_INDEXES = f"""
    INSERT INTO title_part (title_part) VALUES ('rebuild');
    CREATE UNIQUE INDEX company_domain ON company (domain);
    CREATE INDEX company_added ON company (added);
    CREATE INDEX company_first_seen ON company (first_seen);
    CREATE INDEX company_updated ON company (updated);
    CREATE INDEX contact_company ON contact (company, title, {_MORE});
    CREATE INDEX contact_title ON contact (title, company, {_MORE});
    CREATE INDEX contact_added ON contact (added, {_COVERED});
    CREATE INDEX contact_updated ON contact (updated, {_COVERED});
    CREATE INDEX contact_deciding ON contact (updated) WHERE is_decision_maker;
    CREATE INDEX contact_company_added ON contact (company_added, {_COVERED});
    CREATE INDEX contact_company_first_seen ON contact (company_first_seen, {_COVERED});
    ANALYZE;
"""
_NO_TITLE = -1
"""The id of the empty title, which contacts without a title have."""
_PART = 50_000
"""The rows that are read or written at a time."""


class Sqlite(Peer):
    name = "SQLite"

    def version(self) -> str:
        return f"SQLite {apsw.sqlite_lib_version()}"

    def load(self, extract: Path, directory: Path) -> None:
        db = apsw.Connection(str(directory / _FILE))
        db.execute("PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        db.execute("PRAGMA cache_size = -1000000; PRAGMA temp_store = MEMORY; PRAGMA threads = 2")
        db.execute(_SCHEMA)
        with db:
            _insert(db, "title", [(_NO_TITLE, "")])
            _insert(db, "title", _rows(extract / "titles.parquet", ["id", "folded"]))
            facts = _fill_companies(db, extract)
            _insert(db, "contact", _contacts(extract, facts))
        db.execute(_INDEXES)
        db.close()

    def connect(self, directory: Path) -> None:
        self._db = apsw.Connection(str(directory / _FILE), flags=apsw.SQLITE_OPEN_READONLY)
        self._db.execute("PRAGMA mmap_size = 1099511627776; PRAGMA cache_size = -500000; PRAGMA temp_store = MEMORY")
        self._deadline = 0.0
        self._db.set_progress_handler(lambda: time.perf_counter() > self._deadline, 10_000)
        self._deadline = time.perf_counter() + 60
        self._records = {t: self._one(f"SELECT count(*) FROM {t}", []) for t in ("company", "title", "contact")}

    def search(self, request: Request, window: Window, seconds: float) -> Result | None:
        self._deadline = time.perf_counter() + seconds
        try:
            return self._search(request.query, window)
        except apsw.InterruptError:
            return None

    def _search(self, query: Query, window: Window) -> Result:
        sets = Sets(self._db)
        made = Condition(query, self._vocabulary, sets.titles, sets.domains, sets.selected)
        condition, values = made.sql, made.values
        table = "company" if query.kind == "companies" else "contact"
        total = self._records[table]
        led_by = "" if query.kind == "companies" else sets.index_for(condition, self._records)
        if query.clauses:
            total = self._one(f"SELECT count(*) FROM {table}{led_by} WHERE {condition}", values)
        page = page_of(window, total, self._records[table])
        if page is None:
            return total, []
        source, order = (f"{table} NOT INDEXED", "num") if page.walks else (f"{table}{led_by}", "+num")
        nums = self._db.execute(
            f"SELECT num FROM {source} WHERE {condition}{beyond(window)} "
            f"ORDER BY {order} {page.direction} LIMIT {page.size} OFFSET {page.offset}",
            values,
        )
        return total, page.in_order([num for (num,) in nums])

    def _one(self, sql: str, values: list[object]) -> int:
        for row in self._db.execute(sql, values):
            return int(row[0])
        raise LookupError(sql)

    def close(self) -> None:
        self._db.close()


def _rows(path: Path, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(_PART, columns=columns):
            yield from zip(*(batch[name].to_pylist() for name in columns), strict=True)


def _insert(db: apsw.Connection, table: str, rows: Iterator[tuple[object, ...]] | list[tuple[object, ...]]) -> None:
    columns = len(list(db.execute(f"PRAGMA table_info({table})")))
    db.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})", rows)


def _fill_companies(db: apsw.Connection, extract: Path) -> dict[int, tuple[Any, ...]]:
    """Companies and their values in tables; returns each one's single-valued facts."""
    facts: dict[int, tuple[Any, ...]] = {}
    company_value = array("q")  # key and company in one number each, to be sorted

    def companies() -> Iterator[tuple[object, ...]]:
        for num, domain, *values in _rows(extract / "companies.parquet", ["num", "domain", *_SCALARS, *_VALUES]):
            assert isinstance(num, int)
            facts[num] = tuple(values[: len(_SCALARS)])
            for keys in values[len(_SCALARS) :]:
                assert isinstance(keys, list)
                company_value.extend(key << 32 | num for key in keys)
            yield num, domain, *facts[num]

    _insert(db, "company", companies())
    ordered = np.sort(np.frombuffer(company_value, np.int64))
    for start in range(0, len(ordered), _PART):
        part = ordered[start : start + _PART]
        rows = zip((part >> 32).tolist(), (part & 0xFFFFFFFF).tolist(), strict=True)
        db.executemany("INSERT INTO company_value VALUES (?, ?)", rows)
    return facts


def _contacts(extract: Path, facts: dict[int, tuple[Any, ...]]) -> Iterator[tuple[object, ...]]:
    changed = _SCALARS.index("updated")
    for num, company, title, *own, updated in _rows(extract / "contacts.parquet", ["num", "company", *_CONTACT]):
        of_company = facts[company]
        later = max(updated, of_company[changed])
        yield num, company, _NO_TITLE if title is None else title, *own, later, *of_company
