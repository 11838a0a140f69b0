"""The templates are importable as they are."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from letrics.records import KINDS, Kind
from letrics.web.importing.template_files import template_csv
from tests.cli.conftest import Shell


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["x.csv", "template.csv"])
def test_template_is_imported_without_a_warning(tmp_path: Path, kind: Kind, name: str) -> None:
    path = tmp_path / name
    path.write_text(template_csv(kind), "utf-8")
    report = Shell(tmp_path / "home").json("import", str(path))
    assert (report["rows"], report["new"], report["rejected"], report["warned"], report["notes"]) == (1, 1, 0, 0, [])
    [mapping] = report["mappings"]
    assert mapping["kind"] == kind
    assert all(column["reason"] == "name" for column in mapping["columns"]), mapping["columns"]
    again = Shell(tmp_path / "home").json("import", str(path))
    assert (again["unchanged"], again["companies_changed"]) == (1, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_template_has_only_invented_values(kind: Kind) -> None:
    text = template_csv(kind)
    assert text.startswith("\ufeff")
    head, row, *rest = csv.reader(io.StringIO(text[1:]))
    assert (len(row), rest) == (len(head), [])
    hosts = [cell for cell in row if "." in cell and " " not in cell]
    assert hosts and all(".example" in cell for cell in hosts)
