"""Connections that PostgreSQL refuses: the suggested fix is that of the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
import pytest

from letrics.store.base import StoreAway
from letrics.store.postgres.postgres_connection import open_postgres
from letrics.store.postgres.refusals import lacks_primary, suggest_fix
from tests.servers.postgres import PostgresServer, free_port, running_server

_USERS = """
CREATE ROLE pass LOGIN PASSWORD 's3cret'; CREATE ROLE few LOGIN CONNECTION LIMIT 0; CREATE ROLE nologin NOLOGIN;
CREATE ROLE outsider LOGIN; CREATE ROLE secure LOGIN; REVOKE CONNECT ON DATABASE postgres FROM PUBLIC;
ALTER DATABASE closed WITH ALLOW_CONNECTIONS false
"""
_RULES = """\
host all pass all scram-sha-256
hostssl all secure all trust
host all letrics,few,nologin,outsider,ghost all trust
"""


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server with users that it refuses for different reasons."""
    with running_server() as made:
        made.create_database("closed")
        with psycopg.connect(made.url, autocommit=True) as connection:
            connection.execute(_USERS)
        made.stop()
        (made.directory / "data" / "pg_hba.conf").write_text(_RULES)
        made.start()
        yield made


@pytest.mark.parametrize(
    ("user", "database", "words"),
    [
        ("letrics", "nothing", r"createdb .*database \"nothing\" does not exist\)$"),
        ("letrics", "closed", "ALLOW_CONNECTIONS"),
        ("letrics", "postgres?sslmode=require", "sslmode=disable"),
        ("ghost", "postgres", "createuser"),
        ("nologin", "postgres", "ALTER ROLE … LOGIN"),
        ("outsider", "postgres", "GRANT CONNECT"),
        ("few", "template1", "max_connections"),
        ("pass", "postgres", "PGPASSFILE"),
        ("pass:wr0ng", "postgres", "check the name and the password"),
        ("secure", "postgres", "pg_hba.conf, and use sslmode=require"),
        ("stranger", "postgres", "add a line for them to pg_hba.conf"),
    ],
)
def test_refused_connection_suggests_its_fix(server: PostgresServer, user: str, database: str, words: str) -> None:
    with pytest.raises(StoreAway, match=words) as caught:
        open_postgres(f"postgresql://{user}@127.0.0.1:{server.port}/{database}", 1)
    assert "wr0ng" not in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("place", ["first", "second"])
def test_refusal_by_one_of_several_hosts_is_suggested(server: PostgresServer, place: str) -> None:
    hosts = [f"127.0.0.1:{free_port()}", f"127.0.0.1:{server.port}"]
    listed = ",".join(hosts if place == "second" else reversed(hosts))
    with pytest.raises(StoreAway, match=rf"createdb .*\(connection to server .*port {server.port} failed: FATAL: "):
        open_postgres(f"postgresql://letrics@{listed}/nothing", 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("connection failed: connection to server at x failed: Connection refused\n\tIs the server running?", True),
        ("connection timeout expired", True),
        (
            "session is read-only\nAll:\n- host: 'a': Connection refused\n- host: 'b': session is read-only",
            True,
        ),
        (
            "session is read-only\nAll:\n- host: 'a': FATAL:  too many clients\n- host: 'b': session is read-only",
            False,
        ),
        (
            "session is read-only\nAll:\n- host: 'a': FATAL:  password authentication failed\n- host: 'b': x",
            False,
        ),
        ("FATAL:  the database system is shutting down", True),
        ("FATAL:  Datenbank »x« existiert nicht", False),
        ("", False),
    ],
)
def test_only_a_server_that_is_away_or_a_standby_is_no_primary(text: str, expected: bool) -> None:
    assert lacks_primary(psycopg.OperationalError(text)) is expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("FATAL:  sorry, too many clients already", "max_connections"),
        (
            "FATAL:  remaining connection slots are reserved for non-replication superuser connections",
            "max_connections",
        ),
        ("FATAL:  the database system is starting up", "run again"),
        ("failed to resolve host 'a.example': [Errno -2] Name or service not known", "host name is unknown"),
        ('could not translate host name "a.example" to address: Name or service not known', "host name is unknown"),
        ("failed: session is read-only", "every server of its URL is a standby"),
        ("failed: server is in hot standby mode\n- host: 'a': FATAL:  too many connections for role \"a\"", "max_conn"),
        ("SSL error: certificate verify failed", "sslrootcert"),
        ("SSL error: unexpected eof while reading", "check its address, and that its server runs"),
        ("received invalid response to SSL negotiation: H", "is not a PostgreSQL server"),
        ("FATAL:  Datenbank »x« existiert nicht", r"cannot be reached: .*\(FATAL:  Datenbank »x« existiert nicht\)"),
        ("", r"cannot be reached: .*\(no reason\)"),
    ],
)
def test_text_of_a_refusal_suggests_its_fix(text: str, words: str) -> None:
    assert re.search(words, suggest_fix(psycopg.OperationalError(text)))
