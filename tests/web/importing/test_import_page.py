"""The page to upload a file: past imports, pasted rows, templates, and who sees it."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from letrics.normalize.time import now
from tests.import_records import ended_import
from tests.office import BOB, MAX_UPLOAD, Office
from tests.web.browser import Browser
from tests.web.elements import Elements

HOSTILE = '"><script>alert(1)</script>.csv'


def test_page_lists_past_imports_newest_first(office: Office, edi: Browser) -> None:
    assert "No imports yet." in edi.get("/import").text
    office.store.log = {n: ended_import(n, file=f"leads {n}.csv") for n in range(1, 23)}
    office.store.log[22] = ended_import(22, file=HOSTILE, status="running", user=None, updated_at=now())
    page = edi.get("/import")
    links = [a["href"] for a in Elements(page.html).of("a") if a["href"].removeprefix("/import/").isdigit()]
    assert links == [f"/import/{n}" for n in range(22, 2, -1)]
    assert "<script>alert" not in page.html and "command line" in page.text and "running" in page.text
    older = edi.get("/import?before=3")
    assert "leads 2.csv" in older.text and "leads 3.csv" not in older.text and "Newest" in older.text


def test_upserts_are_listed_on_request(office: Office, edi: Browser) -> None:
    office.store.log = {n: ended_import(n, file="upsert" if n % 2 else f"leads {n}.csv") for n in range(1, 50)}

    def links(path: str) -> list[str]:
        return [a["href"] for a in Elements(edi.get(path).html).of("a") if a["href"].startswith("/import")]

    assert "/import/48" in links("/import") and "/import/47" not in links("/import")
    assert "/import?upserts=true#past" in links("/import") and "/import?before=10#past" in links("/import")
    every = links("/import?upserts=true")
    assert "/import/49" in every and "/import#past" in every and "/import?before=30&upserts=true#past" in every
    assert "/import?upserts=true#past" in links("/import?before=30&upserts=true")


@pytest.mark.parametrize("before", ["x", "0", "-1"])
def test_page_of_an_invalid_id_says_what_is_wrong(edi: Browser, before: str) -> None:
    page = edi.get(f"/import?before={before}")
    assert page.status == 400 and "must be a number from 1" in page.text


def test_pasted_rows_lead_to_their_preview(office: Office, edi: Browser) -> None:
    edi.get("/import")
    page = edi.post("/import/paste", {"rows": "Full Name\tEmail\nAnn Archer\tann@acme.example\n"})
    assert page.status == 303
    preview = edi.get(page.location)
    assert preview.status == 200 and "Ann Archer" in preview.text and "Full name (recognised)" in preview.text
    [file] = (office.home / "uploads").rglob("*.csv")
    assert file.name == "pasted rows.csv"


def test_pasted_rows_that_are_refused_stay(edi: Browser) -> None:
    edi.get("/import")
    blank = edi.post("/import/paste", {"rows": " \n"})
    assert blank.status == 400 and "the first one names the columns" in blank.text
    rows = "Full Name\n" + "x" * MAX_UPLOAD
    large = edi.post("/import/paste", {"rows": rows})
    assert large.status == 400 and "max_upload" in large.text and rows in large.html


@pytest.mark.parametrize("kind", ["contacts", "companies"])
def test_template_is_downloaded_as_csv(edi: Browser, kind: str) -> None:
    page = edi.get(f"/import/templates/{kind}.csv")
    assert page.reply.headers["content-type"].startswith("text/csv")
    assert page.reply.headers["content-disposition"] == f'attachment; filename="{kind}-template.csv"'
    assert "acme.example" in page.reply.body.decode("utf-8-sig")
    assert edi.get("/import/templates/people.csv").status == 404


def test_viewers_see_no_link_and_no_page(office: Office, edi: Browser) -> None:
    bob = office.signed_in(BOB)
    assert '<a href="/import"' in edi.get("/overview").html
    assert '<a href="/import"' not in bob.get("/overview").html
    refused = bob.get("/import")
    assert refused.status == 403 and "Only editors and admins can use this page" in refused.text
    assert office.browser().get("/import").location == f"/signin?{urlencode({'next': '/import'}, safe='/')}"


def test_pasting_needs_the_form_token(edi: Browser) -> None:
    assert edi.post("/import/paste", {"rows": "domain\na.example"}, csrf="").status == 403
