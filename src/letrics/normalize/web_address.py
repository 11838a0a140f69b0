"""Web addresses as people type and tools export them: with a scheme missing, doubled or mistyped."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from letrics.normalize.decoded_text import trim
from letrics.normalize.domain import is_registrable, is_top_level_domain, registrable_domain

MAX_URL: Final = 2_048
"""The maximum length of a web address, in characters."""
_PLAIN: Final = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[A-Za-z0-9._~/=&?%-]*)?")
"""Matches a web address in its usual form, which needs no further checks, unless it is `https://www.name`."""
_SCHEMES: Final = re.compile(
    r"(?:(?:www\.)?(?:h[tps]{2,5}(?::/{0,3}|;/{1,3}|/{2})|view-source:|url=))++(?=[^\s/])|//", re.IGNORECASE
)
"""Matches one or more schemes, also mistyped ones such as `http//`, `htpp://` and `https://www.https://`."""
_OTHER_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?![0-9]{1,5}(?:[/?#]|\Z))")
"""Matches another scheme (RFC 3986) but not a host with a port."""
_HOST: Final = re.compile(r"[^\s/?#@:\\.\[\]]+(?:\.[^\s/?#@:\\.\[\]]+)+\.?(?::[0-9]+)?(?=[/?#]|$)")
"""Matches a host name of at least two labels and an optional port, up to the path."""
_START: Final = "<([{\"'\u201c\u2018"
"""Characters that text around an address leaves at its start."""
_END: Final = ",;>)]}\"'\u201d\u2019 "
"""Characters that text around an address leaves at its end."""
_BETWEEN: Final = re.compile(r"[\s;,|]+")
"""Matches what separates several addresses in a cell."""
_SPECIAL: Final = frozenset({"example", "test", "invalid", "localhost", "local", "internal", "lan", "home", "corp"})
"""Top-level domains that are not delegated but in use: for documentation and tests (RFC 2606), and inside networks."""
_ADVICE: Final = "is not a web address: use one such as https://example.com"


def web_address(text: str) -> str:
    """Return a web address with one scheme; `https://` is added if there is none. Applying it again changes nothing.

    Raises ValueError if `text` is not a web address.
    """
    if len(text) > MAX_URL:
        raise ValueError(f"is longer than {MAX_URL:,} characters, the maximum for an address")
    if _PLAIN.fullmatch(text) and not text.startswith(("https://www.", "http://www.", "http://http", "https://http")):
        return text
    return _web_address(text)


@lru_cache(maxsize=20_000)
def _web_address(text: str) -> str:
    scheme, rest = split_scheme(trim(text).lstrip(_START).rstrip(_END))
    if not _HOST.match(rest) or any(map(str.isspace, rest)) or not rest.isprintable():
        raise ValueError(_ADVICE)
    if _is_prefix_alone(re.split(r"[/?#:]", rest, maxsplit=1)[0]):
        raise ValueError(_ADVICE)
    return f"{scheme}{rest}"


def split_scheme(text: str) -> tuple[str, str]:
    """Split an address into its scheme with `://` and the rest. Raises ValueError for schemes other than http(s)."""
    match = _SCHEMES.match(text)
    if match is not None:
        rest = text[match.end() :]
        if match[0].lower() in ("https://", "http://"):
            return match[0], rest
        return ("http://" if _is_http(match[0]) else "https://"), rest
    if _OTHER_SCHEME.match(text):
        raise ValueError(_ADVICE)
    return "https://", text


def _is_http(schemes: str) -> bool:
    """Return whether the last of several schemes is http, not https."""
    last = re.split(r"[:;/]+", schemes.lower().rstrip(":;/"))[-1].removeprefix("www.")
    return bool(last) and "s" not in last


def _is_prefix_alone(host: str) -> bool:
    """Return whether a host is `www` and a single label that is not a top-level domain, such as `www.acme`."""
    first, _, rest = host.lower().removesuffix(".").partition(".")
    return first == "www" and "." not in rest and not _is_top(rest)


def typed_domain(text: str) -> str:
    """Return the registrable domain of a domain, a web address or an email address that a person typed.

    Raises ValueError as `registrable_domain` does, and also for a top-level domain that does not exist (`acme.con`).
    """
    if is_registrable(text) and _is_known(text):
        return text
    return _typed_domain(text if len(text) <= MAX_URL else text.strip()[: MAX_URL + 1])


@lru_cache(maxsize=50_000)
def _typed_domain(text: str) -> str:
    text = trim(text).lstrip(_START).rstrip(_END)
    match = _SCHEMES.match(text)
    domain = registrable_domain(text[match.end() :] if match is not None and match[0] != "//" else text)
    if _is_prefix_alone(domain):
        raise ValueError("is not a domain: the part after www. is a single word")
    if not _is_known(domain):
        raise ValueError(f"is not a domain: there is no top-level domain .{domain.rpartition('.')[2]}")
    return domain


def _is_top(label: str) -> bool:
    return label in _SPECIAL or is_top_level_domain(label)


def _is_known(domain: str) -> bool:
    return _is_top(domain.rpartition(".")[2])


def several_addresses(text: str) -> list[str]:
    """Split a text into the web addresses or domains that it may have."""
    return [part for part in _BETWEEN.split(text) if part]
