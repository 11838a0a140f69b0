"""The converter of each kind of record."""

from __future__ import annotations

from letrics.ingest.company_converter import CompanyConverter
from letrics.ingest.contact_converter import ContactConverter
from letrics.ingest.conversion import converter_for
from letrics.ingest.mapping import mapper


def test_converter_is_that_of_the_kind_of_its_mapper() -> None:
    companies, contacts = mapper("companies"), mapper("contacts")
    assert isinstance(converter_for(companies), CompanyConverter)
    assert isinstance(converter_for(contacts), ContactConverter)
    assert converter_for(companies).mapper is companies and converter_for(contacts).mapper is contacts
