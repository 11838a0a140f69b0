"""The numbers of the overview, all from the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from letrics.normalize.time import DAY_MS, format_time
from letrics.records import Kind
from letrics.web.figures.api_client import ApiClient, Value
from letrics.web.figures.drawing import Bars, bars, share
from letrics.web.figures.months import last_months

MONTHS: Final = 24
"""Number of months in the growth chart."""

TOP: Final = 8
"""Number of most common values shown per field."""

_MOST: Final = 100
"""Number of values requested per field, the maximum of the API. If a field has fewer values, the response has all."""

_MINUTE_MS: Final = 60_000
"""Milliseconds per minute."""

_CONTINENTS: Final = ["Africa", "Antarctica", "Asia", "Europe", "North America", "Oceania", "South America"]
"""Location filter that matches every known location."""

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


@dataclass(frozen=True, slots=True)
class Freshness:
    """Freshness of the data.

    `changed_at` is the time of the last change to a record, in milliseconds since 1970, to the minute. `seq` is the
    sequence number of the last indexed change. `lag` is the number of changes that are not indexed yet.
    """

    changed_at: int | None
    seq: int | None
    lag: int | None


async def figures(client: ApiClient, kind: Kind, now_ms: int) -> Figures:
    """Compute the figures of one kind of record. Raises LetricsError."""
    total = await client.count(kind)
    months = last_months(now_ms, MONTHS)
    after, before = f"{_ADDED[kind]}_after", f"{_ADDED[kind]}_before"
    rows = [(month.name, await client.count(kind, **{after: month.first, before: month.last})) for month in months]
    earlier = await client.count(kind, **{before: months[0].moved(-1).last})
    found = await client.facets(kind, [name for name, _ in FACETS[kind]], _MOST)
    top = tuple(_top(name, title, found[name][:TOP]) for name, title in FACETS[kind])
    coverage = await _coverage(client, kind, total, found)
    changed = [(days, await _changed(client, kind, now_ms - days * DAY_MS)) for days in (1, 7, 30)]
    return Figures(kind, total, earlier, bars(rows), coverage, top, tuple(changed))


async def _coverage(client: ApiClient, kind: Kind, total: int, found: dict[str, list[Value]]) -> tuple[Covered, ...]:
    asked = list(COVERAGE[kind])
    for name, label in BY_VALUES.items():
        if 0 < len(found.get(name, [])) < _MOST:
            asked.append((label, {name: [value for value, _ in found[name]]}))
    counts = [(label, await client.count(kind, **filters)) for label, filters in asked]
    return tuple(Covered(label, count, share(count, total)) for label, count in counts)


async def freshness(client: ApiClient, now_ms: int) -> Freshness:
    """Compute the freshness of the data. Raises LetricsError."""
    measured = await client.measured()
    moments = [await last_change(client, kind, now_ms) for kind in _ADDED]
    known = [moment for moment in moments if moment is not None]
    seq, lag = measured.get("letrics_engine_seq"), measured.get("letrics_engine_lag")
    return Freshness(max(known, default=None), None if seq is None else int(seq), None if lag is None else int(lag))


async def last_change(client: ApiClient, kind: Kind, now_ms: int) -> int | None:
    """Return the last minute in which a record of a kind changed, in milliseconds since 1970, or None if none has.

    Uses counts: an exponential search back in time (factor 4), then a binary search.
    """
    late = now_ms // _MINUTE_MS
    reach = 1
    while not await _changed(client, kind, (late - reach) * _MINUTE_MS):
        if reach > late:
            return None
        reach = min(reach * 4, late + 1)
    early, late = late - reach, late + 1
    while late - early > 1:
        middle = (early + late) // 2
        if await _changed(client, kind, middle * _MINUTE_MS):
            early = middle
        else:
            late = middle
    return early * _MINUTE_MS


async def _changed(client: ApiClient, kind: Kind, since_ms: int) -> int:
    return await client.count(kind, updated_after=format_time(max(since_ms, 0)))


def _top(field: str, title: str, values: list[Value]) -> Top:
    most = max((count for _, count in values), default=0)
    return Top(field, title, tuple((value, count, share(count, most)) for value, count in values))
