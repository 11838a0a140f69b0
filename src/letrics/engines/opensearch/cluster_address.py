"""The address of an OpenSearch cluster: the nodes, the user and the name prefix of the indexes, read from a URL."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

SCHEMES: Final = {"opensearch+http": "http", "opensearch+https": "https"}
"""The schemes of the URL, and those of its nodes."""
EXAMPLE: Final = "opensearch+https://user:password@host1:9200,host2:9200/letrics?ca=/etc/ssl/ca.pem&shards=3"
"""A URL that has everything such a URL can have."""
_PORT: Final = 9200
"""The port of a node whose port is not given: OpenSearch's own default."""
DEFAULT_PREFIX: Final = "letrics"
"""The prefix of index names if the URL has no path."""
_MOST_SHARDS: Final = 1024
"""The maximum of shards of an index in OpenSearch."""
_PREFIX: Final = re.compile(r"[a-z][a-z0-9_-]{0,63}")
"""Matches a prefix of index names. OpenSearch's names have no upper case."""
_UNESCAPED: Final = "the URL of a cluster is malformed: write special characters of a password in percent-encoding"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a cluster is, and how to sign in. `nodes` are URLs without a path."""

    nodes: tuple[str, ...]
    prefix: str = DEFAULT_PREFIX
    """The names of all indexes and aliases begin with it."""
    user: str = ""
    password: str = field(default="", repr=False)
    ca: Path | None = None
    """The file of the certificate authority. None: those of the system."""
    shards: int = 1
    """The number of shards of each index that is made from now on."""

    def __str__(self) -> str:
        return ", ".join(self.nodes)


def read_address(url: str) -> Address:
    """Read the address from a URL such as `EXAMPLE`. Raises ValueError with the reason; it has no password in it."""
    try:
        parts = urlsplit(url)
    except ValueError:  # its message may contain the password
        raise ValueError(_UNESCAPED) from None
    if "@" in url and "@" not in parts.netloc:  # what seems to be the host is the user and a part of the password
        raise ValueError(_UNESCAPED)
    if parts.scheme not in SCHEMES:
        raise ValueError(f"the URL of a cluster begins with {' or '.join(f'{scheme}://' for scheme in SCHEMES)}")
    credentials, _, hosts = parts.netloc.rpartition("@")
    user, _, password = credentials.partition(":")
    prefix = parts.path.strip("/") or DEFAULT_PREFIX
    if not _PREFIX.fullmatch(prefix):
        raise ValueError("the path of the URL is the prefix of the indexes: a-z, 0-9, - and _, such as /letrics")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if options.keys() - {"ca", "shards"} or parts.fragment:
        raise ValueError(f"the URL of a cluster has the options ca and shards only, as in {EXAMPLE}")
    return Address(
        nodes=tuple(_node(SCHEMES[parts.scheme], host) for host in hosts.split(",")),
        prefix=prefix,
        user=unquote(user),
        password=unquote(password),
        ca=_read_ca(parts, options.pop("ca", None)),
        shards=_read_shards(options.pop("shards", "1")),
    )


def _node(scheme: str, host: str) -> str:
    try:
        parts = urlsplit(f"//{host}")
        port = parts.port or _PORT
    except ValueError:
        parts, port = urlsplit("//"), 0
    name = parts.hostname
    if not name or parts.path or not re.fullmatch(r"[a-z0-9._:-]+", name):
        raise ValueError(f"{host[:100]!r} is not a host with a port, such as search1.example.com:9200")
    return f"{scheme}://{f'[{name}]' if ':' in name else name}:{port}"


def _read_ca(parts: SplitResult, ca: str | None) -> Path | None:
    if ca is None:
        return None
    if parts.scheme != "opensearch+https":
        raise ValueError("the option ca is for opensearch+https only")
    return Path(ca)


def _read_shards(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= _MOST_SHARDS:
        raise ValueError(f"the option shards is {text[:20]!r}: it is a number from 1 to {_MOST_SHARDS:,}")
    return int(text)
