"""Accounts in the files of a home, as a back end."""

from __future__ import annotations

from pathlib import Path

from letrics.backends.file_accounts import FileAccounts
from letrics.settings import Home


def test_requests_are_stored_in_the_home(tmp_path: Path) -> None:
    requests = FileAccounts(Home(tmp_path)).open_requests()
    requests.begin(b"k", b"h")
    requests.close()
    assert Home(tmp_path).idempotency.exists()
