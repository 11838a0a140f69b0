"""`letrics check`."""

from __future__ import annotations

import json

from tests.cli.conftest import Run


def test_check_finds_nothing_wrong(loaded: Run) -> None:
    assert "agree on 4 companies and 4 contacts" in loaded("check").stdout
    assert json.loads(loaded("check", "--json").stdout) == {"ok": True, "problems": []}
