"""Expected failures of commands: one line on standard error, and an exit code."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from letrics.cli.context import CliSession, pass_session
from letrics.cli.group import LazyGroup, share_options
from letrics.engines.base import EngineAway, EngineLoading, OutOfTime
from letrics.errors import INVALID_INPUT, UNAVAILABLE, LetricsError
from letrics.store.base import StoreAway, StoreTooNew


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (StoreAway("letrics.db cannot grow: its disk is full"), 3, "letrics.db cannot grow: its disk is full"),
        (StoreTooNew("the database is of version 9"), 3, "version 9"),
        (
            OSError(28, "No space left on device", "/data/x"),
            3,
            "/data/x: No space left on device: free some disk space",
        ),
        (PermissionError(13, "Permission denied", "/data/x"), 3, "/data/x: Permission denied"),
        (OutOfTime("too long"), 3, "query_budget_ms"),
        (EngineLoading("loading"), 3, "still loading"),
        (EngineAway("search.example refuses connections"), 3, "search.example refuses connections"),
        (EngineAway(), 3, "the search engine is not available"),
        (LetricsError(INVALID_INPUT, [("one is wrong", "a"), ("two is wrong", "b")]), 2, "one is wrong\nletrics: two"),
        (LetricsError(UNAVAILABLE, [("away", None)]), 3, "away"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (click.Abort(), 130, "interrupted"),
    ],
)
def test_expected_failures_are_a_line_and_a_code(error: BaseException, code: int, says: str) -> None:
    result = CliRunner().invoke(_group(error), ["fail"])
    assert result.exit_code == code
    assert says in result.stderr
    assert "Traceback" not in result.output


def test_a_bug_is_not_hidden() -> None:
    result = CliRunner().invoke(_group(ZeroDivisionError("a bug")), ["fail"])
    assert isinstance(result.exception, ZeroDivisionError)


def _group(error: BaseException) -> LazyGroup:
    @click.command()
    @pass_session
    def fail(session: CliSession) -> None:
        raise error

    group = LazyGroup("letrics", lazy={"fail": ("unused:unused", "Fails.")})
    group.add_command(share_options(fail))
    return group
