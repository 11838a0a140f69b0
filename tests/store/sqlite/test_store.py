"""Behaviour specific to the SQLite store: opening, erasing, followers' timeout, integrity, and crashes."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any
from unittest import mock

import apsw
import pytest

from letrics.records import Email
from letrics.store.base import CompanyPatch, ContactPatch, StoreAway, StoreTooNew, Tally
from letrics.store.connection import open_sqlite
from letrics.store.sqlite import SqliteStore


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with SqliteStore.open(tmp_path / "log.db") as store:
        yield store


def row(id: str, company: str = "a.example", **members: Any) -> ContactPatch:
    return ContactPatch(company=company, external_id=id, **members)


class TestOpening:
    @pytest.mark.parametrize("how", [{"create": False}, {"read_only": True}])
    def test_a_missing_file_says_how_to_make_one(self, tmp_path: Path, how: dict[str, bool]) -> None:
        with pytest.raises(StoreAway, match=r"no database at .*log\.db: create it with an import"):
            SqliteStore.open(tmp_path / "log.db", **how)
        assert list(tmp_path.iterdir()) == []

    def test_a_newer_file_says_to_upgrade(self, tmp_path: Path) -> None:
        SqliteStore.open(tmp_path / "log.db").close()
        connection = open_sqlite(tmp_path / "log.db")
        connection.execute("INSERT INTO migration VALUES (99, 'future', '', '')")
        connection.close()
        with pytest.raises(StoreTooNew, match="its format is 99"):
            SqliteStore.open(tmp_path / "log.db")

    def test_a_reader_reads_and_does_not_write(self, store: SqliteStore, tmp_path: Path) -> None:
        store.put_contacts([row("1")])
        with SqliteStore.open(tmp_path / "log.db", read_only=True) as reader:
            assert reader.position() == store.position()
            assert len(list(reader.scan(10))) == 2
            with pytest.raises(StoreAway, match="read-only"):
                reader.put_contacts([row("2")])
            store.put_contacts([row("2")])
            assert reader.counts().contacts == 2

    def test_a_file_that_is_none_of_ours_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "log.db").write_bytes(b"something else altogether " * 1000)
        with pytest.raises(StoreAway, match=r"log\.db is not a database"):
            SqliteStore.open(tmp_path / "log.db")

    def test_a_writer_that_waits_too_long_says_so(self, store: SqliteStore, tmp_path: Path) -> None:
        other = open_sqlite(tmp_path / "log.db")
        other.execute("BEGIN IMMEDIATE")
        store._connection.set_busy_timeout(1)
        with pytest.raises(StoreAway, match="locked by another process"):
            store.put_contacts([row("1")])
        other.close()
        assert store.put_contacts([row("1")]).new == 1


class TestErasing:
    SECRET = "unmistakable-name"

    def traces(self, tmp_path: Path) -> list[str]:
        return [file.name for file in tmp_path.iterdir() if self.SECRET.encode() in file.read_bytes()]

    def put(self, store: SqliteStore) -> None:
        rows = [row(f"{self.SECRET}-{n}", full_name=self.SECRET, phone=self.SECRET * 200) for n in range(20)]
        store.put_contacts([row("other"), *rows, row("another")])

    def test_nothing_of_a_deleted_record_remains(self, store: SqliteStore, tmp_path: Path) -> None:
        self.put(store)
        assert self.traces(tmp_path)
        store.delete("contacts", range(1, 21))
        assert self.traces(tmp_path) == []
        assert store.counts().contacts == 2 and store.integrity() == []

    def test_a_reader_delays_it_to_the_next_batch(self, store: SqliteStore, tmp_path: Path) -> None:
        self.put(store)
        with mock.patch("letrics.store.sqlite.store._ERASE_WAIT_MS", 1):
            parts = store.scan(1)
            next(parts)
            store.delete("contacts", range(1, 21))
            assert self.traces(tmp_path)
            parts.close()  # type: ignore[attr-defined]
            store.put_contacts([])
        assert self.traces(tmp_path) == []

    def test_what_is_replaced_is_overwritten_in_the_file(self, store: SqliteStore, tmp_path: Path) -> None:
        store.put_contacts([row("1", phone=self.SECRET)])
        store.put_contacts([row("1", phone=None)])
        store.delete("contacts", [0])
        assert self.traces(tmp_path) == []

    def test_a_former_id_goes_too(self, store: SqliteStore) -> None:
        emails = (Email("a@x.example", "personal"),)
        store.put_contacts([ContactPatch(company="a.example", emails=emails), row("1", emails=emails)])
        assert store._connection.execute("SELECT count(*) FROM former_id").get == 1
        store.delete("companies", [0], with_contacts=True)
        for table in ("former_id", "contact_key", "recent_key", "contact", "company"):
            assert store._connection.execute(f"SELECT count(*) FROM {table}").get == 0


class TestFollowers:
    def test_a_silent_follower_is_forgotten_after_seven_days(self, store: SqliteStore) -> None:
        store.put_contacts([row("1"), row("2")])
        start = store.position().seq
        store.follow("silent", start)
        store.delete("contacts", [0])
        store.follow("awake", store.position().seq)
        assert store.changes(start, 10) is not None
        with mock.patch("time.time_ns", return_value=time.time_ns() + 8 * 24 * 3600 * 10**9):
            store.follow("awake", store.position().seq)
        with pytest.raises(LookupError, match="no longer stored"):
            store.changes(start, 10)

    def test_a_follower_with_nothing_new_does_not_write(self, store: SqliteStore, tmp_path: Path) -> None:
        store.follow("one", 0)
        other = open_sqlite(tmp_path / "log.db")
        other.execute("BEGIN IMMEDIATE")
        store._connection.set_busy_timeout(1)
        store.follow("one", 0)
        with pytest.raises(StoreAway):
            store.follow("one", 1)
        other.close()


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        ("DELETE FROM company", "contacts belong to a company that does not exist"),
        ("DELETE FROM contact WHERE num = 1", "identity keys point to contacts that do not exist"),
        ("INSERT INTO former_id VALUES (9, 'x')", "former ids point to contacts that do not exist"),
        ("UPDATE contact SET num = 7 WHERE num = 1", "contacts have a num that the log has not assigned yet"),
        ("UPDATE company SET num = 7", "companies have a num that the log has not assigned yet"),
        ("UPDATE contact SET seq = 99 WHERE num = 1", "entries have a seq outside the log"),
        ("UPDATE contact SET seq = 1 WHERE num = 1", "entries have the same seq as another entry"),
        ("UPDATE log SET companies = 3", "companies more or fewer than the log's counter"),
        ("UPDATE log SET contacts = 3", "contacts more or fewer than the log's counter"),
        ("DELETE FROM batch", "last seq of the log is not the end of a batch"),
    ],
)
def test_integrity_says_what_is_wrong(store: SqliteStore, harm: str, words: str) -> None:
    store.put_contacts([row("1"), row("2")])
    assert store.integrity() == []
    store._connection.execute(harm)
    assert any(words in fault for fault in store.integrity())


def test_a_damaged_file_is_reported_and_not_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    with SqliteStore.open(path) as store:
        store.put_contacts([row(str(n), phone="1" * 500) for n in range(500)])
    data = bytearray(path.read_bytes())
    for page in range(12, len(data) // 4096):
        data[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    path.write_bytes(data)
    with SqliteStore.open(path) as store:
        assert any(fault.startswith("the file is damaged") for fault in store.integrity())
        with pytest.raises(StoreAway, match="is damaged"):
            store.documents("contacts", range(500))


def test_a_key_left_behind_is_free(store: SqliteStore) -> None:
    emails = (Email("a@x.example", "personal"),)
    store.put_contacts([row("1", emails=emails, full_name="Ada")])
    store._connection.execute("DELETE FROM contact")
    assert store.put_contacts([row("1", emails=emails), ContactPatch(company="a.example", full_name="Ada")]) == Tally(
        new=2
    )


def test_a_full_disk_is_said_and_nothing_of_the_batch_remains(store: SqliteStore) -> None:
    store.put_contacts([row("1")])
    position = store.position()
    pages = store._connection.pragma("page_count")
    store._connection.pragma("max_page_count", pages)
    with pytest.raises(StoreAway, match="its disk is full"):
        store.put_contacts([row(str(n), phone="1" * 500) for n in range(100)])
    assert store.position() == position and not store._connection.in_transaction
    store._connection.pragma("max_page_count", 1 << 30)
    assert store.put_contacts([row("2")]) == Tally(new=1)


WRITER = """
    import sys
    from pathlib import Path
    from letrics.store.base import ContactPatch
    from letrics.store.sqlite import SqliteStore
    store = SqliteStore.open(Path(sys.argv[1]))
    for batch in range(1000):
        store.put_contacts(
            [ContactPatch(company=f"c{n % 7}.example", external_id=f"{batch}-{n}") for n in range(50)]
        )
        print(batch, flush=True)
