"""The documented retention command, run as it is written, against the bundled sample."""

from __future__ import annotations

import gzip
import json
import re
import shlex
from pathlib import Path
from typing import Any

from letrics.records import Kind
from letrics.sample import sample_file
from tests.cli.conftest import Run

DOCUMENT = Path(__file__).parents[2] / "docs" / "privacy.md"


def documented_command() -> list[str]:
    (line,) = re.findall(r"^ +letrics (delete contacts .*--filter .*)$", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    return shlex.split(line)


def sample_rows(kind: Kind) -> list[dict[str, Any]]:
    with gzip.open(sample_file(kind)) as lines:
        return [json.loads(line) for line in lines]


def changed_on(row: dict[str, Any]) -> str:
    """The UTC day of the record's own last change; a row that does not say counts as changed by the import."""
    return str(row.get("updated_at", "9999-12-31"))[:10]


def test_retention_command_deletes_contacts_by_own_date(run: Run) -> None:
    command = documented_command()
    (bound,) = json.loads(command[command.index("--filter") + 1]).values()
    contacts = sample_rows("contacts")
    old = {row["id"] for row in contacts if changed_on(row) <= bound}
    changed_companies = {row["domain"] for row in sample_rows("companies") if changed_on(row) > bound}
    assert any(row["company_domain"] in changed_companies for row in contacts if row["id"] in old)
    run("import", sample_file("companies"), sample_file("contacts"))

    assert f"{len(old)} records deleted" in run(*command).stdout.replace(",", "")

    exported = run("export", "contacts").stdout.splitlines()
    assert {json.loads(line)["id"] for line in exported} == {row["id"] for row in contacts} - old
