"""Import in the browser: upload, choose a field, start, read the report, undo; also without scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.accounts.users import User
from tests.browser.barriers import barriers
from tests.browser.conftest import HOSTILE, Opener, Watch
from tests.browser.server import Served, serving

pytest.importorskip("playwright", reason="the browser tests need playwright: pip install playwright")
from playwright.sync_api import Page, expect

LONG = "an export_with-a-name.that-is.very-long_and.has.no.spaces." * 3 + "csv"
COLUMNS = 60


@pytest.fixture(scope="module")
def office(program: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server without records, and with room for files of 100 kB."""
    home = tmp_path_factory.mktemp("imports")
    (home / "letrics.toml").write_text("max_upload = 100_000\n")
    with serving(home) as made:
        made.token, _ = made.make_token(made.person(admin=True), "browser tests")
        yield made


@pytest.fixture(scope="module")
def editor(office: Served) -> User:
    return office.person(role="editor")


def rows(count: int = 20, start: int = 0) -> str:
    """A file with a column that is not recognised, a cell that cannot be read, and a row without a person."""
    lines = [
        f"Ann{n} Archer,ann{n}@acme.example,Q{n} Lead,{'many' if n % 7 == 3 else 40}"
        for n in range(start, start + count)
    ]
    return "\n".join(["Full Name,Email,Aufgabe am Tag,# Employees", *lines, ",,,7", ""])


def write(directory: Path, text: str, name: str = "leads.csv") -> Path:
    path = directory / name
    path.write_text(text, "utf-8")
    return path


def upload(page: Page, path: Path) -> None:
    page.locator("#file").set_input_files(path)
    expect(page.get_by_role("button", name="Start import").first).to_be_visible()


def drop(page: Page, text: str) -> None:
    """Drop a file on the page."""
    data = page.evaluate_handle(
        """text => {
          const data = new DataTransfer();
          data.items.add(new File([text], "leads.csv"));
          return data;
        }""",
        text,
    )
    page.dispatch_event("main", "drop", {"dataTransfer": data})
    expect(page.get_by_role("button", name="Start import").first).to_be_visible()


