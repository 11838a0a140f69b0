"""Rows of totals below a table, such as `Total,,,30` or `Summe;;3.000 €`.

The first filled cell of such a row is a label of totals, and the others are amounts. A number that can be a fact of a
record, such as a phone number, a postal code, a year or an id, makes it a row: a company can be called Total. If all
that is known of such a company is its size or revenue, and it is in the last row, it is skipped and named as a footer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from letrics.ingest.cell_text import clean_cell
from letrics.ingest.recognition import recognise
from letrics.ingest.registry_numbers import is_registry_number
from letrics.ingest.sniffing import look_of
from letrics.normalize.empty_cells import EMPTY_CELLS, is_empty_cell
from letrics.records import KINDS

_NO_NAME: Final = "|".join((
    "grand[ -]totals?", "sub[ -]?totals?", "total[es]?[ -](?:general|géné?rale?|geral|generale|complessivo)",
    "total (?:amount|sum|count)", "overall totals?", "sous[ -]total", "somme totale", "suma total", "soma total",
    "gesamtsumme", "gesamtergebnis", "gesamtanzahl", "gesamtwert", "gesamtbetrag", "zwischensumme", "teilergebnis",
    "eindtotaal", "subtotaal", "averages?", "durchschnitt", "mittelwert", "moyenne", "promedio", "gemiddelde",
))  # fmt: skip
"""Labels that are no name of a company."""
_MAY_BE_NAME: Final = "|".join((
    "totals?", "totale", "totaal", "totalt", "sums?", "summe", "summa", "insgesamt", "gesamt", "ergebnis", "anzahl",
    "somme", "suma", "soma", "somma", "som", "aantal", "count", "razem", "итого", "всего", "合計",
    "合计", "总计", "總計",
))  # fmt: skip
"""Labels that a company can have as its name, too."""
_NOUNS: Final = "|".join((
    "records?", "rows?", "company", "companies", "contacts?", "accounts?", "leads?", "people", "persons?", "items?",
    "entry", "entries", "employees?", "results?", "deals?", "customers?", "members?", "datensätze", "einträge",
    "zeilen", "firmen", "unternehmen", "kontakte", "kunden", "mitarbeiter", "entreprises", "sociétés", "lignes",
    "salariés", "empresas", "contactos", "filas", "aziende", "righe", "contatti", "bedrijven", "rijen", "medewerkers",
    "contacten",
))  # fmt: skip
"""What totals count."""
_NUMBER: Final = r"[-+(~≈]{0,2}\s?(?!0[0-9])[0-9][0-9.,'’ \u00a0\u2009\u202f]{0,30}\)?"
_CURRENCY: Final = r"(?:[$€£¥₹₽₩₺₪]|[A-Z]{2,3}\$?|R\$|kr\.?|zł|Kč|Fr\.)"
_AMOUNT: Final = (
    rf"(?:{_CURRENCY}\s?)?{_NUMBER}(?:\.?[-–—])?"
    rf"\s?(?:%|k|thousand|tsd\.?|mill?ions?|mio\.?|mn|m|billions?|bn|mrd\.?|b)?\s?{_CURRENCY}?"
    rf"(?:\s(?:{_NOUNS}))?"
)
"""Matches a number without a leading zero, perhaps with a currency, a unit or what it counts."""
_CERTAIN: Final = re.compile(
    rf"(?:(?:{_NO_NAME})|(?:{_MAY_BE_NAME})(?:\s(?:of|der|de|des)?\s?(?:{_NOUNS})|\s?[:=]))"
    rf"\s?[:=]?\s?(?:\(?{_AMOUNT}\)?)?|(?:{_NO_NAME}|{_MAY_BE_NAME})(?:\s\w{{1,20}}){{0,5}}\s?[:=]\s?{_AMOUNT}",
    re.IGNORECASE,
)
"""Matches a label of totals that is no name."""
_LABEL: Final = re.compile(rf"(?:{_MAY_BE_NAME})(?:\s?\(?{_AMOUNT}\)?)?", re.IGNORECASE)
"""Matches a label of totals that is perhaps a name."""
_OF_GROUP: Final = re.compile(rf"(?:{_NO_NAME}|{_MAY_BE_NAME})(?:\s\S.*)?", re.IGNORECASE)
"""Matches a label of the totals of a group, such as `Total DE`."""
_GROUPS: Final = frozenset(
    {"city", "region", "country", "country_code", "locations", "company_city", "company_region", "company_country",
     "company_country_code", "company_locations", "company_industries", "department"}
)  # fmt: skip
"""The fields by which tables are grouped."""
_CELL: Final = re.compile(
    rf"(?:(?:(?:{_NO_NAME}|{_MAY_BE_NAME}|avg|min|max|median)[.:=]?\s?)?{_AMOUNT}|=(?:SUM|SUBTOTAL|COUNTA?|AVERAGE)\(.*)",
    re.IGNORECASE,
)
"""Matches a cell of a row of totals after the label."""
_STARTS: Final = frozenset(
    {
        "gra", "sub", "tot", "ove", "sou", "som", "sum", "zwi", "ges", "ins", "tei", "erg", "ein", "ave", "dur", "mit",
        "moy", "pro", "gem", "anz", "aan", "cou", "raz", "ито", "все", "合計", "合计", "总计", "總計", "合計:", "合计:",
        "总计:", "總計:",
    }
)  # fmt: skip
"""The first three letters of labels. They rule out most rows in a tenth of a microsecond."""
_BEGINS: Final = re.compile(
    rf"^[\s\"',;|\t]*(?:{'|'.join(sorted(map(re.escape, _STARTS)))})", re.IGNORECASE | re.MULTILINE
)
"""Matches the beginning of a line that may be totals."""
_MAX_CELL: Final = 80
"""The maximum length of a cell of a row of totals, in characters."""
_MIN_COLUMNS: Final = 3
"""The minimum number of columns of a table whose totals have a label that may be a name."""
_FACTS: Final = frozenset({"id", "phone", "founded_year", "locations", "address", "street", "postal_code"})
"""The fields of which a number can be a value that identifies or describes a record."""
_ID_NAME: Final = re.compile(
    r"(?:(?:^|[\W_])(?i:id|uid|uuid|no|num|key)|(?<=[a-z])(?:Id|ID|No)|(?i:nr|number|nummer|numero|code))\W*\Z"
)
"""Matches the end of headers of ids."""


def is_totals_label(text: str) -> bool:
    """Return whether a text is the label of a row of totals, such as `Total`, `Grand total:` or `Count: 30`."""
    label = text.strip(" \u00a0.-–—")
    return len(label) <= _MAX_CELL and bool(_CERTAIN.fullmatch(label) or _LABEL.fullmatch(label))


def is_certain_label(text: str) -> bool:
    """Return whether a text is a label of totals that is no name of a company, such as `Subtotal`."""
    return _CERTAIN.fullmatch(text.strip(" \u00a0.-–—")) is not None


def is_label_of_group(name: str, text: str) -> bool:
    """Return whether a text in the column `name` is a label such as `Total DE`, where no name of a record can be."""
    label = text.strip(" \u00a0.-–—")
    if len(label) > _MAX_CELL or not _OF_GROUP.fullmatch(label):
        return False
    found = recognise("contacts", name)
    return found is not None and bool(found.fields) and set(found.fields) <= _GROUPS


def have_totals(names: Sequence[str], lines: Sequence[str], records: Sequence[list[str]]) -> bool:
    """Return whether one of the records with these lines is totals. Fast if no line begins like one."""
    return _BEGINS.search("".join(lines)) is not None and any(
        may_be_totals(cells) and is_totals_row(names, list(map(clean_cell, cells))) for cells in records
    )


def may_be_totals(cells: Sequence[str]) -> bool:
    """Return whether a row with these cells can be totals, by the beginning of its first filled cell."""
    first = cells[0] or next(filter(None, cells), "")
    return first[:3].lower() in _STARTS


def is_totals_row(names: Sequence[str], cells: Sequence[str]) -> bool:
    """Return whether the cells of a row, in columns with these names, are totals of the rows above.

    Where the label may be the name of a company, the table has three columns or more, and the row has a blank cell.
    """
    filled = [place for place, cell in enumerate(cells) if cell and not is_empty_cell(cell, EMPTY_CELLS)]
    if not filled:
        return False
    if not (len(filled) > 1 and is_label_of_group(names[filled[0]], cells[filled[0]])):
        label = cells[filled[0]].strip(" \u00a0.-–—")
        if not is_totals_label(label):
            return False
        is_certain = _CERTAIN.fullmatch(label) is not None
        if not is_certain and (len(names) < _MIN_COLUMNS or len(filled) == len(names)):
            return False
    return all(_is_total(names[place], cells[place].strip()) for place in filled[1:])


def _is_total(name: str, cell: str) -> bool:
    """Return whether a cell in the column `name` is an amount that cannot be a fact of a record."""
    if len(cell) > _MAX_CELL or not _CELL.fullmatch(cell) or look_of(cell) == "phones":
        return False
    found = [recognised for kind in KINDS if (recognised := recognise(kind, name)) is not None]
    if any(field.removeprefix("company_") in _FACTS for recognised in found for field in recognised.fields):
        return False
    return not is_registry_number(name) and not _ID_NAME.search(name)
