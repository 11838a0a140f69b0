"""Random rows in random batches: the store and the reference model agree on every record, id and count."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from letrics.identity import keys
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.records import Company, Email, decode_company, decode_contact
from letrics.store.sqlite import SqliteStore
from letrics.store.tables.sql_store import SqlStore
from letrics.store.tables.store_limits import StoreLimits
from tests.store.company_model import page
from tests.store.encoded_rows import encoded as encode
from tests.store.encoded_rows import recognized
from tests.store.model import Model

LINKEDIN = (
    "https://www.linkedin.com/in/ada",
    "linkedin.com/in/ADA/?x=1",
    "http://de.linkedin.com/in/%62ob",
    "linkedin.com/in/bob",
    "https://www.linkedin.com/mwlite/in/ada/de",
    "https://linkedin.example/sales/lead/Cyd,NAME_SEARCH",
    "https://www.linkedin.com/company/acme",
)
PERSONAL = tuple(
    Email(value, "personal") for value in ("ada@x.example", "ADA@x.example", "bob@x.example", "c@y.example")
)
GENERIC = tuple(Email(value, "generic") for value in ("info@a.example", "sales@a.example"))
NAMES = ("Ada Love", "ada  love", "Bob", "A. Love", "Cy Love", "Love, Ada")
# Generated ids of Bob at a.example and of the first profile. They also occur in files and as former ids.
MADE = ("c_pnxdrtd726bortpx", "c_zti4dvev45rgzsva")
# Generated id of the company that is known by the name A alone.
MADE_COMPANY = "co_mtgpmpfvrqm2"
PAGES = ("https://www.linkedin.com/company/a", "https://de.linkedin.com/company/A/about", "linkedin.com/company/b")
TIMES = ("2001-01-01T00:00:00.000Z", "2002-01-01T00:00:00.000Z")


def maybe(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from((UNSET, *values))


# The samples have few values, so that rows conflict in every way.
emails = st.sampled_from(((), *((one,) for one in PERSONAL + GENERIC), (PERSONAL[0], PERSONAL[2])))
with_domain = st.builds(
    CompanyPatch,
    domain=st.sampled_from(("a.example", "b.example")),
    id=st.sampled_from((None, None, None, "a.example", MADE_COMPANY)),
    name=maybe("A", "B", None),
    linkedin_url=maybe(UNSET, *PAGES),
    functions=maybe((), ("X",)),
    added_at=maybe(*TIMES),
    updated_at=maybe(*TIMES),
)
nameless = st.builds(
    CompanyPatch,
    id=st.sampled_from((None, None, None, MADE_COMPANY, "co_000000000000")),
    name=st.sampled_from(("A", "a gmbh", "B")),
    linkedin_url=maybe(UNSET, UNSET, *PAGES),
    added_at=maybe(*TIMES),
    updated_at=maybe(*TIMES),
)
"""Companies without a domain."""
companies = st.one_of(with_domain, with_domain, nameless)
contacts = st.builds(
    ContactPatch,
    company=st.one_of(st.sampled_from(("a.example", "a.example", "b.example", UNSET, None)), companies),
    company_from_email=st.booleans(),
    external_id=st.sampled_from((None, None, None, "1", "2", "3", *MADE)),
    first_name=maybe(UNSET, "Ada", None),
    last_name=maybe(UNSET, "Love", None),
    full_name=maybe(*NAMES, None),
    phone=maybe("1", "2"),
    emails=st.one_of(st.just(UNSET), emails),
    linkedin_url=maybe(UNSET, UNSET, *LINKEDIN, None),
    added_at=maybe(UNSET, *TIMES),
    updated_at=maybe(UNSET, *TIMES),
)
deletions = st.tuples(
    st.sampled_from(("contacts", "contacts", "companies")),
    st.lists(st.integers(0, 6), min_size=1, max_size=3),
    st.booleans(),
)
batches = st.builds(
    lambda first, others: [first, *others],
    contacts,
    st.lists(st.one_of(contacts, contacts, contacts, contacts, companies), max_size=7),
)
"""Rows of files of contacts. A company is a row without a person."""
again = st.integers(0, 3)
"""Repeat an earlier batch of contacts: 0 is the last one, 3 the fourth to last."""
steps = st.lists(st.one_of(batches, batches, again, st.lists(companies, max_size=3), deletions), min_size=2, max_size=8)


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.moment = "2026-01-01T00:00:00.000Z"

    def __call__(self) -> str:
        return self.moment


@contextmanager
def fresh_store(limits: StoreLimits | None = None, clock: Clock | None = None) -> Iterator[SqliteStore]:
    with (
        tempfile.TemporaryDirectory() as directory,
        SqliteStore.open(Path(directory) / "log.db", limits=limits or StoreLimits(), clock=clock or Clock()) as store,
    ):
        store._connection.pragma("synchronous", "OFF")
        yield store


Fresh = Callable[[StoreLimits | None, Clock | None], AbstractContextManager[SqlStore]]
"""Makes an empty store with these limits and this clock."""


def records(store: SqlStore) -> tuple[dict[int, Any], dict[int, Any]]:
    companies: dict[int, Any] = {}
    contacts: dict[int, Any] = {}
    for part in store.scan(5):
        companies.update(zip(part.company_nums, map(decode_company, part.company_documents), strict=True))
        bodies = zip(part.contact_companies, map(decode_contact, part.contact_documents), strict=True)
        contacts.update(zip(part.contact_nums, bodies, strict=True))
    return companies, contacts


def digests(store: SqlStore) -> dict[int, int]:
    """The current digests, each with the num of its contact."""
    return dict(store._sql.execute("SELECT digest, num FROM contact WHERE digest IS NOT NULL"))


def run(
    store: SqlStore, model: Model, step: Any, now: str, encoded: bool = False, known: dict[int, int] | None = None
) -> None:
    if isinstance(step, tuple):
        kind, nums, with_contacts = step
        try:
            expected = model.delete(kind, nums, with_contacts)
        except ValueError:
            with pytest.raises(ValueError, match="still has"):
                store.delete(kind, nums, with_contacts)
        else:
            assert store.delete(kind, nums, with_contacts).records == expected
    elif step and isinstance(step[0], CompanyPatch):
        assert store.put_companies(step) == model.put_companies(step, now)
    else:
        rows = [encode(patch) if encoded or isinstance(patch, CompanyPatch) else patch for patch in step]
        if known is not None:
            rows = recognized(step, known)
        assert store.put_contacts(rows) == model.put_contacts(step, now)


def agree(store: SqlStore, model: Model, ids: set[str]) -> None:
    assert records(store) == (model.company_records(), model.contact_records())
    ids.update(model.ids())
    found = {id: store.find("contacts", id) for id in ids}
    assert {id: one.num for id, one in found.items() if one is not None} == model.ids()
    company_ids = model.company_ids()
    known = {id: store.find("companies", id) for id in {*company_ids, MADE_COMPANY, "co_000000000000", "a.example"}}
    assert {id: one.num for id, one in known.items() if one is not None} == company_ids
    counts = store.counts()
    assert (counts.companies, counts.contacts) == (len(model.firms), len(model.people))
    assert (counts.next_company, counts.next_contact) == (model.next_company, model.next_contact)
    assert store.integrity() == []


def play(
    steps: Sequence[Any],
    encoded: bool = False,
    late: int | None = None,
    limits: StoreLimits | None = None,
    fresh: Fresh = fresh_store,
) -> None:
    """Run the steps on a fresh store and the model, and compare them.

    With `late`, rows are recognized by the digests of `late` steps before, as by a process that reads during writes.
    """
    model, ids, put = Model(), set(MADE), list[Any]()
    known: list[dict[int, int]] = []
    clock = Clock()
    with fresh(limits, clock) as store:
        for number, step in enumerate(steps):
            if isinstance(step, int):
                step = put[-1 - step % len(put)] if put else []
            elif isinstance(step, list) and step and isinstance(step[0], ContactPatch):
                put.append(step)
            clock.moment = f"2026-01-01T00:00:00.{number:03}Z"
            before = store.position()
            known.append(digests(store))
            found = None if late is None else known[max(0, len(known) - 1 - late)]
            run(store, model, step, clock.moment, encoded, found)
            agree(store, model, ids)
            assert store.has_batch(before)


@given(steps)
@settings(deadline=None, max_examples=150)
def test_store_and_model_agree(steps: list[Any]) -> None:
    play(steps)


@given(steps, st.sampled_from((1, 3, 20_000)), st.sampled_from((0, 2, 10)))
@settings(deadline=None, max_examples=200)
def test_store_in_small_parts_agrees_with_the_model(steps: list[Any], part: int, recent: int) -> None:
    play(steps, encoded=True, limits=StoreLimits(rows_in_memory=part, max_recent_keys=recent))


@given(steps, st.sampled_from((1, 3, 20_000)), st.integers(0, 2))
@settings(deadline=None, max_examples=300)
def test_store_with_old_look_ups_agrees_with_the_model(steps: list[Any], part: int, late: int) -> None:
    play(steps, late=late, limits=StoreLimits(rows_in_memory=part))


@given(steps)
@settings(deadline=None, max_examples=60)
def test_store_with_colliding_hashes_agrees_with_the_model(steps: list[Any]) -> None:
    real: Callable[[str], keys.Key] = keys.hash_key

    def narrow(text: str) -> keys.Key:
        hash, mark = keys.parts_of(real(text))
        return keys.key_of(hash % 4, mark)

    with mock.patch.object(keys, "hash_key", narrow):
        play(steps)
        play(steps, encoded=True)
        play(steps, late=0)


@given(st.lists(contacts, min_size=2, max_size=24))
@settings(deadline=None, max_examples=60)
def test_store_result_does_not_depend_on_batches(rows: list[ContactPatch]) -> None:
    outcomes = []
    for size in (1, 7, len(rows) or 1):
        with fresh_store() as store:
            tallies = [store.put_contacts(rows[start : start + size]) for start in range(0, len(rows), size)]
            sums = [sum(getattr(tally, name) for tally in tallies) for name in ("new", "changed", "conflicts")]
            outcomes.append((records(store), sums))
    assert outcomes[0] == outcomes[1] == outcomes[2]


@given(st.lists(contacts, min_size=2, max_size=16))
@settings(deadline=None, max_examples=60)
def test_export_imported_elsewhere_gives_the_same_contacts(
    rows: list[ContactPatch],
) -> None:
    with fresh_store() as store, fresh_store() as other:
        store.put_contacts(rows)
        companies, contacts = records(store)
        pages = [page(company.linkedin_url) for company in companies.values() if page(company.linkedin_url)]
        assume(len(pages) == len(set(pages)))
        exported = [_as_row(body, companies.get(company)) for company, body in contacts.values()]
        other.put_contacts(exported)
        assert other.put_contacts(exported).unchanged == len(exported)
        assert sorted(body.id for _, body in records(other)[1].values()) == sorted(b.id for _, b in contacts.values())
        employers = {companies[company].id for company, _ in contacts.values() if company in companies}
        assert {company.id for company in records(other)[0].values()} == employers
        assert store.put_contacts(exported).unchanged == len(exported)


def _as_row(body: Any, employer: Company | None) -> ContactPatch:
    company = None
    if employer is not None:
        company = CompanyPatch(**{name: getattr(employer, name) for name in CompanyPatch.__struct_fields__})
    members = {name: getattr(body, name) for name in ContactPatch.__struct_fields__[3:]}
    return ContactPatch(company=company, external_id=body.id, **members)
