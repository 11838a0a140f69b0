"""Identity keys of companies without a domain: their LinkedIn page, and their name if nothing else is known of them."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from letrics.identity.keys import Key, hash_key
from letrics.identity.linkedin import linkedin_company
from letrics.normalize.company_names import company_name_key
from letrics.normalize.domain import ascii_labels, registrable_domain

_ID: Final = re.compile(r"co_[0-9a-z]{12}")
"""Matches the id of a company without a domain."""
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_LENGTH: Final = 12
"""The number of digits of such an id, in base 36."""


def is_company_id(text: str) -> bool:
    """Whether the text has the form of the id of a company without a domain. No domain has this form."""
    return _ID.fullmatch(text) is not None


def exact_company_id(text: str) -> str:
    """Return the id of a company that is named by it or by its domain, in the form of the store.

    Unlike in searches, a URL, subdomain or email is not reduced to its registrable domain: who names shop.example.com
    does not mean example.com. Raises ValueError with a clause that says why no company has such an id.
    """
    if is_company_id(text):
        return text
    try:
        domain = registrable_domain(text)
        ascii = ".".join(ascii_labels(text))
    except ValueError as error:
        raise ValueError(f"it {error}") from None
    if ascii != domain:
        raise ValueError(f"use the registrable domain of a company, here {domain}")
    return domain


def page_key(linkedin_url: object) -> Key | None:
    """The key of the URL of a company's LinkedIn page; None if it is no such URL."""
    return _page_key(linkedin_url) if isinstance(linkedin_url, str) else None


@lru_cache(maxsize=10_000)
def _page_key(url: str) -> Key | None:
    page = linkedin_company(url)
    return None if page is None else hash_key(f"company {page}")


def company_key(name: object) -> Key | None:
    """The key of a company's name without its legal form; None if it is no name."""
    known = company_name_key(name) if isinstance(name, str) else ""
    return hash_key(f"company name {known}") if known else None


def generate_company_id(linkedin_url: object, name: object, salt: int = 0) -> str:
    """A generated id for a company without a domain, so that it gets the same id in every database.

    It is a hash of its LinkedIn page, else of its name. `salt` is the number of ids tried before that were in use.
    """
    page = linkedin_company(linkedin_url) if isinstance(linkedin_url, str) else None
    source = f"linkedin {page}" if page else f"name {company_name_key(name) if isinstance(name, str) else ''}"
    if salt:
        source += f" {salt}"
    number = int.from_bytes(blake2b(source.encode(), digest_size=8).digest(), "big")
    digits = []
    for _ in range(_LENGTH):
        number, digit = divmod(number, 36)
        digits.append(_DIGITS[digit])
    return f"co_{''.join(digits)}"


def is_identified(id: object, domain: object, linkedin_url: object, name: object) -> bool:
    """Whether these values identify a company."""
    return bool(domain) or (isinstance(id, str) and is_company_id(id)) or bool(
        page_key(linkedin_url) or company_key(name)
    )  # fmt: skip
