"""Reader of email addresses in rows: a text with one or several, or a list of texts and objects."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

import msgspec

from letrics.ingest.partial import Partial
from letrics.ingest.values import MAX_ITEMS
from letrics.normalize import email_list
from letrics.normalize.domain import is_registrable
from letrics.normalize.email import email_key, email_type
from letrics.normalize.mailbox_roles import is_role
from letrics.query.request_values import shown
from letrics.records import Email

_LOCAL: Final = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*")
"""Matches a plain local part of an email address, which needs no further checks."""
_SHORT: Final = 64
"""The maximum length of an address whose local part is checked only by `_LOCAL`, in characters."""
_PLACEHOLDER: Final = "email_not_unlocked"
"""The local part of what a tool writes instead of an address."""
_NEVER_READ: Final = "must be an email address or an object with value and type"


def read_emails(value: Any) -> tuple[Email, ...] | Partial:
    """Parse email addresses: a text with one or several, a list of texts and objects `{value, type}`, or such a list in
    JSON. Removes duplicates.

    A given type overrides the one derived from the address. Items that are not addresses do not affect the others.
    Raises ValueError if there are only such items.
    """
    if type(value) is str:
        plain = plain_email(value)
        if plain is not None:
            return plain
        if value[:1] not in ("[", "{"):
            return _result(*_read_text(value))
        value = _decode(value)
    if value is None:
        return ()
    items = value if type(value) is list else [value]
    if len(items) > MAX_ITEMS:
        raise ValueError(f"has {len(items):,} items; the maximum is {MAX_ITEMS:,}")
    emails: list[Email] = []
    problems: list[tuple[Any, str]] = []
    for item in items:
        some, wrong = _read_item(item)
        emails += some
        problems += wrong
    return _result(emails, problems)


def plain_email(text: str) -> tuple[Email, ...] | None:
    """Return the address of a text in its usual form, which `read_emails` would return; None for any other text."""
    local, _, host = text.rpartition("@")
    if len(text) <= _SHORT and is_plain_domain(host) and _LOCAL.fullmatch(local) and local.lower() != _PLACEHOLDER:
        return (Email(text, "generic" if is_role(local) else "personal"),)
    return None


@lru_cache(maxsize=100_000)
def is_plain_domain(text: str) -> bool:
    """Cached `is_registrable`, because the contacts of a company share its domain."""
    return is_registrable(text)


def _decode(text: str) -> Any:
    """The list of a JSON array in a text; the text if it is not JSON."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return [text]


def _read_item(item: Any) -> tuple[list[Email], list[tuple[Any, str]]]:
    given: Any = None
    text = item
    if type(item) is dict:
        given = item.get("type")
        text = item.get("value")
    if text is None:
        return [], []
    if type(text) is not str:
        return [], [(item, _NEVER_READ)]
    plain = plain_email(text)
    emails, problems = _read_text(text) if plain is None else (list(plain), [])
    if given is None:
        return emails, problems
    if given != "generic" and given != "personal":
        return [], [(item, "has an unknown type: use generic or personal")]
    return [Email(email.value, given) for email in emails], problems


def _read_text(text: str) -> tuple[list[Email], list[tuple[Any, str]]]:
    addresses, problems = email_list.read_emails(text)
    return [Email(address, email_type(address)) for address in addresses], list(problems)


def _result(emails: list[Email], problems: list[tuple[Any, str]]) -> tuple[Email, ...] | Partial:
    unique: dict[str, Email] = {}
    for email in emails:
        unique.setdefault(email_key(email.value), email)
    if not problems:
        return tuple(unique.values())
    if not unique and len(problems) == 1:
        raise ValueError(problems[0][1])
    if not unique:
        raise ValueError("has no email address")
    return Partial(tuple(unique.values()), tuple(f"{shown(text)} {reason}" for text, reason in problems))
