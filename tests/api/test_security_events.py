"""Security events of requests, over the pages and the API."""

from __future__ import annotations

import json
import re
from typing import Any, cast

import pyotp
import pytest
from starlette.routing import Route

from letrics.accounts.browser import SAFE_METHODS
from letrics.api import security_events
from letrics.api.application import Application
from letrics.api.security_events import RequestEvents
from letrics.logs.security_log import SecurityLog
from letrics.web.asgi import all_routes
from letrics.web.confirm import PROOF, RECENT_MS
from tests.conftest import Service
from tests.office import ADA, PASSWORD, Office


class Lines:
    """A sink in memory."""

    def __init__(self) -> None:
        self.found: list[dict[str, Any]] = []

    def append(self, line: bytes) -> None:
        self.found.append(json.loads(line))

    def named(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self.found if line["event"] == event]


@pytest.fixture
def lines() -> Lines:
    return Lines()


def events_to(lines: Lines) -> RequestEvents:
    return RequestEvents(SecurityLog(lines))


def test_every_form_has_an_event_or_none() -> None:
    posted = set()
    for route in all_routes():
        if isinstance(route, Route) and not (route.methods or set()) <= SAFE_METHODS:
            posted.add(f"{route.endpoint.__module__.rpartition('.')[2]}.{route.endpoint.__name__}")
    assert posted <= set(security_events._OF_PAGES)


def test_api_requests_leave_events_without_ids(service: Service, lines: Lines) -> None:
    cast("Application", service.api.app).events = events_to(lines)
    service.api.call("DELETE", "/v1/contacts/ann", token=service.tokens["write"])
    service.api.call("DELETE", "/v1/contacts/cyd?forget=true", token=service.tokens["write"])
    service.api.post("/v1/contacts/export", {}, token=service.tokens["read"])
    service.api.call("DELETE", "/v1/contacts/bob", token=service.tokens["read"])
    service.api.get("/v1/contacts", token="ltr_wrong")
    [deleted] = lines.named("record_deleted")
    assert deleted["kind"] == "contacts" and deleted["records"] == 1 and deleted["token"] and deleted["user"]
    [forgotten] = lines.named("forget")
    assert forgotten["kind"] == "contacts" and "forget" not in forgotten
    [exported] = lines.named("export")
    assert exported["format"] == "jsonl" and exported["records"] == 3 and exported["request_id"]
    [forbidden] = lines.named("forbidden")
    assert forbidden["route"] == "/v1/contacts/{id}" and forbidden["result"] == "refused"
    [refused] = lines.named("token_refused")
    assert "malformed" in refused["reason"] and "user" not in refused
    assert len(lines.named("token_used")) == 2
    assert "ann" not in str(lines.found) and "ltr_" not in str(lines.found)


def test_pages_leave_events_of_sign_ins_and_tokens(office: Office, lines: Lines) -> None:
    office.app.events = events_to(lines)
    office.browser().sign_in(ADA, "wrong")
    browser = office.signed_in(ADA)
    page = browser.fill("/settings/tokens/new", {"name": "crm", "expires": "90", "scope": "read"})
    assert page.status == 200
    refused, done = lines.named("sign_in")
    assert refused["result"] == "refused" and refused["user"] == done["user"] and done["result"] == "ok"
    [made] = lines.named("token_created")
    assert made["token"] and made["scopes"] == ["read"] and made["user"] == done["user"]
    assert PASSWORD not in str(lines.found) and "wrong" not in str(lines.found) and "ltr_" not in str(lines.found)


def test_form_of_the_second_factor_leaves_no_event_before_a_code(office: Office, lines: Lines) -> None:
    browser = office.signed_in(ADA)
    browser.get("/settings")  # has the token of forms
    office.app.events = events_to(lines)
    office.ahead_ms = RECENT_MS + 1
    shown = browser.post("/settings/two-factor/on", {PROOF: PASSWORD})
    assert shown.status == 200 and "authenticator app" in shown.text
    assert lines.named("two_factor_on") == []
    [secret] = re.findall(r'name="secret" value="(\w+)"', shown.html)
    browser.post("/settings/two-factor/on", {"secret": secret, "code": pyotp.TOTP(secret).now()})
    assert [line["result"] for line in lines.named("two_factor_on")] == ["ok"]
