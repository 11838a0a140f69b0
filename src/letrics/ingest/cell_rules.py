"""How the cells of a file are interpreted, from the user's options and the first rows of the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

import msgspec

from letrics.ingest.aliases import header_key
from letrics.ingest.column_mapping import ColumnMapping
from letrics.ingest.columns import COLUMNS
from letrics.ingest.flattened_names import list_item
from letrics.ingest.number_values import read_time
from letrics.ingest.rows import Members
from letrics.ingest.values import read_department, read_texts
from letrics.normalize.dates import DateOrder, order_of
from letrics.normalize.person_name import is_last_name_first, without_salutation

_LIST_NAMES: Final = (
    "industries", "industrygroups", "technologies", "keywords", "departments", "tags", "functions", "techstack",
    "skills", "specialties", "specialities", "branchen", "technologien", "secteurs", "industrias", "tecnologias",
    "settori", "tecnologie",
)  # fmt: skip
"""Words in the names of columns that are lists."""
_LAST_NAMES_FIRST: Final = frozenset(
    header_key(name)
    for name in (
        "Last Name, First Name", "Surname, First Name", "Nachname, Vorname", "Name, Vorname", "Nom, Prénom",
        "Nom et prénom", "Apellidos, Nombre", "Apellidos y nombre", "Cognome, Nome", "Cognome e nome",
        "Sobrenome, Nome", "Achternaam, Voornaam",
    )
)  # fmt: skip
"""The keys of headers that say that the last name comes first."""
_LIST_VALUES: Final = 200
"""The number of values of a column that are looked at for semicolons."""


class CellRules(msgspec.Struct, frozen=True):
    """Rules for the cells of one file. The same rules apply in the process that reads the file.

    With `strict`, a cell that cannot be read rejects its row. Otherwise the cell is left out with a warning.
    `date_order` is the order of day and month that the user chose, and `date_orders` those that columns show.
    `list_separator` is what separates the items of lists if the user chose it. `comma_lists` are the columns in which
    commas separate items, too. `last_names_first` are the columns of names such as `Abel, Ann`,
    and `salutations` those of names such as `Frau Ann Abel`.
    """

    strict: bool = False
    date_order: DateOrder | None = None
    date_orders: dict[str, DateOrder] = {}
    list_separator: str | None = None
    comma_lists: tuple[str, ...] = ()
    last_names_first: tuple[str, ...] = ()
    salutations: tuple[str, ...] = ()

    def order_of_dates(self, column: str) -> DateOrder | None:
        """The order of day and month in a column; None if it is not known."""
        return self.date_order or self.date_orders.get(column)


DEFAULT_RULES: Final = CellRules()
"""The rules without any option."""


def complete_rules(rules: CellRules, mapping: ColumnMapping, rows: Sequence[Members]) -> CellRules:
    """Add what the columns of a file show in its first rows: the order of day and month in dates, whether commas
    separate the items of a list, and whether names have the last name first."""
    orders: dict[str, DateOrder] = {}
    comma_lists: list[str] = []
    last_names_first: list[str] = []
    salutations: list[str] = []
    columns_of = Counter(list_item(column.name).name for column in mapping.used)
    for column in mapping.used:
        target = COLUMNS[mapping.kind].get(column.field or "")
        if target is None:
            continue
        is_item = columns_of[list_item(column.name).name] > 1  # one text of a list, which can have commas
        if target.read in (read_texts, read_department) and not is_item and _is_comma_list(column.name, rows):
            comma_lists.append(column.name)
        if target.member == "full_name" and _has_last_names_first(column.name, rows):
            last_names_first.append(column.name)
        if target.member == "full_name" and _have_salutations(column.name, rows):
            salutations.append(column.name)
        if target.read is read_time:
            order = _order_of_all(row.get(column.name) for row in rows)
            if order is not None:
                orders[column.name] = order
    return msgspec.structs.replace(
        rules,
        date_orders=orders,
        comma_lists=tuple(comma_lists),
        last_names_first=tuple(last_names_first),
        salutations=tuple(salutations),
    )


def _is_comma_list(name: str, rows: Iterable[Members]) -> bool:
    """Return whether a column is a list by its name, and its first values have no semicolon."""
    key = header_key(name)
    if not any(word in key for word in _LIST_NAMES):
        return False
    values = (value for row in rows if type(value := row.get(name)) is str and value)
    return not any(";" in value for value in islice(values, _LIST_VALUES))


def says_last_name_first(header: str) -> bool:
    """Return whether a header says that the last name comes first, so that it does without a comma, too."""
    return header_key(header) in _LAST_NAMES_FIRST


def _has_last_names_first(name: str, rows: Iterable[Members]) -> bool:
    """Return whether a column has names such as `Abel, Ann`, by its header or by most of its first values."""
    if says_last_name_first(name):
        return True
    values = _first_texts(name, rows)
    return 2 * sum(map(is_last_name_first, values)) > len(values)


def _have_salutations(name: str, rows: Iterable[Members]) -> bool:
    """Return whether most of the first values of a column are names after a salutation, such as `Frau Ann Abel`."""
    values = _first_texts(name, rows)
    return 2 * sum(without_salutation(value) != value for value in values) > len(values)


def _first_texts(name: str, rows: Iterable[Members]) -> list[str]:
    """Return the first texts of a column."""
    return [value for row in rows if type(value := row.get(name)) is str and value][:_LIST_VALUES]


def _order_of_all(values: Iterable[object]) -> DateOrder | None:
    """The order that dates of a column show; None if none shows it, or if they contradict each other."""
    orders = {order for value in values if type(value) is str and (order := order_of(value)) is not None}
    return orders.pop() if len(orders) == 1 else None
