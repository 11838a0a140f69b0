"""Browsers of an editor."""

from __future__ import annotations

import pytest

from tests.office import EDI, Office
from tests.web.browser import Browser


@pytest.fixture
def edi(office: Office) -> Browser:
    """The browser of an editor."""
    return office.signed_in(EDI)
