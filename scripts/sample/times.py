"""When things happened: real dates where a source has them, else drawn; some equal, as a bulk load leaves them."""

from __future__ import annotations

from letrics.normalize.time import DAY_MS, format_time, parse_time
from scripts.sample.draw import Draw

FIRST = parse_time("2014-02-03")
LAST = parse_time("2026-10-30T18:00:00Z")
"""No time of the sample lies outside these two."""

BULK_LOADS = (
    parse_time("2019-05-06T02:00:00Z"), parse_time("2022-03-01"), parse_time("2024-11-18T23:59:59.999Z"),
)  # fmt: skip
"""Moments at which many records were added at once."""


def moment(draw: Draw, low: int, high: int) -> int:
    """A moment between two others, in milliseconds; recent ones are more frequent, most are on the full second."""
    span = max(high - low, 0)
    at = low + int(span * (1 - draw.number() ** 1.2))
    return at if draw.chance(0.05) else at // 1000 * 1000


def added_at(draw: Draw, day: str, low: int = FIRST) -> int:
    """When a record was added: at a time of the given day, at a bulk load, or at a drawn moment after `low`."""
    if day:
        return parse_time(day) + draw.below(DAY_MS // 1000) * 1000
    bulk = draw.one(BULK_LOADS)
    return bulk if bulk >= low and draw.chance(0.2) else moment(draw, low, LAST)


def written(at: int) -> str:
    """As short as it can be said: a date where it is midnight, no fraction where there is none."""
    if at % DAY_MS == 0:
        return format_time(at)[:10]
    return format_time(at).replace(".000Z", "Z")