def no_sideways_scrolling(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_file_is_previewed_imported_reported_and_undone(office: Served, editor: User, browse: Opener) -> None:
    page = browse(office, editor, "/overview", accept_downloads=True)
    page.get_by_role("link", name="Import a file").click()
    assert barriers(page) == []
    drop(page, rows())
    assert barriers(page) == []
    expect(page.get_by_text("4 columns, 3 used; contacts.")).to_be_visible()
    select = page.get_by_label("Aufgabe am Tag")
    select.focus()
    select.select_option("Job title")
    expect(page.get_by_text("chosen by you")).to_be_visible()
    expect(page.get_by_label("Aufgabe am Tag")).to_be_focused()
    expect(page.locator(".records").get_by_text("Q0 Lead")).to_be_visible()
    page.get_by_role("button", name="Start import").first.click()
    expect(page).to_have_url(re.compile(r"/import/\d+$"))
    expect(page.locator("#import[data-state=done]")).to_be_visible()
    assert barriers(page) == []
    report = page.locator(".totals")
    expect(report.locator(".total", has_text="New contacts")).to_contain_text("20")
    expect(page.get_by_text('"many" must be a whole number').first).to_be_visible()
    expect(page.get_by_text("the row does not identify a contact")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download rejected rows").click()
    lines = [json.loads(line) for line in Path(download.value.path()).read_text("utf-8").splitlines()]
    assert sorted({line["kind"] for line in lines}) == ["rejected", "warning"] and len(lines) == 4
    assert office.total("contacts", {"job_titles": ["Lead"]}) == 20
    page.get_by_role("link", name="Undo import").click()
    expect(page.get_by_role("dialog")).to_contain_text("This deletes 20 contacts and 1 company that the import added")
    page.get_by_role("dialog").get_by_role("button", name="Undo import").click()
    expect(page.get_by_role("status").filter(has_text="21 deleted, 0 restored, 0 kept")).to_be_visible()
    page.get_by_role("link", name="Import", exact=True).first.click()
    expect(page.get_by_role("row", name="leads.csv").first).to_contain_text("undone")
    page.get_by_role("link", name="Contacts", exact=True).click()
    expect(page.get_by_role("link", name="Import a file")).to_be_visible()


def test_pasted_rows_are_imported_without_scripts(office: Served, editor: User, browse: Opener) -> None:
    page = browse(office, editor, "/import", java_script_enabled=False)
    expect(page.get_by_text("Uploading a file needs JavaScript")).to_be_visible()
    page.get_by_text("Paste rows of a spreadsheet").click()
    page.get_by_label("Rows").fill(rows(3, start=100).replace(",", "\t"))
    page.get_by_role("button", name="Preview").click()
    page.get_by_label("Aufgabe am Tag").select_option("Job title")
    page.get_by_role("button", name="Preview again").click()
    expect(page.get_by_text("chosen by you")).to_be_visible()
    page.get_by_role("button", name="Start import").first.click()
    expect(page).to_have_url(re.compile(r"/import/\d+$"))
    for _ in range(100):
        if page.locator("#import[data-state=done]").count():
            break
        page.wait_for_timeout(200)
        page.reload()
    expect(page.locator(".total", has_text="New contacts")).to_contain_text("3")
    page.get_by_role("link", name="Undo import").click()
    expect(page.get_by_text("This deletes 3 contacts")).to_be_visible()
    page.get_by_role("button", name="Undo import").click()
    expect(page.get_by_text("4 deleted, 0 restored, 0 kept")).to_be_visible()


def test_refused_file_keeps_the_choice_and_names_the_limit(
    office: Served, editor: User, browse: Opener, watch: Watch, tmp_path: Path
) -> None:
    watch.expected += ["status of 400", "Failed to load resource"]
    page = browse(office, editor, "/import")
    page.locator("#file").set_input_files(write(tmp_path, "x" * 100_001, "large.csv"))
    expect(page.get_by_role("alert")).to_contain_text("large.csv has 97.7 KiB, and the limit is 97.7 KiB")
    page.locator("#file").set_input_files(write(tmp_path, "", "empty.csv"))
    expect(page.get_by_role("alert")).to_contain_text("empty.csv is empty")
    page.context.set_offline(True)
    page.locator("#file").set_input_files(write(tmp_path, rows()))
    expect(page.get_by_role("alert")).to_contain_text("The connection was lost")
    page.context.set_offline(False)
    expect(page.get_by_role("button", name="Try leads.csv again")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Start import").first).to_be_enabled()


@pytest.mark.parametrize("width", [320, 1280])
def test_long_names_and_many_columns_fit(
    office: Served, editor: User, browse: Opener, tmp_path: Path, width: int
) -> None:
    page = browse(office, editor, "/import", width)
    heads = [f"Unknown_column_{n}_with_a_long_name_without_spaces" for n in range(COLUMNS)]
    cells = [HOSTILE if n % 2 else "x" * 300 for n in range(COLUMNS)]
    lines = [["Full Name", "Email", *heads], ["Ann", "ann@acme.example", *(c.replace('"', "'") for c in cells)]]
    upload(page, write(tmp_path, "".join("\t".join(line) + "\n" for line in lines), LONG))
    page.get_by_role("combobox").nth(COLUMNS - 1).wait_for()
    assert no_sideways_scrolling(page)
    assert barriers(page) == []


def test_viewer_is_told_whom_to_ask(office: Served, browse: Opener, watch: Watch) -> None:
    watch.expected.append("status of 403")
    page = browse(office, office.person(), "/explore/contacts")
    expect(page.get_by_text("Ask an editor or admin to import a file")).to_be_visible()
    expect(page.get_by_role("link", name="Import")).to_have_count(0)
    page.goto(f"{office.url}/import")
    expect(page.get_by_text("Only editors and admins can use this page")).to_be_visible()
