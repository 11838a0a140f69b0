"""Standard streams: closed ones are the null device, and no encoding of the terminal ends a command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Lines, Run

NAME = "Zoë Ćosić"


@pytest.fixture(autouse=True)
def contact(run: Run, lines: Lines) -> None:
    run("import", lines("contacts.jsonl", [{"id": "1", "full_name": NAME, "emails": ["zoe@acme.example"]}]))


def in_shell(home: Path, words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command line of the program in a shell."""
    return subprocess.run(
        ["/bin/sh", "-c", f'"$PYTHON" -m letrics.cli {words}'],
        env={**os.environ, "PYTHON": sys.executable, "LETRICS_HOME": str(home), **environment},
        capture_output=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("search contacts >&-", 0), ("search contacts --json >&-", 0), ("export contacts >&-", 0),
        ("search contacts 2>&-", 0), ("import - --kind contacts <&-", 0), ("count contacts --filter @- <&-", 2),
        ("forget --file - --yes <&-", 2), ("delete contacts 1 <&-", 2), ("status >&- 2>&-", 0),
        ("status <&- >&- 2>&-", 0),
    ],
)  # fmt: skip
def test_closed_stream_is_the_null_device(home: Path, words: str, code: int) -> None:
    done = in_shell(home, words)
    assert done.returncode == code and b"Traceback" not in done.stderr


@pytest.mark.parametrize("words", ["search contacts", "show 1"])
def test_characters_that_cannot_be_shown_are_escaped(home: Path, words: str) -> None:
    done = in_shell(home, words, PYTHONIOENCODING="latin-1")
    assert done.returncode == 0 and b"Zo\xeb \\u0106osi\\u0107" in done.stdout


@pytest.mark.parametrize("words", ["search contacts", "show 1"])
def test_output_in_ascii_is_utf_8(home: Path, words: str) -> None:
    done = in_shell(home, words, PYTHONIOENCODING="ascii")
    assert done.returncode == 0 and NAME in done.stdout.decode("utf-8")


@pytest.mark.parametrize("words", ["search contacts --json", "show 1 --json", "export contacts"])
def test_json_is_utf_8_in_any_encoding(home: Path, words: str) -> None:
    done = in_shell(home, words, PYTHONIOENCODING="latin-1")
    assert NAME in done.stdout.decode("utf-8")
    json.loads(done.stdout)
