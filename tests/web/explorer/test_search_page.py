"""The explorer as the server renders it: what a browser without scripts shows."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, quote, urljoin, urlsplit

import msgspec
import pytest

from letrics.engines.base import EngineLoading
from letrics.fields import fields_of
from letrics.records import KINDS, Company, ContactBody, Email, Kind, Place
from letrics.web.explorer.page_state import columns_of
from tests.contract.world import ANN, COMPANIES, ann, bob, cyd, dee, eve
from tests.office import BOB, Office
from tests.web.browser import Browser, Page
from tests.web.elements import Elements

HOSTILE = """<img src=x onerror="alert(1)">'"><script>alert(2)</script>{{ 7*7 }}&amp;"""
LIMIT = 150_000
QUOTED = quote(HOSTILE, safe="")
SHOWN = re.compile(r'data-id="([^"]*)"')


@pytest.fixture
def visitor(office: Office) -> Browser:
    """The browser of a user who may only read."""
    return office.signed_in(BOB)


def fill(office: Office, contacts: list[tuple[ContactBody, str]], *more: Company) -> None:
    """Replace the contacts of the service by these, of companies of the small world or `more`."""
    office.store.companies = dict(enumerate((*COMPANIES, *more)))
    office.store.contacts = dict(enumerate(contacts))
    office.engine.load(office.store)


def shown(page: Page) -> list[str]:
    return SHOWN.findall(page.html)


def test_only_for_people_who_are_signed_in_and_back_afterwards(office: Office) -> None:
    page = office.browser().get("/explore/contacts?job_titles=manager&page=2")
    assert page.status == 303
    (next,) = dict(parse_qsl(urlsplit(page.location).query)).values()
    assert next == "/explore/contacts?job_titles=manager&page=2"


def test_everything_is_shown_until_something_is_asked(visitor: Browser) -> None:
    page = visitor.get("/explore/contacts")
    assert page.status == 200
    assert shown(page) == [ann, bob, cyd, dee, eve]
    assert "5 contacts" in " ".join(page.text.split())
    assert shown(visitor.get("/explore/companies")) == [company.id for company in COMPANIES]
    assert visitor.get("/explore/people").status == 404


def test_notice_of_an_action_is_shown_above_the_table(visitor: Browser) -> None:
    assert "The person was forgotten." in visitor.get("/explore/contacts?done=forgotten").text
    assert "forgotten" not in visitor.get("/explore/contacts?done=invented").text


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_the_catalogue_has_its_controls(visitor: Browser, kind: Kind) -> None:
    page = Elements(visitor.get(f"/explore/{kind}").html)
    offered = {a["name"] for a in page.of("input") if "name" in a}
    for field in fields_of(kind):
        assert field.name in offered
        assert not field.can_exclude or f"exclude_{field.name}" in offered


def test_filters_are_read_from_the_query_string(visitor: Browser) -> None:
    page = visitor.get("/explore/contacts?job_titles=manager&exclude_seniorities=head&has_linkedin_profile=true")
    assert shown(page) == [ann]
    assert shown(visitor.get("/explore/contacts?industries[]=Software&added_before=2026-01-20")) == [ann, bob]
    assert shown(visitor.get("/explore/contacts?has_personal_emails=true")) == [ann, cyd]
    assert shown(visitor.get("/explore/companies?employees_min=100&order=newest")) == [COMPANIES[0].id]


def test_the_form_holds_what_was_asked(visitor: Browser) -> None:
    target = "job_titles=manager&job_titles=c%2B%2B&exclude_seniorities=Head&is_decision_maker=true"
    page = Elements(
        visitor.get(f"/explore/contacts?{target}&added_after=2026-01-01&added_before=2026-01-20T10:00Z").html
    )
    kept = [
        (a["name"], a["value"]) for a in page.of("input", type="checkbox") if "checked" in a and a["name"] != "fields"
    ]
    assert kept == [
        ("job_titles", "manager"),
        ("job_titles", "c++"),
        ("exclude_seniorities", "Head"),
        ("is_decision_maker", "true"),
    ]
    (after,) = page.of("input", name="added_after", type="date")
    (before,) = page.of("input", name="added_before", type="text")
    assert (after["value"], before["value"]) == ("2026-01-01", "2026-01-20T10:00Z")


def test_a_filter_is_taken_away_by_its_link(visitor: Browser) -> None:
    page = visitor.get("/explore/contacts?job_titles=manager&exclude_seniorities=Head&page=1&per_page=10")
    (link,) = [a["href"] for a in Elements(page.html).of("a") if a.get("aria-label") == "Remove Seniorities Head"]
    assert link == "/explore/contacts?job_titles=manager&per_page=10"
    assert shown(visitor.get(link)) == [ann, cyd]


def test_how_a_place_was_read_is_said(visitor: Browser) -> None:
    text = visitor.get("/explore/contacts?locations=NYC&exclude_locations=Germany").text
    assert "New York City, New York, United States" in text
    assert re.search(r"is not\s+Germany\s*×", text)


