"""`letrics delete` waits at its prompt while another process imports: it deletes what still matches, and says so."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reliability.running import PATIENCE, environment, letrics, run_here


def people(path: Path, title: str, numbers: range) -> Path:
    rows = [{"id": f"p{n}", "full_name": f"Jo {n}", "job_title": title, "company_domain": "a.example"} for n in numbers]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.mark.slow
def test_delete_while_an_import_changes_matches(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run_here(home, "import", people(tmp_path / "contacts.jsonl", "Clerk", range(30)))
    command = [sys.executable, "-m", "letrics.cli", "delete", "contacts", "--filter", '{"job_titles":["clerk"]}']
    person, terminal = pty.openpty()
    process = subprocess.Popen(
        command, env=environment(home), stdin=terminal, stdout=subprocess.PIPE, stderr=terminal, text=True
    )
    os.close(terminal)
    try:
        shown = b""
        while b"continue?" not in shown:
            shown += os.read(person, 1024)
        letrics(home, "import", people(tmp_path / "contacts.jsonl", "Director", range(10, 25)))
        os.write(person, b"y\n")
        out, _ = process.communicate(timeout=PATIENCE)
        assert (out, process.returncode) == ("15 records deleted\n", 0)
        assert b"15 records not deleted: changed meanwhile and no longer matching" in os.read(person, 1 << 16)
    finally:
        process.kill()
        os.close(person)
    left = json.loads(letrics(home, "search", "contacts", "--json", "--filter", "{}"))
    assert left["meta"]["total"] == 15 and {record["job_title"] for record in left["data"]} == {"Director"}
