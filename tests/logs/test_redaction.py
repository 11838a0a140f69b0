"""Secrets in texts for the log."""

from __future__ import annotations

import pytest

from letrics.logs.redaction import redact


@pytest.mark.parametrize(
    ("text", "shown"),
    [("token ltr_abcDEF123456 used", "token ltr_*** used"),
     ("GET /reset/Abc-def_123456789 failed", "GET /reset/*** failed"),
     ("postgresql://me:p%40ss@db1,db2/x?sslmode=require", "postgresql://me:***@db1,db2/x?sslmode=require"),
     ("at postgresql://db1:5432/x", "at postgresql://db1:5432/x"),
     ("nothing here", "nothing here")],
)  # fmt: skip
def test_redact_hides_secrets_and_nothing_else(text: str, shown: str) -> None:
    assert redact(text) == shown
