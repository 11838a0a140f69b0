"""A database file that is renamed, removed or replaced while it is open."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import apsw
import pytest

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.store.base import Store, StoreAway, StoreRemoved, StoreReplaced
from tests.default_backends import open_store


def test_every_method_refuses_a_replaced_file(store: Store, path: Path, other: Path) -> None:
    at = store.position()
    other.replace(path)
    for call in (
        lambda: store.documents("contacts", [0]),
        lambda: store.find("contacts", "old1"),
        lambda: store.position(),
        lambda: store.has_batch(at),
        lambda: store.counts(),
        lambda: store.contacts_of([0]),
        lambda: store.changes(0, 10),
        lambda: list(store.scan(10)),
        lambda: store.follow("somebody", 1),
        lambda: store.integrity(),
        lambda: store.put_contacts([ContactPatch(company="a.example", external_id="x")]),
        lambda: store.put_companies([]),
        lambda: store.delete("contacts", [0]),
        lambda: store.delete_id("contacts", "old1"),
    ):
        with pytest.raises(StoreReplaced):
            call()


def test_every_write_refuses_a_log_restored_in_place(store: Store, path: Path, other: Path) -> None:
    source, target = apsw.Connection(str(other)), apsw.Connection(str(path))
    with target.backup("main", source, "main") as backup:
        backup.step()
    source.close()
    target.close()
    for write in (
        lambda: store.put_contacts([ContactPatch(company="a.example", external_id="x")]),
        lambda: store.put_companies([CompanyPatch(domain="b.example")]),
        lambda: store.delete("contacts", [0]),
        lambda: store.delete_id("contacts", "new1"),
    ):
        with pytest.raises(StoreReplaced):
            write()
    with open_store(path, create=False) as opened:
        assert opened.counts().contacts == 3 and opened.find("contacts", "new1")
        assert opened.delete_id("contacts", "new1") == 1


def test_a_removed_file_is_refused_and_may_come_back(store: Store, path: Path, tmp_path: Path) -> None:
    path.rename(tmp_path / "away.db")
    with pytest.raises(StoreRemoved):
        store.delete("contacts", [0])
    with pytest.raises(StoreAway):
        open_store(path, create=False)
    assert not path.exists()
    (tmp_path / "away.db").rename(path)
    assert store.delete("contacts", [0]).records == 1


def test_an_empty_file_is_not_made_a_database(path: Path) -> None:
    path.touch()
    with pytest.raises(StoreAway):
        open_store(path, create=False)
    assert path.stat().st_size == 0


def test_a_replacement_is_opened_without_the_old_log(store: Store, path: Path, other: Path, tmp_path: Path) -> None:
    (tmp_path / "kept.db").hardlink_to(path)
    assert path.with_name("letrics.db-wal").stat().st_size > 0, "what was put is still in the write-ahead log alone"
    other.replace(path)
    store.close()
    with open_store(path, create=False) as opened:
        assert opened.integrity() == []
        assert opened.find("contacts", "new3") and opened.find("contacts", "old1") is None
        opened.put_contacts([ContactPatch(company="a.example", external_id="new4")])
        with open_store(tmp_path / "kept.db", create=False) as kept:
            assert kept.integrity() == [] and kept.find("contacts", "old2") is not None
        assert opened.counts().contacts == 4


def test_a_replacement_is_opened_alone_while_the_old_is_open(
    store: Store, path: Path, other: Path, tmp_path: Path
) -> None:
    (tmp_path / "kept.db").hardlink_to(path)
    other.replace(path)
    for _ in range(2):
        with open_store(path, create=False) as opened:  # its closing copies its write-ahead log into the file
            assert opened.integrity() == [] and opened.counts().contacts == 3
    store.close()
    with open_store(path, create=False) as opened, open_store(tmp_path / "kept.db") as kept:
        assert opened.integrity() == kept.integrity() == [] and kept.counts().contacts == 2


def test_a_second_holder_leaves_the_new_log_alone(store: Store, path: Path, other: Path) -> None:
    second = open_store(path)
    other.replace(path)
    store.close()
    with open_store(path, create=False) as opened:
        opened.put_contacts([ContactPatch(company="a.example", external_id="new4")])
        second.close()
        with open_store(path, create=False) as again:
            assert again.counts().contacts == 4 and again.integrity() == []


def test_a_locked_directory_hangs_no_process(store: Store, path: Path, other: Path) -> None:
    directory = os.open(path.parent, os.O_RDONLY)
    fcntl.flock(directory, fcntl.LOCK_EX)  # as another program may do
    other.replace(path)
    with pytest.raises(StoreAway, match="is locked by another program"):
        open_store(path, create=False)
    store.close()
    with pytest.raises(StoreAway, match="is locked by another program"):
        open_store(path, create=False)
    os.close(directory)
    with open_store(path, create=False) as opened:
        assert opened.integrity() == [] and opened.find("contacts", "new3") is not None