def test_what_nothing_carries_is_mended_by_a_click(office: Office, visitor: Browser) -> None:
    page = visitor.get("/explore/contacts?industries=Softwar&industries=Fintech&order=newest")
    fixes = [
        a["href"] for tag, a in Elements(page.html).all if tag == "a" and "industries=Software" in a.get("href", "")
    ]
    if "Did you mean" in page.text:
        assert fixes == ["/explore/contacts?industries=Fintech&order=newest&industries=Software"]
    assert "Softwar" in page.text and "No match for" in page.text


def test_any_page_can_be_gone_to(visitor: Browser) -> None:
    page = visitor.get("/explore/contacts?per_page=2&page=2&exclude_job_titles=zzz")
    assert shown(page) == [cyd, dee]
    links = {a["rel"]: a["href"] for a in Elements(page.html).of("a") if a.get("rel") in ("prev", "next")}
    assert shown(visitor.get(links["prev"])) == [ann, bob]
    assert shown(visitor.get(links["next"])) == [eve]
    assert "of 3" in " ".join(page.text.split())
    kept = {a["name"]: a["value"] for a in Elements(page.html).of("input", type="hidden") if a["name"] != "csrf"}
    assert {"per_page": "2", "exclude_job_titles": "zzz"}.items() <= kept.items()


def test_a_page_past_the_end_leads_back(visitor: Browser) -> None:
    page = visitor.get("/explore/contacts?per_page=2&page=9")
    assert not shown(page)
    assert "after the last page" in page.text
    (link,) = [a["href"] for a in Elements(page.html).of("a", **{"class": "btn"}) if "page=3" in a["href"]]
    assert shown(visitor.get(link)) == [eve]


def test_no_hits_says_which_filter_to_loosen(visitor: Browser) -> None:
    page = visitor.get("/explore/contacts?seniorities=Director&departments=Engineering&has_linkedin_profile=true")
    assert "No contacts match all of these filters" in page.text
    links = [a["href"] for a in Elements(page.html).of("a") if a["href"].startswith("/explore/contacts?")]
    assert "/explore/contacts?seniorities=Director&has_linkedin_profile=true" in links
    assert "Without departments: 1" in page.text
    assert "Without seniorities" not in page.text


def test_no_data_says_how_to_import(office: Office, visitor: Browser) -> None:
    fill(office, [])
    page = visitor.get("/explore/contacts")
    assert "No contacts yet" in page.text
    assert "letrics import contacts.csv" in page.text


def test_columns_are_chosen_by_the_members_asked_for(visitor: Browser) -> None:
    page = visitor.get("/explore/contacts?fields=department&fields=company.employees&fields=nonsense")
    assert page.status == 200
    labels = {a["data-label"] for a in Elements(page.html).of("td", role="cell")}
    assert labels == {"Department", "Company employees"}


def test_one_record_in_full(visitor: Browser) -> None:
    page = visitor.get("/explore/contacts?job_titles=manager&open=ann")
    assert page.inner("drawer-name") == "Ann Archer"
    assert "+49 30 000000" in page.text and "ann.archer@acme.example" in page.text
    (profile,) = Elements(page.html).of("a", href="https://acme.example")
    assert profile["rel"] == "noopener noreferrer nofollow"
    assert visitor.get("/explore/contacts?open=crm%3Ae%2F5").inner("drawer-name") == "Eve Ende"
    assert "There is no contact" in visitor.get("/explore/contacts?open=nobody").text
    assert visitor.get(f"/explore/companies?open={COMPANIES[0].id}").inner("drawer-name") == "Acme"


def test_what_is_wrong_is_said_for_each_field(visitor: Browser) -> None:
    page = visitor.get("/explore/contacts?job_title=manager&page=x&added_after=soon&locations=%20")
    assert page.status == 400
    assert "did you mean job_titles?" in page.text
    assert 'page "x" must be a whole number' in page.text
    assert "added_after" in page.text
    assert not shown(page)


def test_while_the_index_loads_the_page_says_so(office: Office, visitor: Browser) -> None:
    office.engine.failure = EngineLoading()
    page = visitor.get("/explore/contacts?job_titles=manager")
    assert page.status == 503
    assert page.reply.headers["retry-after"] == "1"
    assert "The index is loading" in page.text
    assert [a["href"] for a in Elements(page.html).of("a") if a["href"] == "/explore/contacts?job_titles=manager"]


