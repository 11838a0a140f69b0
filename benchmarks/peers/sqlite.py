"""The peer: the same records in SQLite, laid out and indexed as well as one would by hand, asked in SQL.

Values of companies stand in one clustered table by value; distinct titles have a trigram index; every other column that
is asked for has an index. Values are taken and folded by the program's own catalogue, so that totals must be equal.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import apsw

from letrics import fields
from letrics.engines.base import Window
from letrics.fields import FACTS, Fact
from letrics.normalize.time import parse_time
from letrics.query import AllOf, AnyOf, Between, Contains, Flag, NoneOf, Query, Request
from letrics.query.clauses import Clause
from letrics.records import decode_company, decode_contact
from letrics.store.base import Changes
from letrics.store.sqlite import SqliteStore

SCHEMA = """
    CREATE TABLE company (num INTEGER PRIMARY KEY, domain TEXT UNIQUE, {company_columns});
    CREATE TABLE carried (fact INTEGER, key TEXT, company INTEGER, PRIMARY KEY (fact, key, company)) WITHOUT ROWID;
    CREATE TABLE title (id INTEGER PRIMARY KEY, folded TEXT UNIQUE);
    CREATE VIRTUAL TABLE title_words USING fts5
        (folded, content = 'title', content_rowid = 'id', tokenize = 'trigram case_sensitive 1', detail = 'none');
    CREATE TABLE contact (num INTEGER PRIMARY KEY, company INTEGER, title INTEGER, {contact_columns});
