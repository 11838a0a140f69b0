"""Ids of other systems in columns of values: a table links to the record of a company instead of naming it.

Airtable exports `recAbCdEfGhIjKlMn` or `["recAbCdEfGhIjKlMn"]`, Salesforce `0015g00000AbCdEAAZ`, and others a UUID or a
number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_FOREIGN_ID: Final = re.compile(
    r"rec(?=[A-Za-z]*[A-Z0-9])[A-Za-z0-9]{14}"
    r"|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|(?=[a-f]*[0-9])(?:[0-9a-f]{24}|[0-9a-f]{32})"
    r"|0[0-9A-Za-z]{2}(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[0-9A-Za-z]{12}(?:[A-Z0-5]{3})?"
)
"""Matches an id of Airtable, a UUID, an id of MongoDB or Notion, and one of Salesforce."""
_NUMBER: Final = re.compile(r"[0-9]{8,20}")
"""Matches a number that is an id in a column of names."""
_BETWEEN: Final = re.compile(r"[\s,;|\"'\[\]]+")
"""Matches what separates the ids of a list, also of one in JSON."""
_LONGEST: Final = 1_000
"""The maximum length of a value that is looked at, in characters."""
_SHARE: Final = 0.9
"""The share of the values of a column that must be ids."""


def are_foreign_ids(texts: Sequence[str], with_numbers: bool = True) -> bool:
    """Return whether the values of a column are ids of other systems, each value one or more.

    With `with_numbers`, long numbers are ids, too. They are none in columns of phone numbers or revenues.
    """
    return bool(texts) and sum(_is_foreign_id(text, with_numbers) for text in texts) >= _SHARE * len(texts)


def _is_foreign_id(text: str, with_numbers: bool) -> bool:
    ids = [part for part in _BETWEEN.split(text[:_LONGEST]) if part]
    return bool(ids) and all(_FOREIGN_ID.fullmatch(part) or (with_numbers and _NUMBER.fullmatch(part)) for part in ids)