"""


def test_a_writer_killed_at_any_moment_leaves_whole_batches(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    for _ in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(WRITER), str(path)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        told = [int(writer.stdout.readline()) for _ in range(5)]
        writer.send_signal(signal.SIGKILL)
        told += [int(line) for line in writer.stdout.read().split()]
        writer.wait()
        writer.stdout.close()
        with SqliteStore.open(path) as store:
            assert store.integrity() == []
            contacts = store.counts().contacts
            assert contacts % 50 == 0 and contacts >= 50 * (max(told) + 1)
            assert all(store.find("contacts", f"{batch}-49") for batch in told)


def test_two_processes_open_a_new_file_at_once(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from letrics.store.sqlite import SqliteStore; "
        "print(SqliteStore.open(Path(sys.argv[1])).position().log)"
    )
    openers = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "log.db")], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    answers = {opener.communicate()[0] for opener in openers}
    assert [opener.returncode for opener in openers] == [0, 0, 0]
    assert len(answers) == 1


def test_sql_errors_of_our_own_are_not_hidden(store: SqliteStore) -> None:
    with pytest.raises(apsw.SQLError), store._away:
        store._connection.execute("SELECT nonsense")


def test_many_namesakes_at_one_company(store: SqliteStore) -> None:
    rows = [row(str(n), full_name="N. N.") for n in range(3000)]
    assert store.put_contacts(rows).new == 3000
    assert store.put_contacts(rows) == Tally(unchanged=3000)
    bare = [ContactPatch(company="a.example", full_name="N. N.")] * 3
    assert store.put_contacts(bare) == Tally(new=1, unchanged=2)
    assert store.put_companies([CompanyPatch(domain="a.example")]) == Tally(unchanged=1)
