"""SQLite: contacts in order of num with covering indexes by company and by title; values of companies in one clustered
table; a trigram index over distinct titles.

All that is asked of the company's values is one subselect. Contacts carry the single-valued facts of their company, so
that every index answers most of a search by itself. The database is memory-mapped, read-only and ANALYZEd.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import apsw
import pyarrow.parquet as pq

from benchmarks.extract import COMPANY, column
from benchmarks.peers.base import Answer, BuildFigures, disk_bytes, process_bytes
from benchmarks.peers.vocabulary import Vocabulary, fresh
from letrics.engines.base import Window
from letrics.fields import Fact
from letrics.query import AllOf, AnyOf, Between, Contains, Flag, NoneOf, Query, Request

_FILE = "peer.db"
_SCALARS = [column(fact) for fact in COMPANY if fact.kind in ("flag", "number", "time")]
_VALUES = [column(fact) for fact in COMPANY if fact.kind == "values"]
_CONTACT = [
    "title", "department", "seniority", "has_personal_email", "has_linkedin", "is_decision_maker", "added", "updated",
]  # fmt: skip
_CARRIED = [f"company_{name}" for name in _SCALARS]
_COVERED = "department, seniority, has_personal_email, has_linkedin, is_decision_maker"
_MORE = (
    f"{_COVERED}, company_has_generic_email, company_has_linkedin, added, updated, company_added, company_first_seen"
)
_SCHEMA = f"""
    CREATE TABLE company (num INTEGER PRIMARY KEY, domain TEXT, {", ".join(_SCALARS)});
    CREATE TABLE carried (key INTEGER, company INTEGER, PRIMARY KEY (key, company)) WITHOUT ROWID;
    CREATE TABLE title (id INTEGER PRIMARY KEY, folded TEXT);
    CREATE VIRTUAL TABLE title_part USING fts5
        (folded, content = 'title', content_rowid = 'id', tokenize = 'trigram case_sensitive 1', detail = 'none');
    CREATE TABLE contact (num INTEGER PRIMARY KEY, company INTEGER, {", ".join(_CONTACT + _CARRIED)});
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


def peer() -> Sqlite:
    return Sqlite()


class Sqlite:
    name = "SQLite"

    def missing(self) -> str | None:
        return None

    def version(self) -> str:
        return f"SQLite {apsw.sqlite_lib_version()}"

    def build(self, extract: Path, directory: Path) -> BuildFigures:
        started = time.monotonic()
        fresh(directory)
        Vocabulary.keep(extract, directory)
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
        return BuildFigures(time.monotonic() - started, disk_bytes(directory))

    def open(self, directory: Path) -> None:
        self._before = process_bytes()
        self._vocabulary = Vocabulary(directory)
        self._db = apsw.Connection(str(directory / _FILE), flags=apsw.SQLITE_OPEN_READONLY)
        self._db.execute("PRAGMA mmap_size = 1099511627776; PRAGMA cache_size = -500000; PRAGMA temp_store = MEMORY")
        self._deadline = 0.0
        self._db.set_progress_handler(lambda: time.perf_counter() > self._deadline, 10_000)
        self._deadline = time.perf_counter() + 60
        self._records = {t: self._one(f"SELECT count(*) FROM {t}", []) for t in ("company", "contact")}

    def search(self, request: Request, window: Window, seconds: float) -> Answer | None:
        self._deadline = time.perf_counter() + seconds
        try:
            return self._search(request.query, window)
        except apsw.InterruptError:
            return None

    def _search(self, query: Query, window: Window) -> Answer:
        condition, values = _Condition(query, self._vocabulary).sql()
        table = "company" if query.kind == "companies" else "contact"
        total = self._records[table]
        if query.clauses:
            total = self._one(f"SELECT count(*) FROM {table} WHERE {condition}", values)
        if total <= window.offset:
            return total, []
        sign, direction = ("<", "DESC") if window.order == "newest" else (">", "ASC")
        if window.after is not None:
            condition += f" AND num {sign} {window.after}"
        # Walking in order of num passes so many records until the page is full; sorting reads every hit.
        walked = (window.offset + window.size) * self._records[table] / total
        walks = walked < 2 * total or window.after is not None
        source, order = (f"{table} NOT INDEXED", "num") if walks else (table, "+num")
        page = f"SELECT num FROM {source} WHERE {condition} ORDER BY {order} {direction} LIMIT ? OFFSET ?"
        return total, [row[0] for row in self._db.execute(page, [*values, window.size, window.offset])]

    def _one(self, sql: str, values: list[object]) -> int:
        for row in self._db.execute(sql, values):
            return int(row[0])
        raise LookupError(sql)

    def memory_bytes(self) -> int:
        return process_bytes() - self._before

    def close(self) -> None:
        self._db.close()


def _rows(path: Path, columns: list[str]) -> Iterator[tuple[object, ...]]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(50_000, columns=columns):
            yield from zip(*(batch[name].to_pylist() for name in columns), strict=True)


def _insert(db: apsw.Connection, table: str, rows: Iterator[tuple[object, ...]] | list[tuple[object, ...]]) -> None:
    columns = len(list(db.execute(f"PRAGMA table_info({table})")))
    db.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})", rows)


