"""The figures of a small invented run, for tests of reports."""

from __future__ import annotations

from typing import Any

_SPREAD = {"p50": 0.2, "p90": 1.0, "p99": 6.0, "max": 9.0}
_HARD = {"ms": 3.0, "slowest_ms": 4.0, "total": 12}
_PEER: dict[str, Any] = {
    "asked": 3, "gave_up": 0, "same": 3, "different": 0, "ms": {"p50": 20.0, "p90": 30.0, "p99": 40.0, "max": 40.0},
    "ours_ms": _SPREAD, "ratio_p50": 100.0, "ratio_p99": 7.0, "ratio_sums": 50.0, "ratio_each": 90.0,
}  # fmt: skip


def figures(contacts: int) -> dict[str, Any]:
    """The figures of a run that the tests need."""
    shapes = {"one filter": {"ms": _PEER["ms"], "ours_ms": _SPREAD}}
    return {
        "size": {"contacts": contacts, "companies": contacts // 10, "seed": 1, "data": 2},
        "machine": {"cpu": "a", "cores": 2, "memory_gb": 8.0, "system": "b", "python": "3"},
        "data": {"database_bytes": 600 * contacts, "snapshot_bytes": 400 * contacts, "whole_s": contacts / 20_000,
                 "snapshot_parts": {"contact.job_title": 9 * contacts}},
        "engine": {"mix_without_titles_ms": _SPREAD, "shapes": {"one filter": _SPREAD}, "deep": {},
                   "hard": {"three broad filters": _HARD, "500 titles": _HARD, "CJK, one": _HARD},
                   "process_bytes": 100_000_000 + 50 * contacts},
        "peers": {name: {"name": name, "version": "1", "build_s": 1.0, "memory_bytes": 1, "disk_bytes": 1, "mix": _PEER,
                         "hard": _PEER, "shapes": shapes, "hard_shapes": shapes} for name in ("SQLite", "Tantivy")},
    }  # fmt: skip
