"""PostgreSQL: contacts in order of num with covering indexes by company and by title; values of companies in one array.

All that is asked of the company's values is one subselect on companies, by a GIN index over the array; titles are
distinct rows with a trigram index. Contacts carry the single-valued facts of their company for searches that ask for
no values. Totals are counted by index-only scans; the page is walked in order of num, or sorted where hits are rare.
"""

from __future__ import annotations

import math
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.extract import column
from benchmarks.peers.base import Answer, BuildFigures, disk_bytes
from benchmarks.peers.pages import beyond, page_of
from benchmarks.peers.vocabulary import Vocabulary, fresh
from letrics.engines.base import Window
from letrics.fields import Fact
from letrics.query import AllOf, AnyOf, Between, Contains, Flag, NoneOf, Query, Request

if TYPE_CHECKING:
    import psycopg

    from benchmarks.peers.postgresql_server import Server

_COMPANY_FACTS = """
    has_linkedin boolean, has_generic_email boolean, added bigint, first_seen bigint, updated bigint,
    employees integer, founded_year integer
"""
_CONTACT_FACTS = "department, seniority, has_personal_email, has_linkedin, is_decision_maker"
_TIMES = "added, updated, company_added, company_first_seen"
_TABLES = f"""
    CREATE EXTENSION intarray;
    CREATE EXTENSION pg_trgm;
    CREATE TABLE title (id integer, folded text);
    CREATE TABLE company (num integer, domain text, {_COMPANY_FACTS}, keys integer[]);
    CREATE TABLE contact (
        num integer, company integer NOT NULL, title integer NOT NULL, department integer, seniority integer,
        has_personal_email boolean, has_linkedin boolean, is_decision_maker boolean, added bigint, updated bigint,
        company_has_linkedin boolean, company_has_generic_email boolean, company_added bigint,
        company_first_seen bigint, company_updated bigint, company_employees integer, company_founded_year integer
    );
"""
_FILES = {
    "title": "SELECT -1, '' UNION ALL FROM '{extract}/titles.parquet' ORDER BY 1",
    "company": """
        SELECT num, domain, has_linkedin, has_generic_email, added, first_seen, updated, employees, founded_year,
               '{{' || array_to_string(list_sort(
                   locations || primary_location || functions || industries || tlds || technologies), ',') || '}}'
        FROM '{extract}/companies.parquet' ORDER BY num""",
    "contact": """
        SELECT c.num, company, ifnull(title, -1), department, seniority, has_personal_email, c.has_linkedin,
               is_decision_maker, c.added, greatest(c.updated, o.updated), o.has_linkedin, o.has_generic_email,
               o.added, o.first_seen, o.updated, o.employees, o.founded_year
        FROM '{extract}/contacts.parquet' c JOIN '{extract}/companies.parquet' o ON o.num = c.company ORDER BY c.num""",
}
_INDEXES = f"""
    ALTER TABLE title ADD PRIMARY KEY (id);
    CREATE INDEX ON title USING gin (folded gin_trgm_ops);
    ALTER TABLE company ADD PRIMARY KEY (num);
    CREATE UNIQUE INDEX ON company (domain);
    CREATE INDEX ON company USING gin (keys gin__int_ops) WITH (fastupdate = off);
    CREATE INDEX ON company (added);
    CREATE INDEX ON company (first_seen);
    CREATE INDEX ON company (updated);
    CREATE INDEX ON company (employees);
    CREATE INDEX ON company (founded_year);
    ALTER TABLE contact ADD PRIMARY KEY (num);
    CREATE INDEX ON contact (company) INCLUDE
        (num, title, {_CONTACT_FACTS}, company_has_generic_email, company_has_linkedin, {_TIMES});
    CREATE INDEX ON contact (title) INCLUDE
        (num, company, {_CONTACT_FACTS}, company_has_generic_email, company_has_linkedin, {_TIMES});
    CREATE INDEX ON contact (added) INCLUDE (num, {_CONTACT_FACTS});
    CREATE INDEX ON contact (updated) INCLUDE (num, {_CONTACT_FACTS});
    CREATE INDEX ON contact (updated) INCLUDE (num) WHERE is_decision_maker;
    CREATE INDEX ON contact (company_added) INCLUDE (num, {_CONTACT_FACTS});
    CREATE INDEX ON contact (company_first_seen) INCLUDE (num, {_CONTACT_FACTS});
"""


