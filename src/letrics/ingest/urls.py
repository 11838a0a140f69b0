"""Web addresses of rows: checked, and made whole where the scheme is left out."""

from __future__ import annotations

import re
from typing import Any, Final

from letrics.normalize.text import clean

MAX_URL: Final = 2048
_SPACE: Final = re.compile(r"\s")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_HOST: Final = re.compile(r"[^\s/?#@:\\.\[\]]+(?:\.[^\s/?#@:\\.\[\]]+)+\.?(?::[0-9]+)?(?=[/?#]|$)")
_PROFILE: Final = re.compile(r"https?://(?:[a-z]+\.)?linkedin\.com/in/[a-z0-9-]+/?")


def read_website(value: Any) -> str | None:
    """A web address; `https://` is put before one that has no scheme."""
    return _url(value, "is not a web address: give one such as https://example.com")


def read_linkedin(value: Any) -> str | None:
    """The address of a profile; `linkedin.com/in/jane` without a scheme is one too."""
    if type(value) is str and len(value) <= MAX_URL and _PROFILE.fullmatch(value):  # as nearly every one is written
        return value
    advice = "is not the address of a profile: give one such as https://www.linkedin.com/in/name"
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
        raise ValueError(f"is longer than the {MAX_URL:,} characters an address may have")
    if url[:8].lower() == "https://" or url[:7].lower() == "http://":
        rest = url.partition("://")[2]
    else:
        rest = url.removeprefix("//")
        url = f"https://{rest}"
    if _SPACE.search(url) or not _HOST.match(rest):
        raise ValueError(advice)
    return url
