"""Parsing of URLs in rows: checks them, and adds `https://` if the scheme is missing."""

from __future__ import annotations

import re
from typing import Any, Final

from letrics.normalize.text import clean

MAX_URL: Final = 2048
"""The maximum length of a URL, in characters."""
_SPACE: Final = re.compile(r"\s")
"""Matches white space, which a URL must not contain."""
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
"""Matches the scheme of a URL and its colon (RFC 3986)."""
_HOST: Final = re.compile(r"[^\s/?#@:\\.\[\]]+(?:\.[^\s/?#@:\\.\[\]]+)+\.?(?::[0-9]+)?(?=[/?#]|$)")
"""Matches a host name of at least two labels and an optional port, up to the path."""
_PROFILE: Final = re.compile(r"https?://(?:[a-z]+\.)?linkedin\.com/in/[a-z0-9-]+/?")
"""Matches a LinkedIn profile URL in its usual form, which needs no further checks."""


def read_website(value: Any) -> str | None:
    """Parse a web address. Adds `https://` if it has no scheme. Raises ValueError."""
    return _url(value, "is not a web address: use one such as https://example.com")


def read_linkedin(value: Any) -> str | None:
    """Parse the address of a LinkedIn profile, also without a scheme (`linkedin.com/in/jane`). Raises ValueError."""
    if type(value) is str and len(value) <= MAX_URL and _PROFILE.fullmatch(value):  # the common case
        return value
    advice = "is not a profile address: use one such as https://www.linkedin.com/in/name"
    url = _url(value, advice)
    if url is None or (type(value) is str and _SCHEME.match(value.strip())):
        return url
    if "linkedin." not in url.partition("://")[2].partition("/")[0].lower():
        raise ValueError(advice)
    return url


def _url(value: Any, advice: str) -> str | None:
    if value is None:
        return None
    if type(value) is not str:
        raise ValueError(advice)
    url = clean(value)
    if url is None:
        return None
    if len(url) > MAX_URL:
        raise ValueError(f"is longer than {MAX_URL:,} characters, the maximum for an address")
    if url[:8].lower() == "https://" or url[:7].lower() == "http://":
        rest = url.partition("://")[2]
    else:
        rest = url.removeprefix("//")
        url = f"https://{rest}"
    if _SPACE.search(url) or not _HOST.match(rest):
        raise ValueError(advice)
    return url
