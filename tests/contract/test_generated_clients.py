"""Clients generated from the OpenAPI document, run against a live server: every response is typed."""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.contract.running import Running, running
from tests.reliability.running import environment

SECONDS = 180
SCRIPT = Path(__file__).with_name("client.ts")
PACKAGES = ("openapi-typescript@7.13.0", "openapi-fetch@0.17.0", "typescript@5.9.3")


def run(*command: str | Path, cwd: Path, **more: str) -> str:
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=environment() | more, capture_output=True, text=True, timeout=SECONDS,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("service") / "home") as service:
        yield service


@pytest.fixture(scope="module")
def document(service: Running, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("document") / "openapi.json"
    path.write_bytes(service.client.get("/openapi.json").content)
    return path


@pytest.fixture(scope="module")
def python_client(document: Path) -> Iterator[ModuleType]:
    """The imported package that openapi-python-client generates without warnings."""
    folder = document.parent
    (folder / "generator.yml").write_text("post_hooks: []\n")
    generator = Path(sys.executable).with_name("openapi-python-client")
    run(generator, "generate", "--path", document, "--output-path", folder / "letrics_client", "--meta", "none",
        "--config", folder / "generator.yml", "--fail-on-warning", cwd=folder)  # fmt: skip
    sys.path.insert(0, str(folder))
    yield importlib.import_module("letrics_client")
    sys.path.remove(str(folder))


@pytest.fixture
def caller(python_client: ModuleType, service: Running) -> Iterator[Any]:
    _, _, token = service.client.headers["Authorization"].partition(" ")
    with python_client.AuthenticatedClient(base_url=str(service.client.base_url), token=token) as client:
        yield client


def call(path: str, **more: Any) -> Any:
    return importlib.import_module(f"letrics_client.api.{path}").sync(**more)


def model(name: str) -> Any:
    return getattr(importlib.import_module("letrics_client.models"), name)


def test_python_client_search_returns_typed_records(caller: Any) -> None:
    body = model("ContactSearch")(job_titles=["manager"], order=model("Order").NEWEST)
    page = call("contacts.search_contacts", client=caller, body=body)
    assert isinstance(page, model("ContactPage"))
    assert all(isinstance(contact, model("Contact")) for contact in page.data)
    assert [(contact.id, contact.company.domain) for contact in page.data] == [
        ("cyd", "example.co.uk"), ("ann", "acme.example"),
    ]  # fmt: skip
    assert page.data[1].emails[0].type_ == "personal" and page.data[1].added_at.year == 2026
    assert page.meta.total == 2 and page.errors == []


def test_python_client_pages_by_cursor(caller: Any) -> None:
    for found in (_by_body(caller), _by_url(caller)):
        assert found == ["ann", "bob", "cyd", "dee", "crm:e/5"]


def _by_body(caller: Any) -> list[str]:
    ids: list[str] = []
    cursor = None
    while not ids or cursor:
        body = model("ContactSearch")(per_page=2, cursor=cursor)
        page = call("contacts.search_contacts", client=caller, body=body)
        ids += [contact.id for contact in page.data]
        cursor = page.meta.next_cursor
    return ids


def _by_url(caller: Any) -> list[str]:
    ids: list[str] = []
    more: dict[str, Any] = {}
    while True:
        page = call("contacts.search_contacts_by_url", client=caller, per_page=2, **more)
        ids += [contact.id for contact in page.data]
        if page.meta.next_cursor is None:
            return ids
        more = {"cursor": page.meta.next_cursor}


def test_python_client_bad_request_is_a_typed_failure(caller: Any) -> None:
    failure = call("companies.search_companies", client=caller, body=model("CompanySearch")(per_page=1000))
    assert isinstance(failure, model("Failure"))
    (problem,) = failure.errors
    assert (problem.id, problem.code, problem.field) == ("invalid_input", 400, "per_page")


def test_python_client_fields_gives_parts_of_records(caller: Any) -> None:
    fields = [model("ContactField")("full_name"), model("ContactField")("company.domain")]
    body = model("ContactSearch")(fields=fields, per_page=1)
    (part,) = call("contacts.search_contacts", client=caller, body=body).data
    assert isinstance(part, model("ContactPart"))
    assert (part.full_name, part.company.domain) == ("Ann Archer", "acme.example")


def test_python_client_other_responses_are_typed(caller: Any) -> None:
    one = call("companies.get_company", client=caller, domain="acme.example")
    assert isinstance(one.data, model("Company")) and one.data.employees == 120
    facets = call(
        "contacts.facets_of_contacts", client=caller,
        body=model("ContactFacets")(facets=[model("ContactFacet")("departments")]),
    )  # fmt: skip
    assert facets.data["departments"][0].to_dict() == {"value": "Finance", "count": 2}
    assert call("contacts.count_contacts", client=caller, body=model("ContactCount")()).data.total == 5
    assert call("account.get_account", client=caller).data.token.name == "test"
    assert call("service.readyz", client=caller).data.status == "ready"
    lines = call("companies.export_companies", client=caller, body=model("CompanyExport")()).splitlines()
    assert len(lines) == 4


@pytest.fixture(scope="module")
def typescript(document: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a TypeScript compiler and the types that openapi-typescript generates."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("there is no node and npm here, which the TypeScript client needs")
    folder = tmp_path_factory.mktemp("typescript")
    (folder / "package.json").write_text('{"private": true, "type": "module"}')
    install = [npm, "install", "--no-audit", "--no-fund", "--no-update-notifier", "--cache", "cache", *PACKAGES]
    done = subprocess.run(install, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.returncode:
        pytest.skip(f"npm cannot install the generator: {done.stderr.strip().splitlines()[-1:]}")
    run(folder / "node_modules/.bin/openapi-typescript", document, "-o", "schema.d.ts", cwd=folder, HOME=str(folder))
    yield folder
    shutil.rmtree(folder)


@pytest.mark.slow
def test_typescript_client_is_typed_and_searches(typescript: Path, service: Running) -> None:
    shutil.copy(SCRIPT, typescript)
    run(typescript / "node_modules/.bin/tsc", "--strict", "--target", "es2022", "--module", "nodenext",
        "--lib", "es2022,dom", SCRIPT.name, cwd=typescript)  # fmt: skip
    _, _, token = service.client.headers["Authorization"].partition(" ")
    said = run("node", "client.js", cwd=typescript, LETRICS_URL=str(service.client.base_url), LETRICS_TOKEN=token)
    assert json.loads(said) == {
        "ids": ["ann acme.example", "bob acme.example", "dee xn--e1afmkfd.xn--p1ai"],
        "name": "Acme",
        "newest": ["xn--e1afmkfd.xn--p1ai", "example.co.uk"],
        "seniorities": [1, 1],
        "refused": [["invalid_input", 400, "per_page"]],
    }
