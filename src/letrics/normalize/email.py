"""Email addresses: parsing, the form for comparisons, and the distinction of personal and generic addresses."""

from __future__ import annotations

import re
from typing import Final, Literal
from urllib.parse import unquote

from letrics.normalize.domain import host_labels
from letrics.normalize.mailbox_roles import is_role

_LOCAL: Final = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")
"""Matches the part before the @: dot-separated atoms of RFC 5321, with the letters of RFC 6531."""
_MAX_LOCAL: Final = 64
"""The maximum length of the part before the @, in bytes (RFC 5321)."""
_MAX_ADDRESS: Final = 254
"""The maximum length of an address, in bytes (RFC 5321)."""
_MAX_TEXT: Final = 2_000
"""The maximum length of a text that is parsed as an address, in characters. It can include a name and a subject."""


def read_email(text: str) -> str:
    """Parse an address, also in `mailto:` or `Name <address>`. Returns it with the domain in lower-case ASCII.

    The part before the @ stays as written. Raises ValueError, with a text for the user, if it is not an address. The
    syntax is that of RFC 5321 without quoted strings and address literals, and with the letters of RFC 6531.
    """
    address = _bare(text.strip())
    if len(address) > _MAX_TEXT:
        raise ValueError(_TOO_LONG)
    if address[:7].lower() == "mailto:":
        address = unquote(address[7:].partition("?")[0]).strip()
    if not address:
        raise ValueError("is blank: use an email address such as jane@example.com")
    local, at, host = address.rpartition("@")
    if not at:
        raise ValueError("is not an email address: it has no @")
    if not _LOCAL.fullmatch(local):
        raise ValueError("is not an email address: the part before the @ is empty or contains invalid characters")
    try:
        labels = host_labels(host.removesuffix("."))
    except ValueError:
        raise ValueError("is not an email address: the part after the @ is not a domain") from None
    address = f"{local}@{'.'.join(labels)}"
    if len(local.encode()) > _MAX_LOCAL or len(address.encode()) > _MAX_ADDRESS:
        raise ValueError(_TOO_LONG)
    return address


_TOO_LONG: Final = f"is too long for an email address (at most {_MAX_ADDRESS} bytes, {_MAX_LOCAL} before the @)"
"""The error for an address that is too long."""


def _bare(text: str) -> str:
    """Return the part in angle brackets of `Name <address>`. Returns other text unchanged."""
    name, bracket, rest = text.partition("<")
    if bracket and ">" not in name and "<" not in rest and rest.find(">") == len(rest) - 1:
        return rest[:-1].strip()
    return text


def email_key(address: str) -> str:
    """Return the form in which addresses are compared.

    The part before the @ is compared without case. RFC 5321 lets hosts distinguish case, but none does.
    """
    return address.casefold()


def email_type(address: str) -> Literal["generic", "personal"]:
    """Return `generic` if the part before the @ names a listed role (info, sales2, kontakt+web), otherwise `personal`.

    The mail provider does not matter.
    """
    return "generic" if is_role(address.rpartition("@")[0]) else "personal"
