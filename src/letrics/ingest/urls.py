"""Readers of web addresses, domains and LinkedIn addresses in rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from letrics.ingest.partial import Partial
from letrics.normalize.linkedin_address import is_canonical, linkedin_url
from letrics.normalize.shared_hosts import company_domain, is_company_domain
from letrics.normalize.text import clean
from letrics.normalize.web_address import MAX_URL, several_addresses, typed_domain, web_address
from letrics.query.request_values import shown

_NO_WEBSITE: Final = "is not a web address: use one such as https://example.com"
_NO_PROFILE: Final = "is not a profile address: use one such as https://www.linkedin.com/in/name"

_HANDLES: Final = ("in/", "company/", "school/")
"""How the path of an address on LinkedIn begins, which tools such as Clearbit write without the host."""


def read_website(value: Any) -> str | Partial | None:
    """Parse a web address; the first of several. Adds `https://` if it has no scheme. Raises ValueError."""
    return _first(value, web_address, _NO_WEBSITE)


def read_domain(value: Any) -> str | Partial | None:
    """Parse a domain, URL or email address into its registrable domain; the first of several. Raises ValueError.

    An address on a host that many companies share is returned as it is.
    """
    return _first(str(value) if type(value) is int else value, _domain_or_shared, "must be a string")


def _domain_or_shared(text: str) -> str:
    domain = typed_domain(text)
    if text == domain or ("/" not in text and is_company_domain(domain)):
        return domain
    try:
        address = web_address(text)
        return domain if company_domain(address) is not None else address
    except ValueError:
        return domain if is_company_domain(domain) else text


def read_linkedin(value: Any) -> str | Partial | None:
    """Parse an address on LinkedIn, also without a scheme (`linkedin.com/in/jane`); the first of several addresses.

    Raises ValueError.
    """
    try:
        return _first(value, linkedin_url, _NO_PROFILE)
    except ValueError:
        parts = several_addresses(value) if type(value) is str and len(value) <= MAX_URL else []
        first = next(filter(_is_linkedin, parts), None)
        if first is None or not all("." in part for part in parts):
            raise
    return Partial(
        linkedin_url(first),
        tuple(f"{shown(part)} is left out: the field has one value" for part in parts if part != first),
    )


def _is_linkedin(text: str) -> bool:
    try:
        return bool(linkedin_url(text))
    except ValueError:
        return False


def read_company_linkedin(value: Any) -> str | Partial | None:
    """Parse an address on LinkedIn in a column of companies, as `read_linkedin` does."""
    return read_linkedin(value)


def read_linkedin_handle(value: Any) -> str | Partial | None:
    """Parse the path of an address on LinkedIn (`in/jane`), or a whole one. Raises ValueError."""
    if type(value) is str and value.strip().startswith(_HANDLES):
        value = f"linkedin.com/{value.strip()}"
    return read_linkedin(value)


def plain_linkedin(text: str) -> str | None:
    """Return an address that already has its form, which `read_linkedin` would return; None for any other text."""
    return text if is_canonical(text) else None


def _first(value: Any, parse: Callable[[str], str], advice: str) -> str | Partial | None:
    if value is None:
        return None
    if type(value) is not str:
        raise ValueError(advice)
    text = clean(value)
    if text is None:
        return None
    try:
        return parse(text)
    except ValueError as error:
        parts = several_addresses(text) if len(text) <= MAX_URL else []
        if len(parts) < 2:
            raise
        try:
            first = parse(parts[0])
            others = [part for part in parts[1:] if parse(part) != first]
        except ValueError:
            raise error from None
    return Partial(first, tuple(f"{shown(other)} is left out: the field has one value" for other in others))
