"""LinkedIn addresses: one form for each profile of a person and each page of a company.

The forms are `https://www.linkedin.com/in/NAME`, `/pub/NAME/1/2/3`, `/sales/lead/ID`, `/profile/view?id=ID`,
`/company/NAME`, `/school/NAME` and `/showcase/NAME`. Other addresses on LinkedIn only lose the query.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, Literal, NamedTuple
from urllib.parse import quote, unquote

from letrics.normalize.decoded_text import trim

_CANONICAL: Final = re.compile(
    r"https://(?:www\.linkedin\.com|linkedin\.example)/(?:in|company|school|showcase)/(?!(?:me|unavailable)(?!.))[a-z0-9-]+"
)
"""Matches an address that already has its form: nearly all in files that were exported before."""
_MAX_LENGTH: Final = 2_048
"""The maximum length of an address, in characters."""
_ADDRESS: Final = re.compile(
    r"(?:https?:)?/{0,2}(?:[^/?#@]*@)?(?P<subdomains>(?:[a-z0-9-]+\.)*)(?P<site>linkedin\.(?:com|cn|example))\.?(?::[0-9]*)?"
    r"(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?(?:#.*)?",
    re.IGNORECASE,
)
"""Matches an address on LinkedIn, also without a scheme. The site `linkedin.example` is for invented data."""
_MIRRORS: Final = re.compile(r"(?:(?:www|m|mobile|touch|[a-z]{2}(?:-[a-z]{2})?)\.)*", re.IGNORECASE)
"""Matches the subdomains of a host that has profiles and pages: `www`, a mobile site or a country."""
_ID: Final = re.compile(r"(?:^|&)id=([^&]*)", re.IGNORECASE)
"""Matches the member's id in the query of `profile/view`."""
_MEMBER_ID: Final = re.compile(r"AC[a-zA-Z]AA[A-Za-z0-9_-]*")
"""Matches an id that LinkedIn made, which is the only part where upper case matters."""
_NUMBER: Final = re.compile(r"[0-9a-f]{1,3}")
"""Matches one of the three numbers after the name in the path of an old public profile."""
_OTHER_SITES: Final = frozenset({"mwlite", "comm", "m"})
"""First parts of paths of the mobile site, and of links in LinkedIn's emails. The profile's own path follows."""
_COMPANY_PAGES: Final = {
    "company": "company", "company-beta": "company", "companies": "company", "organization": "company",
    "school": "school", "edu": "school", "showcase": "showcase",
}  # fmt: skip
"""The first part of the path of a company's page, and its form."""
_NOBODY: Final = frozenset({"", "me", "unavailable", "unknown", "undefined", "null"})
"""Names of profiles that are the signed-in user's or, in the exports of tools, a missing value."""
_START: Final = "<([{\"'\u201c\u2018"
"""Characters that text around an address leaves at its start."""
_END: Final = ",;.)]}>\"'\u201d\u2019 "
"""Characters that text around an address leaves at its end. No profile's name ends with one of them."""
_ADVICE: Final = "is not a profile address: use one such as https://www.linkedin.com/in/name"


class LinkedinPage(NamedTuple):
    """A page on LinkedIn, and its address: the site and the path.

    `kind` says whose page it is, if it is that of a person or a company. `is_mirror` says whether the host is one that
    has the pages of people and companies; `business.linkedin.com` has others.
    """

    site: str
    path: str
    kind: Literal["person", "company", "other"]
    is_mirror: bool


def is_canonical(text: str) -> bool:
    """Return whether a text is an address on LinkedIn in the form that `linkedin_url` returns. False means unknown."""
    return len(text) <= _MAX_LENGTH and _CANONICAL.fullmatch(text) is not None


def linkedin_url(text: str) -> str:
    """Return the form of an address on LinkedIn. Applying it again changes nothing.

    The scheme, the host's country, the mobile site, a language or overlay after the name, the query, percent-encoding
    and upper case do not matter. Raises ValueError if `text` is not an address on LinkedIn, or if it names no page.
    """
    if is_canonical(text):
        return text
    page = linkedin_page(text)
    return f"https://{'' if page.site == 'linkedin.example' else 'www.'}{page.site}/{page.path}"


