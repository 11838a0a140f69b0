"""Email addresses: how one is read and compared, and whether it belongs to a person or to a role."""

from __future__ import annotations

import re
from typing import Final, Literal
from urllib.parse import unquote

from letrics.normalize.domain import host_labels
from letrics.normalize.roles import is_role

_LOCAL: Final = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_MAX_LOCAL: Final = 64
_MAX_ADDRESS: Final = 254
_MAX_TEXT: Final = 2_000
"""The most characters of a text that an address is looked for in: a name may come before it, a subject after it."""


def read_email(text: str) -> str:
    """An address as it is kept: `mailto:` and `Name <address>` are unwrapped, the domain is lower-case ASCII, and the
    part before the @ stays as it was given.

    Raises ValueError with words for a person when it is no address. The shape is RFC 5321's without quoted strings and
    address literals, and with the letters of RFC 6531.
    """
    address = _bare(text.strip())
    if len(address) > _MAX_TEXT:
        raise ValueError(_TOO_LONG)
    if address[:7].lower() == "mailto:":
        address = unquote(address[7:].partition("?")[0]).strip()
    if not address:
        raise ValueError("is blank: give an email address such as jane@example.com")
    local, at, host = address.rpartition("@")
    if not at:
        raise ValueError("is not an email address: it has no @")
    if not _LOCAL.fullmatch(local):
        raise ValueError("is not an email address: the part before the @ is empty or holds what it cannot")
    try:
        labels = host_labels(host.removesuffix("."))
    except ValueError:
        raise ValueError("is not an email address: the part after the @ is no domain") from None
    address = f"{local}@{'.'.join(labels)}"
    if len(local.encode()) > _MAX_LOCAL or len(address.encode()) > _MAX_ADDRESS:
        raise ValueError(_TOO_LONG)
    return address


_TOO_LONG: Final = f"is too long for an email address ({_MAX_ADDRESS} bytes, {_MAX_LOCAL} before the @)"


def _bare(text: str) -> str:
    """What stands between the angle brackets of `Name <address>`; any other text as it is."""
    name, bracket, rest = text.partition("<")
    if bracket and ">" not in name and "<" not in rest and rest.find(">") == len(rest) - 1:
        return rest[:-1].strip()
    return text


def email_key(address: str) -> str:
    """The form by which two addresses are one. The part before the @ is compared without case: RFC 5321 lets a host
    tell cases apart, and none does."""
    return address.casefold()


def email_type(address: str) -> Literal["generic", "personal"]:
    """`generic` when the part before the @ is the name of a listed role (info, sales2, kontakt+web), else `personal`,
    whatever the mail provider."""
    return "generic" if is_role(address.rpartition("@")[0]) else "personal"
