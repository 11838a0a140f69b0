"""Footers of CSV reports, such as the line `Confidential Information - Do Not Distribute` after the last row.

A footer is a record after the last row whose only filled cell is the first one, in a table of three columns or more. It
must look like a sentence, follow a blank line, or begin with a word of footers. Text that may identify a record, such
as an address, a domain or a number, is never a footer, and neither is the name of a company with its legal form. Rows
of totals are footers, too (`letrics.ingest.totals`), also between rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

from letrics.ingest.rows import FileRow
from letrics.ingest.totals import is_certain_label, is_label_of_group, is_totals_label
from letrics.normalize.company_names import has_legal_form
from letrics.plurals import counted

MIN_COLUMNS: Final = 3
"""The minimum number of columns of a table that can have footers."""
MAX_HELD: Final = 20
"""The maximum number of lines of a footer. More lines are rows."""
_SHOWN: Final = 3
"""The maximum number of footers that are quoted in the notice."""
_SEVERAL: Final = 2
"""The number of totals after the last row with which a label between rows is one of totals, too."""
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

Totals = Literal["no name", "may be a name"]
"""What the label of totals can be besides."""


class Footers:
    """Records that may be footers: they are held until a row follows or the file ends.

    Totals between rows, such as the subtotal of a group, are skipped if their label is no name, or if there are
    several: a company called Total is in a file once. Until that is known, the row of such a label waits. A label
    without an amount is a row.
    """

    def __init__(self) -> None:
        self.held: list[FileRow] = []
        self._texts: list[str] = []
        self._totals: list[Totals | None] = []
        self._after_blank = False
        self._inner = list[tuple[int, str]]()
        self._inner_count = 0
        self._undecided: list[FileRow] = []

    @property
    def skipped(self) -> int:
        """The number of records that are skipped, as far as it is known."""
        return len(self.held) + self._inner_count

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
        has_amount = is_certain_label(text) and any(map(str.isdigit, text))
        return self._hold(row, text, "no name" if has_amount else None)

    def hold_totals(self, row: FileRow, names: Sequence[str], cells: Sequence[str]) -> bool:
        """Hold a row of totals with these cells, in columns with these names."""
        filled = [(name, cell) for name, cell in zip(names, cells, strict=False) if cell]
        is_no_name = is_certain_label(filled[0][1]) or is_label_of_group(*filled[0])
        return self._hold(row, ", ".join(cell for _, cell in filled), "no name" if is_no_name else "may be a name")

    def _hold(self, row: FileRow, text: str, totals: Totals | None) -> bool:
        if len(self.held) == MAX_HELD:
            return False
        self.held.append(row)
        self._texts.append(text)
        self._totals.append(totals)
        return True

    def release(self) -> list[FileRow]:
        """Return the held records, since a row follows them. They are rows, except for totals between rows."""
        rows = list[FileRow]()
        for row, text, totals in zip(self.held, self._texts, self._totals, strict=True):
            if totals is None:
                rows.append(row)
                continue
            if len(self._inner) < _SHOWN:
                self._inner.append((row.line, text))
            if totals == "may be a name" and not self._inner_count and not self._undecided:
                self._undecided.append(row)
            else:
                self._inner_count += 1 + len(self._undecided)
                self._undecided.clear()
        self.held, self._texts, self._totals = [], [], []
        self._after_blank = False
        return rows

    def end(self) -> list[FileRow]:
        """Return the only totals between rows, which are a row unless two or more totals follow the last row."""
        rows, self._undecided = self._undecided, []
        if rows and len(self._totals) - self._totals.count(None) >= _SEVERAL:
            self._inner_count += len(rows)
            return []
        if rows:
            self._inner.clear()
        return rows

    def describe(self) -> list[str]:
        """Return notices about the held records, and about totals between rows, none if there are none."""
        notices = []
        if self._inner_count:
            shown = _shown([text for _, text in self._inner], self._inner_count)
            notices.append(
                f"{counted(self._inner_count, 'line')} of totals between rows skipped, from line "
                f"{self._inner[0][0]:,}: {shown}"
            )
        if self.held:
            notices.append(
                f"{counted(len(self.held), 'line')} after the last row skipped, from line {self.held[0].line:,}: "
                f"{_shown(self._texts, len(self.held))}"
            )
        return notices


def _shown(texts: Sequence[str], count: int) -> str:
    """The first of `count` texts, in quotation marks."""
    shown = [f"“{text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 1] + '…'}”" for text in texts[:_SHOWN]]
    return f"{', '.join(shown)}{', …' if count > _SHOWN else ''}"