def linkedin_page(text: str) -> LinkedinPage:
    """Return the page that an address on LinkedIn names. Raises ValueError as `linkedin_url` does."""
    if len(text) > _MAX_LENGTH:
        raise ValueError(f"is longer than {_MAX_LENGTH:,} characters, the maximum for an address")
    return _linkedin_page(text)


@lru_cache(maxsize=10_000)
def _linkedin_page(text: str) -> LinkedinPage:
    address = trim(text).lstrip(_START).rstrip(_END)
    match = _ADDRESS.fullmatch(address)
    if match is None or not address.isprintable():
        raise ValueError(_ADVICE)
    parts, query = _parts(match["path"] or ""), match["query"] or ""
    if any(part in (".", "..") or any(map(str.isspace, part)) for part in parts):
        raise ValueError(_ADVICE)
    is_mirror = _MIRRORS.fullmatch(match["subdomains"]) is not None
    if (path := _path_of_person(parts, query)) is not None:
        return LinkedinPage(match["site"].lower(), path, "person", is_mirror)
    if (path := _path_of_company(parts)) is not None:
        return LinkedinPage(match["site"].lower(), path, "company", is_mirror)
    return LinkedinPage(match["site"].lower(), _path_of_other(parts), "other", is_mirror)


def _parts(path: str) -> list[str]:
    """The decoded parts of a path, beginning with the page's own path."""
    parts = [part for part in (part.rstrip(_END) for part in _decode(path).split("/")) if part]
    while parts and parts[0].lower() in _OTHER_SITES:
        del parts[0]
        if [part.lower() for part in parts[:1]] == ["profile"] and [part.lower() for part in parts[1:2]] != ["view"]:
            del parts[0]
    return parts


def _path_of_person(parts: list[str], query: str) -> str | None:
    """The path of a person's profile; None for any other page."""
    match [part.lower() for part in parts[:2]]:
        case ["in", name] if name not in _NOBODY:
            return f"in/{_name(parts[1])}"
        case ["pub", name] if name not in _NOBODY and name != "dir":
            numbers = [part.lower() for part in parts[2:5]]
            if len(numbers) < 3 or not all(map(_NUMBER.fullmatch, numbers)):
                numbers = []
            return "/".join(["pub", _name(parts[1]), *numbers])
        case ["sales", "lead" | "people"]:
            id = parts[2].partition(",")[0] if len(parts) > 2 else ""
            return None if id.lower() in _NOBODY else f"sales/lead/{_quote(id)}"
        case ["profile", "view"]:
            found = _ID.search(query)
            id = _decode(found[1]).strip(f"{_END}/") if found else ""
            return None if id.lower() in _NOBODY else f"profile/view?id={_quote(id)}"
    return None


def _path_of_company(parts: list[str]) -> str | None:
    """The path of the page of a company, a school or a brand; None for any other page."""
    match [part.lower() for part in parts[:2]]:
        case ["sales", "company" | "accounts"] if len(parts) > 2 and parts[2].lower() not in _NOBODY:
            return f"company/{_name(parts[2])}"
        case [kind, name] if kind in _COMPANY_PAGES and name not in _NOBODY:
            return f"{_COMPANY_PAGES[kind]}/{_name(parts[1])}"
    return None


def _path_of_other(parts: list[str]) -> str:
    """The path of a page that is no profile. Raises ValueError for the address of one that names no one."""
    match [part.lower() for part in parts[:2]]:
        case ["pub", "dir"]:
            return "/".join(["pub", "dir", *map(_name, parts[2:3])])
        case ["sales", "lead" | "people"] | ["profile", "view"]:
            raise ValueError(_ADVICE)
        case [kind, *_] if kind not in ("in", "pub", *_COMPANY_PAGES):
            return "/".join(map(_quote, parts))
    raise ValueError(_ADVICE)


def _name(part: str) -> str:
    return _quote(part if _MEMBER_ID.fullmatch(part) else part.lower())


def _quote(part: str) -> str:
    return quote(unicodedata.normalize("NFC", part), safe="-_.~,:;'()!*@")


def _decode(text: str) -> str:
    if "%" not in text:
        return text
    try:
        decoded = unquote(text, errors="strict")
    except UnicodeDecodeError:
        decoded = unquote(text, "latin-1")
    if not decoded.isprintable():
        raise ValueError(_ADVICE)
    return decoded
