"""Code samples of the documentation, by name. The tests run each of them against a server."""

from __future__ import annotations

from typing import Final

from letrics.web.docs.samples import Sample, Written

_ONE_CONTACT: Final = Written(
    {
        "curl": r"""
id=$(curl -s {url}/v1/contacts \
  -H "Authorization: Bearer $LETRICS_TOKEN" \
  -H 'Content-Type: application/json' \
  -d '{"per_page": 1, "fields": ["id"]}' | sed -E 's/.*"id":"([^"]*)".*/\1/')
curl -s "{url}/v1/contacts/$id" \
  -H "Authorization: Bearer $LETRICS_TOKEN"
""",
        "python": """
import json
import os
import urllib.parse
import urllib.request

HEADERS = {"Authorization": f"Bearer {os.environ['LETRICS_TOKEN']}"}


def get(path):
    request = urllib.request.Request("{url}" + path, headers=HEADERS)
    with urllib.request.urlopen(request) as response:
        return json.load(response)


found = get("/v1/contacts?per_page=1&fields=id")
id = found["data"][0]["id"]
contact = get("/v1/contacts/" + urllib.parse.quote(id, safe=""))
print(json.dumps(contact["data"], indent=2))
""",
        "javascript": """
const headers = { Authorization: `Bearer ${process.env.LETRICS_TOKEN}` };

async function get(path) {
  const response = await fetch("{url}" + path, { headers });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

const found = await get("/v1/contacts?per_page=1&fields=id");
const id = found.data[0].id;
const contact = await get(`/v1/contacts/${encodeURIComponent(id)}`);
console.log(contact.data);
""",
    }
)

_ONE_COMPANY: Final = Written(
    {
        "curl": r"""
domain=$(curl -s {url}/v1/companies \
  -H "Authorization: Bearer $LETRICS_TOKEN" \
  -H 'Content-Type: application/json' \
  -d '{"per_page": 1, "fields": ["domain"]}' | sed -E 's/.*"domain":"([^"]*)".*/\1/')
curl -s "{url}/v1/companies/$domain" \
  -H "Authorization: Bearer $LETRICS_TOKEN"
""",
        "python": """
import json
import os
import urllib.request

HEADERS = {"Authorization": f"Bearer {os.environ['LETRICS_TOKEN']}"}


def get(path):
    request = urllib.request.Request("{url}" + path, headers=HEADERS)
    with urllib.request.urlopen(request) as response:
        return json.load(response)


found = get("/v1/companies?per_page=1&fields=domain")
company = get("/v1/companies/" + found["data"][0]["domain"])
print(json.dumps(company["data"], indent=2))
""",
        "javascript": """
const headers = { Authorization: `Bearer ${process.env.LETRICS_TOKEN}` };

async function get(path) {
  const response = await fetch("{url}" + path, { headers });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

const found = await get("/v1/companies?per_page=1&fields=domain");
const company = await get(`/v1/companies/${found.data[0].domain}`);
console.log(company.data);
""",
    }
)

_ALL_PAGES: Final = Written(
    {
        "curl": r"""
cursor=$(curl -s {url}/v1/companies \
  -H "Authorization: Bearer $LETRICS_TOKEN" \
  -H 'Content-Type: application/json' \
  -d '{"per_page": 2}' | sed -E 's/.*"next_cursor":"([^"]*)".*/\1/')
curl -s {url}/v1/companies \
  -H "Authorization: Bearer $LETRICS_TOKEN" \
  -H 'Content-Type: application/json' \
  -d "{\"per_page\": 2, \"cursor\": \"$cursor\"}"
""",
        "python": """
import json
import os
import urllib.request


def companies(filters):
    body = {**filters, "per_page": 100}
    while True:
        request = urllib.request.Request(
            "{url}/v1/companies",
            data=json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {os.environ['LETRICS_TOKEN']}",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request) as response:
            result = json.load(response)
        yield from result["data"]
        body["cursor"] = result["meta"]["next_cursor"]
        if body["cursor"] is None:
            return


for company in companies({"locations": ["Germany"]}):
    print(company["domain"])
""",
        "javascript": """
async function* companies(filters) {
  const body = { ...filters, per_page: 100 };
  do {
    const response = await fetch("{url}/v1/companies", {
      method: "POST",
      headers: {
        Authorization: `Bearer ${process.env.LETRICS_TOKEN}`,
        "Content-Type": "application/json",
      },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(await response.text());
    const result = await response.json();
    yield* result.data;
    body.cursor = result.meta.next_cursor;
  } while (body.cursor !== null);
}

for await (const company of companies({ locations: ["Germany"] })) {
  console.log(company.domain);
}
""",
    }
)

SAMPLES: Final[dict[str, Sample | Written]] = {
    "first": Sample(
        "/v1/contacts",
        {"job_titles": ["manager"], "locations": ["Germany", "Nordics"], "has_personal_email": True, "per_page": 3},
    ),
    "contacts": Sample(
        "/v1/contacts",
        {
            "job_titles": ["head of", "director"],
            "locations": ["Berlin, Germany", "United Kingdom"],
            "exclude_industries": ["Banks"],
            "company_has_generic_email": True,
            "order": "newest",
            "per_page": 10,
        },
    ),
    "contacts-by-url": Sample(
        "/v1/contacts",
        query=(("job_titles", "manager"), ("locations", "Berlin, Germany"), ("has_personal_email", "true")),
    ),
    "one-contact": _ONE_CONTACT,
    "companies": Sample(
        "/v1/companies",
        {
            "technologies": ["React", "Python"],
            "tlds": ["com", "co.uk"],
            "exclude_locations": ["Asia"],
            "employees_min": 50,
            "per_page": 10,
        },
    ),
    "companies-by-url": Sample("/v1/companies", query=(("industries", "Software"), ("added_after", "2025-01-01"))),
    "one-company": _ONE_COMPANY,
    "account": Sample("/v1/account"),
    "count": Sample("/v1/contacts/count", {"seniorities": ["Director", "C-Level"], "is_decision_maker": True}),
    "facets": Sample(
        "/v1/companies/facets",
        {"locations": ["Europe"], "facets": ["industries", "technologies", "locations"], "facet_size": 5},
    ),
    "values": Sample("/v1/contacts/fields/job_titles/values", query=(("q", "mana"), ("limit", "5"))),
    "fields": Sample("/v1/companies/fields"),
    "export": Sample(
        "/v1/contacts/export?format=csv",
        {
            "locations": ["Germany", "Nordics"],
            "has_personal_email": True,
            "fields": ["full_name", "job_title", "emails", "company.name", "company.domain"],
        },
        file="contacts.csv",
    ),
    "export-all": Sample("/v1/companies/export", {}, file="companies.jsonl"),
    "members": Sample("/v1/contacts", {"fields": ["full_name", "job_title", "company.domain"], "per_page": 5}),
    "pages": _ALL_PAGES,
    "places": Sample(
        "/v1/companies", {"locations": ["NYC", "Bavaria, Germany", "Benelux"], "per_page": 1}, shows=("meta", "places")
    ),
}
"""All samples, by name."""
