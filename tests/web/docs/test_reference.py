"""The documentation is whole: whatever the program knows, a page tells of, under an address of its own."""

from __future__ import annotations

from typing import cast

import pytest

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.verifier import Verifier
from letrics.api.application import MAX_URL
from letrics.api.backends import Backends
from letrics.api.body import MAX_BYTES
from letrics.api.http_protocol import MAX_HEADERS
from letrics.api.metrics import Metrics
from letrics.api.search import SearchMeta
from letrics.api.surface import build_table
from letrics.cli import COMMANDS
from letrics.engines.base import SearchEngine
from letrics.errors import TABLE
from letrics.fields import fields_of
from letrics.query.request import PAGING
from letrics.records import KINDS, Company, Contact, Email, Kind, Place
from letrics.settings import Settings
from letrics.store.base import Store
from letrics.web.docs.contents import CHAPTERS, home_of
from letrics.web.docs.meanings import COLUMNS
from letrics.web.docs.program import program
from scripts.describe_program import TARGET, describe
from tests.api.caller import Caller
from tests.conftest import Service
from tests.web.docs.reading import PATHS, Page


@pytest.fixture
def pages(api: Caller) -> dict[str, Page]:
    """Every page, by its path, as somebody sees it who is not signed in."""
    return {path: Page(api.get(path, token=None).body.decode()) for path in PATHS}


@pytest.mark.parametrize("path", PATHS)
def test_everybody_may_read_a_page_and_it_keeps_the_rules_of_all_pages(api: Caller, path: str) -> None:
    reply = api.get(path, token=None)
    assert reply.status == 200
    assert reply.headers["content-type"].startswith("text/html")
    assert "set-cookie" not in reply.headers
    assert len(reply.body) <= 150_000
    page = Page(reply.body.decode())
    assert page.inline == []
    assert all(loaded.startswith("/static/") for loaded in page.loaded)
    assert len(page.ids) == len(set(page.ids))


def test_every_link_within_the_documentation_leads_to_what_it_names(pages: dict[str, Page], api: Caller) -> None:
    for path, page in pages.items():
        for link in page.links:
            target, _, anchor = link.partition("#")
            target = target or path
            if target in pages:
                assert not anchor or anchor in pages[target].ids, f"{path}: {link}"
            else:
                assert api.get(target, token=None).status in (200, 303), f"{path}: {link}"


def test_every_page_is_in_the_navigation_of_every_page(pages: dict[str, Page]) -> None:
    for page in pages.values():
        assert set(PATHS) | {"/openapi.json"} <= set(page.links)


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_is_documented_where_it_is_known(pages: dict[str, Page], kind: Kind) -> None:
    page = pages[f"/docs/{kind}"]
    for field in fields_of(kind):
        assert field.name in page.ids, field.name
        assert field.help in page.words
        if field.is_array:
            assert f'"exclude_{field.name}"' in page.words
        for alias in field.aliases:
            assert alias in page.words


def test_every_member_of_a_search_that_is_no_filter_is_documented(pages: dict[str, Page]) -> None:
    assert set(PAGING) <= set(pages["/docs/pagination"].ids)


def test_every_error_is_documented_with_its_remedy(pages: dict[str, Page]) -> None:
    for kind in TABLE:
        assert kind.id in pages["/docs/errors"].ids
        assert kind.meaning in pages["/docs/errors"].words


def test_every_member_of_every_record_is_documented(pages: dict[str, Page]) -> None:
    for struct, path in ((Contact, "/docs/contacts"), (Company, "/docs/companies"), (Place, "/docs/structure"),
                         (Email, "/docs/structure"), (SearchMeta, "/docs/structure")):  # fmt: skip
        for member in struct.__struct_fields__:
            assert member in pages[path].words, f"{struct.__name__}.{member}"


def test_every_operation_of_the_table_of_routes_is_documented(
    pages: dict[str, Page], service: Service, accounts: AccountsDatabase
) -> None:
    engine, store = cast("SearchEngine", service.engine), cast("Store", service.store)
    table = build_table(Backends(engine, store, lambda: store, Verifier(accounts)), Metrics())
    by_slug = {chapter.slug: chapter for chapter in CHAPTERS}
    for route in table.routes:
        for method, operation in route.operations.items():
            home = by_slug[home_of(route.template)].path
            assert operation.id in pages[home].ids, f"{method} {route.template}"
            assert route.template in pages["/docs"].words
            assert {f"{home}#{operation.id}", f"#{operation.id}"} & set(pages["/docs"].links)


def test_the_table_of_the_program_is_what_the_program_says() -> None:
    assert TARGET.read_bytes() == describe(), "run: python -m scripts.describe_program"


def test_every_command_and_setting_is_documented(pages: dict[str, Page]) -> None:
    page = pages["/docs/commands"]
    words = {command.name.split()[1] for command in program().commands}
    assert words == set(COMMANDS)
    assert {command.name.replace(" ", "-") for command in program().commands} <= set(page.ids)
    assert all(option.names in page.words for command in program().commands for option in command.options)
    assert set(Settings.__struct_fields__) <= set(page.ids)


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_of_import_files_is_documented(pages: dict[str, Page], kind: Kind) -> None:
    own = {column.name for column in program().columns[kind] if not column.name.startswith("company_")}
    assert own <= set(COLUMNS)
    assert all(name in pages["/docs/importing"].words for name in own)


def test_the_limits_are_those_in_force(pages: dict[str, Page]) -> None:
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
def test_samples_name_the_readers_own_server_where_its_name_is_one(api: Caller, host: str, shown: str) -> None:
    page = Page(api.get("/docs", token=None, headers={"Host": host}).body.decode())
    assert all(shown in text for text in page.samples.values())
    assert "evil" not in page.words
