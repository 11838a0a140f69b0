"""`letrics check`."""

from __future__ import annotations

import json

from tests.cli.conftest import Run


def test_check_finds_nothing_wrong(loaded: Run) -> None:
    assert "agree on 4 companies and 4 contacts" in loaded("check").stdout
    assert json.loads(loaded("check", "--json").stdout) == {"ok": True, "problems": []}


def test_check_sample_of_an_index_in_memory_says_it_is_in_full(loaded: Run) -> None:
    notice = "checking the index against the store, in full: --sample is for an index on a cluster\n"
    checked = loaded("check", "--sample", "2")
    assert notice in checked.stderr and "agree on 4 companies and 4 contacts" in checked.stdout
    assert "--sample" not in loaded("check").stderr
