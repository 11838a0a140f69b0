"""DuckDB: columns in order of num, values of companies in one table sorted by value, numbers instead of texts.

Contacts carry the single-valued facts of their company. Facts of several values are asked in one semi-join for all that
are wanted and one anti-join for all that are not, so that a search reads each column of contacts once.
"""

from __future__ import annotations

import re
import threading
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.extract import column
from benchmarks.peers.base import Answer, BuildFigures, disk_bytes, process_bytes
from benchmarks.peers.vocabulary import Vocabulary, fresh
from letrics.engines.base import Window
from letrics.fields import Fact
from letrics.query import AllOf, AnyOf, Between, Contains, Flag, NoneOf, Query, Request

if TYPE_CHECKING:
    import duckdb

THREADS = 2
_FILE = "peer.duckdb"
_MANY_NEEDLES = 4
"""From so many needles on, one regular expression beats a `contains` for each (500 needles: 57 ms, not 1,550)."""
_BUILD = """
    SET force_compression = 'uncompressed';
    CREATE TABLE title AS SELECT -1 AS id, '' AS folded UNION ALL FROM '{extract}/titles.parquet' ORDER BY id;
    CHECKPOINT;
    SET force_compression = 'auto';
    CREATE TABLE company AS
        SELECT num, domain, has_linkedin, has_generic_email, employees, founded_year, added, first_seen, updated
        FROM '{extract}/companies.parquet' ORDER BY num;
    CREATE TABLE carried AS
        SELECT unnest(locations || primary_location || functions || industries || tlds || technologies) AS key,
               num AS company
        FROM '{extract}/companies.parquet' ORDER BY key, company;
    CREATE TABLE contact AS
        SELECT c.* REPLACE (greatest(c.updated, o.updated) AS updated, ifnull(c.title, -1) AS title),
               o.has_linkedin AS company_has_linkedin, o.has_generic_email AS company_has_generic_email,
               o.employees AS company_employees, o.founded_year AS company_founded_year,
               o.added AS company_added, o.first_seen AS company_first_seen, o.updated AS company_updated
        FROM '{extract}/contacts.parquet' c JOIN company o ON o.num = c.company ORDER BY c.num;
    CREATE INDEX company_domain ON company (domain);
    ANALYZE;
    CHECKPOINT;
"""


def peer() -> DuckDb:
    return DuckDb()


class DuckDb:
    name = "DuckDB"

    def missing(self) -> str | None:
        return None if find_spec("duckdb") else "the package duckdb is not installed"

    def version(self) -> str:
        import duckdb

        return f"DuckDB {duckdb.__version__}"

    def build(self, extract: Path, directory: Path) -> BuildFigures:
        import duckdb

        started = time.monotonic()
        fresh(directory)
        Vocabulary.keep(extract, directory)
        with duckdb.connect(directory / _FILE, config={"threads": THREADS}) as db:
            db.execute(_BUILD.format(extract=extract))
        return BuildFigures(time.monotonic() - started, disk_bytes(directory))

    def open(self, directory: Path) -> None:
        import duckdb

        self._before = process_bytes()
        self._vocabulary = Vocabulary(directory)
        self._db: duckdb.DuckDBPyConnection = duckdb.connect(
            directory / _FILE, read_only=True, config={"threads": THREADS}
        )
        self._interrupted: type[Exception] = duckdb.InterruptException

    def search(self, request: Request, window: Window, seconds: float) -> Answer | None:
        alarm = threading.Timer(seconds, self._db.interrupt)
        alarm.start()
        try:
            return self._search(request.query, window)
        except self._interrupted:
            return None
        finally:
            alarm.cancel()

    def _search(self, query: Query, window: Window) -> Answer:
        condition, values = _Condition(query, self._vocabulary).sql()
        table = "company" if query.kind == "companies" else "contact"
        sign, direction = ("<", "DESC") if window.order == "newest" else (">", "ASC")
        after = "" if window.after is None else f"WHERE num {sign} {window.after}"
        found = self._db.execute(
            f"WITH hit AS MATERIALIZED (SELECT num FROM {table} WHERE {condition}) "
            f"SELECT (SELECT count(*) FROM hit), (SELECT list(num) FROM (SELECT num FROM hit {after} "
            f"ORDER BY num {direction} LIMIT {window.size} OFFSET {window.offset}))",
            values,
        ).fetchone()
        assert found is not None
        return found[0], found[1] or []

    def memory_bytes(self) -> int:
        return process_bytes() - self._before

    def close(self) -> None:
        self._db.close()


class _Condition:
    """A query as one SQL condition on company or contact, and the values it is bound to."""

    def __init__(self, query: Query, vocabulary: Vocabulary) -> None:
        self._companies = query.kind == "companies"
        self._company = "num" if self._companies else "company"
        self._query = query
        self._vocabulary = vocabulary
        self._terms: list[str] = ["true"]
        self._values: list[object] = []
        self._wanted: list[str] = []  # conditions on key of carried, all of which a company must meet
        self._unwanted: list[int] = []

    def sql(self) -> tuple[str, list[object]]:
        for clause in self._query.clauses:
            match clause:
                case AnyOf(_, fact, terms) | NoneOf(_, fact, terms) if fact.kind == "keys":
                    sign = "NOT IN" if isinstance(clause, NoneOf) else "IN"
                    inside = "SELECT num FROM company WHERE domain IN (SELECT unnest(?))"
                    self._add(f"{self._company} {sign} ({inside})", [key for term in terms for key in term.keys])
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
                        self._add(f"ifnull({column(fact)} NOT IN {_listed(ids)}, true)")
                case AllOf(_, fact, terms, exclude):
                    each = [f"key IN {_listed(self._vocabulary.ids(fact, [term]))}" for term in terms]
                    if exclude:
                        self._add(f"{self._company} NOT IN ({_carrying(each)})")
                    else:
                        self._wanted += each
                case Contains(_, _, terms, exclude):
                    keys = [key for term in terms for key in term.keys]
                    inside = " OR ".join(["contains(folded, ?)"] * len(keys))
                    if len(keys) >= _MANY_NEEDLES:
                        inside, keys = "regexp_matches(folded, ?)", ["|".join(map(_escaped, keys))]
                    self._add(f"title {'NOT IN' if exclude else 'IN'} (SELECT id FROM title WHERE {inside})", *keys)
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


def _escaped(needle: str) -> str:
    """The needle as a regular expression of RE2 that matches itself alone."""
    return re.sub(r"[\\.+*?()|\[\]{}^$]", r"\\\g<0>", needle)


def _listed(ids: list[int]) -> str:
    return f"({', '.join(map(str, ids or [-1]))})"
