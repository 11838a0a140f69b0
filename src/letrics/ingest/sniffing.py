"""What the values of a column look like: emails, LinkedIn profiles, web addresses, domains or phone numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final, Literal

from letrics.normalize.domain import registrable_domain

Look = Literal["emails", "linkedin_profiles", "linkedin_companies", "urls", "domains", "phones"]
LOOKS: Final[dict[Look, str]] = {
    "emails": "email addresses",
    "linkedin_profiles": "LinkedIn profiles",
    "linkedin_companies": "LinkedIn pages of companies",
    "urls": "web addresses",
    "domains": "domains",
    "phones": "phone numbers",
}
"""The names of the looks in messages."""
_LONGEST: Final = 500
"""The maximum length of a value that is looked at, in characters."""
_SHARE: Final = 0.6
"""The share of a column's values that must look the same."""

_EMAIL: Final = re.compile(r"(?:mailto:)?[^\s@<>,;]+@[^\s@<>,;]+\.[^\W\d_]{2,}|.*<[^\s@<>]+@[^\s@<>]+\.[^\W\d_]{2,}>")
"""Matches an email address, also with a name before it."""
_LINKEDIN: Final = re.compile(r"(?:https?://)?(?:[a-z-]{1,63}\.)?linkedin\.(?:com|example)/(.*)", re.IGNORECASE)
"""Matches an address on LinkedIn. Group 1 is the path."""
_PROFILE: Final = re.compile(r"(?:mwlite/)?(?:in|pub)/|sales/(?:lead|people)/|profile/view", re.IGNORECASE)
"""Matches the beginning of the path of a person's profile."""
_COMPANY: Final = re.compile(r"(?:mwlite/)?(?:company|school|showcase)/|sales/(?:company|accounts?)/", re.IGNORECASE)
"""Matches the beginning of the path of a company's page."""
_URL: Final = re.compile(r"https?://[^\s/]+\.[^\s]+|www\.[^\s/]+\.[^\s]+", re.IGNORECASE)
"""Matches a web address with its scheme or with www."""
_DOMAIN: Final = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}(?:/\S*)?")
"""Matches a domain, possibly with a path."""
_PHONE: Final = re.compile(r"['=\"]*(?:tel:)?(\+|00|\(|0)?[0-9 ().\-/\u00a0\u2010-\u2015]+(?:(?:ext\.?|x) ?[0-9]+)?\"?")
"""Matches digits as in phone numbers. Group 1 is how international and national numbers begin."""
_NOT_PHONE: Final = re.compile(r"[0-9]{1,4}([-/. ])[0-9]{1,2}\1[0-9]{1,4}|[0-9.]+|[0-9]+ ?[-\u2013] ?[0-9]+")
"""Matches dates, numbers and ranges."""


def look_of(value: str) -> Look | None:
    """Return what a value looks like; None for other values."""
    value = value.strip()
    if not value or len(value) > _LONGEST:
        return None
    if "@" in value:
        return "emails" if _EMAIL.match(value) else None
    if found := _LINKEDIN.fullmatch(value):
        if _PROFILE.match(found[1]):
            return "linkedin_profiles"
        return "linkedin_companies" if _COMPANY.match(found[1]) else "urls"
    if _URL.fullmatch(value):
        return "urls"
    if _DOMAIN.fullmatch(value) and _is_domain(value.partition("/")[0]):
        return "domains"
    return "phones" if _is_phone(value) else None


def _is_domain(host: str) -> bool:
    try:
        registrable_domain(host)
    except ValueError:
        return False
    return True


def _is_phone(value: str) -> bool:
    found = _PHONE.fullmatch(value)
    if not found or _NOT_PHONE.fullmatch(value):
        return bool(found) and value.startswith("00") and value.isdigit() and len(value) >= 10
    digits = sum(map(str.isdigit, value))
    return 7 <= digits <= 20 and (found[1] is not None or digits >= 9)


def look_of_values(values: Iterable[str]) -> Look | None:
    """Return what most of the values look like; None if there is no such look."""
    counts = Counter(look_of(value) for value in values)
    total = counts.total()
    if not total:
        return None
    look, count = counts.most_common(1)[0]
    return look if count >= _SHARE * total else None
