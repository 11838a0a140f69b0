"""`letrics status`: counts, sizes and the age of the index."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run


def test_status_tells_how_much_and_how_fresh(loaded: Run, home: Path) -> None:
    facts = json.loads(loaded("status", "--json").stdout)
    assert (facts["companies"], facts["contacts"], facts["home"]) == (4, 4, str(home))
    assert facts["changes"] >= 8
    assert facts["database_bytes"] > 0
    assert facts["index"]["bytes"] > 0
    assert 0 < facts["index"]["lacks"] <= 5
    text = loaded("status").stdout
    assert "contacts     4\n" in text
    assert "behind the database" in text
