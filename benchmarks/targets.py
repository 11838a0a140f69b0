"""What must be reached at 10 million contacts of a million companies on 2 cores, and what was."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.stages.asked import TITLES

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing asked: in words, what was measured in words, and whether that is enough."""

    what: str
    asked: str
    measured: str
    reached: bool


def rows(figures: Figures) -> Iterator[Row]:
    """A row for each thing asked whose stage has been run."""
    for stage, tell in _STAGES:
        if stage in figures:
            yield from tell(figures[stage], figures)


def _within(what: str, limit: float, value: float, unit: str, places: int = 2, more: str = "") -> Row:
    return Row(what, f"≤ {limit:,g} {unit}", f"{value:,.{places}f} {unit}{more}", value <= limit)


def _at_least(what: str, limit: float, value: float, unit: str, more: str = "") -> Row:
    return Row(what, f"≥ {limit:,g} {unit}", f"{value:,.0f} {unit}{more}", value >= limit)


def _engine(engine: Figures, _: Figures) -> Iterator[Row]:
    mix = engine["mix_without_titles_ms"]
    yield _within("mix without titles, engine, p50", 0.4, mix["p50"], "ms")
    yield _within("mix without titles, engine, p99", 5, mix["p99"], "ms")
    hard = engine["hard"]
    slowest = 0.0
    for kind, (prefix, limit) in TITLES.items():
        found = [one["ms"] for name, one in hard.items() if name.startswith(prefix)]
        if found:
            slowest = max(slowest, *found)
            label = "one letter" if prefix == "single letter" else kind
            yield _within(f"titles, cold: {label}, median", limit, statistics.median(found), "ms")
    yield _within("titles, cold: the slowest", 20, slowest, "ms")
    for name, limit in _HARD.items():
        if name in hard:
            yield _within(
                f"{name}, cold", limit, hard[name]["ms"], "ms", more=f" (slowest {hard[name]['slowest_ms']:.1f})"
            )
    if engine["deep"]:
        deep = engine["deep"]
        text = f"{deep['deep_ms']:.2f} ms against {deep['first_ms']:.2f} ms, worst of {deep['searches']}"
        yield Row("any page against page 1", "≤ 1.2 times + 0.3 ms", text, deep["beyond_ms"] <= 0.3)
    yield _within("memory of a process that searches", 1.2, engine["process_bytes"] / 1e9, "GB")


_HARD = {
    "three broad filters": 6.0, "50 exclusions": 15.0, "500 technologies": 40.0, "500 titles": 500.0,
    "everything at once": 20.0,
}  # fmt: skip


def _http(http: Figures, _: Figures) -> Iterator[Row]:
    yield _within("HTTP, mix, one connection, p50", 1.5, http["ms"]["p50"], "ms")
    yield _within("HTTP, mix, one connection, p99", 8, http["ms"]["p99"], "ms")
    yield _within("HTTP, CPU a request beyond engine and documents", 150, http["metered"]["beyond_us"], "µs", 0)
    pages = http["page_of_25"]
    most = max(one["beyond_engine_us"] for one in pages.values())
    yield _within("HTTP, CPU of a page of 25 contacts beyond the engine", 250, most, "µs", 0)
    if http["wrk"]:
        more = f", {http['wrk']['cpu_us']:,.0f} µs of CPU a request"
        yield _at_least(
            "HTTP, mix, 32 connections (wrk), one worker", 1000, http["wrk"]["per_second"], "requests/s", more
        )
    yield _within("memory of a server after the mix", 1.2, http["memory_bytes"] / 1e9, "GB")


def _holdup(holdup: Figures, _: Figures) -> Iterator[Row]:
    name = max(holdup["by"], key=lambda each: float(holdup["by"][each]["max"]))
    stopped = f"; the machine stood still for up to {holdup['machine_ms']:.0f}" if "machine_ms" in holdup else ""
    yield _within("no request holds up another", 20, holdup["worst_ms"], "ms", 1, f" (worst: {name}{stopped})")
    spread = holdup["import"]
    yield _within("nor does an import beside", 20, spread["max"], "ms", 1, f" (p99 {spread['p99']:.1f})")


