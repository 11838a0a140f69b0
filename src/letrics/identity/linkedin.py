"""LinkedIn profiles: which URLs name a person or a company, and the canonical form in which they are compared.

Only four forms of path on a LinkedIn host name a person. Company pages, posts, feeds and searches do not, so they never
identify a contact.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from letrics.normalize.text import fold

_PLAIN: Final = re.compile(r"https?://(?:www\.)?linkedin\.com/in/([a-z0-9-]+)/?")
"""Matches a profile URL in its usual form, which needs no parsing. Group 1 is the profile's name."""
_PLAIN_COMPANY: Final = re.compile(r"https?://www\.linkedin\.com/company/([a-z0-9-]+)/?")
"""Matches the URL of a company's page in its usual form. Group 1 is the page's name."""
_URL: Final = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?/{0,2}([^/?#]*)([^?#]*)(?:\?([^#]*))?", re.IGNORECASE | re.DOTALL)
"""Matches any URL, with or without a scheme. Group 1 is the authority, group 2 the path, group 3 the query."""
_HOST: Final = re.compile(r"(?:(?:www|m|mobile|touch|[a-z]{2}(?:-[a-z]{2})?)\.)*(linkedin\.(?:com|example))")
"""Matches a host that has profiles: with or without `www`, a mobile site or a country. Group 1 is the site.

`linkedin.example` is for invented data.
"""
_ID: Final = re.compile(r"(?:^|&)id=([^&]*)", re.IGNORECASE)
"""Matches the member's id in the query of `profile/view`, which is group 1."""
_NUMBER: Final = re.compile(r"[0-9a-f]{1,3}")
"""Matches one of the three numbers after the name in the path of an old public profile."""
_OTHER_SITES: Final = frozenset({"mwlite", "comm", "m"})
"""First parts of paths of the mobile site, and of links in LinkedIn's emails. The profile's own path follows."""
_NO_PERSON: Final = frozenset({"", "me", "unavailable", "unknown", "undefined", "null"})
"""Names of profiles that are the signed-in user's or, in the exports of tools, a missing value."""
_END: Final = " \t\r\n,;.)]>\"'"
"""Characters that text around a URL leaves at its end. No profile's name ends with one of them."""


def linkedin_profile(url: str) -> str | None:
    """The canonical form of a LinkedIn profile URL, or None if the URL names no person.

    These forms name a person: `/in/NAME`, `/pub/NAME/1/2/3`, `/sales/lead/ID` and `/sales/people/ID` (which are the
    same), and `/profile/view?id=ID`. The comparison ignores the scheme, the subdomains `www`, `m` and countries, the
    mobile site's path, what follows the name (a language, an overlay), the rest of the query, the fragment, letter case
    and percent-encoding.
    """
    if (plain := _PLAIN.fullmatch(url)) is not None:  # the form of nearly all profile URLs
        return None if plain[1] in _NO_PERSON else f"linkedin.com/in/{plain[1]}"
    match = _URL.match(url.strip())
    assert match is not None, "the pattern matches any text"
    host = _HOST.fullmatch(match[1].rpartition("@")[2].partition(":")[0].lower().removesuffix("."))
    if host is None:
        return None
    path = _path_of_person(_parts(match[2]), match[3] or "")
    return None if path is None else f"{host[1]}/{path}"


def linkedin_company(url: str) -> str | None:
    """The canonical form of the URL of a company's LinkedIn page, or None if the URL names no company.

    The pages of a school and of a brand of a company count too: their names are of the same set. The comparison ignores
    the same parts as that of profiles. A page has a name and a number, which are not known to be the same.
    """
    if (plain := _PLAIN_COMPANY.fullmatch(url)) is not None and plain[1] not in _NO_PERSON:
        return f"linkedin.com/company/{plain[1]}"
    match = _URL.match(url.strip())
    assert match is not None, "the pattern matches any text"
    host = _HOST.fullmatch(match[1].rpartition("@")[2].partition(":")[0].lower().removesuffix("."))
    if host is None:
        return None
    match _parts(match[2]):
        case ["company" | "company-beta" | "school" | "showcase" | "organization" | "edu", name, *_]:
            return None if name in _NO_PERSON else f"{host[1]}/company/{name}"
        case ["sales", "company" | "accounts", name, *_]:
            return None if name in _NO_PERSON else f"{host[1]}/company/{name}"
    return None


def _parts(path: str) -> list[str]:
    """The parts of a path, folded, beginning with the profile's own path."""
    parts = [part for part in (part.rstrip(_END) for part in _decode(path).split("/")) if part]
    if parts and parts[0] in _OTHER_SITES:
        del parts[0]
        if parts[:1] == ["profile"] and parts[1:2] != ["view"]:
            del parts[0]
    return parts


def _path_of_person(parts: list[str], query: str) -> str | None:
    match parts:
        case ["in", name, *_] if name not in _NO_PERSON:
            return f"in/{name}"
        case ["pub", name, *rest] if name not in _NO_PERSON and name != "dir":
            numbers = rest[:3] if len(rest) >= 3 and all(map(_NUMBER.fullmatch, rest[:3])) else []
            return "/".join(["pub", name, *numbers])
        case ["sales", "lead" | "people", lead, *_]:
            id = lead.partition(",")[0]
            return None if id in _NO_PERSON else f"sales/lead/{id}"
        case ["profile", "view", *_]:
            found = _ID.search(query)
            id = _decode(found[1]).rstrip(_END) if found else ""
            return None if id in _NO_PERSON else f"profile/view?id={id}"
    return None


def _decode(text: str) -> str:
    return fold(unquote(text) if "%" in text else text)
