"""The mapper of each kind of record."""

from __future__ import annotations

from letrics.ingest.cell_rules import CellRules
from letrics.ingest.company_mapper import CompanyMapper
from letrics.ingest.contact_mapper import ContactMapper
from letrics.ingest.mapping import mapper


def test_mapper_is_that_of_the_kind_with_its_options() -> None:
    rules = CellRules(strict=True)
    companies, contacts = mapper("companies", cells=True, rules=rules), mapper("contacts", source="crm", rules=rules)
    assert isinstance(companies, CompanyMapper) and isinstance(contacts, ContactMapper)
    assert (companies.cells, contacts.cells, contacts.source) == (True, False, "crm")
    assert companies.rules is contacts.rules is rules