def _start(start: Figures, _: Figures) -> Iterator[Row]:
    up_to_date, behind = (statistics.median(start[name]) for name in ("up_to_date_s", "behind_s"))
    what = f"start to first answer, {start['behind']:,} changes behind"
    yield _within(what, 3, behind, "s", 1, f"; {up_to_date:.1f} s up to date")


def _rebuild(rebuild: Figures, _: Figures) -> Iterator[Row]:
    more = f"; progress told {rebuild['progress_told']:,} times; {rebuild['peak_bytes'] / 1e9:.1f} GB at its most"
    yield _within("full rebuild of the index from the log", 100, rebuild["built_s"], "s", 0, more)


def _imports(imports: Figures, figures: Figures) -> Iterator[Row]:
    for name, limit in (("new", 25_000), ("changed", 20_000), ("unchanged", 60_000)):
        one = imports[name]
        more = (
            f"; with the index saved {one['whole_rows_per_second']:,.0f} ({one['rows']:,} rows, {one['whole_s']:.1f} s)"
        )
        yield _at_least(f"import, {name}, to the last commit", limit, one["written_rows_per_second"], "rows/s", more)
    peak = max(imports[name]["peak_bytes"] for name in ("new", "changed", "unchanged")) / 1e6
    beyond = peak - figures["engine"]["index_bytes"] / 1e6 if "engine" in figures else peak
    yield _within("import, memory beyond the index", 500, beyond, "MB", 0, f" ({peak:,.0f} MB in all)")


def _freshness(fresh: Figures, _: Figures) -> Iterator[Row]:
    yield _within(f"{fresh['contacts']:,} new contacts found", 1, max(fresh["contacts_s"]), "s")
    what = f"a company's {fresh['company_contacts']:,} contacts found by its new value"
    yield _within(what, 3, max(fresh["company_s"]), "s")
    ratio = fresh["mix_meanwhile_ms"]["p99"] / fresh["mix_before_ms"]["p99"]
    more = f" ({fresh['mix_before_ms']['p99']:.1f} → {fresh['mix_meanwhile_ms']['p99']:.1f} ms)"
    yield _within("p99 of the mix meanwhile against before", 2, ratio, "times", 1, more)


def _nights(nights: Figures, _: Figures) -> Iterator[Row]:
    mix = nights["mix_without_titles_ms"]
    yield _within("memory of the server after ten nights", 1.2, nights["memory_bytes"] / 1e9, "GB")
    yield _within("mix without titles after ten nights, p50", 0.4, mix["p50"], "ms")
    yield _within("mix without titles after ten nights, p99", 5, mix["p99"], "ms")


def _peers(peers: Figures, _: Figures) -> Iterator[Row]:
    asked = {
        name: one["mix"] for name, one in peers.items() if isinstance(one, dict) and one.get("mix", {}).get("asked")
    }
    others = {name: mix for name, mix in asked.items() if name != "tantivy"}
    if others:
        best = min(others, key=lambda name: float(others[name]["ratio_p50"]))
        what = "against the best of PostgreSQL, DuckDB, SQLite on the mix, median"
        yield _at_least(what, 20, others[best]["ratio_p50"], "times", f" ({peers[best]['name']})")
    if "tantivy" in asked:
        yield _at_least("against Tantivy on the mix, median", 10, asked["tantivy"]["ratio_p50"], "times")
        yield _at_least("against Tantivy on the mix, p99", 15, asked["tantivy"]["ratio_p99"], "times")
    different = sum(mix["different"] for mix in asked.values())
    same = sum(mix["same"] for mix in asked.values())
    yield Row("totals and pages of the mix", "all the same", f"{same:,} the same, {different} different", not different)


_STAGES: tuple[tuple[str, Callable[[Figures, Figures], Iterator[Row]]], ...] = (
    ("engine", _engine), ("holdup", _holdup), ("peers", _peers), ("http", _http), ("start", _start),
    ("rebuild", _rebuild), ("imports", _imports), ("freshness", _freshness), ("nights", _nights),
)  # fmt: skip
