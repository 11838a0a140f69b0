"""The goals at 10 million contacts of a million companies on 2 cores, and what was measured."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

Figures = dict[str, Any]

_TITLES: Final = {
    "word": ("broad title word", 2.0), "phrase": ("title phrase", 5.0), "one letter": ("single letter", 2.0),
    "two letters": ("two letters", 2.0), "punctuation": ("punctuation", 5.0), "CJK": ("CJK", 5.0),
}  # fmt: skip
"""Kinds of titles: how the names of their hard searches begin, and the goal for the median in ms."""
_HARD: Final = {
    "three broad filters": 6.0, "50 exclusions": 15.0, "500 technologies": 40.0, "500 titles": 500.0,
    "everything at once": 20.0,
}  # fmt: skip
"""Hard searches and their goals in ms."""
_IMPORTS: Final = {"new": 25_000, "changed": 20_000, "unchanged": 60_000}
"""Kinds of imports and their goals in rows a second."""


@dataclass(frozen=True, slots=True)
class Row:
    """One goal: what it is about, the goal and the figure in words, and whether it was reached."""

    what: str
    goal: str
    measured: str
    reached: bool


def rows(figures: Figures) -> Iterator[Row]:
    """A row for each goal whose stage has been run."""
    for stage, of_stage in _STAGES.items():
        if stage in figures:
            yield from of_stage(figures[stage], figures)


def _within(what: str, limit: float, value: float, unit: str, places: int = 2, more: str = "") -> Row:
    return Row(what, f"≤ {limit:,g} {unit}", f"{value:,.{places}f} {unit}{more}", value <= limit)


def _at_least(what: str, limit: float, value: float, unit: str, more: str = "") -> Row:
    return Row(what, f"≥ {limit:,g} {unit}", f"{value:,.0f} {unit}{more}", value >= limit)


def _engine(engine: Figures, _: Figures) -> Iterator[Row]:
    mix, hard, deep = engine["mix_without_titles_ms"], engine["hard"], engine["deep"]
    yield _within("mix without titles, engine, p50", 0.4, mix["p50"], "ms")
    yield _within("mix without titles, engine, p99", 5, mix["p99"], "ms")
    slowest = 0.0
    for kind, (prefix, limit) in _TITLES.items():
        found = [one["ms"] for name, one in hard.items() if name.startswith(prefix)]
        if found:
            slowest = max(slowest, *found)
            yield _within(f"titles, cold: {kind}, median", limit, statistics.median(found), "ms")
    yield _within("titles, cold: the slowest", 20, slowest, "ms")
    for name, limit in _HARD.items():
        if name in hard:
            more = f" (slowest {hard[name]['slowest_ms']:.1f})"
            yield _within(f"{name}, cold", limit, hard[name]["ms"], "ms", more=more)
    if deep:
        text = f"{deep['deep_ms']:.2f} ms compared with {deep['first_ms']:.2f} ms, worst of {deep['searches']}"
        yield Row("any page compared with page 1", "≤ 1.2 times + 0.3 ms", text, deep["beyond_ms"] <= 0.3)
    yield _within("memory of a process that searches", 1.2, engine["process_bytes"] / 1e9, "GB")


def _holdup(holdup: Figures, _: Figures) -> Iterator[Row]:
    name = max(holdup["by"], key=lambda each: float(holdup["by"][each]["max"]))
    stop = f"; machine stops of up to {holdup['machine_ms']:.0f}" if "machine_ms" in holdup else ""
    yield _within("delay by another request", 20, holdup["worst_ms"], "ms", 1, f" (worst: {name}{stop})")
    spread = holdup["import"]
    yield _within("delay by an import", 20, spread["max"], "ms", 1, f" (p99 {spread['p99']:.1f})")


def _peers(peers: Figures, _: Figures) -> Iterator[Row]:
    mixes = {one["name"]: one["mix"] for one in searched_peers(peers)}
    if others := [(mix["ratio_p50"], name) for name, mix in mixes.items() if name != "Tantivy"]:
        ratio, best = min(others)
        what = "compared with the best of PostgreSQL, DuckDB, SQLite, mix, median"
        yield _at_least(what, 20, ratio, "times", f" ({best})")
    if tantivy := mixes.get("Tantivy"):
        yield _at_least("compared with Tantivy, mix, median", 10, tantivy["ratio_p50"], "times")
        yield _at_least("compared with Tantivy, mix, p99", 15, tantivy["ratio_p99"], "times")
    same, different = (sum(mix[name] for mix in mixes.values()) for name in ("same", "different"))
    yield Row("totals and pages of the mix", "all the same", f"{same:,} the same, {different} different", not different)


def _cluster(cluster: Figures, _: Figures) -> Iterator[Row]:
    if "missing" in cluster:
        return
    on = f" ({cluster['nodes']} node{'s' if cluster['nodes'] > 1 else ''})"
    yield _at_least("OpenSearch, records loaded", 15_000, cluster["loaded_per_second"], "records/s", on)
    yield _within("OpenSearch, mix, p50", 30, cluster["mix_ms"]["p50"], "ms", 1, on)
    yield _within("OpenSearch, mix, p99", 350, cluster["mix_ms"]["p99"], "ms", 1, on)
    same, different = cluster["same"], cluster["different"]
    text = f"{same:,} the same, {different} different"
    yield Row("OpenSearch, totals and pages of mix and hard searches", "all the same", text, not different)


def searched_peers(peers: Figures) -> list[Figures]:
    """The peers that have run searches."""
    return [one for one in peers.values() if isinstance(one, dict) and one.get("mix", {}).get("asked")]


def _http(http: Figures, _: Figures) -> Iterator[Row]:
    yield _within("HTTP, mix, one connection, p50", 1.5, http["ms"]["p50"], "ms")
    yield _within("HTTP, mix, one connection, p99", 8, http["ms"]["p99"], "ms")
    yield _within("HTTP, CPU a request beyond engine and documents", 150, http["metered"]["beyond_us"], "µs", 0)
    page_us = max(one["beyond_engine_us"] for one in http["page_of_25"].values())
    yield _within("HTTP, CPU of a page of 25 contacts beyond the engine", 250, page_us, "µs", 0)
    if wrk := http["wrk"]:
        more = f", {wrk['cpu_us']:,.0f} µs of CPU a request"
        yield _at_least("HTTP, mix, 32 connections (wrk), one worker", 1000, wrk["per_second"], "requests/s", more)
    yield _within("memory of a server after the mix", 1.2, http["memory_bytes"] / 1e9, "GB")


def _start(start: Figures, _: Figures) -> Iterator[Row]:
    up_to_date, behind = (statistics.median(start[name]) for name in ("up_to_date_s", "behind_s"))
    what = f"start to first response, {start['behind']:,} changes behind"
    yield _within(what, 3, behind, "s", 1, f"; {up_to_date:.1f} s up to date")


def _rebuild(rebuild: Figures, _: Figures) -> Iterator[Row]:
    more = f"; progress reported {rebuild['progress_told']:,} times; at most {rebuild['peak_bytes'] / 1e9:.1f} GB"
    yield _within("full rebuild of the index from the log", 100, rebuild["built_s"], "s", 0, more)


def _imports(imports: Figures, figures: Figures) -> Iterator[Row]:
    for name, limit in _IMPORTS.items():
        one = imports[name]
        saved = f"{one['whole_rows_per_second']:,.0f} ({one['rows']:,} rows, {one['whole_s']:.1f} s)"
        more = f"; with the index saved {saved}"
        yield _at_least(f"import, {name}, to the last commit", limit, one["written_rows_per_second"], "rows/s", more)
    peak = max(imports[name]["peak_bytes"] for name in _IMPORTS) / 1e6
    beyond = peak - figures["engine"]["index_bytes"] / 1e6 if "engine" in figures else peak
    yield _within("import, memory beyond the index", 500, beyond, "MB", 0, f" ({peak:,.0f} MB in all)")


def _freshness(fresh: Figures, _: Figures) -> Iterator[Row]:
    yield _within(f"{fresh['contacts']:,} new contacts found", 1, max(fresh["contacts_s"]), "s")
    what = f"a company's {fresh['company_contacts']:,} contacts found by its new value"
    yield _within(what, 3, max(fresh["company_s"]), "s")
    before, meanwhile = fresh["mix_before_ms"]["p99"], fresh["mix_meanwhile_ms"]["p99"]
    more = f" ({before:.1f} → {meanwhile:.1f} ms)"
    yield _within("p99 of the mix during changes compared with before", 2, meanwhile / before, "times", 1, more)


def _nights(nights: Figures, _: Figures) -> Iterator[Row]:
    mix = nights["mix_without_titles_ms"]
    yield _within("memory of the server after ten nights", 1.2, nights["memory_bytes"] / 1e9, "GB")
    yield _within("mix without titles after ten nights, p50", 0.4, mix["p50"], "ms")
    yield _within("mix without titles after ten nights, p99", 5, mix["p99"], "ms")


_STAGES: Final[dict[str, Callable[[Figures, Figures], Iterator[Row]]]] = {
    "engine": _engine, "holdup": _holdup, "peers": _peers, "http": _http, "start": _start, "rebuild": _rebuild,
    "cluster": _cluster, "imports": _imports, "freshness": _freshness, "nights": _nights,
}  # fmt: skip
