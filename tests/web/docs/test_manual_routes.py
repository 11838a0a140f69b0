"""Every page of the manual is served, its links work, and everything that the program has is documented."""

from __future__ import annotations

from typing import cast

import pytest

from letrics.accounts.authenticator import LocalAuthenticator
from letrics.accounts.database import AccountsDatabase
from letrics.api.application import MAX_URL
from letrics.api.backends import Backends
from letrics.api.body import MAX_BYTES
from letrics.api.endpoints import build_table
from letrics.api.metrics import Metrics
from letrics.api.request_head import MAX_HEADERS
from letrics.cli import COMMANDS
from letrics.engines.base import SearchEngine
from letrics.errors import TABLE
from letrics.fields import fields_of
from letrics.ingest.columns import COLUMNS as IMPORT_COLUMNS
from letrics.query.request import PAGING
from letrics.records import KINDS, Company, Contact, Email, Kind, Place
from letrics.search.meta import SearchMeta
from letrics.settings import Settings
from letrics.store.base import Store
from letrics.store.documents import LocalDocuments
from letrics.web.docs.manual_routes import MOVED
from scripts.reference.command_line import commands
from scripts.reference.meanings import COLUMNS as MEANINGS
from scripts.reference.operations import operations
from tests.api.caller import Caller
from tests.conftest import Service
from tests.web.docs.reading import PATHS, Page


@pytest.fixture
def pages(api: Caller) -> dict[str, Page]:
    """Every page, by its path, as a visitor without a session sees it."""
    return {path: Page(api.get(path, token=None).body.decode()) for path in PATHS}


@pytest.mark.parametrize("path", PATHS)
def test_page_without_session_is_shown_by_the_rules(api: Caller, path: str) -> None:
    reply = api.get(path, token=None)
    assert reply.status == 200
    assert reply.headers["content-type"].startswith("text/html")
    assert "set-cookie" not in reply.headers
    assert len(reply.body) <= 150_000
    page = Page(reply.body.decode())
    assert page.inline == []
    assert all(loaded.startswith("/static/") for loaded in page.loaded)
    assert len(page.ids) == len(set(page.ids))


def test_page_links_lead_to_pages_and_elements(pages: dict[str, Page], api: Caller) -> None:
    for path, page in pages.items():
        for link in page.links:
            target, _, anchor = link.partition("#")
            target = target or path
            if target in pages:
                assert not anchor or anchor in pages[target].ids, f"{path}: {link}"
            else:
                assert api.get(target, token=None).status in (200, 303), f"{path}: {link}"


def test_page_navigation_has_every_page(pages: dict[str, Page]) -> None:
    for page in pages.values():
        assert set(PATHS) | {"/openapi.json"} <= set(page.links)


@pytest.mark.parametrize("kind", KINDS)
def test_page_of_a_kind_documents_every_filter(pages: dict[str, Page], kind: Kind) -> None:
    page = pages[f"/docs/{kind}"]
    for field in fields_of(kind):
        assert field.name in page.ids, field.name
        assert field.help in page.words
        if field.is_array:
            assert f'"exclude_{field.name}"' in page.words
        for alias in field.aliases:
            assert alias in page.words


def test_pagination_page_documents_every_paging_field(pages: dict[str, Page]) -> None:
    assert set(PAGING) <= set(pages["/docs/pagination"].ids)


def test_errors_page_documents_every_error(pages: dict[str, Page]) -> None:
    for kind in TABLE:
        assert kind.id in pages["/docs/errors"].ids
        assert kind.meaning in pages["/docs/errors"].words


def test_pages_document_every_field_of_every_record(pages: dict[str, Page]) -> None:
    for struct, path in ((Contact, "/docs/contacts"), (Company, "/docs/companies"), (Place, "/docs/api"),
                         (Email, "/docs/api"), (SearchMeta, "/docs/api")):  # fmt: skip
        for member in struct.__struct_fields__:
            assert member in pages[path].words, f"{struct.__name__}.{member}"


def test_pages_document_every_operation_of_the_api(
    pages: dict[str, Page], service: Service, accounts: AccountsDatabase
) -> None:
    engine, store = cast("SearchEngine", service.engine), cast("Store", service.store)
    table = build_table(
        Backends(engine, LocalDocuments(store), lambda: store, LocalAuthenticator.over(accounts)), Metrics()
    )
    homes = {documented.id: f"/docs/{documented.page}" for documented in operations()}
    for route in table.routes:
        for method, operation in route.operations.items():
            home = homes[operation.id]
            assert operation.id in pages[home].ids, f"{method} {route.template}"
            assert route.template in pages["/docs/api"].words
            assert f"{home}#{operation.id}" in pages["/docs/api"].links


def test_pages_document_every_command_and_setting(pages: dict[str, Page]) -> None:
    page = pages["/docs/commands"]
    words = {command.name.split()[1] for command in commands()}
    assert words == set(COMMANDS)
    assert {command.name.replace(" ", "-") for command in commands()} <= set(page.ids)
    assert all(option.names in page.words for command in commands() for option in command.options)
    assert set(Settings.__struct_fields__) <= set(pages["/docs/settings"].ids)


@pytest.mark.parametrize("kind", KINDS)
def test_import_page_documents_every_column(pages: dict[str, Page], kind: Kind) -> None:
    own = {name for name in IMPORT_COLUMNS[kind] if not name.startswith("company_")}
    assert own <= set(MEANINGS)
    assert all(name in pages["/docs/import"].words for name in own)


def test_limits_page_names_the_limits_in_force(pages: dict[str, Page]) -> None:
    words = pages["/docs/limits"].words
    for text, limit in (("1 MiB", MAX_BYTES), ("16 KiB", MAX_URL), ("32 KiB", MAX_HEADERS)):
        number, unit = text.split()
        assert int(number) * {"KiB": 1 << 10, "MiB": 1 << 20}[unit] == limit
        assert text in words


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("letrics.example:8443", "http://letrics.example:8443"),
        ("[::1]:8000", "http://[::1]:8000"),
        ("evil.example/$(id)", "http://127.0.0.1:80"),
        ('evil"onload=x', "http://127.0.0.1:80"),
    ],
)
def test_samples_name_the_server_of_the_request(api: Caller, host: str, shown: str) -> None:
    page = Page(api.get("/docs", token=None, headers={"Host": host}).body.decode())
    assert all(shown in text for text in page.samples.values())
    assert "evil" not in page.words


@pytest.mark.parametrize(("old", "new"), MOVED.items())
def test_page_that_moved_redirects_to_its_new_path(api: Caller, old: str, new: str) -> None:
    reply = api.get(old, token=None)
    assert (reply.status, reply.headers["location"]) == (301, new)
    assert new in PATHS


def test_page_with_trailing_slash_or_unknown_name_is_404(api: Caller) -> None:
    for path in ("/docs/", "/docs/README", "/docs/gallery", "/docs/../README.md", "/docs/contacts.md"):
        assert api.get(path, token=None).status == 404, path
