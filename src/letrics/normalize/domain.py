"""Domains: whatever names a web site or a mailbox, reduced to the registrable domain in lower-case ASCII.

Suffixes are those of the Public Suffix List (https://publicsuffix.org/list/) as `publicsuffixlist` bundles it; the
network is never asked. Internationalised names are read by UTS 46 and written by IDNA 2008.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import idna
from publicsuffixlist import PSLFILE, PublicSuffixList

_MAX_LENGTH: Final = 253
_MAX_NAME: Final = 4 * _MAX_LENGTH
"""The most characters of a name before it is mapped: accents may be characters of their own. Mapping a name to ASCII
takes time quadratic in its length."""
_MAX_TEXT: Final = 2_048
"""The most characters of a text that a domain is read from, which may be a URL."""
_MAX_LABEL: Final = 63
_PLAIN: Final = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)+")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?=//)|mailto:(?!//)", re.IGNORECASE)
_PORT: Final = re.compile(r":[0-9]{0,5}$")
_LABEL: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_PLAIN_LABEL: Final = re.compile(r"(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_PLAIN_NAMES: Final = re.compile(rf"{_PLAIN_LABEL.pattern}\.[a-z0-9.-]+(?:\n{_PLAIN_LABEL.pattern}\.[a-z0-9.-]+)*")
_PLAIN_TOP: Final = re.compile(r"[a-z]{2,63}")
_SHORT: Final = 63
"""A host of so many characters has no label that is too long."""
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_ICANN_END: Final = "// ===END ICANN DOMAINS==="


def registrable_domain(text: str) -> str:
    """The registrable domain of a bare domain, URL, subdomain or email address, lower-case ASCII.

    Private suffixes count, so a shop on a shop builder's domain is itself. Raises ValueError with words for a person
    (to follow the value) for what is no domain: an IP address, a single label, a bare public suffix, a blank.
    """
    if len(text) > _MAX_TEXT:
        text = text.strip()
        if len(text) > _MAX_TEXT:
            raise ValueError(f"is longer than the {_MAX_TEXT:,} characters that a domain is read from")
    return _registrable_domain(text)


@lru_cache(maxsize=200_000)
def _registrable_domain(text: str) -> str:
    if is_registrable(text):
        return text
    host = text if _PLAIN.fullmatch(text) and len(text) <= _MAX_LENGTH else host_of(text)
    if host.isascii():
        host = host.lower()
    if len(host) <= _SHORT and _PLAIN.fullmatch(host):
        _refuse_number(host.rpartition(".")[2])
        domain = _beneath_suffix(host)
    else:
        domain = _all_suffixes().privatesuffix(".".join(host_labels(host)))
    if domain is None:
        raise ValueError("is a public suffix, under which domains are registered, and not a domain itself")
    if "_" in domain:
        raise ValueError("is not a domain: the name that is registered cannot hold an underscore")
    return domain


def are_registrable(texts: Sequence[str]) -> bool:
    """Whether `is_registrable` holds for each of the texts, at a fifth of its cost. False says nothing."""
    together = "\n".join(texts)
    if together.count("\n") != len(texts) - 1 or _PLAIN_NAMES.fullmatch(together) is None:
        return False
    beneath, rules = _plain_suffixes()
    return beneath.issuperset({text.partition(".")[2] for text in texts}) and rules.isdisjoint(texts)


def _beneath_suffix(host: str) -> str | None:
    """What is registered of a host of plain labels, by the rules of publicsuffix.org/list: the suffix is the longest
    that a rule names, `*.` standing for one label, but for rules with `!`; without a rule, the last label is it."""
    _, rules = _plain_suffixes()
    name, beneath = host, None
    while name:
        rest = name.partition(".")[2]
        if f"!{name}" in rules:
            return name
        if name in rules or f"*.{rest}" in rules:
            return beneath
        name, beneath = rest, name if rest else beneath
    return beneath


def is_registrable(text: str) -> bool:
    """Whether `text` is the registrable domain of itself, by a look of half a microsecond instead of the 10
    that reading takes. False says nothing: it may be one in a rarer form."""
    label, _, suffix = text.partition(".")
    beneath, rules = _plain_suffixes()
    if suffix not in beneath and (suffix in rules or f"*.{suffix}" in rules or _PLAIN_TOP.fullmatch(suffix) is None):
        return False
    return text not in rules and _PLAIN_LABEL.fullmatch(label) is not None


def host_of(text: str) -> str:
    """The host that a URL, email address or bare name speaks of, as it is written there (without port or final dot).

    Raises ValueError when there is none, or when it is an IPv6 address.
    """
    host = text.strip()
    scheme = _SCHEME.match(host)
    if scheme:
        host = host[scheme.end() :]
    host = host.removeprefix("//")
    host = re.split(r"[/?#\\]", host, maxsplit=1)[0].rpartition("@")[2].strip()
    if host.startswith("[") or host.count(":") > 1:
        raise ValueError("is an IP address, not a domain: give a name such as example.com")
    host = _PORT.sub("", host).removesuffix(".")
    if not host:
        raise ValueError("is blank or holds no domain: give one such as example.com")
    return host


def host_labels(host: str) -> list[str]:
    """The labels of a host as lower-case ASCII. Raises ValueError when it is no name of two labels or more."""
    labels = ascii_labels(host)
    if len(labels) == 1:
        raise ValueError("is a single word, not a domain: give one such as example.com")
    _refuse_number(labels[-1])
    return labels


def _refuse_number(last: str) -> None:
    if _NUMBER.fullmatch(last):
        raise ValueError("is an IP address or a number, not a domain: give a name such as example.com")


def ascii_labels(name: str) -> list[str]:
    """The labels of a dotted name as lower-case ASCII. Raises ValueError on what no domain name can hold."""
    if len(name) > _MAX_NAME:
        raise ValueError(_TOO_LONG)
    if not name.isascii():
        try:
            name = idna.uts46_remap(name, std3_rules=False, transitional=False)
        except (idna.IDNAError, ValueError, IndexError):
            raise ValueError("is not a domain: it holds a character that domain names cannot have") from None
    labels = [_ascii_label(label) for label in name.lower().split(".")]
    if sum(map(len, labels)) + len(labels) - 1 > _MAX_LENGTH:
        raise ValueError(_TOO_LONG)
    return labels


_TOO_LONG: Final = f"is longer than the {_MAX_LENGTH} characters a domain may have"


def _ascii_label(label: str) -> str:
    if len(label) > _MAX_LABEL:
        raise ValueError(f"is not a domain: one of its parts is longer than {_MAX_LABEL} characters")
    if not label.isascii():
        try:
            return idna.alabel(label).decode("ascii")
        except (idna.IDNAError, ValueError, IndexError):
            raise ValueError("is not a domain: it holds a character that domain names cannot have") from None
    if not label:
        raise ValueError("is not a domain: there is nothing between two of its dots, or before the first")
    if not _LABEL.fullmatch(label):
        raise ValueError("is not a domain: its parts hold only letters, digits and inner hyphens")
    if label.startswith("xn--"):
        _unicode_label(label)
    return label


def _unicode_label(label: str) -> str:
    # Some registered names (emoji) are outside IDNA 2008: their ASCII form is kept, only its Punycode must be sound.
    try:
        return str(idna.ulabel(label))
    except (idna.IDNAError, ValueError, IndexError):
        try:
            label[4:].encode("ascii").decode("punycode")
        except ValueError:
            raise ValueError("is not a domain: a part that begins with xn-- is not in Punycode") from None
        return label


@lru_cache(maxsize=100_000)
def icann_suffix(domain: str) -> str | None:
    """The whole suffix of a domain in the list's ICANN section, ASCII: `co.uk` of example.co.uk, `com` of a shop on
    myshopify.com. A top level unknown to the list is the last label; None for what is no domain name."""
    try:
        labels = ascii_labels(domain.strip().removesuffix("."))
    except ValueError:
        return None
    suffix: str | None = _icann_suffixes().publicsuffix(".".join(labels))
    return suffix


@lru_cache(maxsize=10_000)
def tld_suffixes(tld: str) -> tuple[str, ...]:
    """Every dot-suffix of a suffix, longest first: `co.uk` gives `co.uk` and `uk`."""
    labels = tld.split(".")
    return tuple(".".join(labels[start:]) for start in range(len(labels)))


def tld_key(text: str) -> str:
    """A top-level domain as it is asked for (`com`, `.com`, `COM`, `рф`), as the ASCII form it is compared by.

    Raises ValueError when it cannot be one.
    """
    bare = text.strip().removeprefix("*").lstrip(".").removesuffix(".")
    if not bare:
        raise ValueError("is blank: give a top-level domain such as com or co.uk")
    return ".".join(ascii_labels(bare))


def display_domain(ascii: str) -> str:
    """The form of an ASCII domain for people's eyes; a label that cannot be decoded stays as it is. Never raises."""
    if "xn--" not in ascii or len(ascii) > _MAX_LENGTH:
        return ascii
    return ".".join(_shown_label(label) for label in ascii.split("."))


