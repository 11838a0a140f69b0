"""A damaged list of forgotten people: imports are refused, the check names it, and a repair says what is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.store.base import StoreDamaged
from letrics.store.postgres.postgres_store import PostgresStore
from letrics.store.sql import read_rows, read_value
from letrics.store.sqlite.store import SqliteStore
from letrics.store.tables.forgotten_checksums import add_forgotten_checksums, read_secrets, secret_checksum
from letrics.store.tables.sql_store import SqlStore
from tests.servers.postgres import new_database

JANE = ContactPatch(company="acme.example", full_name="Jane Roe", external_id="crm:1")


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    """A store in which a person was forgotten."""
    path = tmp_path / "l.db"

    def open_one() -> SqlStore:
        return SqliteStore.open(path) if request.param == "sqlite" else PostgresStore.open(url)

    url = "" if request.param == "sqlite" else new_database()
    with open_one() as store:
        store.put_contacts([JANE])
        store.forget([0])
    with open_one() as store:  # which has not read the list yet
        yield store


def flip(store: SqlStore, column: str, table: str) -> None:
    value = bytearray(read_value(store.sql, f"SELECT {column} FROM {table} ORDER BY 1 LIMIT 1"))
    old = bytes(value)
    value[7] ^= 16
    store.sql.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (bytes(value), old))


def refuses_everything(store: SqlStore) -> bool:
    """Whether what needs the list is refused with a sentence that says why."""
    for need in (
        lambda: store.put_contacts([JANE]),
        lambda: store.put_companies([CompanyPatch(domain="b.example")]),
        lambda: store.preview_contacts([JANE]),
        lambda: store.mentions_forgotten(["jane@mail.example"]),
        lambda: store.allow(["jane@mail.example"]),
    ):
        with pytest.raises(
            StoreDamaged, match=r"People who were forgotten would not be recognised\. Run `letrics check`"
        ):
            need()
    return True


def test_whole_list_has_checksums_and_no_faults(store: SqlStore) -> None:
    assert store.integrity() == [] and store.repair(lambda *_: pytest.fail("nothing is damaged")) == []
    for table in ("forgotten_secret", "forgotten_key"):
        assert read_value(store.sql, f"SELECT count(*) FROM {table} WHERE checksum IS NULL") == 0
    assert store.put_contacts([JANE]).forgotten == 1


def test_damaged_secret_lets_no_one_in(store: SqlStore) -> None:
    flip(store, "secret", "forgotten_secret")
    assert refuses_everything(store)
    [found] = store.integrity()
    assert found.startswith("a secret of the list of forgotten people is damaged. People who were forgotten would not")
    removed, new = store.repair(lambda *_: None)
    assert "forget them again" in removed and "new secret" in new
    assert store.integrity() == []
    assert store.put_contacts([JANE]).new == 1
    assert store.forget([store.find_people("crm:1")[0]]).people == 1
    assert store.put_contacts([JANE]).forgotten == 1


def test_missing_secret_lets_no_one_in(store: SqlStore) -> None:
    store.sql.execute("DELETE FROM forgotten_secret")
    assert refuses_everything(store) and len(store.integrity()) == 1


@pytest.mark.parametrize("harm", ["hash", "kind", "person"])
def test_damaged_entry_lets_no_one_in(store: SqlStore, harm: str) -> None:
    if harm == "hash":
        flip(store, "hash", "forgotten_key")
    else:
        store.sql.execute(f"UPDATE forgotten_key SET {harm} = {harm} + 4")
    assert refuses_everything(store)
    assert re.search("(1 entry .* people is|entries .* people are) damaged", store.integrity()[0])
    assert "of the list of forgotten people removed" in " ".join(store.repair(lambda *_: None))
    assert store.integrity() == []


def test_person_without_a_date_is_dated(store: SqlStore) -> None:
    store.sql.execute("UPDATE forgotten SET id = id + 1")
    assert store.integrity() == ["1 person on the list of forgotten people has no date: run `letrics check --repair`"]
    assert store.repair(lambda *_: None) == ["1 person of the list of forgotten people dated today"]
    assert store.integrity() == [] and store.put_contacts([JANE]).forgotten == 1


def test_list_of_an_earlier_version_gets_checksums(store: SqlStore) -> None:
    tables = ("forgotten_secret", "forgotten_key")
    whole = [read_rows(store.sql, f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]
    for table in tables:
        store.sql.execute(f"UPDATE {table} SET checksum = NULL")
    assert store.integrity() == [] and store.put_contacts([JANE]).forgotten == 1
    add_forgotten_checksums(store.sql)
    assert whole == [read_rows(store.sql, f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]


def test_merged_list_has_checksums(store: SqlStore, tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path / "other.db") as other:
        other.merge_forgotten(store.forgotten_list())
        assert other.integrity() == [] and other.put_contacts([JANE]).forgotten == 1
        assert read_value(other.sql, "SELECT count(*) FROM forgotten_secret WHERE checksum IS NULL") == 0


def test_rest_of_a_damaged_list_is_kept_for_a_restore(store: SqlStore, caplog: pytest.LogCaptureFixture) -> None:
    john = ContactPatch(company="acme.example", full_name="John Roe", external_id="crm:2")
    store.put_contacts([john])
    store.forget(store.find_people("crm:2"))
    person = min(one.id for one in store.forgotten_list().people)
    assert caplog.text == ""
    store.sql.execute("UPDATE forgotten_key SET checksum = 1 WHERE person = ?", (person,))
    left = store.forgotten_list()
    assert [bool(one.hashes) for one in left.people] == [False, True] and len(left.secrets) == 1
    assert "a part of it is left out" in caplog.text


def test_secret_added_meanwhile_is_no_damage(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    execute, secrets = type(store.sql).execute, list[bytes]()

    def execute_and_add(self: object, sql: str, *values: object) -> object:
        found = execute(self, sql, *values)  # type: ignore[arg-type]
        if sql.startswith("SELECT") and "forgotten_secret" in sql:
            secrets.append(bytes([len(secrets)]) * 32)
            execute(
                store.sql, "INSERT INTO forgotten_secret VALUES (?, ?)", (secrets[-1], secret_checksum(secrets[-1]))
            )
        return found

    monkeypatch.setattr(type(store.sql), "execute", execute_and_add)
    assert len(read_secrets(store.sql)) == len(secrets) == 1
