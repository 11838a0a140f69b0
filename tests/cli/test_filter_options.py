"""The fields of filters as options: they find what the same request body finds."""

from __future__ import annotations

import json
from typing import Any

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from letrics.cli import cli
from letrics.cli.filter_options import FieldOption, option_name
from letrics.fields import CATALOGUE
from tests.cli.conftest import Run

COMMANDS = ("search", "count", "export", "delete")


def command(name: str) -> click.Command:
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_field_options_are_the_catalogue_and_collide_with_none(name: str) -> None:
    options = [option for option in command(name).params if isinstance(option, click.Option)]
    words = [word for option in options for word in (*option.opts, *option.secondary_opts)]
    assert len(words) == len(set(words))
    expected = {option_name(field.name) for field in CATALOGUE}
    expected |= {option_name(f"exclude_{field.name}") for field in CATALOGUE if field.can_exclude}
    assert {option.opts[0] for option in options if isinstance(option, FieldOption)} == expected


@pytest.mark.parametrize("name", COMMANDS)
def test_help_names_every_field_unbroken(name: str) -> None:
    out = CliRunner().invoke(cli, [name, "--help"]).output
    assert {option_name(field.name) for field in CATALOGUE} <= set(out.replace(",", " ").replace(".", " ").split())
    assert max(map(len, out.split("Examples:")[0].splitlines())) <= 80 and len(out.splitlines()) < 60


@pytest.mark.parametrize(
    ("args", "filters"),
    [("contacts --job-titles cto --job-titles sales", {"job_titles": ["cto", "sales"]}),
     ("contacts --is-decision-maker --employees-min 50", {"is_decision_maker": True, "employees_min": 50}),
     ("--is-decision-maker contacts", {"is_decision_maker": True}),
     ("contacts --is-decision-maker true --has-linkedin-profile=false", {"is_decision_maker": True}),
     ("contacts --exclude-has-personal-email", {"exclude_has_personal_email": True}),
     ("companies --locations Berlin,Germany --exclude-locations DACH",
      {"locations": ["Berlin,Germany"], "exclude_locations": ["DACH"]}),
     ("companies --added-after 2021-01-01 --added-before 2021-01-02",
      {"added_after": "2021-01-01T00:00:00.000Z", "added_before": "2021-01-02T23:59:59.999Z"}),
     ('companies --industries Consulting --filter {"employees_max":10}',
      {"industries": ["Consulting"], "employees_max": 10})],
)  # fmt: skip
def test_field_options_are_read_as_the_api_reads_them(loaded: Run, args: str, filters: dict[str, Any]) -> None:
    sent = json.loads(loaded("count", *args.split(), "--json").stdout)
    assert sent["meta"]["filters"] == filters
    kind = "companies" if "companies" in args else "contacts"
    assert sent["data"] == json.loads(loaded("count", kind, "--filter", json.dumps(filters), "--json").stdout)["data"]


@pytest.mark.parametrize(
    ("args", "says"),
    [(["companies", "--job-titles", "x", "--seniorities", "y"], "letrics: --job-titles is a filter of contacts only: "),
     (["companies", "--job-titles", "x", "--seniorities", "y"], "letrics: --seniorities is a filter of contacts only"),
     (["contacts", "--exclude-has-generic-email"], "--exclude-has-generic-email is a filter of companies only"),
     (["contacts", "--employees-min", "ten"], 'letrics: --employees-min "ten" must be a whole number from 0'),
     (["contacts", "--added-after", "soon"], 'letrics: --added-after "soon" '),
     (["contacts", "--job-titles", " "], "letrics: --job-titles value 1 is blank"),
     (["contacts", "--employees-min", "1", "--employees-min", "2"], "--employees-min takes one value and is given 2"),
     (["contacts", "--employees-min", "5", "--employees-max", "2"], "letrics: --employees-min (5) is larger than"),
     (["contacts", "--is-decision-maker", "yes"], "'--is-decision-maker': 'yes' is not one of 'true', 'false'"),
     (["contacts", "--locations", "DACH", "--filter", '{"locations": ["EU"]}'],
      "letrics: locations is given by --locations and in --filter: use one of them"),
     (["contacts", "--job-title", "x"], "--job-titles"), (["contacts", "--location", "x"], "--locations")],
)  # fmt: skip
def test_field_option_errors_name_the_option(run: Run, args: list[str], says: str) -> None:
    done = run("count", *args, code=2)
    assert says in done.stderr and done.stdout == ""


def test_field_options_choose_for_search_export_and_delete(loaded: Run) -> None:
    assert loaded("search", "contacts", "--job-titles", "CTO", "--fields", "full_name").stdout == "Иван Петров\n"
    done = loaded("export", "contacts", "--job-titles", "CTO", "--is-decision-maker", "false")
    assert json.loads(done.stdout)["full_name"] == "Иван Петров"
    assert "is_decision_maker: false is ignored" in done.stderr
    said = loaded("delete", "contacts", "c1", "--job-titles", "CTO", code=2).stderr
    assert "pass either ids or --filter JSON, not both (--job-titles is part of a filter)" in said
    said = loaded("delete", "contacts", "--is-decision-maker", "false", "--yes", code=2).stderr
    assert "is_decision_maker: false is ignored" in said and "this deletes ALL 4 contacts" in said
    loaded("delete", "contacts", "--job-titles", "CTO", "--yes")
    assert loaded("count", "contacts").stdout == "3\n"


def test_field_options_are_completed() -> None:
    complete = ShellComplete(cli, {}, "letrics", "_LETRICS_COMPLETE")
    found = [item.value for item in complete.get_completions(["search", "contacts"], "--job")]
    assert found == ["--job-titles", "--job-title-words"]
