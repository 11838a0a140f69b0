"""Names of objects in rows that headers do not have: those that say nothing about what is in them, jobs, links, other
companies, and the names of values in objects.

A name that is a header as well, such as `organization` or `location`, is in the alias table. The table has one meaning
for a header; here are only names of objects, without tools, ranks or kinds of files.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from letrics.ingest.aliases import MAX_HEADER, header_key
from letrics.ingest.flattened_names import flattened_name

_WRAPPERS: Final = frozenset(
    {
        "properties", "attributes", "data", "fields", "result", "record", "item", "items", "values", "entity", "node",
        "response", "profile", "profiledata", "persondata", "contactdata", "contactinfo", "contactdetails",
        "contactinformation", "basicinfo", "basics", "details", "social", "cards",
        "customattributes", "customfields", "custom",
    }
)  # fmt: skip
"""The keys of names of objects that say nothing about what is in them."""
_LINKS: Final = frozenset(
    {
        "socials", "social", "sociallinks", "sociallink", "socialurls", "socialurl", "socialprofiles", "socialpages",
        "socialmedia", "socialmedialinks", "socialmediaurls", "socialmediaprofiles", "socialmediaaccounts",
        "socialnetworks", "socialaccounts", "links", "urls", "profiles", "onlineprofiles", "webprofiles", "weblinks",
        "sameas",
    }
)  # fmt: skip
"""The keys of names of objects and lists with addresses on several sites. The name of a site is that of its address."""
LINK_VALUES: Final = frozenset({"url", "value", "link", "href", "uri", "profileurl", "publicurl"})
"""The keys of the address itself in a list of links."""
_COMPANIES: Final = frozenset(
    {
        "org", "corporate", "companies", "companyinfo", "companydata", "companydetails", "companyprofile",
        "companyinformation", "organizationinfo", "organizationdata", "organizationdetails", "accountinfo",
        "accountdetails", "businessinfo", "businessdetails", "employerinfo", "employerdetails",
    }
)  # fmt: skip
"""The keys of names of objects of the company of a row that are no header of its name."""
_RELATED: Final = frozenset(
    {
        "client", "clients", "customer", "customers", "vendor", "vendors", "supplier", "suppliers", "partner",
        "partners", "investor", "investors", "parent", "owner", "manufacturer", "kunde", "kunden", "klant", "klanten",
        "lieferant", "lieferanten", "leverancier", "fournisseur", "fornecedor", "fornitore", "proveedor", "cliente",
        "brand", "brands",
    }
)  # fmt: skip
"""The keys of names of objects of other companies, to which a company is related. Some are headers of a company’s name
in a list of clients or suppliers."""
_USERS: Final = frozenset({"user", "users"})
"""The keys of names of objects of people that use a tool, such as the owner of a contact."""
_OWN: Final = frozenset({"personal", "private", "personalinfo", "personalinformation", "personaldetails", "home"})
"""The keys of names of objects with the private details of a person."""
_ELASTICSEARCH: Final = "_source"
"""The name of the object with a record of Elasticsearch. Other objects named `source` say where a record comes from."""
_JOBS: Final = frozenset(
    {
        "employment", "employments", "employmenthistory", "experience", "experiences", "workexperience", "workhistory",
        "jobhistory", "jobs", "positions", "currentpositions", "currentjob", "currentjobs", "careerhistory", "work",
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
    "domain": ("value", "domain", "rootdomain", "name"),
    "linkedin_url": ("value", "url", "link", "href", "publicurl", "handle"),
    "founded_year": ("value", "year"),
    "employees": ("value", "count", "total", "range"),
}  # fmt: skip
"""The keys in an object that have the value itself, by the field of the object. The first ones are preferred."""
_VALUE: Final = ("value", "name", "label", "title", "displayname", "text")
"""The keys in an object of any other field that have the value itself."""


def is_wrapper(name: str) -> bool:
    """Return whether the name of an object says nothing about what is in it."""
    return name == _ELASTICSEARCH or header_key(name) in _WRAPPERS


def without_wrappers(header: str) -> str:
    """Remove the names of objects that say nothing: `properties.email` is `email`.

    Of a long header, only the beginning is looked at and returned, as `recognise` does.
    """
    header = header[:MAX_HEADER]
    while "." in header:
        first, _, rest = header.partition(".")
        if not is_wrapper(first) or not header_key(rest):
            break
        header = rest
    return header


def is_job_name(header: str) -> bool:
    """Return whether a header is the name of a list of jobs."""
    return header_key(without_wrappers(header).rpartition(".")[2]) in _JOBS


def without_links(header: str) -> str | None:
    """Return the name in an object or a list of links: `socials.url` is `url`, and `socials` is empty.

    Returns None if the header is not that of links.
    """
    first, _, rest = without_wrappers(header).partition(".")
    return without_wrappers(rest) if header_key(first) in _LINKS else None


@lru_cache(maxsize=1_000)
def is_links_column(header: str) -> bool:
    """Return whether a column has addresses on several sites: a list of links, or the addresses in its objects."""
    flat = flattened_name(header)
    keys = (header[:MAX_HEADER] if flat is None else flat.name).split(".")
    names = [header_key(key) for key in keys if not is_wrapper(key)] or [header_key(keys[-1])]
    *_, parent, last = "", "", *names
    return last in _LINKS or (last in LINK_VALUES and parent in _LINKS)


def is_company_object(name: str) -> bool:
    """Return whether an object is the company of a row, although its name is no header of a company."""
    return header_key(name) in _COMPANIES


def is_related(name: str) -> bool:
    """Return whether an object is another company, such as a client of the one in the row, by its name."""
    return header_key(name) in _RELATED


def is_in_related(header: str) -> bool:
    """Return whether a dotted name is that of a field of another company."""
    return any(map(is_related, without_wrappers(header).split(".")[:-1]))


def is_user(name: str) -> bool:
    """Return whether an object can be a person who uses a tool."""
    return header_key(name) in _USERS


def is_own_name(name: str) -> bool:
    """Return whether an object has private details of a person."""
    return header_key(name) in _OWN


def without_value(header: str) -> str:
    """Remove the name of the value itself from a dotted name: `name.value` is `name`."""
    first, _, last = header.rpartition(".")
    return first if first and header_key(last) in _VALUE else header


def value_names(field: str) -> tuple[str, ...]:
    """The keys in an object that have the value of `field` itself. The first ones are preferred."""
    return _VALUE_NAMES.get(field.removeprefix("company_"), _VALUE)
