"""Exceptions as failures that the caller gets."""

from __future__ import annotations

import pytest
from starlette.exceptions import HTTPException

from letrics.api.failures import as_failure
from letrics.engines.base import EngineAway, EngineBroken, EngineLoading, OutOfTime
from letrics.errors import NOT_FOUND, problem
from letrics.store.base import StoreAway, StoreCorrupt, StoreDamaged, StoreReplaced
from letrics.store.encodable import encodable
from tests.api.calls import make_call


@pytest.mark.parametrize(
    ("error", "id", "says", "retry"),
    [(EngineLoading("index 7 of 9"), "unavailable", "index is loading", "2"),
     (OutOfTime("secret"), "unavailable", "time budget", "5"),
     (EngineAway("https://secret.example"), "unavailable", "search engine is unavailable", "5"),
     (EngineAway("secret", retry_after=60), "unavailable", "search engine is unavailable", "60"),
     (StoreAway("/var/lib/secret.db"), "unavailable", "database is unavailable", "2"),
     (StoreDamaged("/var/lib/secret.db", "contact_key", "secret"), "internal_error", "contact_key of", None),
     (StoreCorrupt("/var/lib/secret.db"), "internal_error", "database is damaged: run `letrics check`", None),
     (EngineBroken("TypeError"), "internal_error", "cannot be loaded (TypeError): run `letrics check`", None),
     (EngineAway("https://secret.example: full", reason="a disk is full"), "unavailable", "unavailable: a disk", "5"),
     (StoreReplaced("/var/lib/secret.db"), "unavailable", "database is unavailable", "2"),
     (HTTPException(403, "Only admins."), "forbidden", "Only admins", None),
     (HTTPException(418, "secret"), "internal_error", "report it", None),
     (ZeroDivisionError("secret"), "internal_error", "report it", None)],
)  # fmt: skip
def test_as_failure_says_what_the_caller_may_know(error: Exception, id: str, says: str, retry: str | None) -> None:
    failure = as_failure(error, make_call())
    assert failure.kind.id == id and says in str(failure) and "secret" not in str(failure)
    assert failure.headers.get("Retry-After") == retry


def test_as_failure_leaves_our_own_errors() -> None:
    error = problem(NOT_FOUND, "There is no contact x")
    assert as_failure(error, make_call()) is error


def test_as_failure_suspects_damage_if_the_store_fails(caplog: pytest.LogCaptureFixture) -> None:
    call = make_call(headers=[(b"x-request-id", b"mine-8")])
    with pytest.raises(TypeError) as caught:
        encodable(7)  # type: ignore[arg-type]
    details = str(as_failure(caught.value, call))
    assert "may be damaged: run `letrics check` on the server" in details and "report it with" in details
    assert "mine-8" in details and "run `letrics check`" in caplog.text and "encodable.py" in caplog.text


def fail(text: str) -> None:
    try:
        raise KeyError(text)
    except KeyError as cause:
        raise RuntimeError(text) from cause


def test_as_failure_logs_a_bug_without_its_messages(caplog: pytest.LogCaptureFixture) -> None:
    call = make_call(headers=[(b"x-request-id", b"mine-7")])
    with pytest.raises(RuntimeError) as caught:
        fail("ltr_" + "x" * 5)
    assert "mine-7" in str(as_failure(caught.value, call))
    assert "mine-7" in caplog.text and "test_failures.py" in caplog.text and "ltr_xxxxx" not in caplog.text
    assert "builtins.RuntimeError" in caplog.text and "after builtins.KeyError" in caplog.text
