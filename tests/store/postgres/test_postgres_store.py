"""What is special about the log in PostgreSQL: its lock of writers, its snapshots, and databases that are replaced."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import psycopg
import pytest

from letrics.identity.patches import ContactPatch
from letrics.store.base import StoreAway, StoreReplaced
from letrics.store.postgres.postgres_store import PostgresStore
from letrics.store.sql import read_value
from tests.servers.postgres import new_database, shared_server
from tests.store.patches import row


@pytest.fixture
def url() -> str:
    return new_database()


@pytest.fixture
def store(url: str) -> Iterator[PostgresStore]:
    with PostgresStore.open(url) as opened:
        yield opened


def kill(store: PostgresStore, other: PostgresStore) -> None:
    """End the session of a store on the server."""
    pid = read_value(store._connection, "SELECT pg_backend_pid()")
    assert read_value(other._connection, "SELECT pg_terminate_backend(CAST(? AS INTEGER), 5000)", (pid,))


def replace_log(url: str) -> None:
    """Make another log take the place of the one in a database."""
    with PostgresStore.open(url) as store:
        store._connection.execute("UPDATE log SET id = 'another'")


def test_second_writer_waits_for_the_first(url: str, store: PostgresStore) -> None:
    started, ended = threading.Event(), threading.Event()

    def put() -> None:
        with PostgresStore.open(url) as second:
            started.set()
            second.put_contacts([row("2")])
        ended.set()

    thread = threading.Thread(target=put)
    with store._connection.writing():
        thread.start()
        assert started.wait(30)
        assert not ended.wait(0.2)
    thread.join(30)
    assert store.counts().contacts == 1


def test_contact_at_another_company_is_put_back_by_a_repair(store: PostgresStore) -> None:
    store.put_contacts([ContactPatch(company=f"{name}.example", full_name=f"Ann {name}") for name in "abc"])
    before = list(store._connection.execute("SELECT num, company FROM contact ORDER BY num"))
    store._connection.execute("UPDATE contact SET company = 2 WHERE num = 1")
    if list(store._connection.execute("SELECT num, company FROM contact ORDER BY num")) == before:
        store._connection.execute("UPDATE contact SET company = 0 WHERE num = 1")
    (fault,) = store.integrity()
    assert fault.startswith("1 contact is not found by its name at the company (num 1)")
    assert store.repair(lambda *_: None) == ["1 contact put back to the company of its name"]
    assert list(store._connection.execute("SELECT num, company FROM contact ORDER BY num")) == before


def test_writer_gives_up_on_one_that_does_not_end(url: str, store: PostgresStore) -> None:
    with PostgresStore.open(url, busy_ms=50) as second, store._connection.writing():
        with pytest.raises(StoreAway, match="locked by another process that writes"):
            second.put_contacts([row("1")])
        assert second.acquire_lease("index", "me", 10)
    assert store.counts().contacts == 0


def test_scan_does_not_see_later_batches(store: PostgresStore) -> None:
    store.put_contacts([row("1"), row("2"), row("3")])
    parts = store.scan(2)
    first = next(parts)
    store.put_contacts([row("4")])
    store.delete("contacts", [2])
    rest = list(parts)
    assert [num for part in rest for num in part.contact_nums] == [0, 1, 2]
    assert {part.position for part in (first, *rest)} == {first.position} != {store.position()}


def test_scan_is_in_order_of_num_after_changes(store: PostgresStore) -> None:
    many = [(num, num + 1, 0, 0, b"{}" * 300) for num in range(10_000)]
    changed = [(20_000 + at, num) for at, num in enumerate(range(9_999, 0, -2))]
    with store.sql.writing():
        store.sql.insert("contact", ("num", "seq", "company", "external", "document"), many)
        store.sql.update("contact", ("seq",), changed)  # the server writes changed rows to other places
        store.sql.execute("UPDATE log SET next_contact = 10000")
    store.sql.execute("ANALYZE contact")
    assert [num for part in store.scan(5_000) for num in part.contact_nums] == list(range(10_000))


def test_lost_session_is_made_again(url: str, store: PostgresStore) -> None:
    store.put_contacts([row("1")])
    with PostgresStore.open(url) as other:
        kill(store, other)
        assert store.counts().contacts == 1
        kill(store, other)
        store.put_contacts([row("2")])
        assert other.counts().contacts == 2


def test_replaced_log_is_noticed_by_writers(url: str, store: PostgresStore) -> None:
    position = store.position()
    replace_log(url)
    with pytest.raises(StoreReplaced, match="overwritten with another database"):
        store.put_contacts([row("1")])
    with pytest.raises(StoreReplaced):
        store.documents("contacts", [0], position)


def test_replaced_log_is_noticed_after_a_lost_session(url: str, store: PostgresStore) -> None:
    replace_log(url)
    with PostgresStore.open(url) as other:
        kill(store, other)
    store.position()  # connects again
    with pytest.raises(StoreReplaced, match="replaced by another database"):
        store.counts()


def test_size_is_that_of_the_database(store: PostgresStore) -> None:
    assert store.describe().bytes > 1_000_000


def test_database_of_another_encoding_is_refused() -> None:
    with psycopg.connect(shared_server().url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    with pytest.raises(StoreAway, match=r"encoding LATIN1.*create the database with ENCODING 'UTF8'"):
        PostgresStore.open(shared_server().url_of("latin"))


def test_faults_of_the_tables_are_found(store: PostgresStore) -> None:
    store.put_contacts([row("1"), row("2")])
    assert store.integrity() == []
    store._connection.execute("DELETE FROM contact WHERE num = 0")
    found = "\n".join(store.integrity())
    assert "identity keys point to contacts that do not exist" in found
    assert "1 contact more or fewer than the log's counter" in found


@pytest.mark.parametrize(
    ("statement", "parameters", "words"),
    [
        ("CREATE TABLE contact (a INT)", "", r'table of another program.* \(relation "contact" already exists, 42P07'),
        ("CREATE TABLE log (a INT)", "", r'table of another program.* \(relation "log" already exists, 42P07'),
        ("REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE ROLE {role} LOGIN", "{role}",
         r"grant CREATE on the schema.* \(permission denied for schema public, 42501"),
        ("SELECT 1", "?options=-csearch_path%3Dnowhere", r"that search_path names.* \(no schema has been selected"),
    ],
)  # fmt: skip
def test_unusable_database_is_named(url: str, statement: str, parameters: str, words: str) -> None:
    role = f"stranger{url.rpartition('/')[2]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.format(role=role).encode())
    used = url.replace("letrics@", f"{role}@") if parameters == "{role}" else url + parameters
    with pytest.raises(StoreAway, match=words):
        PostgresStore.open(used)


def test_removed_table_is_named(url: str, store: PostgresStore) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP TABLE contact CASCADE")
    with pytest.raises(StoreAway, match=r'lacks a table.* \(relation "contact" does not exist, 42P01'):
        store.documents("contacts", [0])
