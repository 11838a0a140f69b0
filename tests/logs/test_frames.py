"""Tracebacks without values."""

from __future__ import annotations

from letrics.logs.frames import describe_exception

VALUES = ("ja" + "ne@x.example", "ltr_" + "secret")


def fail(email: str, secret: str) -> None:
    try:
        raise KeyError(email)
    except KeyError as cause:
        raise ValueError(secret) from cause


def test_describe_exception_shows_places_and_no_values() -> None:
    try:
        fail(*VALUES)
    except ValueError as error:
        text = describe_exception(error)
    assert text.count("Traceback (most recent call last):") == 2 and "test_frames.py" in text
    assert "ValueError" in text and "after Traceback" in text and "KeyError" in text
    assert "jane" not in text and "ltr_secret" not in text


def test_describe_exception_of_the_system_names_the_file() -> None:
    assert describe_exception(FileNotFoundError(2, "No such file", "/x")).endswith("No such file: '/x'")


def test_describe_exception_ends_for_a_cycle_of_causes() -> None:
    first, second = ValueError(), ValueError()
    first.__cause__, second.__cause__ = second, first
    assert describe_exception(first).count("Traceback") == 2