"""
_SECONDS = 30.0


def column(fact: Fact) -> str:
    return fact.name.replace(".", "_")


_COMPANY = [fact for fact in FACTS if fact.owner == "company" and fact.kind in ("flag", "time", "number")]
_CONTACT = [fact for fact in FACTS if fact.owner == "contact" and fact.kind in ("flag", "time", "values")]
_CARRIED = {fact.name: at for at, fact in enumerate(FACTS) if fact.owner == "company" and fact.kind == "values"}
_BY_NAME = {fact.name: fact for fact in FACTS}


class SqlitePeer:
    """Records copied from a log store once, then searched."""

    def __init__(self, path: Path, store: SqliteStore) -> None:
        fresh = not path.exists()
        beside = path.with_suffix(".part")
        if fresh:
            beside.unlink(missing_ok=True)
            self._fill(beside, store)
            beside.rename(path)
        self._db = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
        self._db.execute("PRAGMA mmap_size = 1099511627776; PRAGMA cache_size = -500000; PRAGMA temp_store = MEMORY")
        self._deadline = 0.0
        self._db.set_progress_handler(lambda: time.perf_counter() > self._deadline, 10_000)

    def _fill(self, path: Path, store: SqliteStore) -> None:
        db = apsw.Connection(str(path))
        db.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        db.execute(SCHEMA.format(company_columns=", ".join(map(column, _COMPANY)),
                                 contact_columns=", ".join(map(column, _CONTACT))))  # fmt: skip
        titles: dict[str, int] = {}
        with db:
            for part in store.scan(20_000):
                _copy(db, part, titles)
            db.executemany("INSERT INTO title VALUES (?, ?)", ((id_, text) for text, id_ in titles.items()))
            db.execute("INSERT INTO title_words (title_words) VALUES ('rebuild')")
            for fact in _COMPANY:
                db.execute(f"CREATE INDEX company_{column(fact)} ON company ({column(fact)})")
            for name in ("company", "title", *map(column, _CONTACT)):
                db.execute(f"CREATE INDEX contact_{name} ON contact ({name})")
            db.execute("ANALYZE")
        db.close()

    def search(self, request: Request, window: Window) -> tuple[int, list[int]] | None:
        """The total and the nums of the window; None where it takes over 30 seconds."""
        self._deadline = time.perf_counter() + _SECONDS
        where, values = _where(request.query)
        table = "company c" if request.query.kind == "companies" else "contact c"
        if "o." in where:
            table += " JOIN company o ON o.num = c.company"
        direction = "DESC" if window.order == "newest" else "ASC"
        page = f"SELECT c.num FROM {table} WHERE {where} ORDER BY c.num {direction} LIMIT ? OFFSET ?"
        try:
            total = next(self._db.execute(f"SELECT count(*) FROM {table} WHERE {where}", values))[0]
            return total, [row[0] for row in self._db.execute(page, [*values, window.size, window.offset])]
        except apsw.InterruptError:
            return None


def _copy(db: apsw.Connection, part: Changes, titles: dict[str, int]) -> None:
    companies = list(zip(part.company_nums, map(decode_company, part.company_documents), strict=True))
    marks = ", ".join("?" * (len(_COMPANY) + 2))
    rows = (
        (num, company.domain, *(_single(fact, fact.of(company)) for fact in _COMPANY)) for num, company in companies
    )
    db.executemany(f"INSERT INTO company VALUES ({marks})", rows)
    carried = (
        (at, key, num)
        for num, company in companies
        for name, at in _CARRIED.items()
        for key in {_BY_NAME[name].key(text) for text in _BY_NAME[name].of(company)}
    )
    db.executemany("INSERT INTO carried VALUES (?, ?, ?)", carried)

    def contacts() -> Iterator[tuple[object, ...]]:
        for num, company, document in zip(
            part.contact_nums, part.contact_companies, part.contact_documents, strict=True
        ):
            contact = decode_contact(document)
            title = None
            if contact.job_title is not None:
                title = titles.setdefault(fields.JOB_TITLE.key(contact.job_title), len(titles))
            yield num, company, title, *(_single(fact, fact.of(contact)) for fact in _CONTACT)

    db.executemany(f"INSERT INTO contact VALUES ({', '.join('?' * (len(_CONTACT) + 3))})", contacts())


def _single(fact: Fact, value: object) -> object:
    """The one value of a column: a contact has at most one department and seniority; times are milliseconds."""
    if fact.kind == "time":
        return parse_time(str(value))
    if fact.kind != "values":
        return value
    assert isinstance(value, tuple)
    return fact.key(value[0]) if value else None


def _where(query: Query) -> tuple[str, list[object]]:
    terms: list[str] = ["1"]
    values: list[object] = []
    company = "c.num" if query.kind == "companies" else "c.company"
    for clause in query.clauses:
        sql, bound = _term(clause, company, query.kind == "companies")
        terms.append(sql)
        values += bound
    return " AND ".join(terms), values


def _term(clause: Clause, company: str, companies: bool) -> tuple[str, list[object]]:
    own = f"{'c' if companies or clause.fact.owner == 'contact' else 'o'}.{column(clause.fact)}"
    match clause:
        case Contains(_, _, terms, exclude):
            parts, bound = zip(*(_contains(key) for term in terms for key in term.keys), strict=True)
            inside = f"c.title IN ({' UNION ALL '.join(parts)})"
            return (f"(c.title IS NULL OR NOT {inside})" if exclude else inside), list(bound)
        case AnyOf(_, fact, terms) | NoneOf(_, fact, terms):
            keys: list[object] = [key for term in terms for key in term.keys]
            marks = ", ".join("?" * len(keys))
            if fact.kind == "keys":
                inside = f"{company} IN (SELECT num FROM company WHERE domain IN ({marks}))"
            elif fact.owner == "company":
                carried = f"SELECT company FROM carried WHERE fact = {_CARRIED[fact.name]} AND key IN ({marks})"
                inside = f"{company} IN ({carried})"
            else:
                inside = f"ifnull({own} IN ({marks}), 0)" if isinstance(clause, NoneOf) else f"{own} IN ({marks})"
            return (f"NOT {inside}" if isinstance(clause, NoneOf) else inside), keys
        case Flag():
            return f"{own} = 1", []
        case AllOf():
            raise NotImplementedError(clause.field)
        case Between(_, fact, low, high):
            if fact.later_of is not None:
                own = f"max({own}, o.{column(fact.later_of)})"
            ends = [(">=", low), ("<=", high)]
            return " AND ".join(f"{own} {sign} ?" for sign, end in ends if end is not None), [
                e for _, e in ends if e is not None
            ]


def _contains(needle: str) -> tuple[str, str]:
    if len(needle) < 3:
        return "SELECT id FROM title WHERE instr(folded, ?)", needle
    return "SELECT rowid FROM title_words WHERE folded LIKE ? ESCAPE '\\'", f"%{_escaped(needle)}%"


def _escaped(needle: str) -> str:
    return needle.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def version() -> str:
    return f"SQLite {apsw.sqlite_lib_version()} (Python's own: {sqlite3.sqlite_version})"
