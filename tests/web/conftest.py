"""Cheap password hashes, signed-in browsers and a token for the tests of pages."""

from __future__ import annotations

import argon2
import pytest

from letrics.accounts import passwords
from letrics.accounts.own_tokens import OwnTokens
from tests.office import ADA, BOB, Office
from tests.web.browser import Browser


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing with the least that argon2 allows: these tests are not about its cost."""
    monkeypatch.setattr(passwords, "_hasher", argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def ada(office: Office) -> Browser:
    """The browser of an admin."""
    return office.signed_in(ADA)


@pytest.fixture
def bob(office: Office) -> Browser:
    """The browser of a viewer."""
    return office.signed_in(BOB)


@pytest.fixture
def token(office: Office) -> int:
    """The id of a token of the viewer."""
    return OwnTokens(office.accounts, BOB).create("laptop", ["read"], None)[1].id
