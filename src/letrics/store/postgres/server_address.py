"""What a connection to PostgreSQL is made with: the URL of the settings, and defaults for what it does not say."""

from __future__ import annotations

from typing import Any, Final

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from letrics.database_url import without_password
from letrics.store.base import StoreAway

_DEFAULTS: Final = {
    "application_name": "letrics",
    "client_encoding": "UTF8",
    "target_session_attrs": "read-write",  # of several hosts, the primary
    "connect_timeout": "2",  # seconds for each host
    "tcp_user_timeout": "5000",  # milliseconds until sent data without acknowledgement ends the connection
    "keepalives_idle": "2",
    "keepalives_interval": "1",
    "keepalives_count": "3",
}
"""Connection parameters of libpq that a URL can override. A lost server or network is noticed within about 5 s."""


class PostgresAddress:
    """The database that a URL names: of several hosts, the primary, or a standby. Raises StoreAway if the URL is
    malformed."""

    def __init__(self, url: str, standby: bool = False) -> None:
        self.name: Final = without_password(url)
        """The URL without the password, for messages."""
        given = _read(url)
        if given is None:
            raise StoreAway(
                f"{self.name} is not the URL of a database: use postgresql://USER:PASSWORD@HOST:PORT/NAME with "
                "parameters of libpq, and write special characters of a password in percent-encoding, such as %40 for @"
            )
        self.may_have_standby: Final = "," in _hosts(given) and "target_session_attrs" not in given
        """Whether the URL lists several hosts, and does not say itself which kind of server it means."""
        self.is_standby: Final = standby
        chosen = _last_host_first(given) | {"target_session_attrs": "standby"} if standby else {}
        self.conninfo: Final = make_conninfo("", **(_DEFAULTS | given | chosen))
        """The connection string for libpq. It may contain the password."""


def _hosts(given: dict[str, Any]) -> str:
    return str(given.get("hostaddr") or given.get("host", ""))


def _last_host_first(given: dict[str, Any]) -> dict[str, Any]:
    """The hosts in the reverse order: the first one is usually the primary, which may not respond."""
    listed = {name: str(given[name]).split(",") for name in ("host", "hostaddr", "port") if name in given}
    count = max(map(len, listed.values()))
    return {name: ",".join(reversed(values)) for name, values in listed.items() if len(values) == count}


def _read(url: str) -> dict[str, Any] | None:
    """The parameters of a URL. None if it is malformed, or if a part of the password is taken for another parameter."""
    try:
        given = conninfo_to_dict(url)
    except ProgrammingError:  # its message may contain the password
        return None
    place = f"{given.get('host', '')}{given.get('dbname', '')}"
    ports = str(given.get("port", "")).replace(",", "")
    return None if "@" in place or (ports and not ports.isdecimal()) else given
