"""Merging contacts against the naive store, on random rows."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from letrics.identity.patches import ContactPatch
from letrics.records import Email
from letrics.store.base import Store
from letrics.store.duplicate_record import DuplicateStatus, NoPair, UnknownContact
from letrics.store.sqlite.store import SqliteStore
from tests.naive.log import Log
from tests.naive.store import NaiveStore
from tests.store.tables.test_undoing import documents

_emails = st.sampled_from(["x@mail.example", "y@mail.example"])
_contacts = st.builds(
    lambda id, company, name, title, emails, profile: ContactPatch(
        external_id=id, company=company, full_name=name, job_title=title,
        emails=tuple(Email(value, "personal") for value in emails),
        linkedin_url=profile and f"https://www.linkedin.com/in/{profile}",
    ),
    st.sampled_from([None, None, "1", "2"]), st.sampled_from(["a.example", "b.example", None]),
    st.sampled_from(["Ann Archer", "Bob Baker", "A. Baker", None]), st.sampled_from([None, "CEO", "CFO"]),
    st.lists(_emails, max_size=2, unique=True), st.sampled_from([None, None, "ann", "bob"]),
)  # fmt: skip
_pair = st.tuples(st.integers(0, 5), st.integers(0, 5))
_merge = st.tuples(st.just("merge"), _pair)
_undo = st.tuples(st.just("undo"), st.integers(0, 1))
_steps = st.one_of(
    st.tuples(st.just("put"), st.lists(_contacts, min_size=1, max_size=4)),
    _merge,
    _merge,
    _undo,
    _undo,
    st.tuples(st.just("delete"), st.integers(0, 5)),
)


def ids(store: Store) -> list[str]:
    """The ids of the contacts that are there, in order of num."""
    return [str(id) for part in store.scan(100) for id in map(_id, part.contact_documents)]


def _id(document: bytes) -> str:
    return document.partition(b'"id":"')[2].partition(b'"')[0].decode()


def pairs(store: Store) -> list[tuple[object, ...]]:
    """The possible duplicates without their numbers, which may have gaps."""
    statuses: tuple[DuplicateStatus, ...] = ("open", "dismissed", "merged")
    found = [pair for status in statuses for pair in store.duplicates(status)]
    assert [store.find_duplicate(pair.id) for pair in found] == found
    assert sum(map(store.count_duplicates, statuses)) == len(found)
    return [(pair.reason, pair.status, pair.found_at, pair.merged_at, pair.contacts) for pair in found]


def take(store: Store, step: tuple[str, Any]) -> object:
    """Take one step; returns what it says of its effect."""
    what, given = step
    try:
        if what == "put":
            return store.put_contacts(given)
        if what == "delete":
            return store.delete("contacts", [given]).records
        if what == "merge":
            known = ids(store) or ["?"]
            store.merge_contacts(*(known[at % len(known)] for at in given))
            return "merged"
        merges = store.duplicates("merged")
        if given < len(merges):
            kept, gone = merges[given].contacts
            store.undo_duplicate(_id(bytes(kept)), _id(bytes(gone)))
            return "undone"
    except (NoPair, UnknownContact) as error:
        return type(error)
    return None


def _named(name: str, *emails: str) -> ContactPatch:
    return ContactPatch(company="a.example", full_name=name, emails=tuple(Email(value, "personal") for value in emails))


_begin = st.tuples(st.just("put"), st.lists(_contacts, min_size=4, max_size=8))


@given(st.tuples(_begin, st.lists(_steps, min_size=2, max_size=10)).map(lambda steps: [steps[0], *steps[1]]))
@example(  # a contact that is not there is deleted, between a merge and its undoing
    [
        ("put", [_named("Ann Archer", "x@mail.example"), _named("A. Baker", "x@mail.example"), _named("Bob Baker")]),
        ("merge", (2, 0)),
        ("delete", 0),
        ("undo", 0),
    ]
)
@settings(max_examples=100, deadline=None)
def test_merges_do_what_the_naive_store_does(steps: list[tuple[str, Any]]) -> None:
    seconds = 0

    def clock() -> str:
        return f"2026-03-01T00:00:{seconds:02d}.000Z"  # each step at its own time, so that records show what changed

    naive = NaiveStore(Log(), clock)
    with TemporaryDirectory() as directory, SqliteStore.open(Path(directory, "l.db"), clock=clock) as store:
        for step in steps:
            seconds += 1
            assert take(store, step) == take(naive, step), step
            assert documents(store) == documents(naive), step
            assert pairs(store) == pairs(naive), step
            assert store.integrity() == []
        store.delete("contacts", range(store.counts().next_contact))
        left = ("contact_key", "recent_key", "former_id", "merged_key", "contact_merge", "duplicate")
        assert [store._connection.execute(f"SELECT count(*) FROM {table}").get for table in left] == [0] * 6
