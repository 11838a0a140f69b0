"""Domains: reduces a URL, host or email address to its registrable domain in lower-case ASCII.

Suffixes come from the Public Suffix List (https://publicsuffix.org/list/) in the copy of the package
`publicsuffixlist`, without network access. Internationalised names are mapped by UTS 46 and encoded by IDNA 2008.
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
"""The maximum length of a domain name in ASCII, in characters (RFC 1035)."""
_MAX_NAME: Final = 4 * _MAX_LENGTH
"""The maximum length of a name before it is mapped to ASCII, in characters.

Accents can be separate characters, hence the factor. Mapping takes time quadratic in the length.
"""
_MAX_TEXT: Final = 2_048
"""The maximum length of a text that is parsed as a domain or a URL, in characters."""
_MAX_LABEL: Final = 63
"""The maximum length of a label, in characters (RFC 1035)."""
_PLAIN: Final = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)+")
"""Matches a lower-case ASCII host without underscores, which needs no mapping."""
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?=//)|mailto:(?!//)", re.IGNORECASE)
"""Matches the scheme of a URL, or `mailto:`."""
_PORT: Final = re.compile(r":[0-9]{0,5}$")
"""Matches a port at the end of a host, also an empty one."""
_LABEL: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
"""Matches an ASCII label of a host name; underscores are allowed in subdomains."""
_PLAIN_LABEL: Final = re.compile(r"(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
"""Matches a label of letters, digits and inner hyphens that is not in Punycode."""
_PLAIN_NAMES: Final = re.compile(rf"{_PLAIN_LABEL.pattern}\.[a-z0-9.-]+(?:\n{_PLAIN_LABEL.pattern}\.[a-z0-9.-]+)*")
"""Matches names with a plain first label, one per line."""
_PLAIN_TOP: Final = re.compile(r"[a-z]{2,63}")
"""Matches a top-level domain of letters only."""
_SHORT: Final = 63
"""The maximum length of a host whose labels cannot be too long, in characters."""
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""Matches a decimal or hexadecimal number, which as the last label means an IPv4 address."""
_ICANN_END: Final = "// ===END ICANN DOMAINS==="
"""The line of the Public Suffix List that ends the section of ICANN domains."""


def registrable_domain(text: str) -> str:
    """Return the registrable domain of a domain, URL, subdomain or email address, in lower-case ASCII.

    Private suffixes count, so each shop on a shop builder's domain is a separate domain. A private suffix by itself
    (`webflow.io`, also with `www.`) is a domain: that of the company that operates it. Raises ValueError, with a text
    that continues a sentence after the value, for an IP address, a single label, a bare ICANN suffix and blank text.
    """
    if len(text) > _MAX_TEXT:
        text = text.strip()
        if len(text) > _MAX_TEXT:
            raise ValueError(f"is longer than {_MAX_TEXT:,} characters, the maximum for a domain or URL")
    return _registrable_domain(text)


@lru_cache(maxsize=200_000)
def _registrable_domain(text: str) -> str:
    if is_registrable(text):
        return text
    host = text if _PLAIN.fullmatch(text) and len(text) <= _MAX_LENGTH else host_of(text)
    if host.isascii():
        host = host.lower()
    bare = host.removeprefix("www.")
    if bare in _private_suffixes():
        return bare
    if len(host) <= _SHORT and _PLAIN.fullmatch(host):
        _refuse_number(host.rpartition(".")[2])
        domain = _beneath_suffix(host)
    else:
        domain = _all_suffixes().privatesuffix(".".join(host_labels(host)))
    if domain is None:
        raise ValueError("is a public suffix, under which domains are registered, not a domain")
    if "_" in domain:
        raise ValueError("is not a domain: a registered name cannot contain an underscore")
    return domain


