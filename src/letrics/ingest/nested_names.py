"""Names of objects in rows: those that say nothing about what is in them, jobs, and the names of values in objects."""

from __future__ import annotations

from typing import Final

from letrics.ingest.aliases import MAX_HEADER, header_key

_WRAPPERS: Final = frozenset(
    {
        "properties", "attributes", "data", "fields", "result", "record", "item", "items", "values", "entity", "node",
        "response", "profile", "profiledata", "persondata", "contactdata", "contactinfo", "contactdetails",
        "contactinformation", "companydata", "companyinfo", "basicinfo", "details", "social", "socials", "sociallinks",
        "socialprofiles", "socialmedia", "socialnetworks", "links", "urls", "cards",
    }
)  # fmt: skip
"""The keys of names of objects that say nothing about what is in them."""
_ELASTICSEARCH: Final = "_source"
"""The name of the object with a record of Elasticsearch. Other objects named `source` say where a record comes from."""
_JOBS: Final = frozenset(
    {
        "employment", "employments", "employmenthistory", "experience", "experiences", "workexperience", "workhistory",
        "jobhistory", "jobs", "positions", "currentpositions", "currentjob", "currentjobs", "careerhistory",
    }
)  # fmt: skip
"""The keys of names of jobs and of lists of them."""
_VALUE_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "emails": ("value", "email", "address", "emailaddress", "mail"),
    "phone": (
        "value", "sanitizednumber", "number", "phonenumber", "phone", "internationalnumber", "formattednumber",
        "rawnumber", "e164",
    ),
    "locations": ("text", "name", "value", "formatted", "formattedaddress", "formattedvalue", "display", "raw", "full"),
    "website": ("value", "url", "link", "href"),
    "linkedin_url": ("value", "url", "link", "href", "publicurl", "handle"),
    "founded_year": ("value", "year"),
    "employees": ("value", "count", "total", "range"),
}  # fmt: skip
"""The keys in an object that have the value itself, by the field of the object. The first ones are preferred."""
_VALUE: Final = ("value", "name", "label", "title", "displayname", "text")
"""The keys in an object of any other field that have the value itself."""


def without_wrappers(header: str) -> str:
    """Remove the names of objects that say nothing: `properties.email` is `email`.

    Of a long header, only the beginning is looked at and returned, as `recognise` does.
    """
    header = header[:MAX_HEADER]
    while "." in header:
        first, _, rest = header.partition(".")
        if (header_key(first) not in _WRAPPERS and first != _ELASTICSEARCH) or not header_key(rest):
            break
        header = rest
    return header


def is_job_name(header: str) -> bool:
    """Return whether a header is the name of a list of jobs."""
    return header_key(without_wrappers(header).rpartition(".")[2]) in _JOBS


def value_names(field: str) -> tuple[str, ...]:
    """The keys in an object that have the value of `field` itself. The first ones are preferred."""
    return _VALUE_NAMES.get(field.removeprefix("company_"), _VALUE)
