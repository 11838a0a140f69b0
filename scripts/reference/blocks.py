"""All generated parts of the manual, by name, and how a page is updated with them.

A generated part is between two comments, the first of which names it:

    <!-- limits: written by `python -m scripts.write_reference` -->

    | Limit | Maximum | Error |
    …

    <!-- end of limits -->

Fenced code blocks with `sample=NAME` are generated too: they show the sample of this name for curl.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from letrics.errors import TABLE
from letrics.fields import facet_fields
from letrics.normalize.titles import department, seniority
from letrics.records import KINDS, Kind
from letrics.web.docs.code import literal
from letrics.web.docs.manual import ADDRESS
from letrics.web.docs.requests import SAMPLES
from letrics.web.docs.samples import render
from scripts.reference import examples
from scripts.reference.command_line import command_sections, filter_options_table, shared_table
from scripts.reference.limits import fair_use_table, limits_table, paging_table
from scripts.reference.markup import block, code, escape, table
from scripts.reference.meanings import COLUMNS, COMPANY_ID, META, REMEDIES
from scripts.reference.operations import operation_sections, operations_table
from scripts.reference.settings import settings_table
from scripts.reference.tables import filter_sections, import_columns, members, other_names

WRITTEN_BY: Final = "written by `python -m scripts.write_reference`"
"""What the first comment of a generated part says after its name."""

_PART: Final = re.compile(rf"<!-- ([\w-]+): {re.escape(WRITTEN_BY)} -->\n\n.*?\n\n<!-- end of \1 -->", re.DOTALL)
_SAMPLE: Final = re.compile(r"^```sh sample=([\w-]+)\n.*?^```$", re.DOTALL | re.MULTILINE)


def _record(name: str) -> Callable[[], str]:
    return lambda: table(
        ["Field", "Type", "Meaning"], [[code(m.name), m.type, escape(m.meaning)] for m in members(name)]
    )


def _columns(kind: Kind) -> Callable[[], str]:
    meanings = COLUMNS | COMPANY_ID if kind == "companies" else COLUMNS
    return lambda: table(["Column", "Content"], [[code(c), escape(meanings[c])] for c in import_columns(kind)])


def _other_names() -> str:
    rows = [[code(name), escape(", ".join(names))] for name, names in other_names("contacts")]
    return table(["Field", "Some other names"], rows)


def _errors() -> str:
    rows = [[code(kind.id), str(kind.code), escape(kind.meaning), escape(REMEDIES[kind.id])] for kind in TABLE]
    return table(["Id", "Status", "Meaning", "What to do"], rows)


def _facets() -> str:
    rows = [[kind.capitalize(), ", ".join(code(field.name) for field in facet_fields(kind))] for kind in KINDS]
    return table(["Search of", "Fields"], rows)


def _locations() -> str:
    rows = [
        [code(text), "; ".join(f"{reading.name} ({reading.kind})" for reading in readings)]
        for text, readings in examples.readings()
    ]
    return table(["Filter value", "Interpreted as"], rows)


def _seniorities() -> str:
    rows = [
        [code(name), escape(meaning), "yes" if name in seniority.DECISION_MAKERS else "no"]
        for name, meaning in seniority.meanings().items()
    ]
    return table(["Seniority", "Who", "Decision maker"], rows)


def _departments() -> str:
    return table(["Department", "What"], [[code(name), escape(what)] for name, what in department.meanings().items()])


BLOCKS: Final[dict[str, Callable[[], str]]] = {
    "endpoints": operations_table,
    **{f"endpoints-{name}": operation_sections(name) for name in (
        "imports", "duplicates",
        "api", "authentication", "contacts", "companies", "count", "facets", "values", "fields", "export"
    )},
    "filters-contact": filter_sections("contacts", "contact"),
    "filters-contact-company": filter_sections("contacts", "company"),
    "filters-company": filter_sections("companies"),
    "record-contact": _record("Contact"),
    "record-company": _record("Company"),
    "record-place": _record("Place"),
    "record-employees-range": _record("EmployeesRange"),
    "record-email": _record("Email"),
    "meta": lambda: table(["Field", "Meaning"], [[code(name), escape(about)] for name, about in META.items()]),
    "search-response": lambda: block(literal(examples.search_answer()), "json"),
    "invalid-request": lambda: block(literal(examples.WRONG), "json"),
    "invalid-response": lambda: block(literal(examples.wrong_answer()), "json"),
    "errors": _errors,
    "facet-fields": _facets,
    "paging": paging_table,
    "locations": _locations,
    "limits": limits_table,
    "fair-use": fair_use_table,
    "seniorities": _seniorities,
    "departments": _departments,
    "columns-companies": _columns("companies"),
    "columns-contacts": _columns("contacts"),
    "column-names": _other_names,
    "companies-csv": lambda: block(examples.COMPANIES_CSV, "text"),
    "contacts-jsonl": lambda: block(examples.CONTACTS_JSONL, "text"),
    "shared-options": shared_table,
    "filter-options": filter_options_table,
    "commands": command_sections,
    "settings": settings_table,
}  # fmt: skip
"""The generated parts: the function that returns the Markdown of each."""


def update(page: str) -> str:
    """Return the text of a page with its generated parts and samples up to date. Raises KeyError for unknown names."""

    def part(found: re.Match[str]) -> str:
        name = found[1]
        return f"<!-- {name}: {WRITTEN_BY} -->\n\n{BLOCKS[name]()}\n\n<!-- end of {name} -->"

    def sample(found: re.Match[str]) -> str:
        return block(render(SAMPLES[found[1]], ADDRESS)["curl"], f"sh sample={found[1]}")

    return _SAMPLE.sub(sample, _PART.sub(part, page))
