"""The error table, and failures with several problems."""

from __future__ import annotations

import msgspec

from letrics.errors import INVALID_INPUT, MAX_PROBLEMS, TABLE, TOO_MANY_REQUESTS, LetricsError, Problem, problem


def test_table_has_unique_ids_codes_and_whole_sentences() -> None:
    assert len({kind.id for kind in TABLE}) == len({kind.code for kind in TABLE}) == len(TABLE)
    assert [kind.code for kind in TABLE] == sorted(kind.code for kind in TABLE)
    assert all(400 <= kind.code < 600 and kind.meaning.endswith(".") for kind in TABLE)


def test_letrics_error_has_a_problem_for_each_pair() -> None:
    error = LetricsError(INVALID_INPUT, [("page is wrong", "page"), ("the body is wrong", None)], {"X": "1"})
    assert error.problems == [
        Problem("invalid_input", 400, "page is wrong", "page"),
        Problem("invalid_input", 400, "the body is wrong"),
    ]
    assert (str(error), error.headers) == ("page is wrong; the body is wrong", {"X": "1"})


def test_letrics_error_has_at_most_the_maximum_of_problems() -> None:
    error = LetricsError(INVALID_INPUT, ((f"wrong {n}", None) for n in range(MAX_PROBLEMS + 1)))
    assert len(error.problems) == MAX_PROBLEMS and error.problems[-1].details == f"wrong {MAX_PROBLEMS - 1}"


def test_problem_headers_are_written_with_underscores() -> None:
    error = problem(TOO_MANY_REQUESTS, "slow down", Retry_After="3")
    assert (error.kind, error.headers) == (TOO_MANY_REQUESTS, {"Retry-After": "3"})
    assert error.problems == [Problem("too_many_requests", 429, "slow down")]


def test_problem_without_field_is_encoded_without_it() -> None:
    assert msgspec.json.encode(Problem("x", 400, "y")) == b'{"id":"x","code":400,"details":"y"}'
