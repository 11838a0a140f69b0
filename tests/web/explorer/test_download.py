"""Exports from the page: the columns shown, in their order, and only the formats that can be written."""

from __future__ import annotations

import re
import sys

import pytest

from letrics.records import KINDS, Kind
from letrics.web.explorer.page_state import NAME, USUAL, columns_of
from tests.office import BOB, Office
from tests.web.browser import Browser


@pytest.fixture
def visitor(office: Office) -> Browser:
    return office.signed_in(BOB)


def head(visitor: Browser, kind: Kind, query: str, **more: str) -> list[str]:
    """The header of a CSV file exported from the page."""
    visitor.get(f"/explore/{kind}")
    page = visitor.post(f"/explore/{kind}/export", {"query": query, "format": "csv", **more})
    assert page.status == 200, page.text
    return page.html.partition("\n")[0].split(",")


@pytest.mark.parametrize("kind", KINDS)
def test_export_default_columns_are_those_of_the_table(visitor: Browser, kind: Kind) -> None:
    assert head(visitor, kind, "") == [name.replace(".", "_") for name in (NAME[kind], *USUAL[kind])]


def test_export_chosen_columns_keep_their_order(visitor: Browser) -> None:
    query = "order=newest&fields=phone&fields=company.domain&fields=job_title"
    assert f'name="query" value="{query.replace("&", "&amp;")}"' in visitor.get(f"/explore/contacts?{query}").html
    assert head(visitor, "contacts", query) == ["full_name", "phone", "company_domain", "job_title"]


def test_export_all_fields_has_every_column(visitor: Browser) -> None:
    assert {"id", "first_name", "company_technologies"} <= {*head(visitor, "contacts", "fields=phone", all="1")}


def test_column_menu_begins_with_the_columns_shown(visitor: Browser) -> None:
    html = visitor.get("/explore/contacts?fields=phone&fields=company.domain").html
    offered = re.findall(r'type="checkbox" name="fields" value="([^"]+)"', html)
    assert offered[:2] == ["phone", "company.domain"]
    assert sorted(offered) == sorted(columns_of("contacts"))


def test_parquet_without_pyarrow_is_disabled_with_reason(visitor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    assert re.search(r'value="parquet">', visitor.get("/explore/contacts").html)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    page = visitor.get("/explore/contacts")
    assert re.search(r'value="parquet" disabled aria-describedby="no-parquet"', page.html)
    assert "Parquet is not available on this server. An administrator can install letrics[parquet]." in page.text
    refused = visitor.post("/explore/contacts/export", {"query": "", "format": "parquet"})
    assert refused.status == 400
    assert "Parquet export is not available on this server: install letrics[parquet]" in refused.text
