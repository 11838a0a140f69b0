"""Footers of CSV reports, such as the line `Confidential Information - Do Not Distribute` after the last row.

A footer is a record after the last row whose only filled cell is the first one, in a table of three columns or more. It
must look like a sentence, follow a blank line, or begin with a word of footers. Text that may identify a record, such
as an address, a domain or a number, is never a footer, and neither is the name of a company with its legal form. Rows
of totals are footers, too (`letrics.ingest.totals`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from letrics.ingest.rows import FileRow
from letrics.ingest.totals import is_totals_label
from letrics.normalize.company_names import has_legal_form
from letrics.plurals import counted

MIN_COLUMNS: Final = 3
"""The minimum number of columns of a table that can have footers."""
MAX_HELD: Final = 20
"""The maximum number of lines of a footer. More lines are rows."""
_SHOWN: Final = 3
"""The maximum number of footers that are quoted in the notice."""
_MAX_TEXT: Final = 100
"""The maximum length of a footer in the notice, in characters."""
_SENTENCE: Final = 3
"""The number of words from which a text looks like a sentence."""
_IDENTIFIES: Final = re.compile(r"\S*@\S+|https?:\S+|\S+\.[^\W\d_]{2,}(?:/\S*)?|[\W\d_]+|\S*\d\S*")
"""Matches text that may identify a record: an address, a URL, a domain, a number or a code."""
_FOOTER: Final = re.compile(
    r"records?:|rows?:|confidential|copyright|©|\(c\)|generated|exported|page \d|printed|source:|note:|end of|"
    r"filtered by|vertraulich|exporté|erstellt",
    re.IGNORECASE,
)
"""Matches the beginning of common footers."""
_REPORT: Final = re.compile(r"report ", re.IGNORECASE)
"""Matches the beginning of footers that can be a name, too."""


class Footers:
    """Records that may be footers: they are held until a row follows or the file ends."""

    def __init__(self) -> None:
        self.held: list[FileRow] = []
        self._texts: list[str] = []
        self._after_blank = False

    def skip_blank(self) -> None:
        """Register a blank record."""
        self._after_blank = True

    def hold(self, row: FileRow, text: str, alone: bool) -> bool:
        """Hold a record with one filled cell if it may be a footer. `alone` says that no delimiters follow the cell."""
        if "@" in text or _IDENTIFIES.fullmatch(text):
            return False
        if not _FOOTER.match(text):
            follows = self._after_blank or bool(self.held)
            sentence = alone and len(text.split()) >= _SENTENCE
            if has_legal_form(text) or not (follows or sentence or _REPORT.match(text) or is_totals_label(text)):
                return False
        return self._hold(row, text)

    def hold_totals(self, row: FileRow, cells: Sequence[str]) -> bool:
        """Hold a row of totals with these cells."""
        return self._hold(row, ", ".join(filter(None, cells)))

    def _hold(self, row: FileRow, text: str) -> bool:
        if len(self.held) == MAX_HELD:
            return False
        self.held.append(row)
        self._texts.append(text)
        return True

    def release(self) -> list[FileRow]:
        """Return the held records, since a row follows them. They are rows."""
        rows, self.held = self.held, []
        self._texts = []
        self._after_blank = False
        return rows

    def describe(self) -> list[str]:
        """Return a notice about the held records, none if there are none."""
        if not self.held:
            return []
        shown = [
            f"“{text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 1] + '…'}”" for text in self._texts[:_SHOWN]
        ]
        more = ", …" if len(self.held) > _SHOWN else ""
        return [
            f"{counted(len(self.held), 'line')} after the last row skipped, from line {self.held[0].line:,}: "
            f"{', '.join(shown)}{more}"
        ]
