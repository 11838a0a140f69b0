"""The indexes of a cluster as they follow the log."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest

from letrics.backends.opensearch import FollowedOpenSearchEngine
from letrics.engines.base import EngineAway, EngineLoading, SearchRequest, Window
from letrics.engines.opensearch.cluster_client import Client
from letrics.engines.opensearch.following.builds import Builds
from letrics.engines.opensearch.following.position_document import (
    is_rebuild_requested,
    read_position,
    request_rebuild,
    write_position,
)
from letrics.engines.opensearch.names import IndexNames, Part
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.query import parse_request
from letrics.records import Kind
from letrics.store.base import Changes, Position, Store
from tests.engines.opensearch.cluster import HeldLease, make_engine
from tests.engines.opensearch.following.conftest import CONTACTS
from tests.naive.backend import NaiveStoreBackend
from tests.wrapped_store import WrappedStore


def nums(made: FollowedOpenSearchEngine, kind: Kind = "contacts", **body: object) -> list[int]:
    query = parse_request(kind, body).query
    return asyncio.run(made.engine.search(SearchRequest(query, Window(size=100)))).nums


def follow(made: FollowedOpenSearchEngine, store: Store) -> None:
    made.target().load(store)
    while made.target().apply(store):
        pass


def searched_indexes(client: Client, names: IndexNames) -> set[str]:
    return set(client.request_blocking("GET", f"/_alias/{names.alias('contacts')}"))


class OldStore(WrappedStore):
    """A store that reports the same changes each time."""

    def __init__(self, store: Store, changes: Changes | None) -> None:
        super().__init__(store)
        self._changes: Changes | None = changes

    def changes(self, after: int, limit: int) -> Changes | None:
        changes, self._changes = self._changes, None
        return changes


class DeletingStore(WrappedStore):
    """A store with a call of `delete` after the first part of a scan."""

    def __init__(self, store: Store, delete: Callable[[], None]) -> None:
        super().__init__(store)
        self._delete = delete

    def scan(self, size: int, share: tuple[int, int] = (0, 1)) -> Iterator[Changes]:
        for number, changes in enumerate(self.store.scan(size, share)):
            if number == 1:
                self._delete()
            yield changes


class FailingStore(WrappedStore):
    """A store of which a scan ends after the first part, after a call of `end`."""

    def __init__(self, store: Store, end: Callable[[], None]) -> None:
        super().__init__(store)
        self._end = end

    def scan(self, size: int, share: tuple[int, int] = (0, 1)) -> Iterator[Changes]:
        for changes in self.store.scan(2, share):
            yield changes
            self._end()


def test_search_before_the_first_load_raises_engine_loading(made: FollowedOpenSearchEngine) -> None:
    assert made.target().position() is None
    with pytest.raises(EngineLoading):
        nums(made)


def test_load_fills_indexes_up_to_the_end_of_the_log(made: FollowedOpenSearchEngine, store: Store) -> None:
    progress: list[tuple[str, int, int]] = []
    made.load(store, lambda *args: progress.append(args))
    assert made.target().position() == store.position() == asyncio.run(made.engine.position())
    assert progress[-1] == ("loading the index", 9, 9)
    assert nums(made) == [0, 1, 2, 3, 4, 5] and nums(made, "companies") == [0, 1, 2]
    assert made.verify(store) == []


def test_apply_adds_changes_and_deletes_records(made: FollowedOpenSearchEngine, store: Store) -> None:
    made.load(store)
    store.put_contacts([ContactPatch(external_id="p9", company="firm0.example")])
    store.delete("contacts", [1])
    store.delete("companies", [2], with_contacts=True)
    follow(made, store)
    assert nums(made) == [0, 3, 4, 6] and nums(made, "companies") == [0, 1]
    assert made.target().position() == store.position() and made.verify(store) == []
    assert not made.target().apply(store)


def test_change_of_a_company_reaches_its_contacts(made: FollowedOpenSearchEngine, store: Store) -> None:
    made.load(store)
    store.put_companies([CompanyPatch(domain="firm1.example", industries=("Robotics",))])
    follow(made, store)
    assert nums(made, industries=["Robotics"]) == [1, 4]
    assert made.verify(store) == []


def test_changes_that_arrive_late_do_not_replace_newer_ones(made: FollowedOpenSearchEngine, store: Store) -> None:
    made.load(store)
    position = made.target().position()
    assert position is not None
    store.put_contacts([ContactPatch(external_id="p1", company="firm1.example", job_title="Pilot")])
    late = store.changes(position.seq, 100)
    store.put_contacts([ContactPatch(external_id="p1", company="firm1.example", job_title="Baker")])
    store.delete("contacts", [2])
    follow(made, store)
    made.target().apply(OldStore(store, late))
    follow(made, store)
    assert nums(made, job_titles=["baker"]) == [1] and nums(made, job_titles=["pilot"]) == []
    assert made.verify(store) == []


def test_target_without_the_lease_only_reads_the_position(
    made: FollowedOpenSearchEngine, names: IndexNames, store: Store
) -> None:
    other = make_engine(names, HeldLease(held=False))
    assert not other.target().load(store) and other.target().position() is None
    made.load(store)
    assert other.target().load(store) and other.target().position() == store.position()
    store.delete("contacts", [1])
    assert not other.target().apply(store)
    follow(made, store)
    assert not other.target().load(store) and other.target().position() == store.position()
    other.engine.close()


def test_target_that_gets_the_lease_continues(
    made: FollowedOpenSearchEngine, names: IndexNames, store: Store, client: Client
) -> None:
    lease = HeldLease(held=False)
    other = make_engine(names, lease)
    made.load(store)
    other.target().load(store)
    searched = searched_indexes(client, names)
    lease.held = True
    store.delete("contacts", [1])
    follow(other, store)
    assert nums(made) == [0, 2, 3, 4, 5] and made.verify(store) == []
    assert searched_indexes(client, names) == searched
    other.engine.close()


def test_target_behind_another_one_does_not_write_its_position(
    made: FollowedOpenSearchEngine, names: IndexNames, store: Store, client: Client
) -> None:
    made.load(store)
    store.delete("contacts", [1])
    changes = store.changes(made.target().position().seq, 100)  # type: ignore[union-attr]
    end = store.position()
    write_position(client, names.alias("dictionary"), Position(end.log, end.seq + 5, "later"))
    assert not made.target().apply(OldStore(store, changes))
    found = read_position(client, names.alias("dictionary"))
    assert found is not None and found.position.batch == "later"


def test_rebuild_replaces_the_indexes_and_deletes_the_former(
    made: FollowedOpenSearchEngine, names: IndexNames, store: Store, client: Client
) -> None:
    made.load(store)
    former = searched_indexes(client, names)
    made.rebuild(store)
    assert searched_indexes(client, names).isdisjoint(former)
    assert nums(made) == [0, 1, 2, 3, 4, 5] and made.verify(store) == []
    unpublished = Builds(client, names).unpublished()
    assert former < set(unpublished) and len(unpublished) == 3
    follow(made, store)
    assert Builds(client, names).unpublished() == []


def test_replaced_log_is_loaded_into_new_indexes(
    made: FollowedOpenSearchEngine,
    store: Store,
    tmp_path_factory: pytest.TempPathFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    made.load(store)
    other = NaiveStoreBackend(tmp_path_factory.mktemp("other")).open(create=True)
    other.put_contacts(CONTACTS[:1])
    follow(made, other)
    assert nums(made) == [0] and made.target().position() == other.position()
    assert "are of another database and are loaded again" in caplog.text


def test_suspended_index_refuses_searches_until_it_is_current(made: FollowedOpenSearchEngine, store: Store) -> None:
    made.load(store)
    made.target().suspend()
    store.delete("contacts", [1])
    with pytest.raises(EngineLoading):
        nums(made)
    assert made.target().load(store)
    assert nums(made) == [0, 2, 3, 4, 5] and made.target().position() == store.position()


def test_forgotten_deletions_cause_a_rebuild(
    made: FollowedOpenSearchEngine, names: IndexNames, store: Store, client: Client
) -> None:
    made.load(store)
    former = searched_indexes(client, names)
    store.delete("contacts", [1])
    store.follow("another", store.position().seq)
    follow(made, store)
    assert nums(made) == [0, 2, 3, 4, 5]
    assert searched_indexes(client, names).isdisjoint(former)


def test_lease_lost_during_a_rebuild_leaves_nothing(names: IndexNames, store: Store, client: Client) -> None:
    lease = HeldLease()
    made = make_engine(names, lease)

    def lose() -> None:
        lease.held = False

    assert not made.target().load(FailingStore(store, lose))
    assert made.target().position() is None and Builds(client, names).unpublished() == []
    lease.held = True
    assert not made.target().rebuild(FailingStore(store, lose))
    assert made.target().position() is None and Builds(client, names).unpublished() == []
    made.engine.close()


def test_failed_rebuild_leaves_the_former_indexes(
    made: FollowedOpenSearchEngine, names: IndexNames, store: Store, client: Client
) -> None:
    def fail() -> None:
        raise OSError("disk")

    made.load(store)
    searched = searched_indexes(client, names)
    with pytest.raises(OSError, match="disk"):
        made.rebuild(FailingStore(store, fail))
    assert searched_indexes(client, names) == searched and nums(made) == [0, 1, 2, 3, 4, 5]


def test_indexes_deleted_during_a_load_are_away(names: IndexNames, store: Store, client: Client) -> None:
    made = make_engine(names, HeldLease(), part=1)

    def delete() -> None:
        client.request_blocking("DELETE", f"/{names.prefix}-*")

    with pytest.raises(EngineAway, match="deleted while they were being loaded"):
        made.load(DeletingStore(store, delete))
    made.load(store)
    assert nums(made) == [0, 1, 2, 3, 4, 5]
    made.engine.close()


def test_deleted_indexes_are_made_again(
    made: FollowedOpenSearchEngine, names: IndexNames, store: Store, client: Client
) -> None:
    made.load(store)
    client.request_blocking("DELETE", f"/{names.prefix}-*")
    follow(made, store)
    assert nums(made) == [0, 1, 2, 3, 4, 5] and made.verify(store) == []


@pytest.mark.parametrize("part", ["contacts", "companies", "dictionary"])
def test_one_deleted_index_is_made_again(
    made: FollowedOpenSearchEngine, names: IndexNames, store: Store, client: Client, part: Part
) -> None:
    made.load(store)
    for index in client.request_blocking("GET", f"/_alias/{names.alias(part)}"):
        client.request_blocking("DELETE", f"/{index}")
    follow(made, store)
    assert nums(made) == [0, 1, 2, 3, 4, 5] and nums(made, "companies") == [0, 1, 2] and made.verify(store) == []


def test_requested_rebuild_is_done_once(
    made: FollowedOpenSearchEngine, names: IndexNames, store: Store, client: Client
) -> None:
    made.load(store)
    searched = searched_indexes(client, names)
    request_rebuild(client, names.alias("dictionary"))
    assert made.target().load(store)
    assert searched_indexes(client, names).isdisjoint(searched) and made.verify(store) == []
    searched = searched_indexes(client, names)
    follow(made, store)
    assert searched_indexes(client, names) == searched
    assert not is_rebuild_requested(client, names.alias("dictionary"))


def test_index_deleted_before_a_change_is_made_again(
    made: FollowedOpenSearchEngine, names: IndexNames, store: Store, client: Client
) -> None:
    made.load(store)
    follow(made, store)
    for index in client.request_blocking("GET", f"/_alias/{names.alias('contacts')}"):
        client.request_blocking("DELETE", f"/{index}")
    store.delete("contacts", [1])
    with pytest.raises(EngineAway, match="deleted while it was being changed"):
        made.target().apply(store)
    follow(made, store)
    assert nums(made) == [0, 2, 3, 4, 5] and made.verify(store) == []


def test_changed_company_reaches_many_contacts(names: IndexNames, store: Store) -> None:
    store.put_contacts([ContactPatch(external_id=f"p{n}", company="firm1.example") for n in range(10, 30)])
    made = make_engine(names, HeldLease(), part=7)
    made.load(store)
    store.put_companies([CompanyPatch(domain="firm1.example", industries=("Robotics",))])
    follow(made, store)
    assert len(nums(made, industries=["robotics"])) == 22
    made.engine.close()


@pytest.mark.parametrize("part", ["contacts", "dictionary"])
def test_index_of_another_program_is_away(
    made: FollowedOpenSearchEngine, names: IndexNames, store: Store, client: Client, part: Part
) -> None:
    client.request_blocking("PUT", f"/{names.alias(part)}")
    client.request_blocking("PUT", f"/{names.alias(part)}/_doc/position", {"theirs": 1})
    with pytest.raises(EngineAway, match="is an index of another program"):
        made.load(store)
    with pytest.raises(EngineLoading):
        nums(made)
    assert Builds(client, names).unpublished() == []


def test_closed_index_is_away(made: FollowedOpenSearchEngine, names: IndexNames, store: Store, client: Client) -> None:
    made.load(store)
    client.request_blocking("POST", f"/{names.alias('contacts')}/_close")
    store.delete("contacts", [1])
    for call in (lambda: nums(made), lambda: made.target().apply(store)):
        with pytest.raises(EngineAway, match="open it, or delete it"):
            call()
    client.request_blocking("POST", f"/{names.alias('contacts')}/_open")
    follow(made, store)
    assert nums(made) == [0, 2, 3, 4, 5]
