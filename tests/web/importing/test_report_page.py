"""The report of an import, its progress, and undoing it."""

from __future__ import annotations

import pytest

from letrics.accounts.database import now_ms
from letrics.normalize.time import format_time
from letrics.store.import_record import Undone
from tests.import_records import ended_import
from tests.office import Office
from tests.web.browser import Browser

HOSTILE = "<script>alert(1)</script>"


def now_started() -> dict[str, str]:
    """The times of an import that began two seconds ago."""
    moment = now_ms()
    return {"started_at": format_time(moment - 2_000), "updated_at": format_time(moment)}


def test_report_has_counts_reasons_and_warnings(office: Office, edi: Browser) -> None:
    office.store.log[7] = ended_import(7, file=f"{HOSTILE}.csv")
    page = edi.get("/import/7")
    assert page.status == 200 and HOSTILE not in page.html
    for words in ("it is empty", "Line 7", "it has no @", "1 footer line skipped", "edi@people.example", "crm",
                  "1 used, 1 ignored", "Merged rows"):  # fmt: skip
        assert words in page.text, words
    assert 'href="/app/imports/7/rejects"' in page.html and "hx-get" not in page.html
    assert "Undo import" in page.text


def test_report_of_the_command_line_has_no_rejects_file(office: Office, edi: Browser) -> None:
    office.store.log[7] = ended_import(7, user=None)
    page = edi.get("/import/7")
    assert "command line" in page.text and "/rejects" not in page.html


def test_running_import_is_asked_for_again(office: Office, edi: Browser) -> None:
    report = {"rows": 4_000, "read": 1, "total": 2}
    office.store.log[7] = ended_import(7, status="running", user=None, report=report, **now_started())
    page = edi.get("/import/7")
    assert 'hx-trigger="every 1s"' in page.html and '<noscript><meta http-equiv="refresh"' in page.html
    assert "4,000 rows read, 2,000 rows/s, 50 % of the file" in page.text
    assert "It runs on the command line" in page.text
    assert "Cancel import" not in page.text and "Undo import" not in page.text


@pytest.mark.parametrize(
    ("status", "user", "words"),
    [("running", "x@people.example", "ended before it was finished"), ("running", None, "ended before it was finished"),
     ("cancelled", None, "was cancelled"),
     ("failed", None, "failed: the disk is full"), ("undone", None, "was undone")],
)  # fmt: skip
def test_report_says_how_the_import_ended(
    office: Office, edi: Browser, status: str, user: str | None, words: str
) -> None:
    office.store.log[7] = ended_import(7, status=status, user=user, report={"problem": "the disk is full"})
    assert words in edi.get("/import/7").text


def test_undo_asks_first_and_names_what_it_kept(office: Office, edi: Browser) -> None:
    office.store.log[7] = ended_import(7)
    asked = edi.get("/import/7/undo")
    assert "This deletes 3 contacts and 1 company" in asked.text and office.store.log[7].status == "done"
    office.store.undone = Undone(restored=2, deleted=3, kept=(("companies", "acme.example"),))
    page = edi.post("/import/7/undo")
    assert page.status == 200 and "3 deleted, 2 restored, 1 kept" in page.text
    assert 'href="/explore/companies?open=acme.example"' in page.html
    again = edi.post("/import/7/undo")
    assert again.status == 409 and "is undone already" in again.text


def test_running_import_is_not_undone_but_cancelled(office: Office, edi: Browser) -> None:
    office.store.log[7] = ended_import(7, status="running", user=None, **now_started())
    edi.get("/import/7")
    page = edi.post("/import/7/undo")
    assert page.status == 409 and "cancel it first" in page.text and office.store.log[7].status == "running"


def test_cancel_of_an_ended_import_changes_nothing(office: Office, edi: Browser) -> None:
    office.store.log[7] = ended_import(7)
    edi.get("/import/7")
    page = edi.post("/import/7/cancel")
    assert page.status == 409 and "it has ended, or runs on the command line" in page.text
    assert office.store.log[7].status == "done"


@pytest.mark.parametrize("path", ["/import/9", "/import/9/undo", "/import/99999999999999999999"])
def test_unknown_import_is_not_found(edi: Browser, path: str) -> None:
    assert edi.get(path).status == 404
