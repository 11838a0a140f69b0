"""The table of contacts: what a reader came for is on the screen, and an export has the columns shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="the browser tests need playwright: pip install playwright")
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener

INSIDE = """column => {
  const pane = document.getElementById("scroll").getBoundingClientRect();
  return [...document.querySelectorAll(`[data-column="${column}"]`)].every((cell) => {
    const box = cell.getBoundingClientRect();
    return box.left >= pane.left && box.right <= pane.right;
  });
}"""


@pytest.mark.parametrize(("width", "columns"), [(1280, 3), (1440, 4)])
@pytest.mark.parametrize("scripts", [True, False])
def test_email_and_linkedin_show_without_scrolling(visit: Opener, width: int, columns: int, scripts: bool) -> None:
    page = visit("/explore/contacts?has_personal_email=true", width=width, height=800, scripts=scripts)
    if scripts:
        expect(page.locator("#facets")).to_be_visible()
    for column in ("job_title", "emails", "linkedin_url", "company.name")[:columns]:
        assert page.locator(f'td[data-column="{column}"]').count() == 25
        assert page.evaluate(INSIDE, column), column


@pytest.mark.parametrize("scripts", [True, False])
def test_cells_have_their_whole_text_as_title(visit: Opener, scripts: bool) -> None:
    page = visit("/explore/contacts?has_personal_email=true&per_page=10", scripts=scripts)
    for cell in page.locator("#rows td").all():
        text = cell.evaluate("cell => [...cell.querySelectorAll('.x-part')].map(part => part.textContent)")
        assert not text or text[0] in (cell.get_attribute("title") or "")
    mail = page.locator('td[data-column="emails"] a').first
    assert (mail.get_attribute("href") or "").startswith("mailto:")


def test_name_stays_while_the_table_is_scrolled(visit: Opener) -> None:
    page = visit("/explore/contacts", width=1280)
    name = page.locator("#rows th").first
    left = name.bounding_box()
    page.locator("#scroll").evaluate("pane => { pane.scrollLeft = 10_000; }")
    assert page.locator("#scroll").evaluate("pane => pane.scrollLeft") > 0
    assert name.bounding_box() == left


def exported(page: Page, path: Path) -> str:
    page.locator("#export summary").click()
    with page.expect_download() as download:
        page.locator("#export button[value=csv]").click()
    download.value.save_as(path)
    return path.read_text("utf-8").partition("\n")[0]


def test_export_has_the_columns_shown_in_their_order(visit: Opener, tmp_path: Path) -> None:
    page = visit("/explore/contacts?domains=clioblue.com")
    assert exported(page, tmp_path / "usual.csv") == (
        "full_name,job_title,emails,linkedin_url,company_name,company_locations,seniority"
    )
    page.locator("#download-stop").click()
    page.locator("#columns summary").click()
    page.get_by_role("checkbox", name="Phone", exact=True).check()
    page.get_by_role("checkbox", name="Job title", exact=True).uncheck()
    page.get_by_role("checkbox", name="Job title", exact=True).check()
    expect(page.locator("#head th").last).to_have_text("Job title")
    page.keyboard.press("Escape")
    heads = page.locator("#head th").all_text_contents()
    assert heads == ["Name", "Email", "LinkedIn", "Company", "Company locations", "Seniority", "Phone", "Job title"]
    assert exported(page, tmp_path / "chosen.csv") == (
        "full_name,emails,linkedin_url,company_name,company_locations,seniority,phone,job_title"
    )
    page.locator("#download-stop").click()
    page.locator("#export summary").click()
    page.get_by_label(re.compile("All fields")).check()
    page.keyboard.press("Escape")
    assert exported(page, tmp_path / "all.csv").startswith("id,first_name,last_name,")
