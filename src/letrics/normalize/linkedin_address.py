"""LinkedIn addresses: one form for each profile of a person and each page of a company.

The forms are `https://www.linkedin.com/in/NAME`, `/pub/NAME/1/2/3`, `/sales/lead/ID`, `/profile/view?id=ID`,
`/company/NAME`, `/school/NAME` and `/showcase/NAME`. Other addresses on LinkedIn only lose the query.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote

from letrics.normalize.decoded_text import trim

_CANONICAL: Final = re.compile(
    r"https://(?:www\.linkedin\.com|linkedin\.example)/(?:in|company|school|showcase)/(?!(?:me|unavailable)(?!.))[a-z0-9-]+"
)
"""Matches an address that already has its form: nearly all in files that were exported before."""
_MAX_LENGTH: Final = 2_048
"""The maximum length of an address, in characters."""
_ADDRESS: Final = re.compile(
    r"(?:https?:)?/{0,2}(?:[^/?#@]*@)?(?:[a-z0-9-]+\.)*(?P<site>linkedin\.(?:com|cn|example))\.?(?::[0-9]*)?"
    r"(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?(?:#.*)?",
    re.IGNORECASE,
)
"""Matches an address on LinkedIn, also without a scheme. The site `linkedin.example` is for invented data."""
_ID: Final = re.compile(r"(?:^|&)id=([^&]*)", re.IGNORECASE)
"""Matches the member's id in the query of `profile/view`."""
_MEMBER_ID: Final = re.compile(r"AC[a-zA-Z]AA[A-Za-z0-9_-]*")
"""Matches an id that LinkedIn made, which is the only part where upper case matters."""
_NUMBER: Final = re.compile(r"[0-9a-f]{1,3}")
"""Matches one of the three numbers after the name in the path of an old public profile."""
_OTHER_SITES: Final = frozenset({"mwlite", "comm", "m"})
"""First parts of paths of the mobile site, and of links in LinkedIn's emails. The profile's own path follows."""
_COMPANY_PAGES: Final = {
    "company": "company", "company-beta": "company", "companies": "company", "school": "school", "edu": "school",
    "showcase": "showcase",
}  # fmt: skip
"""The first part of the path of a company's page, and its form."""
_NOBODY: Final = frozenset({"", "me", "unavailable", "unknown", "undefined", "null"})
"""Names of profiles that are the signed-in user's or, in the exports of tools, a missing value."""
_START: Final = "<([{\"'\u201c\u2018"
"""Characters that text around an address leaves at its start."""
_END: Final = ",;.)]}>\"'\u201d\u2019 "
"""Characters that text around an address leaves at its end. No profile's name ends with one of them."""
_ADVICE: Final = "is not a profile address: use one such as https://www.linkedin.com/in/name"


def linkedin_url(text: str) -> str:
    """Return the form of an address on LinkedIn. Applying it again changes nothing.

    The scheme, the host's country, the mobile site, a language or overlay after the name, the query, percent-encoding
    and upper case do not matter. Raises ValueError if `text` is not an address on LinkedIn, or if it names no page.
    """
    if len(text) <= _MAX_LENGTH and _CANONICAL.fullmatch(text):
        return text
    if len(text) > _MAX_LENGTH:
        raise ValueError(f"is longer than {_MAX_LENGTH:,} characters, the maximum for an address")
    return _linkedin_url(text)


@lru_cache(maxsize=10_000)
def _linkedin_url(text: str) -> str:
    address = trim(text).lstrip(_START).rstrip(_END)
    match = _ADDRESS.fullmatch(address)
    if match is None or not address.isprintable():
        raise ValueError(_ADVICE)
    site = match["site"].lower()
    path = _path(_parts(match["path"] or ""), match["query"] or "")
    return f"https://{'' if site == 'linkedin.example' else 'www.'}{site}/{path}"


def _parts(path: str) -> list[str]:
    """The decoded parts of a path, beginning with the page's own path."""
    parts = [part for part in (part.strip(_END) for part in _decode(path).split("/")) if part]
    if parts and parts[0].lower() in _OTHER_SITES:
        del parts[0]
        if [part.lower() for part in parts[:1]] == ["profile"] and [part.lower() for part in parts[1:2]] != ["view"]:
            del parts[0]
    return parts


def _path(parts: list[str], query: str) -> str:
    if any(part in (".", "..") or any(map(str.isspace, part)) for part in parts):
        raise ValueError(_ADVICE)
    match [part.lower() for part in parts[:2]]:
        case ["in", name] if name not in _NOBODY:
            return f"in/{_name(parts[1])}"
        case ["pub", name] if name not in _NOBODY:
            numbers = [part.lower() for part in parts[2:5]]
            if len(numbers) < 3 or not all(map(_NUMBER.fullmatch, numbers)):
                numbers = parts[2:3] if name == "dir" else []
            return "/".join(["pub", _name(parts[1]), *map(_name, numbers)])
        case ["sales", "lead" | "people"]:
            id = parts[2].partition(",")[0] if len(parts) > 2 else ""
            if id.lower() not in _NOBODY:
                return f"sales/lead/{_quote(id)}"
        case ["sales", "company" | "accounts"] if len(parts) > 2:
            return f"company/{_name(parts[2])}"
        case ["profile", "view"]:
            found = _ID.search(query)
            id = _decode(found[1]).strip(_END) if found else ""
            if id.lower() not in _NOBODY:
                return f"profile/view?id={_quote(id)}"
        case [kind, name] if kind in _COMPANY_PAGES and name not in _NOBODY:
            return f"{_COMPANY_PAGES[kind]}/{_name(parts[1])}"
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
