"""Texts that no table in the code has: meanings of record fields, how filters match, and how to fix errors."""

from __future__ import annotations

from typing import Final

from letrics.fields import FieldKind
from letrics.records import Company, ContactBody, Form, declared_fields

MATCHING: Final[dict[FieldKind, str]] = {
    "equals": "Matches the whole value. Case is ignored.",
    "all": "Matches whole values. Case is ignored. A record must have all of them.",
    "contains": "Matches a substring of the value. Case, accents and typographic punctuation are ignored.",
    "words": "Matches whole words; punctuation between them is ignored, and so are case and accents.",
    "place": "Interpreted as a location; the page Locations has the rules.",
    "tld": "com, .com and COM are the same, and so are рф and xn--p1ai.",
    "domain": "Matches the registrable domain: https://www.example.com/about is example.com.",
    "email": "Matches the whole address. Case is ignored.",
    "flag": "true filters. false is ignored.",
    "modifier": "Does not filter by itself: it changes how the location filters match.",
    "range": "ISO 8601, in UTC if there is no offset.",
    "number": "An integer from 0 to {most}. The bound is inclusive.",
}
"""How each kind of field matches values."""


def _meanings(record: type[Company | ContactBody]) -> dict[str, str]:
    """The meaning of each field of a record."""
    return {name: declared.meaning for name, declared in declared_fields(record).items()}


MEMBERS: Final[dict[str, dict[str, str]]] = {
    "Contact": _meanings(ContactBody) | {"company": "The full company; null if it is unknown."},
    "Company": _meanings(Company),
    "Place": {
        "city": "The city.",
        "region": "The state, province or other region.",
        "country": "The country's English name.",
        "country_code": "ISO 3166-1 alpha-2, such as DE.",
        "continent": "The continent's English name.",
        "text": "The location as imported, or its parts joined with a comma and a space.",
    },
    "EmployeesRange": {
        "min": "The smallest number of employees. null if there is no lower bound.",
        "max": "The largest number of employees. null if there is no upper bound.",
    },
    "Email": {
        "value": "The address.",
        "type": "personal: the address of a person. generic: a role address, such as info@ or sales@.",
    },
}
"""Description of every field of every record type."""

META: Final[dict[str, str]] = {
    "request_id": "The id of this request.",
    "page": "The page number. null with a cursor.",
    "per_page": "The number of records per page.",
    "total": "The exact number of matching records.",
    "total_pages": "The number of pages. 0 if no record matches, null with a cursor.",
    "next_cursor": "Send this value as cursor to get the next page. null on the last page.",
    "filters": "The filters as interpreted. They are a valid request body with the same result.",
    "places": "How each location was interpreted.",
    "unmatched": "Filter values that no record has, with suggestions. The search still runs.",
    "warnings": "Filters that may not do what you expect, such as a false that is ignored.",
    "took_ms": "The time on the server, in milliseconds.",
}
"""Description of every field of `meta` in a search response."""

REMEDIES: Final[dict[str, str]] = {
    "invalid_input": "Fix the field that the error names. The message lists what is allowed and suggests a valid name.",
    "unauthorized": "Send the header Authorization: Bearer with a valid token.",
    "forbidden": "Use a token with the scope write.",
    "not_found": "Check the path and the id or domain in it. The message suggests the most similar path.",
    "method_not_allowed": "Use one of the methods in the Allow header.",
    "conflict": "Read the record again, or retry the request in a moment. The details say why.",
    "payload_too_large": "Split the request into several with fewer values or records.",
    "uri_too_long": "Send the same fields in the JSON body of a POST request.",
    "unsupported_media_type": "Send the header Content-Type: application/json.",
    "idempotency_mismatch": "Send each request with its own key, and a key again only with the same request.",
    "too_many_requests": "Wait for the number of seconds in the Retry-After header.",
    "internal_error": "Report the details to the operator of the server, who can find more in the log.",
    "unavailable": "Wait for the number of seconds in the Retry-After header, then retry the request.",
}
"""How the caller can fix each error, by error id."""

_FORMS: Final[dict[Form, str]] = {
    "text": "Text.",
    "long_text": "Text.",
    "website": "A URL.",
    "linkedin": "A URL.",
    "flag": "true or false.",
    "count": "An integer, or a size band such as 11-50, which sets employees_range.",
    "band": "A size band: 11-50, 10001+ or, in JSON, an object with `min` and `max`.",
    "year": "A year.",
    "time": "A timestamp.",
    "texts": "A list of strings.",
    "emails": "A list of addresses. Each is a string or, in JSON, an object: `value` and `type` (generic, personal).",
    "places": "A list of locations, the primary first. Each is a string (`Berlin, Germany`) or, in JSON, an object.",
    "derived": "Names of fields whose values were derived: department, seniority, is_decision_maker. Exports have it.",
}
"""Description of each form of values in import files."""


def _columns(record: type[Company | ContactBody]) -> dict[str, str]:
    """The description of the column of each field of a record, by the form of its values."""
    declared = declared_fields(record).items()
    return {name: _FORMS[field.form] for name, field in declared if field.form is not None}


COMPANY_ID: Final = {"id": "In exports: the domain, or an id such as co_0123456789ab of a company without one."}
"""The description of the column `id` of companies."""

COLUMNS: Final[dict[str, str]] = {
    **_columns(Company),
    **_columns(ContactBody),
    "domain": "The domain of the company. A URL, subdomain or email address is reduced to its registrable domain.",
    "website": "A URL. Used for the domain if the row has no domain.",
    "last_name_prefix": "The words of the last name before the main one, such as `van den`.",
    "second_last_name": "The second last name, after the first.",
    "city": "Use city, region and country instead of locations for a record with one location.",
    "region": "See city.",
    "country": "See city.",
    "country_code": "The ISO 3166-1 code of the country, if there is no country.",
    "street": "The street, for the text of the location.",
    "postal_code": "The postal code, for the text of the location.",
    "address": "The whole address as one text.",
    "email": "The same as emails.",
    "id": "Your id for the contact, if you have one.",
    "full_name": "Text. Built from first_name and last_name if it is missing.",
}
"""Description of every column of import files."""
