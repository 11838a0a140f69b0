"""The counters and positions of the log."""

from __future__ import annotations

import pytest

from letrics.store.base import Position, StoreDamaged
from letrics.store.sqlite import SqliteStore
from letrics.store.tables.log import Numbers, has_batch, last_written, read_position
from tests.store.patches import row


def test_take_seqs_assigns_each_seq_once() -> None:
    numbers = Numbers(7, 0, 0, 0, 0)
    assert list(numbers.take_seqs(3)) == [8, 9, 10]
    assert list(numbers.take_seqs(0)) == []
    assert (list(numbers.take_seqs(1)), numbers.seq) == ([11], 11)


def test_numbers_written_are_read_and_end_a_batch(store: SqliteStore) -> None:
    connection = store._connection
    assert Numbers.read(connection) == Numbers(0, 0, 0, 0, 0)
    numbers = Numbers(5, 4, 3, 2, 1)
    numbers.write(connection, "2026-05-15T12:00:00.000Z")
    assert Numbers.read(connection) == numbers
    assert read_position(connection).seq == 5 and read_position(connection).batch
    assert last_written(connection) == "2026-05-15T12:00:00.000Z"


def test_numbers_count_records_and_never_reuse_nums(store: SqliteStore) -> None:
    store.put_contacts([row("1"), row("2", "b.example")])
    store.delete("contacts", [1])
    numbers = Numbers.read(store._connection)
    assert (numbers.contacts, numbers.next_contact, numbers.companies, numbers.next_company) == (1, 2, 2, 2)
    assert numbers.seq == store.position().seq == 5  # 2 companies, 2 contacts, 1 tombstone


def test_has_batch_is_true_for_each_position_of_the_log(store: SqliteStore) -> None:
    connection = store._connection
    positions = [read_position(connection)]
    for id in ("1", "2", "3"):
        store.put_contacts([row(id)])
        positions.append(read_position(connection))
    assert len({position.batch for position in positions}) == 4
    assert all(has_batch(connection, position) for position in positions)


def test_has_batch_is_false_for_other_positions(store: SqliteStore) -> None:
    store.put_contacts([row("1")])
    at = store.position()
    for other in (
        Position("other", at.seq, at.batch),
        Position(at.log, at.seq, "other"),
        Position(at.log, at.seq + 1, at.batch),
        Position(at.log, at.seq - 1, at.batch),
        Position(at.log, 0, at.batch),
        Position("other", 0, ""),
    ):
        assert not has_batch(store._connection, other), other


def test_log_without_its_last_batch_is_damaged(store: SqliteStore) -> None:
    """Not one of which the index is: it would be rebuilt for as long as the log is damaged."""
    store.put_contacts([row("1")])
    store.put_contacts([row("2")])
    position = store.position()
    store.sql.execute("DELETE FROM batch WHERE seq = ?", (position.seq,))
    for asked in (position, store.position()):
        with pytest.raises(StoreDamaged, match="table batch"):
            store.has_batch(asked)
    store.repair(lambda *_: None)
    assert not store.has_batch(position) and store.has_batch(store.position())
