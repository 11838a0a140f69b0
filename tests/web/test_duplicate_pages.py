"""The page of possible duplicates, over a real store."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.users import Users
from letrics.identity.patches import ContactPatch
from letrics.records import Email
from letrics.store.base import Store
from letrics.store.duplicate_record import DUPLICATE_STATUSES
from tests.default_backends import open_store
from tests.office import ADA, EDI, PASSWORD, Office, opened
from tests.web.browser import Browser, Page
from tests.web.elements import Elements

ANN = "crm:ann"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with one pair of contacts."""
    emails = (Email("office@acme.example", "personal"),)
    with open_store(tmp_path / "letrics.db") as store:
        store.put_contacts([
            ContactPatch(company="acme.example", external_id=ANN, full_name="Ann Archer", emails=emails, phone="1"),
            ContactPatch(company="acme.example", full_name="Bob <b>Baker</b>", emails=emails, job_title="CEO"),
        ])  # fmt: skip
        yield store


@pytest.fixture
def edi(loop: asyncio.AbstractEventLoop, accounts: AccountsDatabase, store: Store, tmp_path: Path) -> Iterator[Browser]:
    """The browser of an editor."""
    path = tmp_path / "letrics.db"
    with opened(loop, accounts, tmp_path / "accounts.db", open_store=lambda: open_store(path)) as office:
        Users(accounts).add(ADA, role="admin")
        Users(accounts).add(EDI, role="editor", password=PASSWORD)
        browser = office.signed_in(EDI)
        browser.get("/duplicates")
        yield browser


def links(page: Page) -> list[str]:
    return [link["href"] for link in Elements(page.html).of("a") if "href" in link]


def counts(store: Store) -> list[int]:
    return [store.count_duplicates(status) for status in DUPLICATE_STATUSES]


def other_id(page: Page) -> str:
    """The id of the contact of the pair that has no id of a file."""
    return next(href for href in links(page) if "open=c_" in href).partition("=")[2]


class TestList:
    def test_pair_is_shown_with_reason_and_differences(self, edi: Browser) -> None:
        page = edi.get("/duplicates")
        assert page.status == 200
        assert "Same email address, different names: office@acme.example" in " ".join(page.text.split())
        assert "Bob &lt;b&gt;Baker&lt;/b&gt;" in page.html and "<b>Baker" not in page.html
        rows = [row["class"] for row in Elements(page.html).of("tr") if "class" in row]
        assert rows == ["d-different", "d-one", "d-one", "d-one", "d-one", "d-same", "d-same", "d-one"]
        assert "/explore/contacts?open=crm%3Aann" in links(page)

    def test_tabs_have_the_number_of_each_status(self, edi: Browser, store: Store) -> None:
        store.dismiss_duplicate(ANN, other_id(edi.get("/duplicates")))
        texts = Elements(edi.get("/duplicates?status=dismissed").html).texts
        assert [texts[texts.index(f"{status.capitalize()} ") + 1] for status in DUPLICATE_STATUSES] == ["0", "1", "0"]

    def test_empty_lists_explain_themselves(self, edi: Browser, store: Store) -> None:
        assert "No merged contacts" in edi.get("/duplicates?status=merged").text
        assert "No dismissed pairs" in edi.get("/duplicates?status=dismissed").text
        store.dismiss_duplicate(ANN, other_id(edi.get("/duplicates")))
        assert "Every pair is decided" in edi.get("/duplicates").text
        store.delete("contacts", [0, 1])
        page = edi.get("/duplicates")
        assert "No possible duplicates" in page.text and "share an email address" in page.text

    def test_pages_lead_to_each_other(self, edi: Browser, store: Store) -> None:
        emails = (Email("team.one@acme.example", "personal"),)
        names = [f"{letter}anne {letter}ook" for letter in "BCDFGHKLMNPR"]
        store.put_contacts([ContactPatch(company="acme.example", full_name=name, emails=emails) for name in names])
        total = store.count_duplicates()
        assert 10 < total <= 20
        first, second = edi.get("/duplicates"), edi.get("/duplicates?page=2")
        assert "Page 1 of 2" in first.text and "/duplicates?page=2" in links(first)
        assert "/duplicates" in links(second) and second.html.count("<section") == total - 10
        assert f"/duplicates/{total}/dismiss?page=2" in second.html
        assert edi.get("/duplicates?page=9").location == "/duplicates?page=2"

    @pytest.mark.parametrize(
        "query", ["status=none", "page=0", "page=x", "page=-1", "page=99999999999999", "decided=x"]
    )
    def test_invalid_query_shows_the_open_pairs(self, edi: Browser, query: str) -> None:
        assert edi.get(f"/duplicates?{query}").html.count("<section") == 1


