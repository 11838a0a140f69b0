"""Why a connection to PostgreSQL could not be made, with a suggested fix.

The client library passes no SQLSTATE of a refused connection on, only the text of the server or its own. A server whose
messages are not in English gets the general suggestion, and its text.
"""

from __future__ import annotations

import re
from typing import Final

import psycopg

_GENERAL: Final = "cannot be reached: check its address, and that its server runs and accepts this user"
"""What is said of a text that none of the patterns matches."""

_SUGGESTIONS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (
        re.compile(r'database "[^"]*" does not exist'),
        "cannot be opened because the database does not exist: create it with `createdb --template template0 "
        "--encoding UTF8 --owner USER NAME`, or correct its name",
    ),
    (
        re.compile(r'database "[^"]*" is not currently accepting connections'),
        "accepts no connections: look at ALTER DATABASE … ALLOW_CONNECTIONS",
    ),
    (re.compile(r'role "[^"]*" does not exist'), "does not know its user: create it with `createuser --pwprompt USER`"),
    (re.compile(r"is not permitted to log in"), "does not let its user log in: run ALTER ROLE … LOGIN"),
    (
        re.compile(r"no password supplied|empty password"),
        "needs a password: write it in the URL, or in the file that PGPASSFILE names",
    ),
    (
        re.compile(r"authentication failed for user"),
        "does not accept its user: check the name and the password, and the method in pg_hba.conf",
    ),
    (
        re.compile(r"pg_hba\.conf"),
        "does not let its user in from this host: add a line for them to pg_hba.conf, and use sslmode=require if only "
        "encrypted connections are allowed",
    ),
    (
        re.compile(r"permission denied for database"),
        "does not permit connections to its user: run GRANT CONNECT ON DATABASE …",
    ),
    (
        re.compile(r"too many (connections|clients)|connection slots are reserved"),
        "has no connection left: raise max_connections, or the limit of its user or database, or use fewer server "
        "processes",
    ),
    (
        re.compile(r"does not support SSL"),
        "has no TLS: turn `ssl` on in its server, or use sslmode=disable in a private network",
    ),
    (
        re.compile(r"certificate|SSL error(?!: unexpected eof)|sslrootcert"),
        "cannot be reached by TLS: check sslmode and sslrootcert in the URL, and the certificate of its server",
    ),
    (
        re.compile(
            r"invalid response to SSL negotiation|expected authentication request|unsupported frontend protocol"
        ),
        "is not a PostgreSQL server that can be used: check its host and port",
    ),
    (
        re.compile(
            r"is starting up|not yet accepting connections|recovery mode|is shutting down|not accepting connections"
        ),
        "is starting or shutting down: run again",
    ),
    (
        re.compile(r"resolve host|translate host name"),
        "cannot be reached because its host name is unknown: check the URL and the name service",
    ),
    (
        re.compile(r"session is read-only|in hot standby mode"),
        "cannot be written: every server of its URL is a standby, or read-only. Promote one, or list the primary as "
        "well",
    ),
)
"""Patterns in texts of refusals, and what they mean. Of several hosts, the first pattern that one of them matches
counts: that one is a standby explains nothing if the primary refuses the password."""


_ABSENT: Final = re.compile(
    r"[Cc]onnection refused|timeout expired|timed out|No route to host|is unreachable|[Cc]onnection reset"
    r"|closed the connection|starting up|not yet accepting|recovery mode|shutting down|not accepting connections"
    r"|resolve host|translate host name|session is read-only|in hot standby mode"
)
"""Matches a text which says that there is no server, or that it is not the primary. A server that refuses the user, or
has no connection left, may be the primary."""
_ATTEMPT: Final = "- host:"
"""The beginning of the line of each attempt, if there were several."""


def lacks_primary(error: psycopg.Error) -> bool:
    """Whether an attempt to connect says of every server that it is away, or not the primary."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    attempts = [line for line in lines if line.startswith(_ATTEMPT)] or lines[:1]
    return bool(attempts) and all(_ABSENT.search(line) for line in attempts)


def suggest_fix(error: psycopg.Error) -> str:
    """What a connection that could not be made, or was lost, means for its user. The reason is at the end."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    for pattern, words in _SUGGESTIONS:
        for line in lines:
            if pattern.search(line):
                return f"{words} ({_reason(line)})"
    return f"{_GENERAL} ({_reason(lines[0]) if lines else 'no reason'})"


def _reason(line: str) -> str:
    """A line without what the driver puts before it."""
    for before in ("connection failed: ", "connection is bad: "):
        line = line.partition(before)[2] or line
    return line
