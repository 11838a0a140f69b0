"""Numbers on the command line: all have an upper bound, and a larger number is a usage error."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from letrics.cli import cli
from letrics.cli.number_types import MAX_NUMBER
from tests.cli.conftest import Lines, Run

OF_REQUESTS = {("search", "page"), ("search", "per_page")}
"""The options that are checked like the fields of a request."""


def unbounded(command: click.Command, name: str = "") -> Iterator[tuple[str, str | None]]:
    """Return the numbers without an upper bound of a command and of those in it."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for one in command.list_commands(context):
            found = command.get_command(context, one)
            assert found is not None
            yield from unbounded(found, one)
    for param in command.params:
        kind = param.type
        is_bounded = isinstance(kind, click.IntRange) and kind.max is not None and kind.max <= MAX_NUMBER
        if isinstance(kind, click.types.IntParamType) and not is_bounded:
            yield name, param.name


def test_every_number_has_an_upper_bound() -> None:
    assert set(unbounded(cli)) == OF_REQUESTS


@pytest.mark.parametrize(
    "words",
    [
        ["imports", "{}"], ["imports", "--limit", "{}"], ["undo", "{}"], ["undo", "1", "{}"], ["token", "revoke", "{}"],
        ["duplicates", "--limit", "{}"], ["duplicates", "--after", "{}"], ["search", "contacts", "--page", "{}"],
        ["check", "--sample", "{}"], ["import", "x.csv", "--skip-lines", "{}"],
    ],
)  # fmt: skip
def test_huge_number_is_a_usage_error(run: Run, lines: Lines, words: list[str]) -> None:
    run("import", lines("companies.jsonl", [{"domain": "acme.example"}]))
    for number in (2**63, 10**40):
        done = run(*(word.format(number) for word in words), code=2)
        assert str(number) in done.stderr and "Traceback" not in done.stderr


def test_word_instead_of_a_number_is_not_valid(run: Run) -> None:
    assert "'x' is not a valid integer." in run("imports", "--limit", "x", code=2).stderr
