"""The hard searches, one each: what is dear for one design or another of a search engine."""

from __future__ import annotations

from typing import Any, Final

from benchmarks import vocabulary as words
from benchmarks.data.draws import CROWDED, DAY, NOW
from benchmarks.workloads import DOMAINS, Search
from benchmarks.workloads.values import GROUPS, Values
from letrics.normalize.time import format_time
from letrics.records import Kind

Body = dict[str, Any]

_BURST: Final = CROWDED + 10_000 * 4_000
"""A moment in the middle of the crowded day at which companies were added; the next is 4 seconds later."""

_TITLES: Final = (
    ("broad title word", "manager"),
    ("broad title word, engineer", "engineer"),
    ("title phrase", "finance manager"),
    ("title phrase, head of", "head of"),
    ("single letter", "e"),
    ("two letters", "er"),
    ("punctuation, c++", "c++"),
    ("punctuation, r&d", "r&d"),
    ("punctuation, .net", ".net"),
    ("punctuation, vp, sales", "vp, sales"),
    ("CJK, Japanese", "経理"),
    ("CJK, Chinese", "营业"),
    ("CJK, one character", "経"),
)

_THREE: Final[Body] = {
    "locations": ["Europe", "North America"],
    "industries": list(words.INDUSTRIES[:30]),
    "seniorities": ["Individual contributor", "Senior", "Manager", "Director"],
}
_FIVE: Final[Body] = _THREE | {"departments": list(words.DEPARTMENTS[:12]), "has_personal_email": True}


def _everything(values: Values) -> Body:
    """Every filter there is, each broad enough that a few hits remain."""
    return {
        "job_titles": ["manager", "engineer", "director", "sales", "e"],
        "exclude_job_titles": ["assistant", "intern", "c++"],
        "departments": list(words.DEPARTMENTS[:18]),
        "exclude_departments": ["Legal"],
        "seniorities": list(words.SENIORITIES[:8]),
        "exclude_seniorities": ["Partner"],
        "has_personal_email": True,
        "has_linkedin_profile": True,
        "is_decision_maker": True,
        "company_has_generic_email": True,
        "company_has_linkedin_profile": True,
        "locations": ["Europe", "North America", "APAC", "LATAM"],
        "exclude_locations": ["Paris, France", "Texas, US"],
        "functions": list(words.FUNCTIONS[:10]),
        "exclude_functions": ["Holding"],
        "industries": list(words.INDUSTRIES[:80]),
        "exclude_industries": ["Tobacco", "Military"],
        "tlds": ["com", "de", "uk", "org", "net", "io", "fr"],
        "exclude_tlds": ["ai"],
        "technologies": values.technologies[:60],
        "exclude_technologies": values.exactly(20, values.technologies[200:], 1.0),
        "exclude_domains": {DOMAINS: [100, 3]},
        "added_after": format_time(NOW - 1_500 * DAY),
        "added_before": format_time(NOW - 5 * DAY),
        "first_seen_after": format_time(NOW - 4_000 * DAY)[:10],
        "first_seen_before": format_time(NOW - 30 * DAY)[:10],
        "contact_added_after": format_time(NOW - 1_000 * DAY),
        "contact_added_before": format_time(NOW - DAY),
        "updated_after": format_time(NOW - 360 * DAY),
        "order": "newest",
    }


def _range(first: int, last: int) -> Body:
    return {"added_after": format_time(first), "added_before": format_time(last)}


def hard(seed: int = 2) -> list[Search]:
    """All of them, the same for the same seed."""
    values = Values(seed)
    asked: list[tuple[str, Kind, Body]] = [
        *((name, "contacts", {"job_titles": [title]}) for name, title in _TITLES),
        ("three broad filters", "contacts", _THREE),
        ("five broad filters", "contacts", _FIVE),
        ("50 exclusions", "contacts", {"exclude_technologies": values.technologies[:50]}),
        ("500 technologies", "contacts", {"technologies": values.exactly(500, values.technologies, 1.5)}),
        ("500 titles", "contacts", {"job_titles": values.exactly(500, values.real_titles, 1.0)}),
        ("10,000 domains", "contacts", {"domains": {DOMAINS: [10_000, 1]}}),
        # both ends are moments at which companies were added, so that "at or after" is told from "after"
        ("narrow date range", "contacts", _range(_BURST, _BURST + 4_000)),
        ("narrow date range, companies", "companies", _range(_BURST, _BURST + 12_000)),
        ("date range of one millisecond", "contacts", _range(_BURST, _BURST)),
        ("date range around the crowded day", "contacts", _range(CROWDED + 1, CROWDED + 19_999 * 4_000 - 1)),
        ("city", "contacts", {"locations": ["Berlin, Germany"]}),
        ("group of countries", "contacts", {"locations": list(GROUPS[:3])}),
        ("everything at once", "contacts", _everything(values)),
        ("matches nothing", "contacts", {"locations": ["Germany"], "exclude_locations": ["Europe"]}),
        ("an unknown value", "contacts", {"technologies": ["Nosuchthing"], "job_titles": ["qzxqzx"]}),
        ("nothing asked", "contacts", {}),
        ("nothing asked, companies", "companies", {}),
    ]
    broad: Body = {"seniorities": ["Individual contributor", "Senior"], "locations": ["Europe"]}
    return [
        *(Search(name, kind, body, any("job_titles" in field for field in body)) for name, kind, body in asked),
        Search("deep page, middle", "contacts", broad, False, depth=0.5),
        Search("deep page, last", "contacts", broad | {"order": "newest"}, False, depth=1.0),
        Search("deep page of titles", "contacts", {"job_titles": ["manager"]}, True, depth=0.5),
        Search("cursor walk", "contacts", broad | {"per_page": 100}, False, walk=50),
        Search("cursor walk of titles", "contacts", {"job_titles": ["manager"], "per_page": 100}, True, walk=50),
    ]
