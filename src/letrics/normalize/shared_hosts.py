"""Hosts that many companies share: social networks, site builders, link lists and mailbox providers.

An address there does not identify a company. The hosts are listed in the files `shared_hosts.txt` and `free_mail.txt`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from letrics.normalize.domain import host_labels, host_of, is_registrable, registrable_domain

_PAGE: Final = "/"
"""The end of a listed host that is shared only with a path."""


@lru_cache(maxsize=200_000)
def company_domain(text: str) -> str | None:
    """Return the registrable domain of a domain, URL, subdomain or email address that identifies a company.

    Returns None if many companies share the host. Raises ValueError as `registrable_domain` does.
    """
    domain = registrable_domain(text)
    if domain == text:
        return None if is_shared_domain(domain) else domain
    host = ".".join(host_labels(host_of(text)))
    if domain in _free_mail() or any(name in _hosts() for name in _suffixes(host)):
        return None
    return None if f"{domain}{_PAGE}" in _hosts() and _has_path(text) else domain


def is_shared_domain(domain: str) -> bool:
    """Return whether many companies share the registrable domain as a whole."""
    return domain in _hosts() or domain in _free_mail()


@lru_cache(maxsize=100_000)
def is_company_domain(text: str) -> bool:
    """Return whether `text` is a registrable domain that identifies a company. False means unknown.

    Cached, because the contacts of a company share its domain.
    """
    return is_registrable(text) and not is_shared_domain(text)


def _suffixes(host: str) -> Iterator[str]:
    while host:
        yield host
        host = host.partition(".")[2]


def _has_path(text: str) -> bool:
    """Return whether a URL has a path besides `/`."""
    return bool(text.strip().partition("://")[2].partition("/")[2] if "://" in text else text.strip().partition("/")[2])


@cache
def _hosts() -> frozenset[str]:
    return _listed("shared_hosts.txt")


@cache
def _free_mail() -> frozenset[str]:
    return _listed("free_mail.txt")


def _listed(name: str) -> frozenset[str]:
    text = (files("letrics.normalize") / "data" / name).read_text("utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))