def test_a_whole_result_is_exported_by_the_form(visitor: Browser) -> None:
    form = Elements(visitor.get("/explore/contacts?job_titles=manager&page=7&order=newest&per_page=1").html)
    (query,) = form.of("input", name="query")
    assert query["value"] == "job_titles=manager&order=newest"
    page = visitor.post("/explore/contacts/export", {"query": query["value"], "format": "jsonl"})
    assert page.status == 200
    assert 'filename="contacts.jsonl"' in page.reply.headers["content-disposition"]
    records = [msgspec.json.decode(line) for line in page.html.splitlines()]
    assert [record["full_name"] for record in records] == ["Cyd Crane", "Ann Archer"]
    whole = visitor.post("/explore/contacts/export", {"query": query["value"], "format": "jsonl", "all": "1"})
    assert [msgspec.json.decode(line)["id"] for line in whole.html.splitlines()] == [cyd, ann]
    wrong = visitor.post("/explore/contacts/export", {"query": "", "format": "xls"})
    assert (wrong.status, "must be one of" in wrong.text) == (400, True)
    assert visitor.post("/explore/contacts/export", {"query": "nonsense=1", "format": "csv"}).status == 400
    assert visitor.post("/explore/contacts/export", {"query": "", "format": "csv"}, csrf="").status == 403


def _hostile_world(office: Office) -> None:
    company = Company(
        id="hostile.example", domain="hostile.example", name=HOSTILE, website="javascript:alert(3)", tld="example",
        description=HOSTILE, locations=(Place(HOSTILE, HOSTILE, HOSTILE, "XX", HOSTILE, HOSTILE), Place(text=HOSTILE)),
        functions=(HOSTILE,), industries=(HOSTILE,), technologies=(HOSTILE, "JavaScript:alert(4)"),
        emails=(Email(HOSTILE, "generic"),), linkedin_url='https://x.example/" onmouseover="alert(5)',
        employees=3, founded_year=1999, first_seen_at=ANN.added_at, added_at=ANN.added_at, updated_at=ANN.added_at,
    )  # fmt: skip
    contact = ContactBody(
        id=HOSTILE, first_name=HOSTILE, last_name=HOSTILE, full_name=HOSTILE, job_title=HOSTILE, department=HOSTILE,
        seniority=HOSTILE, emails=(Email(HOSTILE, "personal"),), linkedin_url=" javascript:alert(6)", phone=HOSTILE,
        added_at=ANN.added_at, updated_at=ANN.added_at,
    )  # fmt: skip
    fill(office, [(contact, company.id)], company)


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_values_are_text_wherever_they_stand(office: Office, visitor: Browser, kind: Kind) -> None:
    plain = {tag for tag, _ in Elements(visitor.get(f"/explore/{kind}").html).all}
    _hostile_world(office)
    every = "".join(f"&fields={name}" for name in columns_of(kind))
    id = "hostile.example" if kind == "companies" else QUOTED
    asked = f"?open={id}{every}"
    names = [f.name for f in fields_of(kind) if f.is_array]
    asked_for = "&".join(f"exclude_{name}={QUOTED}" for name in names)
    for target in (
        asked,
        f"?{asked_for}",
        f"?{QUOTED}={QUOTED}",
        f"?open={QUOTED}&page=9",
    ):
        page = Elements(visitor.get(f"/explore/{kind}{target}").html)
        assert {tag for tag, _ in page.all} <= plain | {"dl", "dt", "dd", "h3", "b", "time", "small", "pre", "ul", "li"}
        assert not page.of("img", src="x")
        assert len(page.of("script")) == len(Elements(visitor.get("/explore/contacts").html).of("script"))
        for _, attributes in page.all:
            assert not [name for name in attributes if name.startswith("on") or name == "style"]
            for name in ("href", "src", "action"):
                assert not attributes.get(name, "").strip().lower().startswith(("javascript", "data"))
        assert any(HOSTILE in text for text in page.texts) or target.startswith("?exclude_")


def test_the_page_with_all_it_loads_is_small(office: Office, visitor: Browser) -> None:
    fill(office, [(msgspec.structs.replace(ANN, id=f"ann-{num}"), "acme.example") for num in range(30)])
    page = visitor.get("/explore/contacts")
    assert len(shown(page)) == 25
    wanted = [a["src"] for tag, a in Elements(page.html).all if a.get("src", "").startswith("/static/")]
    wanted += [a["href"] for a in Elements(page.html).of("link") if a["href"].startswith("/static/")]
    sizes: dict[str, int] = {"page": len(page.reply.body)}
    while wanted:
        url = wanted.pop()
        if url in sizes:
            continue
        file = visitor.get(url)
        assert file.status == 200, url
        sizes[url] = len(file.reply.body)
        if url.endswith(".js"):
            for found in re.findall(r'from "(\.{1,2}/[^"]+)"', file.html):
                wanted.append(urljoin(url, found))
    assert len(sizes) > 15
    assert sum(sizes.values()) <= LIMIT, sorted(sizes.items(), key=lambda item: -item[1])


def test_nothing_in_the_page_needs_an_exception_from_the_policy(visitor: Browser) -> None:
    page = visitor.get("/explore/contacts?job_titles=manager&open=ann")
    policy = page.reply.headers["content-security-policy"]
    assert "unsafe" not in policy and "http" not in policy
    elements = Elements(page.html)
    inline: list[dict[str, Any]] = [a for a in elements.of("script") if "src" not in a]
    assert [a.get("type") for a in inline] == ["application/json"]
    assert not elements.of("style")
