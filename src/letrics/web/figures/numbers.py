"""The numbers of the overview, all of them asked of the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from letrics.normalize.time import DAY_MS, format_time
from letrics.records import Kind
from letrics.web.figures.asking import Asking, Value
from letrics.web.figures.drawing import Bars, bars, share
from letrics.web.figures.months import last_months

MONTHS: Final = 24
TOP: Final = 8
"""So many commonest values of a field are shown."""

_MOST: Final = 100
"""So many values of a field are asked for, the most there are to be had. Where there are fewer, they are all."""

_MINUTE_MS: Final = 60_000
_CONTINENTS: Final = ["Africa", "Antarctica", "Asia", "Europe", "North America", "Oceania", "South America"]
_ADDED: Final[dict[Kind, str]] = {"contacts": "contact_added", "companies": "added"}

COVERAGE: Final[dict[Kind, tuple[tuple[str, dict[str, object]], ...]]] = {
    "contacts": (
        ("Personal email", {"has_personal_email": True}),
        ("LinkedIn profile", {"has_linkedin_profile": True}),
        ("Marked as decision maker", {"is_decision_maker": True}),
        ("Company with a generic email", {"company_has_generic_email": True}),
        ("Company with a LinkedIn profile", {"company_has_linkedin_profile": True}),
        ("Company with a known place", {"locations": _CONTINENTS}),
    ),
    "companies": (
        ("Generic email", {"has_generic_email": True}),
        ("LinkedIn profile", {"has_linkedin_profile": True}),
        ("Known place", {"locations": _CONTINENTS}),
        ("Number of employees", {"employees_min": 0}),
        ("Founding year", {"founded_year_min": 0}),
    ),
}
"""Of each kind, what is known of how many: a label, and the filters that find those it is known of."""

FACETS: Final[dict[Kind, tuple[tuple[str, str], ...]]] = {
    "contacts": (("seniorities", "Seniorities"), ("departments", "Departments")),
    "companies": (
        ("locations", "Countries"),
        ("industries", "Industries"),
        ("technologies", "Technologies"),
        ("functions", "Functions"),
    ),
}
"""Of each kind, the fields whose commonest values are shown."""

BY_VALUES: Final = {
    "seniorities": "Seniority",
    "departments": "Department",
    "industries": "Industry",
    "functions": "Function",
}
"""Fields for which no filter says that there is a value: counted by all their values, where those are few enough."""


@dataclass(frozen=True, slots=True)
class Covered:
    """Of how many records something is known, and their share of a hundred."""

    label: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Top:
    """The commonest values of a field, each with its share of the commonest one."""

    field: str
    title: str
    values: tuple[tuple[str, int, float], ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What is shown of one kind of record. `earlier` were added before the months of `growth`; `changed` gives how many
    changed in the last so many days."""

    kind: Kind
    total: int
    earlier: int
    growth: Bars
    coverage: tuple[Covered, ...]
    top: tuple[Top, ...]
    changed: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Freshness:
    """`changed_at`: when a record last changed, to the minute, in milliseconds. `seq`: the last change of the log that
    searches take in; `lag`: how many changes they do not take in yet."""

    changed_at: int | None
    seq: int | None
    lag: int | None


async def figures(asking: Asking, kind: Kind, now_ms: int) -> Figures:
    """The figures of one kind. Raises LetricsError."""
    total = await asking.count(kind)
    months = last_months(now_ms, MONTHS)
    after, before = f"{_ADDED[kind]}_after", f"{_ADDED[kind]}_before"
    rows = [(month.name, await asking.count(kind, **{after: month.first, before: month.last})) for month in months]
    earlier = await asking.count(kind, **{before: months[0].moved(-1).last})
    found = await asking.facets(kind, [name for name, _ in FACETS[kind]], _MOST)
    top = tuple(_top(name, title, found[name][:TOP]) for name, title in FACETS[kind])
    coverage = await _coverage(asking, kind, total, found)
    changed = [(days, await _changed(asking, kind, now_ms - days * DAY_MS)) for days in (1, 7, 30)]
    return Figures(kind, total, earlier, bars(rows), coverage, top, tuple(changed))


async def _coverage(asking: Asking, kind: Kind, total: int, found: dict[str, list[Value]]) -> tuple[Covered, ...]:
    asked = list(COVERAGE[kind])
    for name, label in BY_VALUES.items():
        if 0 < len(found.get(name, [])) < _MOST:
            asked.append((label, {name: [value for value, _ in found[name]]}))
    counts = [(label, await asking.count(kind, **filters)) for label, filters in asked]
    return tuple(Covered(label, count, share(count, total)) for label, count in counts)


async def freshness(asking: Asking, now_ms: int) -> Freshness:
    """How fresh everything is. Raises LetricsError."""
    measured = await asking.measured()
    moments = [await last_change(asking, kind, now_ms) for kind in _ADDED]
    known = [moment for moment in moments if moment is not None]
    seq, lag = measured.get("letrics_engine_seq"), measured.get("letrics_engine_lag")
    return Freshness(max(known, default=None), None if seq is None else int(seq), None if lag is None else int(lag))


async def last_change(asking: Asking, kind: Kind, now_ms: int) -> int | None:
    """The last minute up to now in which a record of a kind changed; None where none ever did.

    Found by counting: first further and further back, twice as far each time, then in halves.
    """
    late = now_ms // _MINUTE_MS
    reach = 1
    while not await _changed(asking, kind, (late - reach) * _MINUTE_MS):
        if reach > late:
            return None
        reach = min(reach * 4, late + 1)
    early, late = late - reach, late + 1
    while late - early > 1:
        middle = (early + late) // 2
        if await _changed(asking, kind, middle * _MINUTE_MS):
            early = middle
        else:
            late = middle
    return early * _MINUTE_MS


async def _changed(asking: Asking, kind: Kind, since_ms: int) -> int:
    return await asking.count(kind, updated_after=format_time(max(since_ms, 0)))


def _top(field: str, title: str, values: list[Value]) -> Top:
    most = max((count for _, count in values), default=0)
    return Top(field, title, tuple((value, count, share(count, most)) for value, count in values))
