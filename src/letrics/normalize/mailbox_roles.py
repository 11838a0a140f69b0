"""Names of mailboxes that belong to a role instead of a person, such as info, sales and kontakt."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Final

_SEPARATORS: Final = re.compile(r"[._-]+")
"""Matches the characters between the words of a mailbox name."""
_MAX_LOCAL: Final = 254
"""The maximum length of a name that is checked, in characters; no address is longer."""
_DIGITS: Final = "0123456789"
"""The digits that are ignored at the end of a name."""
_MACHINES: Final = ("noreply", "donotreply", "mailerdaemon")
"""Names of automatic senders; a name that contains one of them is a role."""
_BESIDES: Final = frozenset(
    (
        *("at", "au", "be", "br", "ca", "ch", "cn", "de", "dk", "en", "es", "eu", "fi", "fr", "gb", "ie", "in", "int"),
        *("it", "jp", "nl", "no", "pl", "pt", "se", "uk", "us", "asia", "apac", "dach", "emea", "latam", "europe"),
        *("global", "deutschland", "germany", "france", "italia", "italy", "espana", "spain", "benelux", "nordics"),
        *("dept", "department", "group", "line", "new", "the", "and", "und"),
    )
)
"""Words that can accompany the name of a role: `sales.de`, `support-emea`, `hr_dept`."""


def is_role(local: str) -> bool:
    """Return whether the part of an address before the @ names a role. Ignores case, plus tag and final digits.

    Several words (`sales.team`, `customer-service`, `info_de`) are a role if each word names a role or can accompany
    one. Any other word makes it a person's name: `j.sales`.
    """
    if len(local) > _MAX_LOCAL:
        return False
    name = local.partition("+")[0]
    name = name.lower() if name.isascii() else unicodedata.normalize("NFKC", name).casefold()
    if _listed(name):
        return True
    if "." not in name and "-" not in name and "_" not in name:  # one word, as most names are
        return _names_machine(name)
    words = [word for word in _SEPARATORS.split(name) if word.strip(_DIGITS)]
    together = "".join(words)
    if _names_machine(together):
        return True
    if all(len(word) > 1 for word in words) and _listed(together):
        return True
    roles = [_listed(word) for word in words]
    return any(roles) and all(role or word in _BESIDES for role, word in zip(roles, words, strict=True))


def _names_machine(name: str) -> bool:
    for machine in _MACHINES:  # noqa: SIM110 (`any` of a generator takes three times as long)
        if machine in name:
            return True
    return False


def _listed(name: str) -> bool:
    return name in role_names() or name.rstrip(_DIGITS).rstrip("._-") in role_names()


@cache
def role_names() -> frozenset[str]:
    """Return the listed names, case-folded. The first lines of the list name its source."""
    text = (files("letrics.normalize") / "data" / "role_names.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))
