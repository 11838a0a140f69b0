"""A column of a file and the record field that it sets."""

from __future__ import annotations

from typing import Literal

import msgspec

from letrics.ingest.sniffing import Look

Reason = Literal[
    "name", "alias", "values", "other_columns", "given", "object", "unknown", "unused", "only", "ambiguous"
]  # fmt: skip
"""Why a column has its field: our name, a known header, its values, the other columns, the user, or a nested object.

Or why it is not used: an unknown header, a known header that no field corresponds to, another column that has the same
field, or several fields that fit equally well.
"""


class MappedColumn(msgspec.Struct, frozen=True, omit_defaults=True):
    """A column of a file: the record field that it sets, in the names of COLUMNS, or None if it is not used.

    `choices` has the fields of an ambiguous column. `looks_like` is what the values of an unused column look like.
    """

    name: str
    field: str | None
    reason: Reason
    rank: int = 0
    tools: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    looks_like: Look | None = None
    samples: tuple[str, ...] = ()
