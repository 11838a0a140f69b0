"""The explorer with its scripts, in a real browser over the bundled sample."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

pytest.importorskip("playwright", reason="the browser tests need playwright: pip install playwright")
from playwright.sync_api import Page, expect

from tests.browser.conftest import HOSTILE, Opener, Watch
from tests.browser.server import Served

PASTE = """text => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
  document.activeElement.dispatchEvent(paste);
}"""


def shows(page: Page, total: int) -> None:
    """Wait until the total is shown."""
    expect(page.locator("#total strong")).to_have_text(f"{total:,}")


def asked(page: Page) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(page.url).query)


def choose(page: Page, field: str, text: str, *keys: str) -> None:
    page.locator(f"#f-{field}").fill(text)
    expect(page.locator(".x-list:popover-open [role=option]").first).to_be_visible()
    for key in keys or ("Enter",):
        page.keyboard.press(key)


def facet(page: Page, value: str) -> None:
    page.locator(".x-facet .x-in", has_text=re.compile(f"^{re.escape(value)}[0-9]")).click()


def test_filters_agree_with_the_api_at_every_step(served: Served, visit: Opener) -> None:
    page = visit("/explore/contacts")
    shows(page, served.total("contacts", {}))
    body: dict[str, object] = {}
    page.locator("#f-job_titles").fill("manager")
    page.keyboard.press("Enter")
    body["job_titles"] = ["manager"]
    shows(page, served.total("contacts", body))
    choose(page, "seniorities", "manag", "Shift+Enter")
    body["exclude_seniorities"] = ["Manager"]
    shows(page, served.total("contacts", body))
    page.get_by_role("switch", name="Is decision maker").check()
    body["is_decision_maker"] = True
    shows(page, served.total("contacts", body))
    page.locator("summary", has_text="Dates").click()
    page.locator("[name=added_after]").fill("2015-01-01")
    body["added_after"] = "2015-01-01"
    shows(page, served.total("contacts", body))
    choose(page, "functions", "manufact")
    body["functions"] = ["Manufacturer"]
    shows(page, served.total("contacts", body))
    assert dict(asked(page)) == {
        "job_titles": "manager", "exclude_seniorities": "Manager", "is_decision_maker": "true",
        "added_after": "2015-01-01", "functions": "Manufacturer",
    }  # fmt: skip
    page.get_by_role("link", name="Clear all").click()
    shows(page, served.total("contacts", {}))
    assert asked(page) == []


def test_numbers_and_several_values_agree_with_the_api(served: Served, visit: Opener) -> None:
    page = visit("/explore/companies")
    choose(page, "technologies", "react")
    choose(page, "technologies", "vue")
    page.locator("summary", has_text="More filters").click()
    page.locator("[name=employees_min]").fill("100")
    page.keyboard.press("Enter")
    values = page.locator("[data-key=technologies] .x-values b").all_text_contents()
    assert len(values) == 2
    shows(page, served.total("companies", {"technologies": values, "employees_min": 100}))


def test_a_facet_includes_by_a_click_and_excludes_by_another(served: Served, visit: Opener) -> None:
    page = visit("/explore/companies")
    facet(page, "United States")
    shows(page, served.total("companies", {"locations": ["United States"]}))
    expect(page.locator(".x-in[aria-pressed=true]")).to_have_text(re.compile("United States"))
    facet(page, "United States")
    shows(page, served.total("companies", {}))
    page.get_by_role("button", name="Exclude China").click(force=True)
    shows(page, served.total("companies", {"exclude_locations": ["China"]}))
    counted = served.ask("/v1/companies/facets", {"facets": ["industries"], "exclude_locations": ["China"]})
    first = counted["data"]["industries"][0]
    row = page.locator(".x-facet", has=page.get_by_role("heading", name="Industries")).locator(".x-in").first
    expect(row).to_have_text(f"{first['value']}{first['count']:,}")


def test_back_and_forward_go_through_what_was_asked(served: Served, visit: Opener) -> None:
    page = visit("/explore/contacts?job_titles=engineer")
    choose(page, "departments", "eng")
    both = served.total("contacts", {"job_titles": ["engineer"], "departments": ["Engineering"]})
    shows(page, both)
    page.get_by_role("link", name="Next").click()
    expect(page.locator("#page")).to_have_value("2")
    page.go_back()
    expect(page.locator("#page")).to_have_value("1")
    page.go_back()
    shows(page, served.total("contacts", {"job_titles": ["engineer"]}))
    expect(page.locator("[data-key=departments] .x-values li")).to_have_count(0)
    page.go_forward()
    shows(page, both)
    expect(page.locator("[data-key=departments] .x-values b")).to_have_text("Engineering")


def test_a_link_leads_to_the_same_page_with_and_without_scripts(served: Served, visit: Opener) -> None:
    path = "/explore/contacts?job_titles=director&exclude_departments=Sales&order=newest&page=3&per_page=10"
    body = {"job_titles": ["director"], "exclude_departments": ["Sales"], "order": "newest"}
    ids = [record["id"] for record in served.ask("/v1/contacts", {**body, "page": 3, "per_page": 10})["data"]]
    for scripts in (True, False):
        page = visit(path, scripts=scripts)
        assert page.locator("#rows a[data-id]").evaluate_all("all => all.map(a => a.dataset.id)") == ids
        shows(page, served.total("contacts", body))
        expect(page.locator("#order")).to_have_value("newest")


def test_without_scripts_the_form_searches(served: Served, visit: Opener) -> None:
    page = visit("/explore/contacts?exclude_seniorities=Intern", scripts=False)
    page.locator("#f-job_titles").fill("manager")
    page.get_by_role("button", name="Search").click()
    shows(page, served.total("contacts", {"job_titles": ["manager"], "exclude_seniorities": ["Intern"]}))
    page.get_by_role("link", name="Next").click()
    expect(page.locator("#page")).to_have_value("2")


def test_by_the_keyboard_alone(served: Served, visit: Opener) -> None:
    page = visit("/explore/contacts")
    page.keyboard.press("/")
    expect(page.locator("#f-job_titles")).to_be_focused()
    page.keyboard.type("account")
    expect(page.locator(".x-list:popover-open [role=option]").first).to_contain_text("“account”")
    page.keyboard.press("ArrowDown")
    active = page.locator("#f-job_titles").get_attribute("aria-activedescendant")
    chosen = page.locator(f"#{active} span").first.inner_text()
    page.keyboard.press("Enter")
    shows(page, served.total("contacts", {"job_titles": [chosen]}))
    page.keyboard.press("Backspace")
    shows(page, served.total("contacts", {}))
    page.locator("#rows a[data-id]").first.focus()
    page.keyboard.press("ArrowDown")
    second = page.locator("#rows a[data-id]").nth(1)
    expect(second).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#drawer")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    expect(second).to_be_focused()


def test_completion_offers_values_with_their_counts(served: Served, visit: Opener) -> None:
    page = visit("/explore/contacts")
    page.locator("#f-locations").fill("berl")
    wanted = served.ask("/v1/contacts/fields/locations/values?q=berl&limit=8")["data"]
    options = page.locator(".x-list:popover-open [role=option]")
    expect(options).to_have_count(len(wanted) + 1)  # and the text as typed
    assert options.first.locator("small").inner_text() == f"{wanted[0]['count']:,}"
    expect(page.locator("#f-locations")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#f-locations")).to_have_attribute("aria-expanded", "false")


def test_many_values_are_pasted_at_once(served: Served, visit: Opener) -> None:
    page = visit("/explore/contacts")
    page.locator("summary", has_text="More filters").click()
    page.locator("#f-domains").focus()
    page.evaluate(PASTE, "clioblue.com\ntradegene.co.kr\n")
    shows(page, served.total("contacts", {"domains": ["clioblue.com", "tradegene.co.kr"]}))


def test_one_record_beside_the_table(served: Served, visit: Opener) -> None:
    page = visit("/explore/contacts?job_titles=manager")
    link = page.locator("#rows a[data-id]").nth(2)
    id = link.get_attribute("data-id")
    link.click()
    record = served.ask(f"/v1/contacts/{id}")["data"]
    expect(page.locator("#drawer-name")).to_have_text(record["full_name"])
    expect(page.locator("#drawer-body")).to_contain_text(record["company"]["domain"])
    assert ("open", id) in asked(page)
    page.reload()
    expect(page.locator("#drawer-name")).to_have_text(record["full_name"])
    page.locator("#drawer-close").click()
    expect(page.locator("#drawer")).to_be_hidden()
    assert asked(page) == [("job_titles", "manager")]


def test_a_slip_is_mended_by_a_click(served: Served, visit: Opener) -> None:
    page = visit("/explore/contacts?industries=Softwar")
    expect(page.locator("#notes")).to_contain_text("No match for industries Softwar. Did you mean")
    page.locator("#notes button").first.click()
    shows(page, served.total("contacts", {"industries": ["Software"]}))
    expect(page.locator("#notes p")).to_have_count(0)


def test_nothing_found_says_which_filter_to_loosen(served: Served, visit: Opener) -> None:
    page = visit("/explore/contacts?job_titles=manager&seniorities=Intern&locations=NYC")
    way = page.locator(".x-ways button").first
    expect(way).to_contain_text("Without")
    total = way.inner_text().rpartition(" ")[2]
    way.click()
    expect(page.locator("#total strong")).to_have_text(total)


def test_without_data_it_says_how_to_import(empty: Served, browse: Opener) -> None:
    page = browse(empty, empty.person(), "/explore/companies")
    page.wait_for_selector(".x-results[aria-busy=false]")
    expect(page.locator("#empty")).to_contain_text(f"letrics import --home {empty.home} companies.csv")
    expect(page.locator("#scroll")).to_be_hidden()


def test_columns_are_remembered_and_in_the_link(visit: Opener) -> None:
    page = visit("/explore/contacts")
    page.locator("#columns summary").click()
    page.get_by_role("checkbox", name="Department", exact=True).check()
    page.get_by_role("checkbox", name="Emails", exact=True).uncheck()
    head = page.locator("#head")
    expect(head).to_contain_text("Department")
    expect(head).not_to_contain_text("Email")
    assert ("fields", "department") in asked(page)
    page.goto(page.url.partition("?")[0])
    expect(page.locator("#head")).to_contain_text("Department")
    page.locator("#columns summary").click()
    page.get_by_role("button", name="Default columns").click()
    expect(page.locator("#head")).to_contain_text("Email")
    assert asked(page) == []


@pytest.mark.parametrize("format", ["jsonl", "csv", "parquet"])
def test_an_export_is_what_a_cursor_walk_meets(served: Served, visit: Opener, tmp_path: Path, format: str) -> None:
    body = {"technologies": ["React"], "exclude_locations": ["China"]}
    page = visit("/explore/companies?technologies=React&exclude_locations=China&page=2")
    page.locator("#export summary").click()
    with page.expect_download() as download:
        page.locator(f"#export button[value={format}]").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    walked: list[str] = []
    cursor = None
    while True:
        answer = served.ask("/v1/companies", {**body, "per_page": 100, **({"cursor": cursor} if cursor else {})})
        walked += [record["id"] for record in answer["data"]]
        cursor = answer["meta"]["next_cursor"]
        if cursor is None:
            break
    assert path.name == f"companies.{format}"
    assert exported(path) == walked
    done = f"{len(walked):,} of {len(walked):,} records" if format != "parquet" else "done"
    expect(page.locator("#download-said")).to_contain_text(done)


def exported(path: Path) -> list[str]:
    """The domains of the companies in a file."""
    if path.suffix == ".jsonl":
        return [json.loads(line)["domain"] for line in path.read_text("utf-8").splitlines()]
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [row["domain"] for row in csv.DictReader(file)]
    parquet = pytest.importorskip("pyarrow.parquet")
    return [str(id) for id in parquet.read_table(path).column("domain").to_pylist()]


def test_the_code_that_is_copied_works(served: Served, visit: Opener) -> None:
    page = visit(
        "/explore/contacts?job_titles=head%20of%20%22x%22%20or%20'y'&job_titles=manager&has_linkedin_profile=true"
    )
    page.get_by_role("button", name="API", exact=True).click()
    expect(page.locator("#code")).to_be_visible()
    total = page.locator("#total strong").inner_text().replace(",", "")
    environment = {"LETRICS_TOKEN": served.token, "PATH": "/usr/bin:/bin"}
    python = page.locator("#as-python").inner_text()
    done = subprocess.run([sys.executable, "-c", python], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[0] == total
    curl = page.locator("#as-curl").inner_text()
    assert curl.startswith("export LETRICS_TOKEN=")
    command = curl.partition("\n")[2].replace("curl ", "printf '%s\\n' ", 1)
    words = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, text=True, check=True)
    url, *_, sent = words.stdout.splitlines()
    assert url == f"{served.url}/v1/contacts"
    assert served.total("contacts", json.loads(sent)) == int(total)


def test_hostile_values_stay_text(served: Served, visit: Opener) -> None:
    every = "&fields=".join(
        ["", "job_title", "department", "company.name", "company.locations", "company.technologies"]
    )
    page = visit(f"/explore/contacts?domains=hostile.example&open=hostile{every}")
    expect(page.locator("#drawer-name")).to_have_text(HOSTILE)
    expect(page.locator("#rows a")).to_have_text(HOSTILE)
    expect(page.locator(".x-facet .x-in").first).to_contain_text(HOSTILE)
    page.keyboard.press("Escape")
    page.locator(".x-facet .x-in").first.click()
    expect(page.locator("#chips b").nth(1)).to_have_text(HOSTILE)
    page.locator("#f-job_titles").fill("<img")
    expect(page.locator(".x-list:popover-open [role=option]").nth(1)).to_contain_text("<img src=x")
    assert page.evaluate("window.hit") is None
    assert page.locator("img[src=x]").count() == 0


def test_an_ended_session_leads_to_sign_in_and_back(visit: Opener, watch: Watch) -> None:
    watch.expected.append("401")
    page = visit("/explore/contacts?job_titles=manager")
    page.context.clear_cookies()
    facet(page, "Sales")
    link = page.locator("#notes").get_by_role("link", name="Sign in again")
    expect(link).to_be_visible()
    link.click()
    assert dict(asked(page)) == {"next": "/explore/contacts?job_titles=manager&departments=Sales"}


def test_a_loading_index_is_waited_for(served: Served, visit: Opener, watch: Watch) -> None:
    watch.expected.append("503")
    page = visit("/explore/contacts")
    problem = {"id": "unavailable", "code": 503, "details": "The index is loading: retry in a moment"}
    answer = json.dumps({"data": None, "meta": {"request_id": "x"}, "errors": [problem]})
    page.route("**/app/**", lambda route: route.fulfill(status=503, content_type="application/json", body=answer))
    facet(page, "Sales")
    expect(page.locator("#notes")).to_contain_text("The index is loading")
    page.unroute("**/app/**")
    shows(page, served.total("contacts", {"departments": ["Sales"]}))
    expect(page.locator("#notes p")).to_have_count(0)


def test_without_a_network_it_says_so_and_tries_again(served: Served, visit: Opener, watch: Watch) -> None:
    watch.expected.append("ERR_INTERNET_DISCONNECTED")
    page = visit("/explore/contacts")
    page.context.set_offline(True)
    facet(page, "Sales")
    expect(page.locator("#notes")).to_contain_text("Cannot reach the server")
    page.context.set_offline(False)
    shows(page, served.total("contacts", {"departments": ["Sales"]}))


def test_what_is_wrong_in_a_link_is_said(visit: Opener, watch: Watch) -> None:
    watch.expected.append("400")
    page = visit("/explore/contacts?job_title=manager&per_page=1000")
    expect(page.locator("#notes")).to_contain_text("did you mean job_titles?")
    expect(page.locator("#notes")).to_contain_text("per_page")


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_nothing_sticks_out(visit: Opener, width: int) -> None:
    page = visit("/explore/contacts?job_titles=manager&locations=NYC&open=sample-00001", width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("Escape")
    if width == 360:
        assert page.locator("#rows tr").first.evaluate("row => getComputedStyle(row).display") == "block"
        page.locator(".x-narrow").click()
        expect(page.locator("#filters")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#filters")).to_be_hidden()


def test_one_search_and_one_breakdown_for_each_change(visit: Opener) -> None:
    page = visit("/explore/contacts")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(urlsplit(request.url).path) if "/app/" in request.url else None)
    facet(page, "Sales")
    expect(page.locator(".x-in[aria-pressed=true]")).to_have_count(1)
    expect(page.locator("#pager")).to_be_visible()
    page.wait_for_timeout(300)
    assert sorted(sent) == ["/app/contacts", "/app/contacts/facets"]
    sent.clear()
    page.get_by_role("link", name="Next").click()
    expect(page.locator("#page")).to_have_value("2")
    assert sent == ["/app/contacts"]
