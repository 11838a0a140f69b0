"""The mapper of a source's rows, by the mapping of its columns."""

from __future__ import annotations

from letrics.ingest.cell_rules import DEFAULT_RULES, CellRules
from letrics.ingest.column_mapping import ColumnMapping
from letrics.ingest.company_mapper import CompanyMapper
from letrics.ingest.contact_mapper import ContactMapper
from letrics.ingest.mapping import mapper
from letrics.ingest.source import Source
from letrics.records import Kind


def map_source(
    opened: Source, kind: Kind, mapping: ColumnMapping | None, source: str | None, rules: CellRules = DEFAULT_RULES
) -> CompanyMapper | ContactMapper:
    """Create the mapper of the rows of `opened`, which then reads only the columns that are used.

    `source` is the name before the ids of contacts. Without a mapping, columns are recognised by their names.
    """
    rows_of = mapper(kind, opened.format == "csv", source, rules)
    if mapping is not None:
        rows_of.use(mapping)
        opened.want(mapping.used_names)
    rows_of.meet(opened.columns or ())
    return rows_of
