"""The overview as it is seen."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from letrics.accounts.database import AccountsDatabase
from letrics.engines.base import EngineAway
from tests.matrix.pairs import Pair
from tests.matrix.stores import STORES
from tests.naive.remote import FollowedRemoteEngine, RemoteEngine
from tests.web.browser import Browser
from tests.web.docs.reading import Page
from tests.web.figures.conftest import Real, served


def test_overview_shows_totals_and_charts_with_their_numbers(real: Real) -> None:
    shown = real.browser.get("/overview")
    assert shown.status == 200
    page = Page(shown.html)
    assert page.inline == []
    assert len(page.ids) == len(set(page.ids))
    assert len(shown.html) <= 150_000
    assert re.findall(r"<strong>([\d,]+)</strong>", shown.html)[:2] == ["5", "4"]
    assert shown.html.count('role="img"') == shown.html.count("<desc") == shown.html.count("<figure") == 2
    for figure in re.findall(r"<figure.*?</figure>", shown.html, re.DOTALL):
        bars = [
            int(value.replace(",", "")) for value in re.findall(r"<g class=\"column\"><title>.*?: ([\d,]+)<", figure)
        ]
        listed = [int(value.replace(",", "")) for value in re.findall(r'<td class="num">([\d,]+)</td>', figure)]
        assert len(bars) == 24
        assert sum(listed) in (4, 5)
        assert listed[-24:] == bars


def test_every_commonest_value_leads_to_its_records(real: Real) -> None:
    page = Page(real.browser.get("/overview").html)
    assert "/explore/companies?locations=Germany" in page.links
    assert "/explore/contacts?seniorities=Director" in page.links


def test_without_records_it_says_how_to_get_some(bare: Real) -> None:
    shown = bare.browser.get("/overview")
    assert shown.status == 200
    assert "No records yet" in shown.text
    assert "letrics import companies.csv contacts.jsonl" in shown.text
    assert "<figure" not in shown.html


def test_it_is_for_people_who_are_signed_in(real: Real) -> None:
    assert Browser(real.api.app, real.api.loop).get("/overview").location == "/signin?next=/overview"


@pytest.mark.parametrize("path", ["/overview", "/explore/contacts?job_titles=manager"])
def test_engine_that_is_away_is_an_error_page(
    path: str, tmp_path: Path, loop: asyncio.AbstractEventLoop, accounts: AccountsDatabase
) -> None:
    remote = RemoteEngine()
    pair = Pair("remote-naive", STORES["naive"], lambda directory, budget: FollowedRemoteEngine(remote))
    with served(tmp_path, loop, accounts, pair) as real:
        assert real.browser.get(path).status == 200
        remote.away = EngineAway("search.secret.example refuses connections", retry_after=30)
        shown = real.browser.get(path)
        assert shown.status == 503 and int(shown.reply.headers["retry-after"]) > 0
        assert "The search engine is unavailable" in shown.text and "secret" not in shown.html
