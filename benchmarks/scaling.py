"""How size and time grow with the number of records: results of several sizes, fitted, written into docs/scaling.md.

    python benchmarks/run.py --contacts 100000 --companies 10000 --only data,engine,start,rebuild      (and other sizes)
    python benchmarks/run.py --scaling

A figure is fitted as a fixed part, a part a contact and a part a company, by least squares of relative errors; none is
negative. If all sizes have the same number of contacts a company, the two cannot be separated, and one is fitted.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

import numpy as np

from benchmarks.report import Figures, known, short, table

_BEGIN: Final = "<!-- figures: written by `python benchmarks/run.py --scaling` -->"
_END: Final = "<!-- end of figures -->"
_FAR: Final = (100_000_000, 10_000_000)
"""Contacts and companies of the extrapolation."""


class Growth(NamedTuple):
    """A figure, its unit, its stage, and its value in the figures of a run."""

    name: str
    unit: str
    stage: str
    of: Callable[[Figures], float]


_GROWING: Final = (
    Growth("database on disk", "MB", "data", lambda f: f["data"]["database_bytes"] / 1e6),
    Growth("saved index on disk", "MB", "data", lambda f: f["data"]["snapshot_bytes"] / 1e6),
    Growth("memory of a process that searches", "MB", "engine", lambda f: f["engine"]["process_bytes"] / 1e6),
    Growth("import of everything, with the index", "s", "data", lambda f: f["data"]["whole_s"]),
    Growth("rebuild of the index", "s", "rebuild", lambda f: f["rebuild"]["built_s"]),
    Growth("start to first response", "s", "start", lambda f: median(f["start"]["up_to_date_s"])),
    Growth("mix without titles, p50", "ms", "engine", lambda f: f["engine"]["mix_without_titles_ms"]["p50"]),
    Growth("mix without titles, p99", "ms", "engine", lambda f: f["engine"]["mix_without_titles_ms"]["p99"]),
    Growth("three broad filters, cold", "ms", "engine", lambda f: f["engine"]["hard"]["three broad filters"]["ms"]),
    Growth("500 titles, cold", "ms", "engine", lambda f: f["engine"]["hard"]["500 titles"]["ms"]),
)


def write(results: Path, page: Path) -> None:
    """Fit the results in the folder and write the figures into the page, between its marks."""
    before, _, rest = page.read_text().partition(_BEGIN)
    after = rest.partition(_END)[2]
    runs = [run for run in known(results) if "engine" in run]  # others have only measured a cluster
    page.write_text(f"{before}{_BEGIN}\n\n{tables(runs)}\n{_END}{after}")


def tables(runs: Sequence[Figures]) -> str:
    """The tables: each figure by size with its fit, and the index by field."""
    sizes = [(run["size"]["contacts"], run["size"]["companies"]) for run in runs]
    head = ["", *(f"{contacts:,} contacts, {companies:,} companies" for contacts, companies in sizes),
            "a contact", "a company", "fixed", f"{_FAR[0]:,} by the fit"]  # fmt: skip
    lines = []
    for growth in _GROWING:
        values = [growth.of(run) if growth.stage in run else None for run in runs]
        have = [(size, value) for size, value in zip(sizes, values, strict=True) if value is not None]
        if len(have) < 2:
            continue
        fixed, contact, company = fit([size for size, _ in have], [value for _, value in have])
        far = fixed + contact * _FAR[0] + company * _FAR[1]
        lines.append([growth.name, *("–" if v is None else f"{short(v)} {growth.unit}" for v in values),
                      _each(contact, growth.unit), _each(company, growth.unit), f"{short(fixed)} {growth.unit}",
                      f"{short(far)} {growth.unit}"])  # fmt: skip
    machine = runs[-1]["machine"]
    measured = f"Measured on {machine['cores']} cores ({machine['cpu']}), Python {machine['python']}.\n"
    return "\n".join([measured, table(head, lines), _by_field(runs[-1])])


def _by_field(run: Figures) -> str:
    """Bytes of the saved index by field."""
    contacts, companies = run["size"]["contacts"], run["size"]["companies"]
    parts = run["data"].get("snapshot_parts", {})
    lines = [
        (name, f"{size / 1e6:,.1f}", f"{size / contacts:,.1f}") for name, size in parts.items() if size >= contacts / 20
    ]
    return f"The saved index at {contacts:,} contacts and {companies:,} companies, by field:\n\n" + table(
        ("field", "MB", "bytes a contact"), lines
    )


def fit(sizes: Sequence[tuple[int, int]], values: Sequence[float]) -> tuple[float, float, float]:
    """The fixed part, the part a contact and the part a company that fit best; no part is negative."""
    whole = np.array([(1.0, contacts, companies) for contacts, companies in sizes])
    wanted = np.array(values)
    if np.linalg.matrix_rank(whole[:, 1:] / whole[:, 1:].max(axis=0)) < 2:
        whole[:, 2] = 0.0
    best, least = np.zeros(3), np.inf
    for count in (3, 2, 1):  # the best fit with no negative part has some of the parts, and none of the others
        for parts in itertools.combinations(range(3), count):
            chosen = whole[:, parts] / wanted[:, None]
            if count > len(values) or not chosen.any(axis=0).all():
                continue
            scale = chosen.max(axis=0)
            found = np.linalg.lstsq(chosen / scale, np.ones(len(wanted)), rcond=None)[0] / scale
            error = float(np.square(chosen @ found - 1).sum())
            if (found >= 0).all() and error < least - 1e-12:
                best, least = np.zeros(3), error
                best[list(parts)] = found
    return float(best[0]), float(best[1]), float(best[2])


def _each(value: float, unit: str) -> str:
    if not value:
        return "–"
    if unit == "MB":
        return f"{value * 1e6:,.0f} bytes"
    nanoseconds = value * (1e9 if unit == "s" else 1e6)
    return f"{nanoseconds / 1000:,.1f} µs" if nanoseconds >= 1000 else f"{nanoseconds:,.2f} ns"
