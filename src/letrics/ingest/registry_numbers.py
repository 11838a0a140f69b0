"""Headers of numbers that registers, tax offices and catalogues assign: `DUNS`, `SIRET`, `VAT Number`, `KvK-nummer`.

Such numbers can look like phone numbers.
"""

from __future__ import annotations

import re
from typing import Final

from letrics.ingest.aliases import header_key

_WORDS: Final = frozenset(
    {
        "abn", "acn", "ape", "arn", "bic", "bn", "brn", "brin", "btw", "bvd", "ccn", "cf", "cif", "cik", "cin", "cnpj",
        "coc", "cpf", "crn", "cui", "curp", "cvr", "dic", "duns", "ean", "ein", "eik", "eori", "fein", "gln", "gst",
        "gstin", "gtin", "hrb", "hra", "iban", "ico", "isic", "isin", "ivi", "iva", "kbo", "krs", "kvk", "lei", "mwst",
        "naf", "nace", "naics", "ncc", "nif", "nip", "nipc", "nit", "nzbn", "ogrn", "oib", "pan", "piva", "rc", "rcs",
        "regon", "rfc", "rsin", "ruc", "rut", "sedol", "sic", "siren", "siret", "ssic", "swift", "tax", "tin", "tva",
        "uen", "uic", "uid", "usci", "ust", "ustid", "ustidnr", "utr", "vat", "vkn", "zoominfo",
    }
)  # fmt: skip
"""Words of headers that mean such a number."""
_PARTS: Final = (
    "duns", "siren", "siret", "cnpj", "vatnumber", "vatno", "vatid", "vatreg", "taxid", "taxnumber", "taxno", "taxcode",
    "partitaiva", "codicefiscale", "codefiscal", "steuernummer", "steuernr", "umsatzsteuer", "ustid", "mwstnr",
    "handelsregister", "registernummer", "registernr", "registrationnumber", "registrationno", "registrationid",
    "regnumber", "regno", "registrynumber", "registrycode", "companynumber", "companyno", "houseno", "housenumber",
    "kvknummer", "kvknr", "vestigingsnummer", "btwnummer", "btwnr", "ondernemingsnummer", "chamberofcommerce",
    "orgnr", "orgnummer", "organisationsnummer", "organizationnumber", "organisationnumber", "organisasjonsnummer",
    "numerosiren", "tvaintracommunautaire", "numerotva", "numeroderegistro", "numerodeidentificacion",
    "identificacionfiscal", "inscricaoestadual", "sozialversicherung", "betriebsnummer", "accountnumber", "accountno",
    "customernumber", "customerno", "kundennummer", "kundennr", "debitor", "creditor", "kreditor", "lieferantennr",
    "lieferantennummer", "suppliernumber", "vendornumber", "invoicenumber", "ordernumber", "kontonummer", "bankaccount",
)  # fmt: skip
"""Parts of the keys of headers that mean such a number."""
_IS_ID: Final = re.compile(r"(?:^|[\W_])(?i:id|ids)\W*\Z|(?<=[a-z])I[Dd]\Z")
"""Matches the end of headers of ids."""
_WORD: Final = re.compile(r"[^\W\d_]+")
"""Matches a word of a header."""
_PHONE_WORD: Final = re.compile(r"phone|mobil|tel|fax|handy|cell|call")
"""Matches a word of headers of phone numbers."""


def is_registry_number(header: str) -> bool:
    """Return whether a header means a number by which a company is registered or listed somewhere."""
    key = header_key(header)
    if _PHONE_WORD.search(key):
        return False
    if _IS_ID.search(header):
        return True
    words = {header_key(word) for word in _WORD.findall(header)}
    return not _WORDS.isdisjoint({key, *words}) or any(part in key for part in _PARTS)