def _fill_companies(db: apsw.Connection, extract: Path) -> dict[int, tuple[object, ...]]:
    """Companies and their values in tables; returns each one's single-valued facts."""
    facts: dict[int, tuple[object, ...]] = {}
    carried: list[int] = []  # key and company in one number each, to be sorted

    def companies() -> Iterator[tuple[object, ...]]:
        for num, domain, *values in _rows(extract / "companies.parquet", ["num", "domain", *_SCALARS, *_VALUES]):
            assert isinstance(num, int)
            facts[num] = tuple(values[: len(_SCALARS)])
            for keys in values[len(_SCALARS) :]:
                assert isinstance(keys, list)
                carried.extend(key << 32 | num for key in keys)
            yield num, domain, *facts[num]

    _insert(db, "company", companies())
    carried.sort()
    db.executemany("INSERT INTO carried VALUES (?, ?)", ((one >> 32, one & 0xFFFFFFFF) for one in carried))
    return facts


def _contacts(extract: Path, facts: dict[int, tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
    changed = _SCALARS.index("updated")
    for num, company, title, *own, updated in _rows(extract / "contacts.parquet", ["num", "company", *_CONTACT]):
        of_company = facts[company]  # type: ignore[index]
        later = max(updated, of_company[changed])  # type: ignore[type-var]
        yield num, company, _NO_TITLE if title is None else title, *own, later, *of_company


class _Condition:
    """A query as one SQL condition on company or contact, and the values it is bound to."""

    def __init__(self, query: Query, vocabulary: Vocabulary) -> None:
        self._companies = query.kind == "companies"
        self._company = "num" if self._companies else "company"
        self._query = query
        self._vocabulary = vocabulary
        self._terms: list[str] = ["1"]
        self._values: list[object] = []
        self._wanted: list[str] = []  # conditions on key of carried, all of which a company must meet
        self._unwanted: list[int] = []

    def sql(self) -> tuple[str, list[object]]:
        for clause in self._query.clauses:
            match clause:
                case AnyOf(_, fact, terms) | NoneOf(_, fact, terms) if fact.kind == "keys":
                    keys = [key for term in terms for key in term.keys]
                    sign = "NOT IN" if isinstance(clause, NoneOf) else "IN"
                    inside = f"SELECT num FROM company WHERE domain IN ({', '.join('?' * len(keys))})"
                    self._add(f"{self._company} {sign} ({inside})", *keys)
                case AnyOf(_, fact, terms):
                    ids = self._vocabulary.ids(fact, terms)
                    if fact.owner == "company":
                        self._wanted.append(f"key IN {_listed(ids)}")
                    else:
                        self._add(f"{column(fact)} IN {_listed(ids)}")
                case NoneOf(_, fact, terms):
                    ids = self._vocabulary.ids(fact, terms)
                    if fact.owner == "company":
                        self._unwanted += ids
                    else:
                        self._add(f"ifnull({column(fact)} NOT IN {_listed(ids)}, 1)")
                case AllOf(_, fact, terms, exclude):
                    each = [f"key IN {_listed(self._vocabulary.ids(fact, [term]))}" for term in terms]
                    if exclude:
                        self._add(f"{self._company} NOT IN ({_carrying(each)})")
                    else:
                        self._wanted += each
                case Contains(_, _, terms, exclude):
                    parts, bound = zip(*(_contains(key) for term in terms for key in term.keys), strict=True)
                    self._add(f"title {'NOT IN' if exclude else 'IN'} ({' UNION ALL '.join(parts)})", *bound)
                case Flag(_, fact):
                    self._add(self._own(fact))
                case Between(_, fact, low, high):
                    for sign, end in ((">=", low), ("<=", high)):
                        if end is not None:
                            self._add(f"{self._own(fact)} {sign} {end}")
        unwanted = ""
        if self._unwanted:
            unwanted = f"NOT IN (SELECT company FROM carried WHERE key IN {_listed(self._unwanted)})"
        if self._wanted:
            inside = _carrying(self._wanted) + (f" AND company {unwanted}" if unwanted else "")
            self._add(f"{self._company} IN ({inside})")
        elif unwanted:
            self._add(f"{self._company} {unwanted}")
        return " AND ".join(self._terms), self._values

    def _add(self, term: str, *values: object) -> None:
        self._terms.append(term)
        self._values += values

    def _own(self, fact: Fact) -> str:
        return column(fact) if self._companies or fact.owner == "contact" else f"company_{column(fact)}"


def _carrying(conditions: list[str]) -> str:
    """Companies that meet every condition on a key."""
    first, *others = conditions
    inside = "".join(f" AND company IN (SELECT company FROM carried WHERE {other})" for other in others)
    return f"SELECT company FROM carried WHERE {first}{inside}"


def _listed(ids: list[int]) -> str:
    return f"({', '.join(map(str, ids or [-1]))})"


def _contains(needle: str) -> tuple[str, str]:
    """Titles that contain the needle; the index knows pieces of three characters."""
    if len(needle) < 3:
        return "SELECT id FROM title WHERE instr(folded, ?)", needle
    escaped = needle.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return "SELECT rowid FROM title_part WHERE folded LIKE ? ESCAPE '\\'", f"%{escaped}%"
