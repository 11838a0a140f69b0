"""Damage of a SQLite file, which `letrics check` lists: pages, rows, and indexes that do not match their tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import apsw

_OF_INDEX: Final = re.compile(r"row \d+ missing from index|wrong # of entries in index|values out of order in index")
"""Matches what SQLite reports of an index that does not match its table. The rows themselves are readable."""
_FIX_OF_INDEX: Final = "`letrics check --repair` builds the index again"
_MOST: Final = 20
"""Maximum number of findings. The rest of a damaged file is rarely of interest."""


def is_of_index(words: str) -> bool:
    """Whether a finding is about an index, which can be built again from its table."""
    return _OF_INDEX.search(words) is not None


def file_damage(connection: apsw.Connection, fix_of_index: str = _FIX_OF_INDEX) -> Iterator[str]:
    """What is wrong with the file, at most 20 findings, each with what to do; `fix_of_index` is that for an index.

    `integrity_check` also compares each index with its table, which finds a changed seq, domain or company of a record.
    """
    try:
        found = [str(row[0]) for row in connection.execute(f"PRAGMA integrity_check({_MOST})")]
    except (apsw.Error, UnicodeDecodeError) as error:
        found = [f"it cannot be read ({type(error).__name__})"]
    if found == ["ok"]:
        return
    for words in found:
        fix = fix_of_index if is_of_index(words) else "restore a backup"
        yield f"the file is damaged: {words}: {fix}"
