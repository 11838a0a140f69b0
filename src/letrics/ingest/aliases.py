"""Alias table: the names that columns have in exports of well-known tools and in several languages.

The table is `aliases.csv`: tool (or language), header, kind of file (contacts, companies or both), field, rank, and
where the header was seen: in a file that the tool exported, in the tool's manual, in public code that reads such files,
or in general use. Fields are named as in a file of contacts: `company_name` is the name of the contact's company, and
in a file of companies the name of the company. Several fields separated by `|` are distinguished by the values of the
column; `name?` is the whole name or the part that the other columns lack; `id?` is used only with a source; `-` is
never used.

Where several columns have the same field, a lower rank is preferred. Rank 9 is used only if the column is the only one.
"""

from __future__ import annotations

import csv
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from letrics.records import KINDS, Kind

UNUSED: Final = "-"
"""The field of headers that are known and not used."""
ID_WITH_SOURCE: Final = "id?"
"""The field of ids that another system assigned. They are unique only together with the name of the source."""
NAME: Final = "name?"
"""The field of headers for a whole name or a part of it, such as `Nom` or `Name`."""
ONLY: Final = 9
"""The rank of columns that are used only if no other column has the same field."""
MAX_HEADER: Final = 300
"""The maximum length of a header that is looked up, in characters. The rest is not compared."""


class Alias(NamedTuple):
    """The fields that a header can mean, its rank, and the tools or languages that use it."""

    fields: tuple[str, ...]
    rank: int
    tools: tuple[str, ...]


class AliasRow(NamedTuple):
    """A row of the table."""

    tool: str
    header: str
    kinds: tuple[Kind, ...]
    fields: tuple[str, ...]
    rank: int
    seen: str


def header_key(header: str) -> str:
    """Reduce a header to its letters and digits: lower case, without accents, spaces and punctuation.

    `First Name`, `first_name`, `firstName` and `First-Name*:` have the same key. A header without letters and digits
    has the key "".
    """
    return _key(header[:MAX_HEADER])


@lru_cache(maxsize=1_000)
def _key(header: str) -> str:
    decomposed = unicodedata.normalize("NFKD", header).casefold()
    return "".join(c for c in unicodedata.normalize("NFKD", decomposed) if c.isalnum())


@cache
def alias_rows() -> tuple[AliasRow, ...]:
    """The rows of the table."""
    table = (files("letrics.ingest") / "aliases.csv").read_text(encoding="utf-8")
    return tuple(
        AliasRow(
            row["tool"],
            row["header"],
            KINDS if row["kind"] == "both" else tuple(kind for kind in KINDS if kind == row["kind"]),
            tuple(row["field"].split("|")),
            int(row["rank"]),
            row["seen"],
        )
        for row in csv.DictReader(table.splitlines())
    )


@cache
def aliases(kind: Kind) -> dict[str, Alias]:
    """The aliases of columns in files of `kind`, by the key of their header.

    In a file of companies the fields have no prefix `company_`.
    """
    found: dict[str, Alias] = {}
    for row in alias_rows():
        if kind not in row.kinds:
            continue
        key = header_key(row.header)
        known = found.get(key)
        tools = () if known is None else known.tools
        fields = row.fields if kind == "contacts" else tuple(field.removeprefix("company_") for field in row.fields)
        found[key] = Alias(fields, row.rank, tools if row.tool in tools else (*tools, row.tool))
    return found
