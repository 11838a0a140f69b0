"""Regular lines of a CSV file as columns: each is a row of one line that has all of its cells.

Most files have nothing else. Their rows need no Python code one by one.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping, Sequence

from letrics.ingest.cell_text import clean_cell
from letrics.ingest.footers import MIN_COLUMNS
from letrics.ingest.header import make_reader
from letrics.ingest.rows import RowBlock
from letrics.ingest.totals import have_totals, is_totals_row, may_be_totals


def read_regular(
    number: int, lines: list[str], delimiter: str, names: Sequence[str], wanted: Collection[str] | None,
    cleans: bool, odd: bool,
) -> RowBlock | None:  # fmt: skip
    """Return the lines as columns, those of `wanted` if it is given; None if a line is not regular.

    Totals at the end are left out, since what follows decides about them. Lines of totals before are not
    regular. `number` is that of the first
    line. `cleans` says that cells may have marks around their text, and `odd` that these may be beyond ASCII.
    """
    try:
        records = list(make_reader(lines, delimiter))
    except csv.Error:
        return None
    if len(records) != len(lines) or set(map(len, records)) != {len(names)}:
        return None
    while records and may_be_totals(records[-1]) and is_totals_row(names, list(map(clean_cell, records[-1]))):
        records.pop()
    if not records or have_totals(names, lines[: len(records)], records):
        return None
    columns: dict[str, Sequence[str]] = {
        name: cells
        for name, cells in zip(names, zip(*records, strict=True), strict=True)
        if wanted is None or name in wanted
    }
    for name, cells in columns.items():
        if cleans:
            together = "".join(cells)
            if "\x1a" in together:
                return None
            if "'" in together or "=" in together or not (together.isascii() or not odd):
                cells = [
                    clean_cell(cell) if "'" in cell or cell[:1] == "=" or not cell.isascii() else cell for cell in cells
                ]
                columns[name] = cells
        if any(map(str.isspace, cells)):
            columns[name] = ["" if cell.isspace() else cell for cell in cells]
    few = 1 if len(names) >= MIN_COLUMNS else 0
    return RowBlock(number, lines[: len(records)], columns) if _have_more(columns, few) else None


def _have_more(columns: Mapping[str, Sequence[str]], few: int) -> bool:
    """Return whether each row has more than `few` cells that are not empty."""
    filled = sum("" not in cells for cells in columns.values())
    return filled > few or all(sum(map(bool, row)) > few for row in zip(*columns.values(), strict=True))
