"""Names of mailboxes that belong to a role and not to a person, such as info, sales and kontakt."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

_DIGITS: Final = re.compile(r"[._-]?[0-9]+$")


def is_role(local: str) -> bool:
    """Whether the part of an address before the @ names a role, whatever its plus-tag, case, and digits at the end."""
    name = _DIGITS.sub("", local.partition("+")[0].casefold())
    return name in role_names()


@cache
def role_names() -> frozenset[str]:
    """The listed names, case-folded. The list's source is in its first lines."""
    text = (files("letrics.normalize") / "data" / "role_names.txt").read_text("utf-8")
    return frozenset(line for line in text.split() if not line.startswith("#"))