def peer() -> PostgreSql:
    return PostgreSql()


class PostgreSql:
    name = "PostgreSQL"

    def missing(self) -> str | None:
        for package in ("psycopg", "duckdb"):
            if not find_spec(package):
                return f"the package {package} is not installed"
        from benchmarks.peers.postgresql_server import binaries

        return None if binaries() else "no PostgreSQL server is installed"

    def version(self) -> str:
        import subprocess

        from benchmarks.peers.postgresql_server import binaries

        programs = binaries()
        assert programs is not None
        told = subprocess.run([programs / "postgres", "--version"], check=True, capture_output=True, text=True)
        return f"PostgreSQL {told.stdout.split()[2]}"

    def build(self, extract: Path, directory: Path) -> BuildFigures:
        from benchmarks.peers.postgresql_server import Server

        started = time.monotonic()
        fresh(directory)
        Vocabulary.keep(extract, directory)
        server = Server(directory / "cluster")
        try:
            with server.connect() as db:
                with db.transaction():
                    db.execute(_TABLES)
                    for table in _FILES:
                        _copy(db, table, extract, directory)
                for statement in filter(str.strip, _INDEXES.split(";")):
                    db.execute(statement.encode())
                db.execute("VACUUM (ANALYZE)")
                db.execute("CHECKPOINT")
        finally:
            server.stop()
        return BuildFigures(time.monotonic() - started, disk_bytes(directory))

    def open(self, directory: Path) -> None:
        from benchmarks.peers.postgresql_server import Server

        self._vocabulary = Vocabulary(directory)
        self._server: Server = Server(directory / "cluster")
        self._db: psycopg.Connection[tuple[object, ...]] = self._server.connect()
        self._records = {
            table: int(str(self._db.execute(f"SELECT count(*) FROM {table}".encode()).fetchall()[0][0]))
            for table in ("company", "contact")
        }

    def search(self, request: Request, window: Window, seconds: float) -> Answer | None:
        import psycopg

        self._db.execute(f"SET statement_timeout = {math.ceil(seconds * 1000)}".encode())
        try:
            return self._search(request.query, window)
        except psycopg.errors.QueryCanceled:
            return None

    def _search(self, query: Query, window: Window) -> Answer:
        condition, values = _Condition(query, self._vocabulary).sql()
        table = "company" if query.kind == "companies" else "contact"
        total = self._records[table]
        if query.clauses:
            total = self._ints(f"SELECT count(*) FROM {table} WHERE {condition}", values)[0]
        page = page_of(window, total, self._records[table])
        if page is None:
            return total, []
        order = "num" if page.walks else "num + 0"
        nums = self._ints(
            f"SELECT num FROM {table} WHERE {condition}{beyond(window)} "
            f"ORDER BY {order} {page.direction} LIMIT {page.size} OFFSET {page.offset}",
            values,
        )
        return total, page.in_order(nums)

    def _ints(self, sql: str, values: list[object]) -> list[int]:
        found = self._db.execute(sql.encode(), values, prepare=False)
        return [int(str(row[0])) for row in found.fetchall()]

    def memory_bytes(self) -> int:
        return self._server.memory_bytes()

    def close(self) -> None:
        self._db.close()
        self._server.stop()


