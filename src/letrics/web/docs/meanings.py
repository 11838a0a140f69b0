"""What no table in the code says: the meaning of each member, how each kind of field matches, what mends an error."""

from __future__ import annotations

from typing import Final

from letrics.fields import FieldKind

MATCHING: Final[dict[FieldKind, str]] = {
    "equals": "Compares the whole value, whatever the case; never a part of it.",
    "all": "Compares whole values, whatever the case; every one of them must be there.",
    "contains": "Finds the text anywhere in the value, whatever the case.",
    "place": "Read as a place; see Locations.",
    "tld": "com, .com and COM are the same, and so are рф and xn--p1ai.",
    "domain": "Compares registrable domains: https://www.example.com/about is example.com.",
    "email": "Compares whole addresses, whatever the case.",
    "flag": "true restricts; false is as if absent.",
    "modifier": "Restricts nothing by itself: it changes how the locations are judged.",
    "range": "ISO 8601, in UTC where there is no offset; a date alone is that whole day. Both ends are inclusive.",
    "number": "A whole number from 0 to {most}; both ends are inclusive.",
}
"""How the values of each kind of field are compared."""

_ADDED: Final = "When the record was added to the database."
_UPDATED: Final = "When the record last changed."
_LINKEDIN: Final = "The URL of its LinkedIn profile."

MEMBERS: Final[dict[str, dict[str, str]]] = {
    "Contact": {
        "id": "The contact's id: the one it was imported with, or one made for it. It never changes.",
        "first_name": "Given name.",
        "last_name": "Family name.",
        "full_name": "The whole name, as it is written.",
        "job_title": "The title as it was given.",
        "department": "The department, such as Engineering.",
        "seniority": "The rank, such as Director.",
        "is_decision_maker": "Whether the contact is marked as a decision maker; null where nothing is known.",
        "emails": "Addresses of the contact.",
        "linkedin_url": _LINKEDIN,
        "phone": "Telephone number, as it was given.",
        "added_at": _ADDED,
        "updated_at": _UPDATED,
        "company": "The whole company, never null.",
    },
    "Company": {
        "id": "The same text as domain.",
        "domain": "The registrable domain, in lower-case ASCII: what makes it this company.",
        "name": "The company's name.",
        "website": "The URL of its website.",
        "description": "A few words on what it does.",
        "tld": "The whole top-level domain, such as co.uk.",
        "locations": "Its places, the head office first.",
        "functions": "What it does in its trade, such as Manufacturer.",
        "industries": "The industries it is in.",
        "technologies": "The technologies it uses.",
        "emails": "Addresses of the company.",
        "linkedin_url": _LINKEDIN,
        "employees": "How many people work there.",
        "founded_year": "The year in which it was founded.",
        "first_seen_at": "When its activity was first detected.",
        "added_at": _ADDED,
        "updated_at": _UPDATED,
    },
    "Place": {
        "city": "The city.",
        "region": "The state, province or other region.",
        "country": "The country's English name.",
        "country_code": "ISO 3166-1 alpha-2, such as DE.",
        "continent": "The continent's English name.",
        "text": "The text it was given as, or its parts joined with a comma and a space.",
    },
    "Email": {
        "value": "The address.",
        "type": "personal: it belongs to a person. generic: a role, such as info@ or sales@.",
    },
}
"""The meaning of every member of every record."""

META: Final[dict[str, str]] = {
    "request_id": "The id of this request.",
    "page": "The page's number; null with a cursor.",
    "per_page": "How many records a page has.",
    "total": "How many records the search finds: exact, at every depth.",
    "total_pages": "How many pages there are; 0 when nothing is found, null with a cursor.",
    "next_cursor": "Send it as cursor to continue after this page; null exactly at the end.",
    "filters": "The search as it was understood: itself a valid body that finds the same.",
    "places": "How each location was read.",
    "unmatched": "Values, included or excluded, that no record carries, with near ones. The search runs all the same.",
    "warnings": "What you may not have meant, such as a false that restricts nothing.",
    "took_ms": "How long it took here, in milliseconds.",
}
"""The meta of a search."""

REMEDIES: Final[dict[str, str]] = {
    "invalid_input": "Each item names the field and says what is allowed, with the nearest valid name.",
    "unauthorized": "Send Authorization: Bearer with a token that is in force.",
    "forbidden": "Use a token with the scope write.",
    "not_found": "Look at the path, and at the id or domain in it. The details name the nearest path.",
    "method_not_allowed": "Use one of the methods in the header Allow.",
    "payload_too_large": "Split the request: several searches with fewer values each.",
    "uri_too_long": "Send the same fields as a JSON body by POST.",
    "unsupported_media_type": "Send the header Content-Type: application/json.",
    "too_many_requests": "Wait as many seconds as Retry-After says.",
    "internal_error": "Tell whoever runs the server the request id: the log has the rest under it.",
    "unavailable": "Wait as many seconds as Retry-After says, then send the same request again.",
}
"""What a caller can do about each error."""

_TEXTS: Final = "A list of texts."
_TIME: Final = "A timestamp."
_LINKEDIN_COLUMN: Final = "A URL."

COLUMNS: Final[dict[str, str]] = {
    "domain": "The company's domain; a URL, subdomain or address is reduced to it.",
    "website": "A URL; gives the domain where there is none.",
    "name": "Text.",
    "description": "Text.",
    "locations": "A list of places, the head office first: each a text such as Berlin, Germany, or an object.",
    "city": "With region and country in place of locations, where there is one place.",
    "region": "See city.",
    "country": "See city.",
    "functions": _TEXTS,
    "industries": _TEXTS,
    "technologies": _TEXTS,
    "emails": "A list of addresses, each a text or an object of value and type.",
    "email": "The same as emails.",
    "linkedin_url": _LINKEDIN_COLUMN,
    "employees": "A whole number.",
    "founded_year": "A year.",
    "first_seen_at": _TIME,
    "added_at": _TIME,
    "updated_at": _TIME,
    "id": "Your own id of the contact, if you have one.",
    "first_name": "Text.",
    "last_name": "Text.",
    "full_name": "Text; made of its parts where it is missing.",
    "job_title": "Text.",
    "department": "Text.",
    "seniority": "Text.",
    "is_decision_maker": "true or false.",
    "phone": "Text.",
}
"""What the columns of import files hold."""
