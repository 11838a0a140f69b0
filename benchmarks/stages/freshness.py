"""The time until a change is found while a server runs: 1,000 new contacts, and one company with many contacts.

Times are from the commit of the change until a search finds all of it. The mix runs on another connection: first
without changes, then while the company changes several times.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

import msgspec

from benchmarks.stages.bench import CLIENT, Bench, Figures, stay_on
from benchmarks.stages.changes import Row, contacts_with_new_titles, put
from benchmarks.stages.server import served
from benchmarks.stages.wrk import Load, send_once
from benchmarks.workloads import Search, load

_NEW: Final = 1_000
_ROUNDS: Final = 5


class _Contact(msgspec.Struct):
    company_domain: str


def run(bench: Bench) -> Figures:
    stay_on(CLIENT)
    contacts_s, company_s = [], []
    with bench.copy_of_home("freshness") as home, served(home, core=None) as server:
        for at in range(3):
            title = f"Xylophone Tuner {at}"
            put(home, "contacts", new_contacts(bench, title, at))
            contacts_s.append(server.until_found(Search("", "contacts", {"job_titles": [title]}, True), _NEW))
        company = largest_company(bench)
        contacts = server.total(Search("", "contacts", {"domains": [company]}, False))
        mix = [search.line() for search in load("mix", bench.companies)]
        send_once(server, mix)
        before = send_once(server, mix * 2)
        meanwhile = Load(server, mix)
        for at in range(_ROUNDS):
            body: Row = {"industries": [f"Bell Founding {at}"], "per_page": 1}
            put(home, "companies", [{"domain": company, "industries": body["industries"]}])
            company_s.append(server.until_found(Search("", "contacts", body, False), contacts, 0.02))
        after = meanwhile.stop()
    return {
        "contacts": _NEW, "contacts_s": contacts_s, "company_contacts": contacts, "company_s": company_s,
        "mix_before_ms": before["ms"], "mix_meanwhile_ms": after["ms"], "asked_meanwhile": after["requests"],
    }  # fmt: skip


def new_contacts(bench: Bench, title: str, at: int) -> list[Row]:
    """Contacts with ids that the data does not have, and this title."""
    rows = contacts_with_new_titles(bench.data, _NEW, at * _NEW)
    return [
        {**row, "id": f"fresh-{at}-{number}", "job_title": title, "linkedin_url": None, "emails": []}
        for number, row in enumerate(rows)
    ]


def largest_company(bench: Bench) -> str:
    """The domain of the company with most contacts."""
    decoder = msgspec.json.Decoder(_Contact)
    with (bench.data / "contacts.jsonl").open("rb") as lines:
        return Counter(decoder.decode(line).company_domain for line in lines).most_common(1)[0][0]
