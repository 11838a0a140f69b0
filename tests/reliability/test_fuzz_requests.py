"""Random requests: each gets a response in time, with a status below 500 and, under /v1, with the envelope."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any, Final
from urllib.parse import quote, urlencode

import pytest

from letrics.fields import CATALOGUE
from tests.api.caller import Caller
from tests.office import ADA, Office
from tests.reliability.fuzz.random_texts import random_text
from tests.reliability.fuzz.running_cases import run_cases

Sent = tuple[str, str, bytes, dict[str, str]]
"""Method, target, body and headers."""

NAMES: Final = [field.name for field in CATALOGUE] + ["page", "per_page", "cursor", "order", "fields", "exclude_emails"]
PATHS: Final = ("/v1/contacts", "/v1/companies", "/v1/contacts/count", "/v1/contacts/facets", "/v1/companies/count")
PAGES: Final = ("/explore/contacts", "/explore/companies", "/signin", "/docs/api", "/overview", "/import", "/settings")
HEADERS: Final = (
    "accept", "accept-encoding", "content-type", "cookie", "host", "idempotency-key", "if-none-match", "origin",
    "range", "referer", "sec-fetch-site", "user-agent", "x-csrf", "x-forwarded-for", "x-request-id", "forwarded",
    "expect",
)  # fmt: skip
LONGEST_URL: Final = 12_000
"""Characters of the longest query string, some of which become several when they are encoded."""


def _value(random: Random, depth: int = 0) -> Any:
    style = random.randrange(10)
    if style < 5:
        return [random_text(random) for _ in range(random.randrange(4))]
    if style < 7 or depth > 3:
        return random_text(random)
    if style < 9:
        return random.choice((True, False, None, 0, -1, 10**30, 1.5, 1e308, [], {}, [[]], [None], [1]))
    return {random_text(random, 200): _value(random, depth + 1)}


def _body(random: Random) -> Sent:
    record = {
        random.choice(NAMES) if random.random() < 0.9 else random_text(random): _value(random)
        for _ in range(random.randrange(5))
    }
    data = bytearray(json.dumps(record, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass"))
    for _ in range(random.choice((0, 0, 0, 1, 5))):
        place = random.randrange(len(data))
        data[place : place + random.randrange(2)] = random.choice((b'"', b"{", b"[", b"\xff", b"\0", b"\\u", b","))
    return "POST", random.choice(PATHS), bytes(data), {"content-type": "application/json"}


def _query(random: Random) -> Sent:
    if random.random() < 0.3:
        query = quote(random_text(random, LONGEST_URL).encode("utf-8", "surrogatepass"), safe="&=%+;[]")
    else:
        pairs = [
            (random.choice(NAMES), random_text(random, 300).encode("utf-8", "surrogatepass"))
            for _ in range(random.randrange(6))
        ]
        query = urlencode(pairs)
    return "GET", f"{random.choice((*PATHS, *PAGES))}?{query}", b"", {}


def _header(random: Random) -> Sent:
    headers = {
        random.choice(HEADERS): random_text(random, 60_000).encode("utf-8", "surrogatepass").decode("latin-1")
        for _ in range(random.randrange(4))
    }
    method = random.choice(("GET", "POST", "HEAD", "OPTIONS", "DELETE", "PUT"))
    return method, random.choice((*PATHS, *PAGES, "/", "/nothing", "/v1/contacts/ann")), b"", headers


def _form(random: Random) -> Sent:
    names = (
        "email",
        "password",
        "code",
        "pending",
        "next",
        "csrf",
        "name",
        "secret",
        "role",
        "scope",
        "expires",
        "date",
    )
    pairs = [
        (random.choice(names), random_text(random).encode("utf-8", "surrogatepass")) for _ in range(random.randrange(6))
    ]
    target = random.choice(("/signin", "/signin/code", "/settings", "/settings/tokens/new", "/settings/two-factor/on"))
    return "POST", target, urlencode(pairs).encode(), {"content-type": "application/x-www-form-urlencoded"}


MAKERS: Final[dict[str, Callable[[Random], Sent]]] = {
    "body": _body,
    "query": _query,
    "headers": _header,
    "form": _form,
}


@pytest.mark.parametrize("kind", MAKERS)
def test_random_request_is_answered_in_time(kind: str, seed: int, office: Office) -> None:
    browser = office.signed_in(ADA)
    browser.get("/settings")
    token = browser.post("/settings/tokens/new", {"name": "x", "scope": "write", "expires": "30"}).inner("secret")
    api = Caller(office.app, office.loop, token)
    cookies = "; ".join(f"{name}={value}" for name, value in browser.jar.items())
    usual = {"host": "letrics.example:8000", "cookie": cookies, "x-csrf": browser.csrf, "sec-fetch-site": "same-origin"}

    def check(case: Sent) -> None:
        method, target, body, headers = case
        under_v1 = target.startswith("/v1")
        reply = api.call(method, target, body, headers if under_v1 else usual | headers)
        assert 200 <= reply.status < 500, reply.body
        assert len(reply.body) < 4_000_000
        if under_v1 and method != "HEAD":
            assert set(reply.json) == {"data", "meta", "errors"}

    run_cases(kind, seed, 40, MAKERS[kind], check)