def are_registrable(texts: Sequence[str]) -> bool:
    """Return whether `is_registrable` is true for all texts, at 20 % of its cost. False means unknown."""
    together = "\n".join(texts)
    if together.count("\n") != len(texts) - 1 or _PLAIN_NAMES.fullmatch(together) is None:
        return False
    beneath, _, reserved = _plain_suffixes()
    return beneath.issuperset({text.partition(".")[2] for text in texts}) and reserved.isdisjoint(texts)


def _beneath_suffix(host: str) -> str | None:
    """Return the registrable domain of a host of plain labels; None if the host is a suffix.

    By the rules of publicsuffix.org/list, the suffix is the longest one that a rule matches. `*.` in a rule matches one
    label, and `!` marks an exception. Without a matching rule, the last label is the suffix.
    """
    _, rules, _ = _plain_suffixes()
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
    """Return whether `text` is already a registrable domain. False means unknown, such as for less common forms.

    The check takes 0.5 µs; `registrable_domain` takes 10 µs.
    """
    label, _, suffix = text.partition(".")
    beneath, rules, reserved = _plain_suffixes()
    if suffix not in beneath and (suffix in rules or f"*.{suffix}" in rules or _PLAIN_TOP.fullmatch(suffix) is None):
        return False
    return text not in reserved and _PLAIN_LABEL.fullmatch(label) is not None


def host_of(text: str) -> str:
    """Return the host of a URL, email address or bare name as written, without the port and the final dot.

    Raises ValueError if there is no host, or if it is an IPv6 address.
    """
    host = text.strip()
    scheme = _SCHEME.match(host)
    if scheme:
        host = host[scheme.end() :]
    host = host.removeprefix("//")
    host = re.split(r"[/?#\\]", host, maxsplit=1)[0].rpartition("@")[2].strip()
    if host.startswith("[") or host.count(":") > 1:
        raise ValueError("is an IP address, not a domain: use a name such as example.com")
    host = _PORT.sub("", host).removesuffix(".")
    if not host:
        raise ValueError("is blank or contains no domain: use one such as example.com")
    return host


def host_labels(host: str) -> list[str]:
    """Return the labels of a host in lower-case ASCII. Raises ValueError if it is not a name of at least two labels."""
    labels = ascii_labels(host)
    if len(labels) == 1:
        raise ValueError("is a single word, not a domain: use one such as example.com")
    _refuse_number(labels[-1])
    return labels


def _refuse_number(last: str) -> None:
    if _NUMBER.fullmatch(last):
        raise ValueError("is an IP address or a number, not a domain: use a name such as example.com")


def ascii_labels(name: str) -> list[str]:
    """Return the labels of a dotted name in lower-case ASCII. Raises ValueError if it is not a valid domain name."""
    if len(name) > _MAX_NAME:
        raise ValueError(_TOO_LONG)
    if not name.isascii():
        try:
            name = idna.uts46_remap(name, std3_rules=False, transitional=False)
        except (idna.IDNAError, ValueError, IndexError):
            raise ValueError("is not a domain: it contains a character that domain names cannot have") from None
    labels = [_ascii_label(label) for label in name.lower().split(".")]
    if sum(map(len, labels)) + len(labels) - 1 > _MAX_LENGTH:
        raise ValueError(_TOO_LONG)
    return labels


_TOO_LONG: Final = f"is longer than {_MAX_LENGTH} characters, the maximum for a domain"
"""The error for a domain name that is too long."""


def _ascii_label(label: str) -> str:
    if len(label) > _MAX_LABEL:
        raise ValueError(f"is not a domain: one of its parts is longer than {_MAX_LABEL} characters")
    if not label.isascii():
        try:
            return idna.alabel(label).decode("ascii")
        except (idna.IDNAError, ValueError, IndexError):
            raise ValueError("is not a domain: it contains a character that domain names cannot have") from None
    if not label:
        raise ValueError("is not a domain: a part between two dots, or before the first dot, is empty")
    if not _LABEL.fullmatch(label):
        raise ValueError("is not a domain: its parts can contain only letters, digits and inner hyphens")
    if label.startswith("xn--"):
        _unicode_label(label)
    return label


