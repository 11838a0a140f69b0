"""Possible duplicates: the errors of decisions on them."""

from __future__ import annotations

from letrics.store.duplicate_record import NoPair, UnknownContact


def test_errors_are_caught_as_their_kinds() -> None:
    assert str(UnknownContact("7")) == "there is no contact 7" and isinstance(UnknownContact("7"), LookupError)
    assert issubclass(NoPair, ValueError)
