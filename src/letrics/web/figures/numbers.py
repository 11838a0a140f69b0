"""The numbers of the overview: two questions to the search service for each kind of record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from letrics.fields import facet_fields
from letrics.normalize.time import DAY_MS, format_time
from letrics.query import Query, parse_request
from letrics.records import Kind
from letrics.search import SearchService
from letrics.web.figures.drawing import Bars, bars, share
from letrics.web.figures.months import last_months

MONTHS: Final = 24
"""Number of months in the growth chart."""

TOP: Final = 8
"""Number of most common values shown per field."""

_MOST: Final = 100
"""Number of values requested per field, the maximum of the API. If a field has fewer values, the response has all."""

_CONTINENTS: Final = ["Africa", "Antarctica", "Asia", "Europe", "North America", "Oceania", "South America"]
"""Location filter that matches every known location."""

_CHANGED_DAYS: Final = (1, 7, 30)
"""The numbers of days for which changed records are counted."""

Value = tuple[str, int]
"""A value of a field, and the number of records that have it."""

_ADDED: Final[dict[Kind, str]] = {"contacts": "contact_added", "companies": "added"}
"""The stem of the date filters for the time a record was added."""

COVERAGE: Final[dict[Kind, tuple[tuple[str, dict[str, object]], ...]]] = {
    "contacts": (
        ("Personal email", {"has_personal_email": True}),
        ("LinkedIn profile", {"has_linkedin_profile": True}),
        ("Marked as decision maker", {"is_decision_maker": True}),
        ("Company with a generic email", {"company_has_generic_email": True}),
        ("Company with a LinkedIn profile", {"company_has_linkedin_profile": True}),
        ("Company with a known location", {"locations": _CONTINENTS}),
    ),
    "companies": (
        ("Generic email", {"has_generic_email": True}),
        ("LinkedIn profile", {"has_linkedin_profile": True}),
        ("Known location", {"locations": _CONTINENTS}),
        ("Number of employees", {"employees_min": 0}),
        ("Founding year", {"founded_year_min": 0}),
    ),
}
"""The rows of field coverage by kind: a label, and the filters that match records with a value."""

FACETS: Final[dict[Kind, tuple[tuple[str, str], ...]]] = {
    "contacts": (("seniorities", "Seniorities"), ("departments", "Departments")),
    "companies": (
        ("locations", "Countries"),
        ("industries", "Industries"),
        ("technologies", "Technologies"),
        ("functions", "Functions"),
    ),
}
"""The fields whose most common values are shown, by kind, with their titles."""

BY_VALUES: Final = {
    "seniorities": "Seniority",
    "departments": "Department",
    "industries": "Industry",
    "functions": "Function",
}
"""Fields without a filter for "has a value". Their coverage is counted with all their values, if there are fewer than
_MOST."""


@dataclass(frozen=True, slots=True)
class Covered:
    """Field coverage: the number of records with a value, and their percentage."""

    label: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Top:
    """The most common values of a field. Each has its count and its percentage of the largest count."""

    field: str
    title: str
    values: tuple[tuple[str, int, float], ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one kind of record.

    `earlier` is the number of records added before the months of `growth`. `changed` has pairs of a number of days and
    the number of records changed in that time.
    """

    kind: Kind
    total: int
    earlier: int
    growth: Bars
    coverage: tuple[Covered, ...]
    top: tuple[Top, ...]
    changed: tuple[tuple[int, int], ...]


async def figures(service: SearchService, kind: Kind, now_ms: int) -> Figures:
    """Compute the figures of one kind of record. Raises EngineLoading, OutOfTime, EngineAway, StoreAway."""
    fields = {field.name: field for field in facet_fields(kind)}
    asked = [(fields[name], title) for name, title in FACETS[kind]]
    everything = await service.facets(Query(kind), [field for field, _ in asked], _MOST)
    values = [[(item.value, item.count) for item in found] for found in everything.facets]
    top = tuple(_top(field.name, title, found[:TOP]) for (field, title), found in zip(asked, values, strict=True))

    months = last_months(now_ms, MONTHS)
    after, before = f"{_ADDED[kind]}_after", f"{_ADDED[kind]}_before"
    growth = [{after: month.first, before: month.last} for month in months]
    earlier = {before: months[0].moved(-1).last}
    changed = [{"updated_after": format_time(max(now_ms - days * DAY_MS, 0))} for days in _CHANGED_DAYS]
    covered = [*COVERAGE[kind], *_covered_by_values(dict(zip((field.name for field, _ in asked), values, strict=True)))]

    filters: list[Mapping[str, object]] = [*growth, earlier, *changed, *(given for _, given in covered)]
    totals = iter(await service.totals([parse_request(kind, given).query for given in filters]))
    return Figures(
        kind,
        everything.total,
        growth=bars([(month.name, next(totals)) for month in months]),
        earlier=next(totals),
        changed=tuple((days, next(totals)) for days in _CHANGED_DAYS),
        coverage=tuple(Covered(label, count := next(totals), share(count, everything.total)) for label, _ in covered),
        top=top,
    )


def _covered_by_values(found: dict[str, list[Value]]) -> list[tuple[str, dict[str, object]]]:
    """The rows of coverage that are counted with all values of their field."""
    return [
        (label, {name: [value for value, _ in found[name]]})
        for name, label in BY_VALUES.items()
        if 0 < len(found.get(name, [])) < _MOST
    ]


def _top(field: str, title: str, values: list[Value]) -> Top:
    most = max((count for _, count in values), default=0)
    return Top(field, title, tuple((value, count, share(count, most)) for value, count in values))
