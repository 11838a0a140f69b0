"""The preview of an upload: its columns, its effect, and choices that stay."""

from __future__ import annotations

import re

import pytest

from tests.cli.conftest import Shell
from tests.office import Office
from tests.web.browser import Browser, Page
from tests.web.elements import Elements

ROWS = "Full Name,Email,Kontaktweg,LinkedIn,Notes\n" + "".join(
    f"Ann {n} Archer,ann{n}@acme.example,private{n}@mail.example,,<b>hm</b>\n" for n in range(6)
)


def store(office: Office, browser: Browser, rows: bytes | str = ROWS, name: str = "leads.csv") -> str:
    """Upload a file as the script of the page does; returns the path of its preview."""
    browser.get("/import")
    headers = {"content-type": "application/octet-stream", "x-csrf": browser.csrf, "sec-fetch-site": "same-origin"}
    body = rows if isinstance(rows, bytes) else rows.encode()
    page = browser.send("POST", f"/app/uploads?filename={name}", body, headers)
    assert page.status == 200, page.text
    return f"/import/uploads/{page.reply.json['data']['upload']}"


def choose(browser: Browser, path: str, page: Page, choices: dict[str, str], **options: str) -> Page:
    """Send the form of a preview with other choices."""
    names = [field["value"] for field in Elements(page.html).of("input", type="hidden", name="column")]
    fields = [choices.get(name, "auto") for name in names]
    return browser.post(path, {"column": names, "field": fields, **options})


def chosen(page: Page, column: str) -> str:
    """The option of a column that is selected, or the first one."""
    select = re.search(rf">{column}</label>.*?<select.*?</select>", page.html, re.DOTALL)
    assert select is not None
    marked = re.search(r"selected>([^<]*)<", select[0]) or re.search(r"<option[^>]*>([^<]*)<", select[0])
    assert marked is not None
    return marked[1]


def test_preview_shows_columns_counts_and_records(office: Office, edi: Browser) -> None:
    path = store(office, edi)
    page = edi.get(path)
    assert page.status == 200
    assert "5 columns, 3 used; contacts." in page.text and "All 6 rows of the file" in page.text
    assert chosen(page, "Email") == "Emails (recognised)" and chosen(page, "Notes") == "Not used"
    assert "values look like email addresses" in page.text
    assert page.html.count("<article") == 5
    assert "<b>hm</b>" not in page.html and "disabled" not in page.html


def test_chosen_fields_stay_and_change_the_records(office: Office, edi: Browser) -> None:
    path = store(office, edi)
    page = choose(edi, path, edi.get(path), {"Kontaktweg": "emails", "Email": "ignore", "Notes": "job_title"})
    assert page.status == 200
    assert [chosen(page, name) for name in ("Kontaktweg", "Email", "Notes")] == ["Emails", "Ignore", "Job title"]
    assert "chosen by you" in page.text and "private0@mail.example" in page.text
    back = choose(edi, path, page, {})
    assert chosen(back, "Email") == "Emails (recognised)"


def test_file_without_known_columns_can_be_mapped(office: Office, edi: Browser) -> None:
    path = store(office, edi, "Foo,Bar\nAnn Archer,ann@acme.example\n")
    page = edi.get(path)
    assert "choose the field of a column below" in page.text and "disabled" in page.html
    page = choose(edi, path, page, {"Foo": "full_name", "Bar": "emails"})
    assert 'role="alert"' not in page.html and "disabled" not in page.html


def test_file_of_another_encoding_gets_the_suggested_one(office: Office, edi: Browser) -> None:
    path = store(office, edi, ROWS.replace("Archer", "Ärcher").encode("cp1252"))
    page = edi.get(path)
    assert page.status == 200 and "choose the encoding cp1252 under Options." in page.text
    [field] = Elements(page.html).of("input", name="encoding")
    assert field["value"] == "cp1252"
    page = edi.post(path, {"encoding": "cp1252", "source": "crm"})
    assert "Ärcher" in page.text
    assert Elements(page.html).of("input", name="source")[0]["value"] == "crm"


@pytest.mark.parametrize(("option", "value"), [("skip_lines", "three"), ("encoding", "utf-9"), ("source", "a:b")])
def test_invalid_option_stays_and_is_explained(office: Office, edi: Browser, option: str, value: str) -> None:
    path = store(office, edi)
    page = edi.post(path, {option: value, "action": "start"})
    assert page.status == 400 and value in page.text
    assert Elements(page.html).of("input", name=option)[0]["value"] == value
    assert '<details class="card options" open' in page.html


def test_another_kind_drops_the_fields_of_the_first(office: Office, edi: Browser) -> None:
    path = store(office, edi, "Name,Domain\nAcme,acme.example\n", "x.csv")
    page = choose(edi, path, edi.get(path), {"Name": "job_title"}, kind="contacts", shown_kind="contacts")
    page = choose(edi, path, page, {"Name": "job_title"}, kind="companies", shown_kind="contacts")
    assert page.status == 200 and 'role="alert"' not in page.html
    assert chosen(page, "Name") == "Name (recognised)"


def test_many_changed_names_need_a_tick(office: Office, edi: Browser) -> None:
    rows = "Full Name,Email\n" + "".join(f"Ann{n} Archer,ann{n}@acme.example\n" for n in range(20))
    (office.home / "leads.csv").write_text(rows)
    Shell(office.home).json("import", str(office.home / "leads.csv"))
    path = store(office, edi, rows.replace("Archer", "Baker"))
    page = edi.get(path)
    assert "would change the name of 20 of the 20 contacts" in page.text and "Ann0 Archer → Ann0 Baker" in page.text
    assert "disabled" in page.html
    assert "disabled" not in edi.post(path, {"confirm_renames": "true"}).html


def test_file_of_many_columns_has_a_bounded_form(office: Office, edi: Browser) -> None:
    names = [f"Unknown {n}" for n in range(1_500)]
    path = store(office, edi, f"Full Name,Email,{','.join(names)}\nAnn,ann@acme.example{',x' * 1_500}\n")
    page = edi.get(path)
    assert page.html.count('name="column"') == 200
    assert "1,302 more columns" in page.text and "Unknown 900" in page.text


def test_preview_of_a_removed_upload_says_so(edi: Browser) -> None:
    page = edi.get("/import/uploads/0123456789abcdef")
    assert page.status == 404 and "was imported, removed after a day, or sent to another host" in page.text