class TestDeciding:
    @pytest.mark.parametrize("keeps_first", [True, False])
    def test_merge_asks_and_keeps_the_chosen_contact(self, edi: Browser, store: Store, keeps_first: bool) -> None:
        shown = edi.get("/duplicates")
        ids = (ANN, other_id(shown))
        keep, gone = ids if keeps_first else ids[::-1]
        target = next(href for href in links(shown) if "keep=" in href and href.endswith(keep.replace(":", "%3A")))
        asked = edi.get(target).text
        assert "Merge" in asked and "You can undo this" in asked and counts(store) == [1, 0, 0]
        done = edi.post(target)
        assert (done.status, done.location) == (303, "/duplicates?decided=1")
        assert "was merged into" in edi.get(done.location).text
        found = store.find("contacts", gone)
        assert found is not None and f'"id":"{keep}"' in found.document.decode()

    def test_merge_is_undone_by_the_page(self, edi: Browser, store: Store) -> None:
        edi.post(f"/duplicates/1/merge?keep={ANN}")
        merged = edi.get("/duplicates?status=merged")
        assert "Before the merge" in merged.text and "/duplicates/1/undo?status=merged" in merged.html
        assert [href for href in links(merged) if "open=" in href] == ["/explore/contacts?open=crm%3Aann"]
        done = edi.post("/duplicates/1/undo?status=merged")
        assert done.location == "/duplicates?status=merged&decided=1"
        assert "are possible duplicates again" in edi.get(done.location).text
        assert counts(store) == [1, 0, 0] and store.counts().contacts == 2

    def test_dismissal_is_undone_by_the_page(self, edi: Browser, store: Store) -> None:
        shown = edi.get(edi.post("/duplicates/1/dismiss").location)
        assert "are noted as different people" in shown.text and "/duplicates/1/undo" in shown.html
        assert counts(store) == [0, 1, 0]
        edi.post("/duplicates/1/undo")
        assert counts(store) == [1, 0, 0]

    def test_second_decision_says_what_was_done_before(self, edi: Browser, store: Store) -> None:
        edi.post(f"/duplicates/1/merge?keep={ANN}")
        for path in (f"merge?keep={ANN}", "dismiss"):
            again = edi.post(f"/duplicates/1/{path}")
            assert again.status == 409 and "was merged already" in again.text
        assert counts(store) == [0, 0, 1]

    def test_wrong_decision_is_refused(self, edi: Browser, store: Store) -> None:
        assert edi.post("/duplicates/77/dismiss").status == 404
        assert edi.get(f"/duplicates/77/merge?keep={ANN}").status == 404
        assert edi.get("/duplicates/1/merge?keep=nobody").status == 400
        assert edi.post("/duplicates/1/merge?keep=nobody").status == 400
        assert edi.post("/duplicates/1/dismiss", csrf="wrong").status == 403
        assert counts(store) == [1, 0, 0]


def test_navigation_leads_editors_there(ada: Browser, bob: Browser) -> None:
    assert "/duplicates" in links(ada.get("/overview"))
    assert "/duplicates" not in links(bob.get("/overview"))


def test_overview_leads_editors_to_open_pairs(office: Office, ada: Browser, bob: Browser) -> None:
    assert "1 possible duplicate:" in ada.get("/overview").text
    assert "possible duplicate" not in bob.get("/overview").text
    office.store.pair_status = "dismissed"
    assert "possible duplicate" not in ada.get("/overview").text


def test_unavailable_store_is_503(office: Office, ada: Browser) -> None:
    ada.get("/duplicates")
    office.store.away = True
    assert ada.get("/duplicates").status == 503
