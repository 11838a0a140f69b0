"""The time until a change is found while a server runs: 1,000 new contacts, and one company with many contacts.

Times are from the commit of the change until a search finds all of it. The mix runs on another connection: first
without changes, then while the company changes several times.
"""

from __future__ import annotations

from itertools import islice
from typing import Final

import msgspec
import numpy as np

from benchmarks import generate
from benchmarks.data.contacts import employers
from benchmarks.data.domains import domain
from benchmarks.stages.bench import CLIENT, Bench, Figures, stay_on
from benchmarks.stages.imports import put
from benchmarks.stages.server import served
from benchmarks.stages.wrk import Load, send_once
from benchmarks.workloads import Search, load

_NEW: Final = 1_000
"""The number of contacts in a batch of new ones."""
_ROUNDS: Final = 5
"""The number of changes of the company."""


def run(bench: Bench) -> Figures:
    stay_on(CLIENT)
    contacts_s, company_s = [], []
    with (
        bench.copy_of_home("freshness") as home,
        served(home, core=None) as server,
        generate.imports(*bench.size, bench.import_rows).new.open("rb") as lines,
    ):
        for at in range(3):
            title = f"Xylophone Tuner {at}"
            rows = [{**msgspec.json.decode(line), "job_title": title} for line in islice(lines, _NEW)]
            put(home, "contacts", rows)
            contacts_s.append(server.until_found(Search("", "contacts", {"job_titles": [title]}, True), len(rows)))
        company = domain(int(np.bincount(employers(bench.contacts, bench.companies, bench.seed)).argmax()))
        contacts = server.total(Search("", "contacts", {"domains": [company]}, False))
        mix = [search.line() for search in load("mix", bench.companies)]
        send_once(server, mix)
        before = send_once(server, mix * 2)
        meanwhile = Load(server, mix)
        for at in range(_ROUNDS):
            name = f"Bell Founding {at}"
            put(home, "companies", [{"domain": company, "industries": [name]}])
            search = Search("", "contacts", {"industries": [name], "per_page": 1}, False)
            company_s.append(server.until_found(search, contacts, 0.02))
        after = meanwhile.stop()
    return {
        "contacts": _NEW, "contacts_s": contacts_s, "company_contacts": contacts, "company_s": company_s,
        "mix_before_ms": before["ms"], "mix_meanwhile_ms": after["ms"], "asked_meanwhile": after["requests"],
    }  # fmt: skip
