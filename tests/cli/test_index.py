"""The saved index of commands: loaded, verified, and saved again."""

from __future__ import annotations

import json
from pathlib import Path

from letrics.engines.bitmap.following.rebuilder import alone
from tests.cli.conftest import Lines, Run


def test_a_damaged_saved_index_is_rebuilt_and_told(loaded: Run, home: Path) -> None:
    snapshot = home / "index" / "bitmap.snapshot"
    data = bytearray(snapshot.read_bytes())
    half = len(data) // 2
    for at in range(half, half + 64):  # what fills up to the next multiple of 64 is in no checksum
        data[at] ^= 0xFF
    snapshot.write_bytes(data)
    result = loaded("search", "companies", "--json")
    assert json.loads(result.stdout)["meta"]["total"] == 4
    assert "damaged" in result.stderr


def test_the_index_is_saved_by_one_process_at_a_time(run: Run, lines: Lines, home: Path) -> None:
    snapshot = home / "index" / "bitmap.snapshot"
    with alone(snapshot):  # as while a server rebuilds it
        told = run("import", lines("one.jsonl", [{"domain": "acme.example"}])).stderr
        assert "Another process is saving the index" in told and not snapshot.exists()
    run("import", lines("two.jsonl", [{"domain": "bolt.example"}]))
    assert snapshot.exists()
