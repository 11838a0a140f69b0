"""How the judge reads the values of a request: written from the API reference alone, apart from the code it judges."""

from __future__ import annotations

import re
import string
import unicodedata
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList

from letrics.normalize.title_words import abbreviations

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=100_000)
def folded(text: str) -> str:
    """Unicode NFKC, case folding, runs of white space as one space, trimmed."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()


_ASCII = {"'": "’‘‚‛′ʼʹ‵", '"': "“”„‟«»", "-": "‐‑‒–—―−"}


@lru_cache(maxsize=100_000)
def searchable(text: str) -> str:
    """A text in which strings are looked for: folded, Latin and Greek letters without diacritics, and typographic
    apostrophes, quotes and dashes as in ASCII."""
    kept: list[str] = []
    base = ""
    for character in unicodedata.normalize("NFD", folded(text.replace("´", "'"))):
        if unicodedata.combining(character):
            if not base.startswith(("LATIN", "GREEK")):
                kept.append(character)
            continue
        base = unicodedata.name(character, "")
        words = base.replace("DOTLESS I", "I").split()  # LATIN SMALL LETTER O WITH STROKE
        if words[:3] == ["LATIN", "SMALL", "LETTER"] and len(words[3]) == 1 and words[4:5] in ([], ["WITH"]):
            character = words[3].lower()
        kept.append(next((plain for plain, others in _ASCII.items() if character in others), character))
    return unicodedata.normalize("NFC", "".join(kept))


@lru_cache(maxsize=100_000)
def words(text: str) -> tuple[str, ...]:
    """The whole words of a text: runs of what is neither white space nor ASCII punctuation, and each + and #."""
    punctuation = set(string.punctuation) - set("+#")
    spaced = "".join(" " if c in punctuation else f" {c} " if c in "+#" else c for c in searchable(text))
    return tuple(spaced.split())


@lru_cache(maxsize=10_000)
def spellings(phrase: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    """The phrase with any of its abbreviations as their long form, and any long form as its abbreviation."""
    found, new = {phrase}, {phrase}
    while new:
        replaced = {
            (*one[:at], *there, *one[at + len(here) :])
            for one in new
            for pair in abbreviations()
            for here, there in (pair, pair[::-1])
            for at in range(len(one))
            if one[at : at + len(here)] == here
        }
        new = replaced - found
        found |= new
    return frozenset(found)


@lru_cache(maxsize=100_000)
def milliseconds(text: str, end_of_day: bool = False) -> int:
    """Since 1970 in UTC. A date alone is the first millisecond of its day, or the last with `end_of_day`."""
    text = text.strip().upper()
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    value = (moment - _EPOCH) // timedelta(milliseconds=1)
    if end_of_day and "T" not in text and ":" not in text:
        value += 24 * 60 * 60 * 1000 - 1
    return value


def written(value: int) -> str:
    """A time in the format of responses: `2026-01-31T09:30:00.000Z`."""
    seconds, rest = divmod(value, 1000)
    moment = _EPOCH + timedelta(seconds=seconds)
    year = str(moment.year).rjust(4, "0")
    return f"{year}-{moment:%m-%dT%H:%M:%S}.{rest:03d}Z"


@cache
def _icann() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True)


@cache
def _whole_list() -> PublicSuffixList:
    return PublicSuffixList()


def ascii_name(name: str) -> str:
    """A domain name in lower-case ASCII; for an invalid name, a value that no record has."""
    try:
        return name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return "?"


@lru_cache(maxsize=100_000)
def suffix(domain: str) -> str:
    """The whole public suffix, ICANN section alone: `co.uk` of example.co.uk, `com` of a shop on myshopify.com."""
    return str(_icann().publicsuffix(domain))


@lru_cache(maxsize=100_000)
def suffix_ends(domain: str) -> frozenset[str]:
    """Every dot-suffix of the public suffix: `co.uk` and `uk`."""
    labels = suffix(domain).split(".")
    return frozenset(".".join(labels[i:]) for i in range(len(labels)))


def asked_suffix(text: str) -> str:
    """`com`, `.com` and `COM` are the same; either form of an internationalised name."""
    return ascii_name(text.strip().lstrip(".").casefold())


@lru_cache(maxsize=100_000)
def asked_domain(text: str) -> str:
    """A URL, subdomain or email reduced to its registrable domain, private suffixes counting, also by themselves."""
    rest = text.strip().casefold()
    rest = re.sub(r"^[a-z][a-z0-9+.-]*://", "", rest)
    rest = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2]
    rest = re.sub(r":\d+$", "", rest).rstrip(".")
    name = ascii_name(rest)
    bare = name.removeprefix("www.")
    if _whole_list().publicsuffix(bare) == bare != suffix(bare):
        return bare  # a private suffix by itself
    return _whole_list().privatesuffix(name) or "?"


def now() -> str:
    """The current time in the format of responses."""
    return written((datetime.now(UTC) - _EPOCH) // timedelta(milliseconds=1))
