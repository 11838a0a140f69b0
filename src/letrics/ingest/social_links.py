"""Columns with all profiles of a company or a person in one cell, such as `sameAs` of schema.org.

The one on LinkedIn is used, by its host. A record has no field for the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from letrics.export.cells import split
from letrics.ingest.aliases import header_key
from letrics.ingest.nested_names import without_wrappers
from letrics.normalize.linkedin_address import linkedin_page, linkedin_url
from letrics.normalize.web_address import MAX_URL, several_addresses

_NAMES: Final = frozenset(
    {
        "sameas", "socials", "social", "sociallinks", "sociallink", "socialurls", "socialurl", "socialprofiles",
        "socialmedia", "socialmedialinks", "socialmediaurls", "socialmediaprofiles", "socialmediaaccounts",
        "socialnetworks", "socialaccounts", "socialpages",
    }
)  # fmt: skip
"""The keys of headers of such columns."""
_MAX_ADDRESSES: Final = 100
"""The maximum number of addresses of a cell that are looked at."""


def is_social_column(header: str) -> bool:
    """Return whether a header means profiles on several sites."""
    return header_key(without_wrappers(header)) in _NAMES


def read_social(value: Any) -> str | None:
    """Parse the profile or page on LinkedIn out of several addresses; None if there is none."""
    return next(map(linkedin_url, linkedin_pages(_texts(value))), None)


def linkedin_pages(texts: Iterable[str]) -> list[str]:
    """The addresses in these texts that are profiles of people or pages of companies on LinkedIn."""
    return [address for text in texts for address in several_addresses(text)[:_MAX_ADDRESSES] if _is_page(address)]


def _is_page(address: str) -> bool:
    address = address.strip("[]\"'")
    try:
        return len(address) <= MAX_URL and linkedin_page(address).kind != "other"
    except ValueError:
        return False


def _texts(value: Any) -> list[str]:
    items = split(value) if type(value) is str and value[:1] == "[" else value if type(value) is list else [value]
    return [item for item in items if type(item) is str]
