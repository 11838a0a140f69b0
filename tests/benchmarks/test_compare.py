from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.compare import Side, measure, report


def test_measure_alternates_and_reports_medians_and_ratios(tmp_path: Path) -> None:
    sides = {name: Side(name, tmp_path, tmp_path, tmp_path, []) for name in ("this", "other")}
    order: list[str] = []

    def search(side: Side) -> dict[str, Any]:
        order.append(side.name)
        factor = 2.0 if side.name == "this" else 1.0
        return {"engine, mix": [1.0 * factor, 3.0 * factor], "totals": [4, len(side.name)], "start, s": factor}

    figures = measure(sides, {"search": search}, 2)
    assert order == ["this", "other", "other", "this"]
    assert figures["start, s"] == {"this": [2.0, 2.0], "other": [1.0, 1.0]}
    assert figures["engine, mix, p50, ms"] == {"this": [2.0], "other": [1.0]}
    assert figures["searches with different totals"]["this"] == [1]
    assert "| start, s | 2.00 | 1.00 | 2.00 |" in report(figures, sides)
