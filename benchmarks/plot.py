"""A picture of the mix on Letrics and other databases: median and 99th percentile, on a logarithmic scale, as SVG.

Colours are legible on light and dark backgrounds, and nothing is shown by colour alone.
"""

from __future__ import annotations

import math
from html import escape
from typing import Any, Final

from benchmarks.targets import searched_peers

WIDTH: Final = 760
_LEFT: Final = 118
_RIGHT: Final = 150
_TOP: Final = 62
_ROW: Final = 46
_OURS: Final = "#0d9488"
_THEIRS: Final = "#8b8f98"
_TEXT: Final = "text"
_STRONG: Final = "strong"
"""Classes of text, whose colours depend on the background; without styles, text is grey."""
_CAPTION: Final = "The same searches over the same records, totals and pages compared. Shorter is faster."
_STYLE: Final = (
    "<style>text{fill:#7d828b}.text{fill:#5d636d}.strong{fill:#33383f}.ours{fill:#0d9488}"
    "@media(prefers-color-scheme:dark){.text{fill:#9aa2ad}.strong{fill:#dfe3e8}.ours{fill:#2dd4bf}}</style>"
)


def draw(figures: dict[str, Any]) -> str:
    """The picture of a run of the peers."""
    bars = _bars(figures)
    low = 10 ** math.floor(math.log10(min(p50 for _, p50, _, _ in bars)))
    high = 10 ** math.ceil(math.log10(max(p99 for _, _, p99, _ in bars)))
    bottom = _TOP + _ROW * len(bars)
    height = bottom + 42
    title = (
        f"Median and 99th percentile of a search, {figures['size']['contacts']:,} contacts, milliseconds (log scale)"
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-label="{escape(_in_words(bars))}" font-family="system-ui, sans-serif" font-size="14">',
        f"<title>{escape(_in_words(bars))}</title>{_STYLE}",
        _text(0, 22, title, _STRONG, weight=600),
        _text(0, 42, _CAPTION, _TEXT, size=12),
    ]
    for power in range(round(math.log10(low)), round(math.log10(high)) + 1):
        x = _x(10.0**power, low, high)
        parts.append(
            f'<line x1="{x:.1f}" y1="{_TOP - 6}" x2="{x:.1f}" y2="{bottom}" stroke="{_THEIRS}" stroke-opacity="0.3"/>'
        )
        parts.append(_text(x, bottom + 20, f"{10.0**power:g}", _TEXT, anchor="middle", size=12))
    for at, (name, p50, p99, more) in enumerate(bars):
        colour, style, weight = (_OURS, "ours", 600) if at == 0 else (_THEIRS, _STRONG, 400)
        y = _TOP + _ROW * at + 8
        middle, end = _x(p50, low, high), _x(p99, low, high)
        parts += [
            _text(_LEFT - 12, y + 16, name, style, anchor="end", weight=weight),
            f'<rect x="{_LEFT}" y="{y}" width="{middle - _LEFT:.1f}" height="22" rx="3" fill="{colour}"/>',
            f'<line x1="{middle:.1f}" y1="{y + 11}" x2="{end:.1f}" y2="{y + 11}" stroke="{colour}" stroke-width="3" '
            'stroke-dasharray="2 3"/>',
            f'<line x1="{end:.1f}" y1="{y + 3}" x2="{end:.1f}" y2="{y + 19}" stroke="{colour}" stroke-width="3"/>',
            _text(end + 10, y + 16, more, _STRONG, size=13),
        ]
    parts.append("</svg>\n")
    return "\n".join(parts)


def _bars(figures: dict[str, Any]) -> list[tuple[str, float, float, str]]:
    """Name, median, 99th percentile and label; ours first, then the fastest first."""
    peers = list(searched_peers(figures["peers"]).values())
    peers.sort(key=lambda one: float(one["mix"]["ms"]["p50"]))
    spreads = [("Letrics", peers[0]["mix"]["ours_ms"]), *((one["name"], one["mix"]["ms"]) for one in peers)]
    return [(name, ms["p50"], ms["p99"], f"{_ms(ms['p50'])} · p99 {_ms(ms['p99'])}") for name, ms in spreads]


def _in_words(bars: list[tuple[str, float, float, str]]) -> str:
    return "Milliseconds a search, median and 99th percentile: " + "; ".join(
        f"{name} {more}" for name, _, _, more in bars
    )


def _x(value: float, low: float, high: float) -> float:
    return _LEFT + (WIDTH - _LEFT - _RIGHT) * math.log10(max(value, low) / low) / math.log10(high / low)


def _ms(value: float) -> str:
    return f"{value:,.0f}" if value >= 20 else f"{value:.1f}" if value >= 2 else f"{value:.2f}"


def _text(x: float, y: float, text: str, style: str, anchor: str = "start", weight: int = 400, size: int = 14) -> str:
    look = f'class="{style}" text-anchor="{anchor}" font-weight="{weight}" font-size="{size}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {look}>{escape(text)}</text>'