def _unicode_label(label: str) -> str:
    # Some registered names (emoji) are not valid in IDNA 2008. They stay in ASCII if their Punycode is valid.
    try:
        return str(idna.ulabel(label))
    except (idna.IDNAError, ValueError, IndexError):
        try:
            label[4:].encode("ascii").decode("punycode")
        except ValueError:
            raise ValueError("is not a domain: a part that begins with xn-- is not valid Punycode") from None
        return label


def is_top_level_domain(label: str) -> bool:
    """Return whether the Public Suffix List has suffixes that end in `label`, in lower-case ASCII.

    Some top-level domains, such as `za`, have no own rule, only `co.za` and others.
    """
    return label in _top_level_domains()


@cache
def _top_level_domains() -> frozenset[str]:
    return frozenset(rule.rpartition(".")[2] for rule in _plain_suffixes()[1])


@lru_cache(maxsize=100_000)
def icann_suffix(domain: str) -> str | None:
    """Return the public suffix of a domain by the list's ICANN section, in ASCII; None for an invalid domain name.

    The suffix of example.co.uk is `co.uk`, and that of a shop on myshopify.com is `com`. If the list has no rule for
    the top-level domain, the suffix is the last label.
    """
    try:
        labels = ascii_labels(domain.strip().removesuffix("."))
    except ValueError:
        return None
    suffix: str | None = _icann_suffixes().publicsuffix(".".join(labels))
    return suffix


@lru_cache(maxsize=10_000)
def tld_suffixes(tld: str) -> tuple[str, ...]:
    """Return all dot-suffixes of a suffix, longest first: `co.uk` and `uk` for `co.uk`."""
    labels = tld.split(".")
    return tuple(".".join(labels[start:]) for start in range(len(labels)))


def tld_key(text: str) -> str:
    """Return the ASCII form in which a top-level domain of a query (`com`, `.com`, `COM`, `рф`) is compared.

    Raises ValueError if it is not a valid one.
    """
    bare = text.strip().removeprefix("*").lstrip(".").removesuffix(".")
    if not bare:
        raise ValueError("is blank: use a top-level domain such as com or co.uk")
    return ".".join(ascii_labels(bare))


def display_domain(ascii: str) -> str:
    """Return the Unicode form of an ASCII domain, for display. Labels that cannot be decoded stay. Never raises."""
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
    """Return a digest of the suffix list and the IDNA version, which determine how domains are split."""
    digest = hashlib.blake2b(Path(PSLFILE).read_bytes(), digest_size=12)
    digest.update(idna.idnadata.__version__.encode())
    return digest.hexdigest()


def _rules(text: str) -> Iterator[str]:
    # The package converts rules by IDNA 2003, so they are passed to it already converted by IDNA 2008.
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
def _plain_suffixes() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return the suffixes whose subdomains are registrable, all rules, and the names that are not registrable although
    they are beneath such a suffix: the rules, and `www.` with a private suffix.

    The part after `*.` in a rule counts as a suffix too, as in the package.
    """
    written = frozenset(_rules(Path(PSLFILE).read_text("utf-8")))
    rules = written | {rule[2:] for rule in written if rule.startswith("*.")}
    reserved = rules | {f"www.{suffix}" for suffix in _private_suffixes()}
    return frozenset(rule for rule in rules if f"*.{rule}" not in rules), rules, reserved


@cache
def _private_suffixes() -> frozenset[str]:
    """Return the suffixes of the list's private section, which belong to companies."""
    text = Path(PSLFILE).read_text("utf-8").partition(_ICANN_END)[2]
    return frozenset(rule for rule in _rules(text) if not rule.startswith(("!", "*.")))


@cache
def _icann_suffixes() -> PublicSuffixList:
    text = Path(PSLFILE).read_text("utf-8").partition(_ICANN_END)[0]
    return PublicSuffixList(_rules(text), accept_encoded_idn=False)