def _shown_label(label: str) -> str:
    try:
        return _unicode_label(label) if label.startswith("xn--") else label
    except ValueError:
        return label


@cache
def suffix_list_fingerprint() -> str:
    """Changes whenever a domain could be split otherwise: with the suffix list or the data of international names."""
    digest = hashlib.blake2b(Path(PSLFILE).read_bytes(), digest_size=12)
    digest.update(idna.idnadata.__version__.encode())
    return digest.hexdigest()


def _rules(text: str) -> Iterator[str]:
    # The package's own ASCII forms follow IDNA 2003; the rules are handed to it in IDNA 2008.
    for line in text.splitlines():
        rule = line.split(" ", 1)[0].strip().lower()
        if rule and not rule.startswith("//"):
            yield rule if rule.isascii() else _ascii_rule(rule)


def _ascii_rule(rule: str) -> str:
    mark = "!" if rule[0] == "!" else "*." if rule.startswith("*.") else ""
    return mark + ".".join(ascii_labels(rule.removeprefix(mark)))


@cache
def _all_suffixes() -> PublicSuffixList:
    return PublicSuffixList(_rules(Path(PSLFILE).read_text("utf-8")), accept_encoded_idn=False)


@cache
def _plain_suffixes() -> tuple[frozenset[str], frozenset[str]]:
    """The suffixes under which every label is registrable, but for those of the other set: all rules there are. What
    stands after `*.` in a rule is a suffix too, as the package has it."""
    written = frozenset(_rules(Path(PSLFILE).read_text("utf-8")))
    rules = written | {rule[2:] for rule in written if rule.startswith("*.")}
    return frozenset(rule for rule in rules if f"*.{rule}" not in rules), rules


@cache
def _icann_suffixes() -> PublicSuffixList:
    text = Path(PSLFILE).read_text("utf-8").partition(_ICANN_END)[0]
    return PublicSuffixList(_rules(text), accept_encoded_idn=False)
