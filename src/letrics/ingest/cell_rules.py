"""How the cells of a file are interpreted."""

from __future__ import annotations

import msgspec


class CellRules(msgspec.Struct, frozen=True):
    """Rules for the cells of one file. The same rules apply in the process that reads the file.

    With `strict`, a cell that cannot be read rejects its row. Otherwise the cell is left out with a warning.
    """

    strict: bool = False


DEFAULT_RULES = CellRules()
"""The rules without any option."""
