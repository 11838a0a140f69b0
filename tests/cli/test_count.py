"""`letrics count`: the total alone, and the response of the API."""

from __future__ import annotations

import json

from tests.cli.conftest import Run


def test_count_prints_the_number_alone(loaded: Run) -> None:
    assert loaded("count", "contacts").stdout == "4\n"
    assert loaded("count", "companies", "--filter", '{"industries": ["Consulting"]}').stdout == "2\n"
    none = loaded("count", "contacts", "--filter", '{"job_titles": ["zzz"], "has_personal_email": false}')
    assert none.stdout == "0\n"
    assert none.stderr == "job_titles: no record has 'zzz'\nhas_personal_email: false is ignored: only true filters\n"


def test_count_as_json_is_what_the_api_sends(loaded: Run) -> None:
    done = loaded("count", "companies", "--filter", '{"locations": ["Berlin"], "industries": ["x"]}', "--json")
    sent = json.loads(done.stdout)
    assert list(sent) == ["data", "meta", "errors"]
    assert sent["data"] == {"total": 0} and sent["errors"] == [] and done.stderr == ""
    assert list(sent["meta"]) == ["filters", "places", "unmatched", "warnings", "took_ms"]
    assert sent["meta"]["filters"] == {"locations": ["Berlin"], "industries": ["x"]}
    assert sent["meta"]["places"][0]["value"] == "Berlin"
    assert [item["value"] for item in sent["meta"]["unmatched"]] == ["x"]


def test_count_of_pages_is_refused(loaded: Run) -> None:
    said = loaded("count", "contacts", "--filter", '{"page": 2, "jobtitles": ["x"]}', code=2).stderr
    assert "page applies to pages of records" in said and "did you mean job_titles?" in said
