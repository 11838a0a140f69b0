"""PostgreSQL with OpenSearch, and SQLite with the index in memory: requests and commands have the same results."""

from __future__ import annotations

import gzip
import json
import secrets
from collections.abc import Callable
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.reliability.compared_home import ComparedHome, compared_home
from tests.reliability.running import run_here, until
from tests.servers.opensearch import shared_url
from tests.servers.postgres import new_database

RECORDS = {"companies": 400, "contacts": 1_500}
"""The number of records of the sample."""
FILTERS: tuple[dict[str, Any], ...] = (
    {}, {"job_titles": ["manager"]}, {"job_titles": ["engineer", "cto"], "locations": ["Germany", "Nordics"]},
    {"exclude_job_titles": ["manager"], "departments": ["Sales"]}, {"job_title_words": ["vice president"]},
    {"seniorities": ["Director", "Vorstand"]}, {"emails": ["@post.example"]}, {"full_names": ["chen"]},
    {"tlds": ["com"]}, {"domains": ["ganfenglithium.com", "none.example"]},
    {"is_decision_maker": True, "has_personal_email": True},
    {"employees_min": 50, "employees_max": 1000}, {"added_after": "2015-01-01", "added_before": "2020-01-01"},
    {"contact_locations": ["Berlin"]}, {"locations": ["Atlantis"]}, {"order": "newest"},
    {"job_titles": ["ä", "a", "ing"]},
    {"company_names": ["lithium"]}, {"nothing": 1}, {"has_linkedin_profile": False},
)  # fmt: skip
ROWS = """id,full name,email,company domain,title,employees
1,Ann Alt,ann@ann.example,ann.example,Manager,10-20
2,Bob Alt,no address,bob.example,Sales Manager,ten
,,,,,
3,Uma Prüf,uma@acme.example,acme.example,CTO,
"""


@pytest.fixture
def sample(tmp_path: Path) -> list[Path]:
    """The first records of the bundled sample, and a file with faults."""
    paths = []
    for kind, count in RECORDS.items():
        with gzip.open(str(files("letrics.sample").joinpath(f"{kind}.jsonl.gz")), "rt", encoding="utf-8") as lines:
            paths.append(tmp_path / f"{kind}.jsonl")
            paths[-1].write_text("".join(next(lines) for _ in range(count)), "utf-8")
    (tmp_path / "leads.csv").write_text(ROWS, "utf-8")
    return [*paths, tmp_path / "leads.csv"]


def search(home: ComparedHome) -> None:
    """Searches, counts, facets, walks, exports and suggestions of both kinds."""
    for kind in RECORDS:
        for body in FILTERS:
            home.ask("POST", f"/v1/{kind}", json=body | {"per_page": 7})
            home.ask("POST", f"/v1/{kind}", json=body | {"per_page": 50, "page": 3, "fields": ["id", "domain"]})
            home.ask("POST", f"/v1/{kind}/count", json=body)
            home.ask("POST", f"/v1/{kind}/facets", json=body | {"facets": ["industries", "locations", "tlds"]})
        for form in ("jsonl", "csv", "parquet", "xlsx"):
            home.ask("POST", f"/v1/{kind}/export?format={form}", json={"locations": ["Germany"]})
        for name in ("job_titles", "industries", "locations", "tlds", "domains", "nothing"):
            for typed in ("", "a", "ger", "ü"):
                home.ask("GET", f"/v1/{kind}/fields/{name}/values?q={typed}&limit=20")
        home.ask("GET", f"/v1/{kind}/fields")
        body = {"per_page": 100}
        for _ in range(4):
            reply = home.client.post(f"/v1/{kind}", json=body).json()
            home.notes.append((f"walk {kind}", json.dumps([record["id"] for record in reply["data"]])))
            body = {"per_page": 100, "cursor": reply["meta"]["next_cursor"]}
    for path in (
        "contacts/sample-00002",
        "contacts/none",
        "companies/id/ganfenglithium.com",
        "account",
        "contacts?x=1",
    ):
        home.ask("GET", f"/v1/{path}")


def write(home: ComparedHome) -> None:
    """Upserts, repeated ones, deletions and forgetting."""
    rows = [
        {"id": "u1", "full_name": "Uma Prüf", "emails": ["uma@acme.example"], "company_domain": "acme.example"},
        {"full_name": "No Key"}, {"emails": ["x"]}, {"id": "u2", "bogus": 1}, {"id": "u3", "company_name": "Acme Two"},
    ]  # fmt: skip
    for sent in (rows, rows, rows[:1]):
        home.ask("POST", "/v1/contacts/upsert", json={"records": sent}, headers={"Idempotency-Key": "one"})
    companies = [{"domain": "acme.example", "name": "Acme", "employees": "51-200", "industries": ["Anvils"]}, {"x": 1}]
    home.ask("POST", "/v1/companies/upsert", json={"records": companies})
    home.settle()
    home.ask("POST", "/v1/contacts", json={"industries": ["Anvils"]})
    for path in ("contacts/u2", "contacts/u2", "contacts/sample-00002?forget=true", "companies/acme.example"):
        home.ask("DELETE", f"/v1/{path}")
    home.ask("DELETE", "/v1/companies/acme.example?with_contacts=true")
    again = {"id": "sample-00002", "full_name": "Chen Ning", "emails": ["ning.chen@ganfenglithium-com.example"]}
    home.ask("POST", "/v1/contacts/upsert", json={"records": [again]})


