"""How soon a change is found, with a server running: 1,000 new contacts, and one company with many contacts.

Times are from the commit of the change until a search finds all of it. The mix is asked all the while on another
connection: first with nothing changing, then while the company changes again and again.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Final

from benchmarks.measure import spread
from benchmarks.stages.asked import mix
from benchmarks.stages.bench import CLIENT, Bench, Figures, stay_on
from benchmarks.stages.changing import Row, changed_contacts, largest_company, put
from benchmarks.stages.server import Connection, Served, served
from benchmarks.workloads import Search
from letrics.settings import Home

_NEW: Final = 1_000
_ROUNDS: Final = 5
_LIMIT_S: Final = 600.0


def run(bench: Bench) -> Figures:
    stay_on(CLIENT)
    with bench.copy_of_home("freshness") as home, served(home, core=None) as server:
        database = Home(home).database
        connection = server.connect()
        figures: Figures = {
            "contacts": _NEW,
            "contacts_s": [new_contacts(bench, database, connection, at) for at in range(3)],
        }
        domain, contacts = largest_company(database)
        searches = mix(bench)
        ask_all(connection, searches)
        before = ask_all(connection, searches) + ask_all(connection, searches)
        taken, meanwhile = [], []
        for at in range(_ROUNDS):
            seconds, times = changed_company(server, database, domain, contacts, at, searches)
            taken.append(seconds)
            meanwhile += times
        figures |= {"company_contacts": contacts, "company_s": taken, "mix_before_ms": spread(before),
                    "mix_meanwhile_ms": spread(meanwhile), "asked_meanwhile": len(meanwhile)}  # fmt: skip
    return figures


def new_contacts(bench: Bench, database: Path, connection: Connection, at: int) -> float:
    """Seconds until 1,000 contacts with a title of their own are found."""
    title = f"Xylophone Tuner {at}"
    rows: list[Row] = [
        {**row, "id": f"fresh-{at}-{number}", "job_title": title, "linkedin_url": None, "emails": []}
        for number, row in enumerate(changed_contacts(bench.data, _NEW, at * _NEW))
    ]
    put(database, "contacts", rows)
    return until_found(connection, Search("", "contacts", {"job_titles": [title]}, True), _NEW)


def until_found(connection: Connection, search: Search, total: int) -> float:
    """Seconds from now until the search has `total` hits."""
    started = time.monotonic()
    request = connection.search(search)
    while connection.total(request) != total:
        if time.monotonic() - started > _LIMIT_S:
            raise TimeoutError(f"{search.body} is not found")
        time.sleep(0.005)
    return time.monotonic() - started


def ask_all(connection: Connection, searches: list[Search]) -> list[float]:
    """Milliseconds each search of the mix took."""
    found = []
    for request in [connection.search(search) for search in searches]:
        started = time.perf_counter()
        status, body = connection.ask(request)
        found.append((time.perf_counter() - started) * 1000)
        assert status == 200, body
    return found


def changed_company(
    server: Served, database: Path, domain: str, contacts: int, at: int, searches: list[Search]
) -> tuple[float, list[float]]:
    """Seconds until all contacts of the company are found by its new industry, and what the mix took meanwhile."""
    name = f"Bell Founding {at}"
    change: dict[str, Any] = {"domain": domain, "industries": [name]}
    asker, finder = server.connect(), server.connect()
    requests = [asker.search(search) for search in searches]
    wanted = finder.search(Search("", "contacts", {"industries": [name], "per_page": 1}, False))
    put(database, "companies", [change])
    started = looked = time.monotonic()
    times: list[float] = []
    turn = at * 97
    while True:
        begun = time.perf_counter()
        asker.ask(requests[turn % len(requests)])
        times.append((time.perf_counter() - begun) * 1000)
        turn += 1
        now = time.monotonic()
        if now - looked > 0.02:
            looked = now
            if finder.total(wanted) == contacts:
                asker.close()
                finder.close()
                return time.monotonic() - started, times
        if now - started > _LIMIT_S:
            raise TimeoutError(f"the contacts of {domain} are not found by their company's new industry")
