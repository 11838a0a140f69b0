"""`letrics delete`: says how many, asks, and deletes what was meant and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable

from click.testing import Result

Run = Callable[..., Result]


def counts(run: Run) -> tuple[int, int]:
    facts = json.loads(run("status", "--json").stdout)
    return facts["companies"], facts["contacts"]


def test_by_id(loaded: Run) -> None:
    result = loaded("delete", "contacts", "c1", "--yes", "--json")
    assert json.loads(result.stdout) == {"deleted": 1, "not_found": 0, "left": 0}
    assert "1 contacts will be deleted" in result.stderr
    assert counts(loaded) == (4, 3)
    assert "there is no contact c1" in loaded("delete", "contacts", "c1", "--yes", code=1).stderr


def test_a_company_is_its_domain_however_it_is_written(loaded: Run) -> None:
    loaded("delete", "companies", "https://www.bücher.example/x", "--yes")
    assert counts(loaded) == (3, 4)
    assert "single word" in loaded("delete", "companies", "acme", "--yes", code=2).stderr


def test_companies_with_contacts_need_to_be_said(loaded: Run) -> None:
    result = loaded("delete", "companies", "acme.example", "--yes", code=1)
    assert "acme.example has 2 contacts" in result.stderr
    result = loaded("delete", "companies", "--filter", '{"domains":["acme.example"]}', "--yes", code=1)
    assert "acme.example" in result.stderr
    assert counts(loaded) == (4, 4)
    result = loaded("delete", "companies", "acme.example", "--with-contacts", "--yes")
    assert "they have 2 contacts" in result.stderr
    assert "3 records deleted" in result.stdout
    assert counts(loaded) == (3, 2)


def test_by_filter(loaded: Run) -> None:
    loaded("delete", "contacts", "--filter", '{"job_titles":["cto"]}', "--yes")
    assert counts(loaded) == (4, 3)
    assert json.loads(loaded("search", "contacts", "--json").stdout)["meta"]["total"] == 3
    assert "0 records deleted" in loaded("delete", "contacts", "--filter", '{"job_titles":["cto"]}', "--yes").stdout


def test_without_a_terminal_it_needs_yes(loaded: Run) -> None:
    result = loaded("delete", "contacts", "c1", code=2)
    assert "1 contacts will be deleted" in result.stderr
    assert "--yes" in result.stderr
    assert counts(loaded) == (4, 4)


def test_everything_needs_yes_and_the_words(loaded: Run) -> None:
    everything = ("delete", "contacts", "--filter", "{}")
    assert "add --yes" in loaded(*everything, code=2).stderr
    assert "nothing was deleted" in loaded(*everything, "--yes", input="yes\n", code=2).stderr
    assert counts(loaded) == (4, 4)
    assert "4 records deleted" in loaded(*everything, "--yes", input="delete all contacts\n").stdout
    assert counts(loaded) == (4, 0)


def test_wrong_usage(loaded: Run) -> None:
    for args in ([], ["c1", "--filter", "{}"], ["c1", "--with-contacts"]):
        loaded("delete", "contacts", *args, code=2)
    assert counts(loaded) == (4, 4)
