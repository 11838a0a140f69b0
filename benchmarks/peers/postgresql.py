"""PostgreSQL: contacts in order of num with covering indexes by company and by title; values of companies in one array.

All filters on the company's values are one subselect on companies, by a GIN index over the array; titles are distinct
rows with a trigram index. Contacts have the single-valued facts of their company for searches without such values.
Totals are counted by index-only scans; the page is walked in order of num, or sorted if matches are rare.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.peers.base import Peer, Result
from benchmarks.peers.pages import beyond, page_of
from benchmarks.peers.postgresql_query import Condition
from letrics.engines.base import Window
from letrics.query import Query, Request

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


class PostgreSql(Peer):
    name = "PostgreSQL"
    packages = ("psycopg", "duckdb")

    def missing(self) -> str | None:
        if (reason := super().missing()) is not None:
            return reason
        from benchmarks.peers.postgresql_server import binaries

        return None if binaries() else "no PostgreSQL server is installed"

    def version(self) -> str:
        import subprocess

        from benchmarks.peers.postgresql_server import binaries

        programs = binaries()
        assert programs is not None
        shown = subprocess.run([programs / "postgres", "--version"], check=True, capture_output=True, text=True)
        return f"PostgreSQL {shown.stdout.split()[2]}"

    def load(self, extract: Path, directory: Path) -> None:
        from benchmarks.peers.postgresql_server import Server

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

    def connect(self, directory: Path) -> None:
        from benchmarks.peers.postgresql_server import Server

        self._server: Server = Server(directory / "cluster")
        self._db: psycopg.Connection[tuple[object, ...]] = self._server.connect()
        self._records = {
            table: int(str(self._db.execute(f"SELECT count(*) FROM {table}".encode()).fetchall()[0][0]))
            for table in ("company", "contact")
        }

    def search(self, request: Request, window: Window, seconds: float) -> Result | None:
        import psycopg

        self._db.execute(f"SET statement_timeout = {math.ceil(seconds * 1000)}".encode())
        try:
            return self._search(request.query, window)
        except psycopg.errors.QueryCanceled:
            return None

    def _search(self, query: Query, window: Window) -> Result:
        condition, values = Condition(query, self._vocabulary).sql()
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
