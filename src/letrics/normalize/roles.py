"""Names of mailboxes that belong to a role and not to a person, such as info, sales and kontakt."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Final

_SEPARATORS: Final = re.compile(r"[._-]+")
_MAX_LOCAL: Final = 254
"""The most characters that are looked at: no address is longer."""
_DIGITS: Final = "0123456789"
_MACHINES: Final = ("noreply", "donotreply", "mailerdaemon")
_BESIDES: Final = frozenset(
    (
        *("at", "au", "be", "br", "ca", "ch", "cn", "de", "dk", "en", "es", "eu", "fi", "fr", "gb", "ie", "in", "int"),
        *("it", "jp", "nl", "no", "pl", "pt", "se", "uk", "us", "asia", "apac", "dach", "emea", "latam", "europe"),
        *("global", "deutschland", "germany", "france", "italia", "italy", "espana", "spain", "benelux", "nordics"),
        *("dept", "department", "group", "line", "new", "the", "and", "und"),
    )
)
"""Words that stand beside a role's name without making it a person's: `sales.de`, `support-emea`, `hr_dept`."""


def is_role(local: str) -> bool:
    """Whether the part of an address before the @ names a role, whatever its case, plus-tag and final digits.

    Several words (`sales.team`, `customer-service`, `info_de`) are a role when each is one or stands beside one; a word
    that is neither makes it a person: `j.sales`.
    """
    if len(local) > _MAX_LOCAL:
        return False
    name = local.partition("+")[0]
    name = name.lower() if name.isascii() else unicodedata.normalize("NFKC", name).casefold()
    if _listed(name):
        return True
    words = [word for word in _SEPARATORS.split(name) if word.strip(_DIGITS)]
    together = "".join(words)
    if any(machine in together for machine in _MACHINES):
        return True
    if all(len(word) > 1 for word in words) and _listed(together):
        return True
    roles = [_listed(word) for word in words]
    return any(roles) and all(role or word in _BESIDES for role, word in zip(roles, words, strict=True))


def _listed(name: str) -> bool:
    return name in role_names() or name.rstrip(_DIGITS).rstrip("._-") in role_names()


@cache
def role_names() -> frozenset[str]:
    """The listed names, case-folded. The list's source is in its first lines."""
    text = (files("letrics.normalize") / "data" / "role_names.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))