def _copy(db: psycopg.Connection[tuple[object, ...]], table: str, extract: Path, directory: Path) -> None:
    """Rows of one table by way of a file that DuckDB writes; frozen, so that index-only scans need no heap at once."""
    import duckdb

    path = directory / f"{table}.csv"
    duckdb.sql(f"COPY ({_FILES[table].format(extract=extract)}) TO '{path}' (HEADER false)")
    with path.open("rb") as file, db.cursor() as cursor, cursor.copy(
        f"COPY {table} FROM STDIN (FORMAT csv, FREEZE)".encode()
    ) as copy:  # fmt: skip
        while block := file.read(1 << 20):
            copy.write(block)
    path.unlink()


class _Condition:
    """A query as one SQL condition on company or contact, and the values it is bound to."""

    def __init__(self, query: Query, vocabulary: Vocabulary) -> None:
        self._companies = query.kind == "companies"
        self._query = query
        self._vocabulary = vocabulary
        self._terms: list[str] = ["true"]
        self._values: list[object] = []
        self._inside: list[str] = []  # conditions on the company's values
        self._scalars: list[tuple[Fact, str]] = []
        self._domains: list[tuple[str, list[str]]] = []

    def sql(self) -> tuple[str, list[object]]:
        for clause in self._query.clauses:
            match clause:
                case AnyOf(_, fact, terms) | NoneOf(_, fact, terms) if fact.kind == "keys":
                    sign = "NOT IN" if isinstance(clause, NoneOf) else "IN"
                    self._domains.append((sign, [key for term in terms for key in term.keys]))
                case AnyOf(_, fact, terms) | NoneOf(_, fact, terms):
                    self._carries(fact, self._vocabulary.ids(fact, terms), isinstance(clause, NoneOf))
                case AllOf(_, fact, terms, exclude):
                    each = [_carried(self._vocabulary.ids(fact, [term])) for term in terms]
                    self._inside += [f"NOT ({' AND '.join(each)})"] if exclude else each
                case Contains(_, _, terms, exclude):
                    needles = [f"%{_escaped(key)}%" for term in terms for key in term.keys]
                    inside = " OR ".join(["folded LIKE %s"] * len(needles))
                    self._terms.append(f"title {'NOT IN' if exclude else 'IN'} (SELECT id FROM title WHERE {inside})")
                    self._values += needles
                case Flag(_, fact):
                    self._scalars.append((fact, ""))
                case Between(_, fact, low, high):
                    ends = ((">=", low), ("<=", high))
                    self._scalars += [(fact, f" {sign} {end}") for sign, end in ends if end is not None]
        for fact, test in self._scalars:
            if self._companies or fact.owner == "contact":
                self._terms.append(column(fact) + test)
            elif self._inside:
                self._inside.append(column(fact) + test)
            else:
                self._terms.append(f"company_{column(fact)}{test}")
        if self._inside:
            inside = " AND ".join(self._inside)
            whole = inside if self._companies else f"company IN (SELECT num FROM company WHERE {inside})"
            self._terms.append(whole)
        for sign, domains in self._domains:
            own = "num" if self._companies else "company"
            self._terms.append(f"{own} {sign} (SELECT num FROM company WHERE domain = ANY(%s))")
            self._values.append(domains)
        return " AND ".join(self._terms), self._values

    def _carries(self, fact: Fact, ids: list[int], exclude: bool) -> None:
        if fact.owner == "company":
            self._inside.append(f"NOT {_carried(ids)}" if exclude else _carried(ids))
        elif exclude:
            self._terms.append(f"({column(fact)} IS NULL OR {column(fact)} <> ALL ({_array(ids)}))")
        else:
            self._terms.append(f"{column(fact)} = ANY ({_array(ids)})")


def _array(ids: list[int]) -> str:
    return f"'{{{','.join(map(str, ids))}}}'::integer[]"


def _carried(ids: list[int]) -> str:
    return f"(keys && {_array(ids)})"


def _escaped(needle: str) -> str:
    return needle.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
