"""The converter of rows into encoded patches for each kind of record."""

from __future__ import annotations

from letrics.ingest.company_converter import CompanyConverter
from letrics.ingest.company_mapper import CompanyMapper
from letrics.ingest.contact_converter import ContactConverter
from letrics.ingest.contact_mapper import ContactMapper


def converter_for(
    mapper: CompanyMapper | ContactMapper, takes_companies: bool = True
) -> CompanyConverter | ContactConverter:
    """Create the converter for the rows of a mapper. `takes_companies` is that of ContactConverter."""
    if isinstance(mapper, ContactMapper):
        return ContactConverter(mapper, takes_companies=takes_companies)
    return CompanyConverter(mapper)
