"""Numbers of registers are distinguished from phone numbers by their headers."""

from __future__ import annotations

import pytest

from letrics.ingest.column_mapping import make_mapping
from letrics.ingest.registry_numbers import is_registry_number

NUMBERS = {
    "DUNS": "15-048-3782", "D-U-N-S": "15-048-3782", "D-U-N-S® Number": "150483782", "Global DUNS": "15-048-3783",
    "KvK": "0123456789", "KVK nummer": "012345678", "Vestigingsnummer": "000012345678", "SIREN": "552 100 554",
    "N° SIRET": "552 100 554 00013", "VAT": "0123456789", "VAT Number": "(123) 456 7890", "USt-IdNr.": "0123 456 789",
    "Company Registration Number": "012345678", "Handelsregisternummer": "0 123 456", "NIP": "525-244-57-67",
    "Partita IVA": "012 3456 7890", "CNPJ": "12.345.678/0001-95", "ABN": "51 824 753 556",
    "Steuernummer": "123/456/78901",
    "Codice fiscale": "0123456789", "Tax ID": "012-3456789", "Org.nr": "556016-0680", "EIN": "012-3456789",
}  # fmt: skip
PHONES = (
    "Phone Number",
    "Contact Number",
    "Mobile No.",
    "Telefonnummer",
    "Tel",
    "Number",
    "Direct Number",
    "Fax No",
    "Hotline",
)


@pytest.mark.parametrize("header", NUMBERS)
def test_number_of_a_register_is_no_phone(header: str) -> None:
    assert is_registry_number(header)
    for kind in ("companies", "contacts"):
        mapping = make_mapping(kind, ["name", header], [{"name": "Acme", header: NUMBERS[header]}])
        assert [(column.field, column.looks_like) for column in mapping.columns[1:]] == [(None, None)]


@pytest.mark.parametrize("header", PHONES)
def test_number_of_a_phone_is_no_number_of_a_register(header: str) -> None:
    assert not is_registry_number(header)