def decide(home: ComparedHome) -> None:
    """Possible duplicates: merged, separated again, dismissed."""
    rows = [
        {
            "company_domain": f"namesake{n}.example",
            "full_name": name,
            "emails": [{"value": f"office@namesake{n}.example", "type": "personal"}],
        }
        for n in range(3)
        for name in ("Ann Archer", "Bob Baker")
    ]
    home.client.post("/v1/contacts/upsert", json={"records": rows})
    pairs = home.client.get("/v1/duplicates").json()["data"]
    assert len(pairs) == 3
    first, second = (f"/v1/duplicates/{pair['id']}" for pair in pairs[:2])
    home.ask("POST", f"{first}/merge", json={"keep": "nobody"})
    for path, body in ((f"{first}/merge", {"keep": pairs[0]["contacts"][0]["id"]}), (f"{second}/dismiss", None)):
        reply = home.client.post(path, json=body)
        home.notes.append((path, str(reply.status_code)))
    home.settle()
    home.ask("POST", "/v1/contacts/count", json={"domains": ["namesake0.example"]})
    home.notes.append(("undo", str(home.client.post(f"{first}/undo").status_code)))
    home.settle()
    home.ask("POST", "/v1/contacts/count", json={"domains": ["namesake0.example"]})


def import_files(home: ComparedHome) -> None:
    """Imports over HTTP: previewed, done, undone, refused."""
    binary: dict[str, Any] = {"content": ROWS.encode(), "headers": {"content-type": "application/octet-stream"}}
    home.ask("POST", "/v1/imports?filename=a.csv&kind=contacts&preview=true", **binary)
    upload = home.ask("POST", "/v1/uploads?filename=a.csv", **binary)["upload"]
    sent: tuple[tuple[dict[str, Any], str], ...] = ((binary, "filename=a.csv"), ({}, f"upload={upload}&strict=true"))
    for given, strict in sent:
        number = home.client.post(f"/v1/imports?kind=contacts&source=crm&{strict}", **given).json()["data"]["id"]
        path = f"/v1/imports/{number}"
        until(lambda path=path: home.client.get(path).json()["data"]["status"] == "done")
        home.ask("GET", path)
        home.ask("GET", f"{path}/rejects")
        home.settle()
        home.ask("POST", "/v1/contacts", json={"domains": ["bob.example"]})
        home.ask("DELETE", path)
        home.ask("DELETE", path)
    home.settle()
    home.ask("POST", "/v1/contacts", json={"domains": ["bob.example"]})
    home.ask("POST", "/v1/imports?filename=x.pdf", content=b"%PDF-1.4", headers=binary["headers"])
    home.ask("GET", "/v1/imports?limit=3")


def command(home: ComparedHome, leads: Path) -> None:
    """Commands that read and write records and users."""
    for words in (
        "check", "imports --json", f"import {leads} --kind contacts --preview",
        f"import {leads} --kind contacts --dry-run", f"import {leads} --kind contacts --source crm --json",
        f"import {leads} --kind contacts --source crm", "search contacts --job-titles manager --json",
        "count companies --locations Germany", "show sample-00001 --json", "export contacts --domains ann.example",
        "export companies --format csv", "person ann@ann.example --json", "duplicates --json",
        "retention --days 3000 --json", "delete contacts --domains bob.example --yes --json",
        "user add bob@people.example --role viewer", "user role bob@people.example editor", "user list --json",
        "user disable bob@people.example", "token list --json", "undo 999", "retention --days 3000 --apply --json",
        "check", "status --json",
    ):  # fmt: skip
        home.run(*words.split())
    # The notices differ: only an index on a cluster is compared in part.
    home.notes.append(("check --sample", run_here(home.home, "check", "--sample", "50", **home.settings)))


def open_pages(home: ComparedHome) -> None:
    """The pages of a signed-in user."""
    home.sign_in()
    for path in (
        "/",
        "/explore/contacts?job_titles=manager",
        "/explore/companies",
        "/import",
        "/duplicates",
        "/settings",
    ):
        home.ask("GET", path)


@pytest.mark.slow
def test_postgres_with_opensearch_has_the_same_results(tmp_path: Path, sample: list[Path]) -> None:
    remote = {"database": new_database(), "engine": f"{shared_url()}/test-{secrets.token_hex(6)}"}
    parts: tuple[Callable[[ComparedHome], None], ...] = (
        search, write, decide, import_files, lambda home: command(home, sample[2]), search, open_pages,
    )  # fmt: skip
    with ExitStack() as stack:
        homes = []
        for name, settings in (("local", {}), ("remote", remote)):
            run_here(tmp_path / name, "import", *sample[:2], **settings)
            homes.append(stack.enter_context(compared_home(tmp_path / name, **settings)))
        for part in parts:
            for home in homes:
                home.settle()
                part(home)
            local, other = (home.notes for home in homes)
            assert [asked for asked, _ in local] == [asked for asked, _ in other]
            for (asked, expected), (_, text) in zip(local, other, strict=True):
                assert text == expected, asked
