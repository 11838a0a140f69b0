"""The warning about a malformed document."""

from __future__ import annotations

import logging

import pytest

from letrics.identity.malformed_warning import log_malformed


def test_log_malformed_has_the_type_of_the_error_alone(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "letrics.store"):
        log_malformed("contact", 7, ValueError("Secret"))
    assert caplog.messages == ["the document of contact num 7 is malformed (ValueError): run `letrics check`"]
