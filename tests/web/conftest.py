"""Cheap password hashes for the tests of pages."""

from __future__ import annotations

import argon2
import pytest

from letrics.accounts import passwords


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing with the least that argon2 allows: these tests are not about its cost."""
    monkeypatch.setattr(passwords, "_hasher", argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
