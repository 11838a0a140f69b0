"""DuckDB: columns in order of num, values of companies in one table sorted by value, numbers instead of texts.

Contacts have the single-valued facts of their company. Values of companies are one semi-join for all that are wanted
and one anti-join for all that are excluded, so that a search reads each column of contacts once.
"""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.peers.base import Peer, Result
from benchmarks.peers.conditions import Condition
from benchmarks.peers.pages import beyond
from letrics.engines.base import Window
from letrics.query import Query, Request

if TYPE_CHECKING:
    import duckdb

THREADS = 2
"""The threads of a search and of the build."""
_FILE = "peer.duckdb"
_DEEP = 10_000
"""The offset from which all matches are fetched and sorted here: faster than ORDER BY with the offset."""
_MANY_NEEDLES = 4
"""The number of needles from which one regular expression is faster than one `contains` each."""
_BUILD = """
    SET force_compression = 'uncompressed';
    CREATE TABLE title AS SELECT -1 AS id, '' AS folded UNION ALL FROM '{extract}/titles.parquet' ORDER BY id;
    CHECKPOINT;
    SET force_compression = 'auto';
    CREATE TABLE company AS
        SELECT num, domain, has_linkedin, has_generic_email, employees, founded_year, added, first_seen, updated
        FROM '{extract}/companies.parquet' ORDER BY num;
    CREATE TABLE company_value AS
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


class DuckDb(Peer):
    name = "DuckDB"
    packages = ("duckdb",)

    def version(self) -> str:
        import duckdb

        return f"DuckDB {duckdb.__version__}"

    def load(self, extract: Path, directory: Path) -> None:
        import duckdb

        with duckdb.connect(directory / _FILE, config={"threads": THREADS}) as db:
            db.execute(_BUILD.format(extract=extract))

    def connect(self, directory: Path) -> None:
        import duckdb

        self._db: duckdb.DuckDBPyConnection = duckdb.connect(
            directory / _FILE, read_only=True, config={"threads": THREADS}
        )
        self._interrupted: type[Exception] = duckdb.InterruptException

    def search(self, request: Request, window: Window, seconds: float) -> Result | None:
        alarm = threading.Timer(seconds, self._db.interrupt)
        alarm.start()
        try:
            return self._search(request.query, window)
        except self._interrupted:
            return None
        finally:
            alarm.cancel()

    def _search(self, query: Query, window: Window) -> Result:
        condition = Condition(query, self._vocabulary, _titles, _domains)
        table = "company" if query.kind == "companies" else "contact"
        hits = f"SELECT num FROM {table} WHERE {condition.sql}"
        if window.offset >= _DEEP:
            nums = np.sort(self._db.execute(hits, condition.values).fetchnumpy()["num"], kind="stable")
            ordered = nums[::-1] if window.order == "newest" else nums
            return len(nums), ordered[window.offset : window.offset + window.size].tolist()
        direction = "DESC" if window.order == "newest" else "ASC"
        found = self._db.execute(
            f"WITH hit AS MATERIALIZED ({hits}) SELECT (SELECT count(*) FROM hit), "
            f"(SELECT list(num) FROM (SELECT num FROM hit WHERE true {beyond(window)} "
            f"ORDER BY num {direction} LIMIT {window.size} OFFSET {window.offset}))",
            condition.values,
        ).fetchone()
        assert found is not None
        return found[0], found[1] or []

    def close(self) -> None:
        self._db.close()


def _domains(domains: list[str]) -> tuple[str, list[object]]:
    return "SELECT num FROM company WHERE domain IN (SELECT unnest(?))", [domains]


def _titles(needles: list[str]) -> tuple[str, list[object]]:
    inside, values = " OR ".join(["contains(folded, ?)"] * len(needles)), list[object](needles)
    if len(needles) >= _MANY_NEEDLES:
        inside, values = "regexp_matches(folded, ?)", ["|".join(map(_escaped, needles))]
    return f"SELECT id FROM title WHERE {inside}", values


def _escaped(needle: str) -> str:
    """A regular expression of RE2 that matches only the needle."""
    return re.sub(r"[\\.+*?()|\[\]{}^$]", r"\\\g<0>", needle)
