"""Format values of records for pages by their type, as text. Only safe URLs become links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import quote, urlsplit

Shape = Literal["text", "tag", "link", "mail", "time"]

_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
"""A timestamp as the API formats it."""

_UNSAFE: Final = re.compile(r"[\x00-\x20\x7f\\<>\"]")
"""Characters that parsers of URLs interpret differently."""

_LINKEDIN: Final = re.compile(r"\A(?:(?:[a-z]{2,3}\.)?linkedin\.(?:com|example)/(?=.)|www\.)", re.IGNORECASE)
"""The part of a URL after the scheme that the display omits: the LinkedIn host, or `www.`."""

_COMMAS_FROM: Final = 10_000
"""The smallest number with thousands separators. A smaller number can be a year."""


@dataclass(frozen=True, slots=True)
class DisplayValue:
    """One value in a cell. `note` is additional information in small print."""

    shape: Shape
    text: str
    href: str = ""
    note: str = ""


def parts(value: Any) -> list[DisplayValue]:
    """Return the parts of a value. An unknown value has none."""
    match value:
        case None | "":
            return []
        case bool():
            return [DisplayValue("text", "Yes" if value else "No")]
        case int():
            return [DisplayValue("text", f"{value:,}" if value >= _COMMAS_FROM else str(value))]
        case str() if _TIME.fullmatch(value):
            return [DisplayValue("time", f"{value[:10]} {value[11:16]}", value)]
        case str() if is_link(value):
            return [DisplayValue("link", _shortened(value) or value, value)]
        case str():
            return [DisplayValue("text", value)]
        case list():
            return [part for item in value for part in _item(item)]
        case Mapping():
            return _item(value)
        case _:
            return [DisplayValue("text", str(value))]


def _item(item: Any) -> list[DisplayValue]:
    if not isinstance(item, Mapping):
        return [DisplayValue("tag", str(item))]
    if "value" in item:
        address = str(item["value"])
        return [DisplayValue("mail", address, f"mailto:{quote(address, safe='@+')}", str(item.get("type") or ""))]
    if "min" in item:
        return [DisplayValue("text", _band(item.get("min"), item.get("max")))]
    named = [item[name] for name in ("city", "region", "country") if item.get(name)]
    return [DisplayValue("text", str(text)) for text in [", ".join(map(str, named)) or item.get("text")] if text]


def _band(least: Any, most: Any) -> str:
    """Format a size band; the numbers are whole."""
    low, high = ("" if end is None else f"{end:,}" for end in (least, most))
    if low and high:
        return f"{low} – {high}"
    return f"{low} or more" if low else f"up to {high}"


def _shortened(url: str) -> str:
    """Shorten a URL for display: drop the scheme and `www.`; for a LinkedIn page, keep only the path."""
    return _LINKEDIN.sub("", url.partition("://")[2]).rstrip("/")


def is_link(text: str) -> bool:
    """Whether a text is a safe link: http or https, with a host, and without ambiguous characters."""
    if not text.lower().startswith(("http://", "https://")) or _UNSAFE.search(text):
        return False
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False


def member(record: Mapping[str, Any], name: str) -> Any:
    """Return the field of a record by its dotted name, or None if it is absent."""
    value: Any = record
    for step in name.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def name_of(record: Mapping[str, Any]) -> str:
    """Return the display name of a record."""
    for known in ("full_name", "name", "domain"):
        if record.get(known):
            return str(record[known])
    return str(record.get("id", ""))
