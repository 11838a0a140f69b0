"""Random texts, of up to a million characters, for everything that normalises a value: times, places, addresses, …"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any, Final

import msgspec
import pytest

from letrics.accounts.browser import cookie, from_elsewhere
from letrics.accounts.password_rules import check_password
from letrics.accounts.second_factor import is_recovery_code
from letrics.api.application import MAX_URL
from letrics.api.querystring import read_search
from letrics.errors import LetricsError
from letrics.host_header import HOST
from letrics.ingest.cell_rules import CellRules
from letrics.ingest.columns import COLUMNS
from letrics.ingest.company_mapper import CompanyMapper
from letrics.ingest.contact_mapper import ContactMapper
from letrics.ingest.rows import RowProblem
from letrics.query import parse_request
from letrics.records import Kind
from letrics.web.device import device
from letrics.web.own_path import own_path
from tests.normalize.test_any_text import COMPARED, KEPT
from tests.reliability.fuzz.random_texts import random_text
from tests.reliability.fuzz.running_cases import run_cases

KINDS: Final[tuple[Kind, ...]] = ("companies", "contacts")
Reader = Callable[[str], Any]

_NAMED: Final = ("place.", "time.", "dates.", "year.", "email.")
_ALL: Final = {**COMPARED, **KEPT}


def _only(*prefixes: str) -> list[tuple[str, Reader]]:
    return [(name, reader) for name, reader in _ALL.items() if name.startswith(prefixes)]


def _header(name: bytes, reader: Callable[[list[tuple[bytes, bytes]]], Any]) -> Reader:
    return lambda text: reader([(name, text.encode("utf-8", "surrogatepass"))])


def _cell(kind: Kind, column: str, text: str) -> None:
    rules = CellRules(comma_lists=(column,))
    mapper = CompanyMapper(True, rules) if kind == "companies" else ContactMapper(True, rules=rules)
    named = {"domain": "acme.example"} if kind == "companies" else {"id": "1", "company_domain": "acme.example"}
    try:
        mapper.read({**named, column: text})
    except RowProblem as raised:
        reason = raised.reason
    else:
        return
    assert len(reason) <= 1_000


def _filter(name: str, text: str) -> None:
    try:
        parse_request("contacts", {name: [text]})
    except LetricsError as error:
        problems = error.problems
    else:
        return
    assert all(len(item.details) < 2_000 for item in problems)


def _search(text: str) -> None:
    read_search("contacts", text.encode("utf-8", "surrogatepass")[:MAX_URL])


READERS: Final[dict[str, list[tuple[str, Reader]]]] = {
    "location": _only("place."),
    "time": _only("time.", "dates.", "year."),
    "email": _only("email."),
    "other values": [one for one in _ALL.items() if not one[0].startswith(_NAMED)],
    "header": [
        ("cookie", _header(b"cookie", partial(cookie, name="letrics_session"))),
        ("origin", _header(b"origin", from_elsewhere)),
        ("sec-fetch-site", _header(b"sec-fetch-site", from_elsewhere)),
        ("host", lambda text: HOST.fullmatch(text) is not None),
        ("user-agent", device),
        ("next", own_path),
        ("password", check_password),
        ("code", is_recovery_code),
    ],
    "query string": [("search", _search)],
    "cell": [(f"{kind}.{name}", partial(_cell, kind, name)) for kind in KINDS for name in COLUMNS[kind]],
    "filter": [(name, partial(_filter, name)) for name in ("locations", "domains", "emails", "tlds", "job_titles")],
}  # fmt: skip
"""By kind: what reads a text."""


@pytest.mark.parametrize("kind", READERS)
def test_any_text_is_read_or_refused_in_time(kind: str, seed: int) -> None:
    readers = READERS[kind]

    def make(random: Random) -> tuple[str, Reader, str]:
        name, reader = random.choice(readers)
        return name, reader, random_text(random)

    def check(case: tuple[str, Reader, str]) -> None:
        name, reader, text = case
        refusal: ValueError | None = None
        value = None
        try:
            value = reader(text)
        except ValueError as error:
            refusal = error
        assert refusal is None or (type(refusal) is ValueError and len(str(refusal)) <= 1_000), repr(refusal)
        if name in KEPT:
            msgspec.json.encode(value)

    run_cases(kind, seed, 100, make, check)
