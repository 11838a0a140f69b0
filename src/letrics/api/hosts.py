"""The check of the Host header (RFC 9110, section 7.2) against the host names that this server accepts.

An attacker who makes a browser or a proxy send another host could have the server generate links to the attacker's
site, or read responses through a name of the attacker's that resolves to this server (DNS rebinding). Loopback names
are always accepted: neither attack works with them.
"""

from __future__ import annotations

import ipaddress
import logging
import socket
from collections.abc import Iterable
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from letrics.api.call import Call
from letrics.errors import INVALID_INPUT, problem
from letrics.host_header import HOST
from letrics.query.request_values import shown

_log: Final = logging.getLogger("letrics.hosts")
_MAX_HOST: Final = 300
"""The maximum number of bytes of a Host header that are checked and shown."""
_MAX_LOGGED: Final = 100
"""The maximum number of refused hosts that are logged, each once: anyone can send any number of them."""
_HEALTH: Final = {("healthz",), ("readyz",)}
"""Paths without a check of the host. Probes send an address, an invented name or, with HTTP/1.0, no host at all. The
responses contain no data and no links."""
_METRICS: Final = ("metrics",)
"""The path that accepts any IP address as host, because Prometheus scrapes by address. DNS rebinding needs a name."""


class Hosts:
    """The accepted hosts. `names` are host names and addresses without port; `.example.com` is that domain and all its
    subdomains, `*` is every host. With `any_address`, every IP address is accepted."""

    def __init__(self, names: Iterable[str], *, any_address: bool = False) -> None:
        listed = {_normal(name.lower()) for name in names}
        self._every = "*" in listed
        self._names = {name.removeprefix(".") for name in listed} | {"localhost"}
        self._suffixes = (".localhost", *(name for name in listed if name.startswith(".")))
        self._any_address = any_address
        self._refused: set[str] = set()
        self._known = lru_cache(1024)(self._knows)

    def check(self, call: Call) -> None:
        """Raise LetricsError (invalid_input) unless the request has one Host header with an accepted host."""
        given = call.header(b"host")
        if call.segments in _HEALTH and len(given) < 2:
            return
        if len(given) != 1:
            raise problem(INVALID_INPUT, f"The request has {len(given)} Host headers: send one")
        if self._known(given[0][:_MAX_HOST], call.segments == _METRICS):
            return
        host = shown(given[0][:_MAX_HOST].decode("latin-1"))
        if host not in self._refused and len(self._refused) < _MAX_LOGGED:
            self._refused.add(host)
            _log.warning("refused the host %s: to accept it, add it to the setting public_url or allowed_hosts", host)
        details = f"This server does not accept the host {host}"
        raise problem(INVALID_INPUT, f"{details}: its operator can add it with the setting public_url or allowed_hosts")

    def _knows(self, header: bytes, any_address: bool) -> bool:
        read = HOST.fullmatch(header.decode("latin-1").strip().lower())
        if read is None:
            return False
        if self._every:
            return True
        name = _normal(read[1])
        if name in self._names or name.endswith(self._suffixes):
            return True
        return _is_loopback(name) or (_is_address(name) and (self._any_address or any_address))


def known_hosts(host: str, public_url: str, allowed: Iterable[str]) -> Hosts:
    """The accepted hosts of a server that listens on `host`: `host` itself, the host of its public URL, and `allowed`.

    If it listens on a non-loopback address and neither a public URL nor allowed hosts are configured, it accepts every
    IP address and the machine's host name. It then works on a network without configuration, and a foreign web page
    still cannot reach it.
    """
    listed, public = list(allowed), urlsplit(public_url).hostname
    unconfigured = not listed and public is None and not _is_loopback(host)
    names = [*listed, *([public] if public else []), host, *([socket.gethostname()] if unconfigured else [])]
    return Hosts(names, any_address=unconfigured)


def _normal(name: str) -> str:
    """The host without brackets and trailing dot, with IP addresses in canonical form."""
    bare = name.strip("[]").removesuffix(".")
    return str(ipaddress.ip_address(bare)) if _is_address(bare) else bare


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_loopback(name: str) -> bool:
    return ipaddress.ip_address(name).is_loopback if _is_address(name) else name == "localhost"
