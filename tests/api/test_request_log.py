"""The log line of a request."""

from __future__ import annotations

import logging

import pytest

from letrics.logs.log_setup import REQUESTS
from tests.conftest import Service


def test_log_request_has_the_route_and_no_values(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, REQUESTS):
        service.api.get("/v1/contacts/ann?job_titles=secret-value")
        service.api.get("/nothing/secret-value")
    first, second = (record for record in caplog.records if record.name == REQUESTS)
    facts = first.__dict__["facts"]
    assert {name: facts[name] for name in ("method", "route", "status")} == {
        "method": "GET", "route": "/v1/contacts/{id}", "status": 400,
    }  # fmt: skip
    assert facts["user"] == 1 and facts["token"] > 0 and facts["ms"] > 0
    assert second.__dict__["facts"]["route"] == "pages" and second.__dict__["request_id"]
    assert "ann" not in str(facts) and "secret" not in str(facts)


def test_log_request_is_off_by_default(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.CRITICAL, REQUESTS):
        service.api.get("/healthz")
    assert not [record for record in caplog.records if record.name == REQUESTS]
