"""Addresses of PostgreSQL: several hosts, time limits, passwords and TLS."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from letrics.store.base import StoreAway
from letrics.store.postgres.postgres_connection import open_postgres
from letrics.store.postgres.postgres_store import PostgresStore
from letrics.store.postgres.server_address import PostgresAddress
from letrics.store.sql import read_value
from tests.servers.postgres import PostgresServer, new_database, running_server


def test_defaults_find_the_primary_and_notice_a_lost_network() -> None:
    used = conninfo_to_dict(PostgresAddress("postgresql://ann:pw@a.example:5433,b.example/letrics").conninfo)
    assert (used["host"], used["port"], used["password"]) == ("a.example,b.example", "5433,", "pw")
    assert (used["target_session_attrs"], used["connect_timeout"]) == ("read-write", "2")
    assert int(str(used["tcp_user_timeout"])) <= 5_000


def test_parameters_of_the_url_override_defaults() -> None:
    url = "postgresql://a.example/letrics?target_session_attrs=any&connect_timeout=9&sslmode=verify-full"
    used = conninfo_to_dict(PostgresAddress(url).conninfo)
    assert (used["target_session_attrs"], used["connect_timeout"], used["sslmode"]) == ("any", "9", "verify-full")


@pytest.mark.parametrize(
    ("given", "host", "port"),
    [
        ("//a.example:1,b.example:2/x", "b.example,a.example", "2,1"),
        ("//ann:p%3Fw@a.example,b.example:2/x?", "b.example,a.example", "2,"),
        ("///x?host=a.example,b.example&port=1", "b.example,a.example", "1"),
    ],
)
def test_standby_is_looked_for_from_the_last_host_on(given: str, host: str, port: str) -> None:
    address = PostgresAddress(f"postgresql:{given}", standby=True)
    used = conninfo_to_dict(address.conninfo)
    assert address.may_have_standby
    assert (used["host"], used["port"], used["target_session_attrs"]) == (host, port, "standby")
    assert used["dbname"] == "x"


def test_an_encoding_without_all_characters_is_named() -> None:
    url = new_database()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'")
    with pytest.raises(StoreAway, match=r"/ascii has the encoding SQL_ASCII, which"):
        PostgresStore.open(f"{url.rpartition('/')[0]}/ascii", create=True)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with certificates of two authorities, and one of the server that the first has signed."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: apt-get install openssl")
    directory = tmp_path_factory.mktemp("certificates")

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=directory, check=True, capture_output=True)

    for name in ("ca", "other"):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.crt")  # fmt: skip
    (directory / "names").write_text("subjectAltName = DNS:localhost")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
            "-keyout", "server.key", "-out", "server.csr")  # fmt: skip
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-extfile", "names", "-out", "server.crt")  # fmt: skip
    return directory


@pytest.fixture(scope="module")
def server(certificates: Path) -> Iterator[PostgresServer]:
    """A server that accepts the user ann by password, over TLS alone."""
    with running_server() as made:
        with psycopg.connect(made.url, autocommit=True) as connection:
            connection.execute("CREATE ROLE ann LOGIN PASSWORD 's3cret'")
        made.stop()
        data = made.directory / "data"
        for name in ("server.crt", "server.key"):
            shutil.copy(certificates / name, data / name)
            (data / name).chmod(0o600)
            shutil.chown(data / name, *((data / "PG_VERSION").owner(), (data / "PG_VERSION").group()))
        with (data / "postgresql.conf").open("a") as file:
            file.write("ssl = on\n")
        hba = data / "pg_hba.conf"
        hba.write_text("hostssl all ann all scram-sha-256\nhost all letrics all trust\n")
        hba.chmod(0o644)
        made.start()
        yield made


def url(server: PostgresServer, password: str, ca: Path) -> str:
    parameters = f"sslmode=verify-full&sslrootcert={ca}"
    return f"postgresql://ann:{password}@localhost:{server.port}/postgres?{parameters}"


def test_tls_with_the_right_authority_connects(server: PostgresServer, certificates: Path) -> None:
    with open_postgres(url(server, "s3cret", certificates / "ca.crt"), 1) as connection:
        assert read_value(connection, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()") is True
        assert "s3cret" not in connection.database


@pytest.mark.parametrize(
    ("password", "ca", "words"),
    [("s3cret", "other.crt", "certificate verify failed"), ("wr0ng", "ca.crt", "password authentication failed")],
)
def test_other_authority_or_password_is_named(
    server: PostgresServer, certificates: Path, password: str, ca: str, words: str
) -> None:
    with pytest.raises(StoreAway, match=words) as caught:
        open_postgres(url(server, password, certificates / ca), 1)
    assert password not in str(caught.value)


def test_the_primary_is_found_among_several_hosts(server: PostgresServer) -> None:
    several = f"postgresql://letrics@127.0.0.1:1,127.0.0.1:{server.port}/postgres"
    with open_postgres(several, 1) as connection:
        assert read_value(connection, "SELECT 1") == 1
