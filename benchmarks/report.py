"""Reports: the machine, the goals as a table, and a page with all figures of a run."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from benchmarks.measure import Spread
from benchmarks.targets import rows, searched_peers

Figures = dict[str, Any]

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), undefined=StrictUndefined, trim_blocks=True,
    lstrip_blocks=True, keep_trailing_newline=True, autoescape=lambda name: str(name).endswith(".svg"),
)  # fmt: skip


def machine() -> Figures:
    """The machine that this runs on."""
    named = (line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line)
    return {
        "cpu": next(named, f":{platform.processor()}").split(":", 1)[1].strip(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def commit() -> str:
    """The checked-out commit, with `-dirty` if files differ from it."""
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def known(results: Path) -> list[Figures]:
    """The committed figures, smallest size first."""
    runs = [json.loads(path.read_text()) for path in results.glob("[0-9]*-[0-9]*.json")]
    return sorted(runs, key=lambda run: (run["size"]["contacts"], run["size"]["companies"]))


def render(template: str, values: Figures) -> str:
    """Fill in a file of the folder templates."""
    return _TEMPLATES.get_template(template).render(values)


def goals(figures: Figures) -> str:
    """The goals and the figures, as a table for a terminal."""
    lines = [("ok" if row.reached else "SHORT", row.what, row.goal, row.measured) for row in rows(figures)]
    return table(("", "what", "goal", "measured"), lines)


def page(figures: Figures) -> str:
    """All figures of a run, in Markdown."""
    return render("RESULTS.md", {
        "engine": None, "data": None, **figures, "goals": list(rows(figures)), "by_search": _by_search,
        "searched": searched_peers(figures.get("peers", {})),
        "runs": {name: of["run"] for name, of in figures.items() if isinstance(of, dict) and "run" in of},
    })  # fmt: skip


def _by_search(peers: list[Figures], group: str) -> Iterator[tuple[str, Spread, list[Spread | None]]]:
    """Each kind of search with our times and those of the peers; None if a peer has not run it."""
    for name in dict.fromkeys(name for one in peers for name in one[group]):
        found = [one[group].get(name) for one in peers]
        yield name, next(each["ours_ms"] for each in found if each), [each and each["ms"] for each in found]


def table(head: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    whole = [head, ["---"] * len(head), *lines]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in whole) + "\n"


def short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _both(spread: Spread | None) -> str:
    return f"{short(spread['p50'])} / {short(spread['p99'])}" if spread else "–"


_TEMPLATES.filters |= {"ms": short, "both": _both, "mb": lambda size: f"{size / 1e6:,.0f}"}
