"""Reader of email addresses in rows."""

from __future__ import annotations

from typing import Any

import pytest

from letrics.ingest.emails import read_emails
from letrics.ingest.partial import Partial
from letrics.records import Email


def personal(*addresses: str) -> tuple[Email, ...]:
    return tuple(Email(address, "personal") for address in addresses)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("Jane@ACME.example", personal("Jane@acme.example")),
        ({"value": "jane@acme.example", "type": "generic"}, (Email("jane@acme.example", "generic"),)),
        (["info@a.example", "INFO@a.example", None, " "], (Email("info@a.example", "generic"),)),
        ("jane@a.example; info@a.example", (*personal("jane@a.example"), Email("info@a.example", "generic"))),
        ('["jane@a.example", {"value": "x@a.example", "type": null}]', personal("jane@a.example", "x@a.example")),
        ('[{"value": "x@a.example", "type": "generic"}]', (Email("x@a.example", "generic"),)),
        (["a@a.example, b@a.example", "c@a.example"], personal("a@a.example", "b@a.example", "c@a.example")),
        ({"value": "a@a.example; b@a.example", "type": "personal"}, personal("a@a.example", "b@a.example")),
        ("[a@a.example]", personal("a@a.example")),
        ("email_not_unlocked@acme.example", ()),
        (None, ()),
        ([], ()),
        ("null", ()),
        ([" ", None], ()),
    ],
)  # fmt: skip
def test_read_emails_gives_addresses(value: Any, read: Any) -> None:
    assert read_emails(value) == read


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("jane", "has no @"),
        ({"value": "jane@acme.example", "type": "home"}, "unknown type: use generic or personal"),
        (5, "must be an email address"),
        ("jane; bob", "has no email address"),
        ("jane@", "the part after the @ is not a domain"),
        (["x@a.example"] * 1_001, "has 1,001 items; the maximum is 1,000"),
    ],
)
def test_read_emails_refuses_with_a_reason(value: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_emails(value)


@pytest.mark.parametrize("value", ["jane; a@a.example", ["jane", "a@a.example"], '["jane","a@a.example"]'])
def test_read_emails_leaves_out_what_is_none(value: Any) -> None:
    reason = '"jane" is not an email address: it has no @'
    assert read_emails(value) == Partial(personal("a@a.example"), (reason,))
