"""Signed-in browsers, and a token of a user."""

from __future__ import annotations

import pytest

from letrics.accounts.own_tokens import OwnTokens
from tests.office import ADA, BOB, Office
from tests.web.browser import Browser


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
