"""The SQLite store: opening, erasing deleted data, and crashes."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import apsw
import pytest

from letrics.identity.patches import ContactPatch, Tally
from letrics.records import Email
from letrics.store.base import StoreAway, StoreTooNew
from letrics.store.connection import open_sqlite
from letrics.store.sqlite import SqliteStore
from letrics.store.tables.store_limits import StoreLimits
from tests.store.patches import row


class TestOpening:
    @pytest.mark.parametrize("how", [{"create": False}, {"read_only": True}])
    def test_a_missing_file_says_how_to_make_one(self, tmp_path: Path, how: dict[str, Any]) -> None:
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

    def test_a_reader_delays_it_to_the_next_batch(self, tmp_path: Path) -> None:
        with SqliteStore.open(tmp_path / "log.db", limits=StoreLimits(erase_wait_ms=1)) as store:
            self.put(store)
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
    from letrics.identity.patches import ContactPatch
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
