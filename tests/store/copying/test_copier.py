"""Copies of random logs, interrupted and continued while the source changes, equal their source."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letrics.identity.encoded_patches import encode_contact_patch
from letrics.identity.patches import CompanyPatch
from letrics.store.base import HasContacts, StoreAway
from letrics.store.copying.comparing import compare_logs
from letrics.store.copying.copier import CannotCopy, copy_log
from letrics.store.copying.copy_progress import refuse_unfinished
from letrics.store.duplicate_record import NoPair
from letrics.store.import_record import ImportStart
from letrics.store.postgres.postgres_store import PostgresStore
from letrics.store.sqlite import SqliteStore
from letrics.store.tables.sql_store import SqlStore
from letrics.store.tables.store_limits import StoreLimits
from tests.servers.postgres import missing, new_database
from tests.store.encoded_rows import encoded
from tests.store.patches import ADA, row
from tests.store.sqlite.test_store_model import batches, companies, deletions

FEW_KEYS = StoreLimits(max_recent_keys=4)


def contact_id(document: msgspec.Raw) -> str:
    return str(msgspec.json.decode(document)["id"])


class Interrupted(Exception):
    """The copy ends here."""


@contextmanager
def two_stores(limits: StoreLimits | None = None) -> Iterator[tuple[SqliteStore, SqliteStore]]:
    with (
        tempfile.TemporaryDirectory() as directory,
        SqliteStore.open(Path(directory) / "source.db", limits=limits or StoreLimits()) as source,
        SqliteStore.open(Path(directory) / "target.db", limits=limits or StoreLimits()) as target,
    ):
        for store in (source, target):
            store._connection.pragma("synchronous", "OFF")
        yield source, target


@contextmanager
def sqlite_and_postgres() -> Iterator[tuple[SqliteStore, PostgresStore]]:
    with two_stores(FEW_KEYS) as (source, _), PostgresStore.open(new_database(), limits=FEW_KEYS) as target:
        yield source, target


def reopened(store: SqlStore) -> SqlStore:
    """The store with the log that was copied into its database."""
    if isinstance(store, PostgresStore):
        return PostgresStore(store._url, store._connection)
    assert isinstance(store, SqliteStore)
    return SqliteStore(store._path, store._connection)


def copy(source: SqlStore, target: SqlStore, parts: int | None = None) -> int:
    """Copy, and stop after `parts` parts; returns how many records had changed."""
    left = [parts]

    def report(_table: str, done: int, _count: int) -> None:
        if done and left[0] is not None:
            left[0] -= 1
            if left[0] < 0:
                raise Interrupted

    done = copy_log(source.sql, target.sql, report, size=2)
    assert [*map(str, done.differences), *target.integrity()] == []
    assert target.position() == done.position == source.position()
    return done.changed


def change(store: SqlStore, step: Any) -> None:
    """Put a batch as an import, delete records, or merge the first possible duplicates."""
    if isinstance(step, int):
        for pair in store.duplicates(limit=1):
            kept, gone = (contact_id(contact) for contact in pair.contacts)
            try:
                store.merge_contacts(kept, gone)
            except NoPair:
                store.dismiss_duplicate(kept, gone)
    elif isinstance(step, tuple):
        try:
            store.delete(*step)
        except HasContacts:
            return
    elif step:
        of_companies = all(isinstance(patch, CompanyPatch) for patch in step)
        rows = step if of_companies else [encoded(row) if isinstance(row, CompanyPatch) else row for row in step]
        id = store.start_import(ImportStart(kind="companies" if of_companies else "contacts", file="x.csv"))
        (store.put_companies if of_companies else store.put_contacts)(rows, of_import=id)
        store.update_import(id, "done", {"rows": len(step)})


changes = st.lists(st.one_of(batches, batches, st.lists(companies, max_size=3), deletions, st.just(0)), max_size=3)
plans = st.lists(st.tuples(changes, st.sampled_from((None, None, 0, 1, 2, 3, 5, 8))), min_size=1, max_size=3)
"""Changes, and after them a copy, which is interrupted after that number of parts."""


def play(source: SqlStore, target: SqlStore, plan: Sequence[tuple[Sequence[Any], int | None]]) -> None:
    for steps, parts in plan:
        for step in steps:
            change(source, step)
        with suppress(Interrupted):
            copy(source, target, parts)
    copy(source, target)
    assert copy(source, target) == 0


@given(plan=plans)
@settings(deadline=None)
def test_copies_of_a_changing_log_equal_it(plan: Sequence[tuple[Sequence[Any], int | None]]) -> None:
    with two_stores(FEW_KEYS) as (source, target):
        play(source, target, plan)


@pytest.mark.skipif(missing() is not None, reason=str(missing()))
@given(plan=plans, back=plans)
@settings(deadline=None, max_examples=15)
def test_copies_go_to_postgres_and_back(
    plan: Sequence[tuple[Sequence[Any], int | None]], back: Sequence[tuple[Sequence[Any], int | None]]
) -> None:
    with sqlite_and_postgres() as (source, target):
        play(source, target, plan)
        play(reopened(target), source, back)


def test_copied_log_is_written_and_copied_back() -> None:
    with two_stores() as (source, target):
        source.put_contacts([ADA, row("2"), row("3")])
        copy(source, target)
        copied = reopened(target)
        copied.put_contacts([row("2", phone="7"), row("4")])
        copied.delete("contacts", [2])
        assert copy(copied, source) == 3


def test_values_that_change_without_a_seq_are_copied_later() -> None:
    with two_stores() as (source, target):
        source.put_contacts([encode_contact_patch(row("1"), 77)])
        source._connection.execute("UPDATE contact SET checksum = NULL")
        copy(source, target)
        source.put_contacts([encode_contact_patch(row("1"), 78), row("2")])
        assert source.repair(lambda *_: None) == ["1 checksum added"]
        assert copy(source, target) == 1


def test_import_of_the_source_is_undone_in_the_copy() -> None:
    with two_stores() as (source, target):
        source.put_contacts([ADA])
        change(source, [row("1", phone="7"), row("9")])
        copy(source, target)
        copied = reopened(target)
        before = copied.counts().contacts
        while not copied.undo_import(1).finished:
            pass
        assert copied.counts().contacts == before - 1
        assert copied.find("contacts", "9") is None


def test_target_with_records_of_its_own_is_refused() -> None:
    with two_stores() as (source, target):
        source.put_contacts([ADA])
        target.put_contacts([ADA])
        with pytest.raises(CannotCopy, match="has other records"):
            copy(source, target)
        assert target.counts().contacts == 1


def test_target_with_changes_of_its_own_is_refused() -> None:
    with two_stores() as (source, target):
        source.put_contacts([ADA])
        copy(source, target)
        reopened(target).put_contacts([row("2")])
        source.put_contacts([row("3")])
        with pytest.raises(CannotCopy, match="was changed since"):
            copy(source, target)
        assert reopened(target).find("contacts", "2") is not None


def test_interrupted_copy_goes_on_after_deletions() -> None:
    with two_stores() as (source, target):
        source.put_contacts([ADA, row("2"), row("3")])
        with pytest.raises(Interrupted):
            copy(source, target, 1)
        source.delete("contacts", [2])
        source.follow("an engine", source.position().seq)  # nothing else needs to know what was deleted
        copy(source, target)


@pytest.mark.skipif(missing() is not None, reason=str(missing()))
def test_database_is_not_copied_into_itself() -> None:
    url = new_database()
    with PostgresStore.open(url) as source, PostgresStore.open(url, copying=True) as target:
        source.put_contacts([ADA])
        with pytest.raises(CannotCopy, match="are in this database already"):
            copy(source, target)
        assert source.integrity() == []


def test_unfinished_target_is_refused_as_a_store() -> None:
    with two_stores() as (source, target):
        source.put_contacts([ADA, row("2"), row("3")])
        with pytest.raises(Interrupted):
            copy(source, target, 1)
        with pytest.raises(StoreAway, match="has not ended"):
            refuse_unfinished(target._connection)
        copy(source, target)
        refuse_unfinished(target._connection)


def test_target_is_refused_until_what_is_beside_is_copied() -> None:
    def stop() -> None:
        raise Interrupted

    with two_stores() as (source, target):
        source.put_contacts([ADA])
        with pytest.raises(Interrupted):
            copy_log(source.sql, target.sql, lambda *_: None, beside=stop)
        with pytest.raises(StoreAway, match="has not ended"):
            refuse_unfinished(target._connection)
        copy(source, target)
        refuse_unfinished(target._connection)


def test_damaged_copy_is_noticed() -> None:
    with two_stores() as (source, target):
        source.put_contacts([ADA, row("2")])
        copy(source, target)
        target._connection.execute(
            "UPDATE contact SET document = CAST(replace(document, 'Ada', 'Eve') AS BLOB) WHERE num = 0"
        )
        target._connection.execute("DELETE FROM contact_key")
        target._connection.execute("DELETE FROM recent_key")
        found = [str(one) for one in compare_logs(source._connection, target._connection, lambda *_: None)[1]]
        assert found[0] == "contact has other contents in the copy, in the same number of rows (2)"
        assert found[1].startswith("contact_key has ") and found[1].endswith(" rows, and 0 in the copy")
