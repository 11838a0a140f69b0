"""Readers of links: addresses on several sites, of which a record has the one on LinkedIn, and a company its own site.

A link without a label is a site only if it is a host without a path, and the only one that many companies do not share.
The other addresses have no field, so they are left out without a warning, as a column of them would be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

from msgspec import UNSET, UnsetType

from letrics.export.cells import split
from letrics.ingest.urls import read_company_linkedin, read_linkedin, read_website
from letrics.ingest.values import MAX_ITEMS, Reader
from letrics.normalize.linkedin_address import linkedin_page, linkedin_url
from letrics.normalize.shared_hosts import company_domain
from letrics.normalize.web_address import MAX_URL, several_addresses, web_address

_MAX_ADDRESSES: Final = 100
"""The maximum number of addresses of a text that are looked at."""
_AROUND: Final = "[]\"'"
"""The characters that a list that is no valid JSON leaves around its addresses."""


def addresses_in(value: Any) -> Iterator[str]:
    """The addresses in a list of links, which can be a list, one in JSON, or a text with several addresses."""
    items = split(value) if type(value) is str and value[:1] == "[" else value if type(value) is list else [value]
    for item in items[:MAX_ITEMS]:
        if type(item) is str:
            parts = (part.strip(_AROUND) for part in several_addresses(item)[:_MAX_ADDRESSES])
            yield from (part for part in parts if part and len(part) <= MAX_URL)


def reader_of_links(read: Reader) -> Reader:
    """Return the reader of the field of `read` in a list of links; `read` itself if no link has the field."""
    return _OF_LINKS.get(read, read)


def _person_page(text: str) -> str | None:
    return linkedin_url(text) if linkedin_page(text).kind == "person" else None


def _company_page(text: str) -> str | None:
    return linkedin_url(text) if linkedin_page(text).kind == "company" else None


def _only_site(value: Any) -> str | UnsetType:
    """Return the address of the only site among links. Others, such as an article about the company, have a path."""
    sites = dict[str, str]()
    for text in addresses_in(value):
        with suppress(ValueError):
            address = web_address(text)
            parts = urlsplit(address)
            is_bare = parts.path in ("", "/") and not parts.query and "@" not in parts.netloc
            if is_bare and (domain := company_domain(address)) is not None:
                sites.setdefault(domain, address)
    return next(iter(sites.values())) if len(sites) == 1 else UNSET


def _first_link(find: Callable[[str], str | None], value: Any) -> str | UnsetType:
    """Return the first address that `find` returns. A null and an empty list clear nothing, since links have others."""
    for address in addresses_in(value):
        with suppress(ValueError):
            if (found := find(address)) is not None:
                return found
    return UNSET


_OF_LINKS: Final[dict[Reader, Reader]] = {
    read_linkedin: partial(_first_link, _person_page),
    read_company_linkedin: partial(_first_link, _company_page),
    read_website: _only_site,
}
"""The reader of each field in a list of links, by its reader elsewhere."""
