"""The mapper of rows to patches for each kind of record."""

from __future__ import annotations

from letrics.ingest.cell_rules import DEFAULT_RULES, CellRules
from letrics.ingest.company_mapper import CompanyMapper
from letrics.ingest.contact_mapper import ContactMapper
from letrics.records import Kind


def mapper(
    kind: Kind, cells: bool = False, source: str | None = None, rules: CellRules = DEFAULT_RULES
) -> CompanyMapper | ContactMapper:
    """Create the mapper for a kind of record."""
    return CompanyMapper(cells, rules) if kind == "companies" else ContactMapper(cells, source, rules)
