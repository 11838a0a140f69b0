"""Failures of the API become error pages."""

from __future__ import annotations

from tests.office import Office
from tests.web.browser import Browser


def test_store_that_is_away_is_an_error_page(office: Office, edi: Browser) -> None:
    office.store.away = True
    page = edi.get("/import")
    assert page.status == 503 and "secret" not in page.html
    assert int(page.reply.headers["retry-after"]) > 0
