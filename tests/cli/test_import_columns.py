"""`letrics import`: the columns of files, and the user's choices."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from letrics.cli.import_columns import ask_user, map_columns, sample_file
from letrics.ingest.text_rules import DEFAULT_TEXT_RULES
from tests.cli.conftest import Run

HEADER = "First Name,Last Name,Job Title,Company Domain,LinkedIn Profile,Work Email,Phone 1,Zodiac"
ROW = "Ann,Abel,CEO,acme.example,https://www.linkedin.com/in/ann-abel,ann@acme.example,+1 555-0100,Leo"


@pytest.fixture
def leads(tmp_path: Path) -> Path:
    path = tmp_path / "leads.csv"
    path.write_text(f"{HEADER}\n{ROW}\n")
    return path


def contacts(run: Run) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run("export", "contacts").stdout.splitlines()]


def test_import_of_an_export_uses_its_columns(run: Run, leads: Path) -> None:
    result = run("import", leads)
    assert "Work Email → emails" in result.stderr and "columns ignored: Zodiac" in result.stderr
    [contact] = contacts(run)
    assert (contact["full_name"], contact["job_title"], contact["phone"]) == ("Ann Abel", "CEO", "+1 555-0100")
    assert contact["emails"] == [{"value": "ann@acme.example", "type": "personal"}]
    assert contact["linkedin_url"] == "https://www.linkedin.com/in/ann-abel"


def test_import_with_map_uses_the_chosen_fields(run: Run, leads: Path, tmp_path: Path) -> None:
    run("import", leads, "--map", "zodiac=department", "--map", "Phone 1=")
    assert (contacts(run)[0]["department"], contacts(run)[0]["phone"]) == ("Leo", None)
    choices = tmp_path / "choices.toml"
    choices.write_text('Zodiac = "seniority"\n"Phone 1" = ""\n')
    again = json.loads(run("import", leads, "--map-file", choices, "--map", "Phone 1=phone", "--json").stdout)
    assert again["changed"] == 1, "the same row means something else"
    assert (contacts(run)[0]["seniority"], contacts(run)[0]["phone"]) == ("Leo", "+1 555-0100")
    assert json.loads(run("import", leads, "--json").stdout)["changed"] == 0


def test_import_json_has_the_mapping(run: Run, leads: Path) -> None:
    result = json.loads(run("import", leads, "--dry-run", "--json").stdout)
    [mapping] = result["mappings"]
    assert (mapping["file"], mapping["kind"]) == (str(leads), "contacts")
    assert mapping["columns"][5] == {
        "name": "Work Email", "field": "emails", "reason": "alias", "looks_like": None, "samples": ["ann@acme.example"],
    }  # fmt: skip
    assert mapping["columns"][7]["field"] is None


def test_import_warns_about_values_in_ignored_columns(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text(
        "full_name,company_domain,Kontaktweg,Rückruf,Notes\nAnn,acme.example,a@acme.example,+1 555-0100,x\n"
    )
    result = run("import", path, "--json")
    warnings = [note for note in json.loads(result.stdout)["notes"] if note.startswith("warning")]
    assert [("email addresses" in note, "phone numbers" in note) for note in warnings] == [(True, False), (False, True)]
    assert "--map 'Kontaktweg=FIELD'" in result.stderr
    assert "warning" not in run("import", path, "--map", "Kontaktweg=", "--map", "Rückruf=").stderr


def test_import_of_an_ambiguous_column_prints_the_flag(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text(
        "full_name,company_domain,URL\nAnn,acme.example,linkedin.com/in/ann\nBob,b.example,https://b.example\n"
    )
    assert "--map 'URL=linkedin_url' or --map 'URL=company_website'" in run("import", path, code=2).stderr
    run("import", path, "--map", "URL=company_website")


def test_map_columns_asks_about_an_ambiguous_column(tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text(
        "full_name,company_domain,URL\nAnn,acme.example,linkedin.com/in/ann\nBob,b.example,https://b.example\n"
    )
    with ExitStack() as stack:
        sample = sample_file(str(path), DEFAULT_TEXT_RULES, stack)
        for answer, field in (
            ("company_website", "company_website"),
            ("", None),
            ("wrong\nlinkedin_url", "linkedin_url"),
        ):
            with CliRunner().isolation(input=f"{answer}\n"):
                [mapping] = map_columns([sample], None, {}, False, ask_user)
            assert mapping.columns[2].field == field


def test_import_names_columns_of_one_field_in_order(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text(
        "full_name,company_domain,Mobile,phone,Phone,Work Email,Email\nAnn,acme.example,1,2,3,,a@acme.example\n"
    )
    result = run("import", path)
    assert "phone is the first of these that has a value: phone, Phone, Mobile" in result.stderr
    assert "emails is the first" not in result.stderr
    assert contacts(run)[0]["phone"] == "2"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--map", "Work Email"], "write 'Column=field'"),
        (["--map", "Wrok Email=email"], "did you mean Work Email?"),
        (["--map", "Zodiac=departmnt"], "did you mean department"),
        (["--map-file", "missing.toml"], "No such file"),
    ],
)
def test_import_with_a_wrong_map_is_wrong_usage(run: Run, leads: Path, words: list[str], says: str) -> None:
    assert says in run("import", leads, *words, code=2).stderr


def test_import_without_identifying_columns_names_near_ones(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Emial Adress,Zodiac\na@acme.example,Leo\n")
    error = run("import", path, code=2).stderr
    assert "(Emial Adress, Zodiac) identifies a contact" in error
    assert "did you mean --map 'Emial Adress=emails'?" in error
    (tmp_path / "x.csv").write_text("Zodiac\nLeo\n")
    assert "pass --map 'COLUMN=FIELD'" in run("import", tmp_path / "x.csv", code=2).stderr


def test_import_with_map_finds_the_kind_by_mapped_columns(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Firma,Wert\nAcme,ann@acme.example\n")
    assert run("import", path, "--map", "Wert=email").exit_code == 0
    assert contacts(run)[0]["emails"][0]["value"] == "ann@acme.example"


def test_import_names_columns_of_numbers_and_bands(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "companies.csv"
    path.write_text("domain,Company Size,# Employees\nacme.example,51-200,87\n")
    result = run("import", path)
    assert "employees is the first number and the first band of these: # Employees, Company Size" in result.stderr
