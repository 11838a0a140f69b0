"""A picture of the mix on Letrics and other databases: median and 99th percentile, on a logarithmic scale, as SVG.

Colours are legible on light and dark backgrounds, and nothing is shown by colour alone.
"""

from __future__ import annotations

import math
from typing import Any, Final

from benchmarks.report import render
from benchmarks.targets import searched_peers

_WIDTH: Final = 760
_LEFT: Final = 118
_RIGHT: Final = 150
_TOP: Final = 62
_ROW: Final = 46


def draw(figures: dict[str, Any]) -> str:
    """The picture of a run of the peers: ours first, then the fastest first."""
    peers = sorted(searched_peers(figures["peers"]), key=lambda one: float(one["mix"]["ms"]["p50"]))
    spreads = [("Letrics", peers[0]["mix"]["ours_ms"]), *((one["name"], one["mix"]["ms"]) for one in peers)]
    labels = [f"{_ms(ms['p50'])} · p99 {_ms(ms['p99'])}" for _, ms in spreads]
    low = math.floor(math.log10(min(ms["p50"] for _, ms in spreads)))
    high = math.ceil(math.log10(max(ms["p99"] for _, ms in spreads)))

    def x(value: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (max(math.log10(value), low) - low) / (high - low)

    named = [(name, label) for (name, _), label in zip(spreads, labels, strict=True)]
    return render("benchmark.svg", {
        "width": _WIDTH, "left": _LEFT, "top": _TOP, "bottom": _TOP + _ROW * len(spreads),
        "height": _TOP + _ROW * len(spreads) + 42,
        "title": f"Median and 99th percentile of a search, {figures['size']['contacts']:,} contacts, milliseconds "
                 "(log scale)",
        "summary": "Milliseconds a search, median and 99th percentile: " + "; ".join(map(" ".join, named)),
        "ticks": [(x(10.0**power), f"{10.0**power:g}") for power in range(low, high + 1)],
        "bars": [
            {"name": name, "label": label, "y": _TOP + _ROW * at + 8, "p50": x(ms["p50"]), "p99": x(ms["p99"])}
            for at, ((name, ms), label) in enumerate(zip(spreads, labels, strict=True))
        ],
    })  # fmt: skip


def _ms(value: float) -> str:
    return f"{value:,.0f}" if value >= 20 else f"{value:.1f}" if value >= 2 else f"{value:.2f}"
