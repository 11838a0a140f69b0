"""Names of mailboxes that belong to a role instead of a person, such as info, sales and kontakt."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files
from typing import Final

_MAX_LOCAL: Final = 254
"""The maximum length of a name that is checked, in characters; no address is longer."""
_DIGITS: Final = "0123456789"
"""The digits that are ignored at the end of a name."""
_ENDS: Final = frozenset((*_DIGITS, *"._-"))
"""The characters that are ignored at the end of a name."""
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
    words = [word for word in name.replace("-", ".").replace("_", ".").split(".") if word.strip(_DIGITS)]
    together = "".join(words)
    if _names_machine(together):
        return True
    if _listed(together) and all(len(word) > 1 for word in words):
        return True
    found = False
    for word in words:
        if _listed(word):
            found = True
        elif word not in _BESIDES:
            return False
    return found


def _names_machine(name: str) -> bool:
    return "noreply" in name or "donotreply" in name or "mailerdaemon" in name


def _listed(name: str) -> bool:
    roles = role_names()
    return name in roles or (name[-1:] in _ENDS and name.rstrip(_DIGITS).rstrip("._-") in roles)


@cache
def role_names() -> frozenset[str]:
    """Return the listed names, case-folded. The first lines of the list name its source."""
    text = (files("letrics.normalize") / "data" / "role_names.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))
