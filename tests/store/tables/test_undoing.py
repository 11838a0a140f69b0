"""Undoing imports against the naive store, on random batches."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.records import Email
from letrics.store.base import Store
from letrics.store.import_record import ImportStart, NotUndoable
from letrics.store.sqlite.store import SqliteStore
from tests.naive.log import Log
from tests.naive.store import NaiveStore
from tests.store.encoded_rows import encoded

_START = ImportStart(kind="contacts", file="people.csv")
_domains = st.sampled_from(["a.example", "b.example"])
_emails = st.sampled_from(["x@mail.example", "y@mail.example", "z@mail.example"])
_contacts = st.builds(
    lambda id, company, name, title, emails: ContactPatch(
        external_id=id, company=company, full_name=name, job_title=title,
        emails=tuple(Email(value, "personal") for value in emails),
    ),
    st.sampled_from([None, "1", "2"]), _domains, st.sampled_from(["Ann Archer", "Bob Baker"]),
    st.sampled_from([None, "CEO", "CFO"]), st.lists(_emails, max_size=2, unique=True),
)  # fmt: skip
_pages = st.sampled_from([UNSET, None, "https://www.linkedin.com/company/a", "https://www.linkedin.com/company/b"])
_companies = st.builds(
    lambda domain, name, page: CompanyPatch(domain=domain, name=name, linkedin_url=page),
    st.none() | _domains, st.sampled_from("AB"), _pages,
)  # fmt: skip
_batches = st.lists(_contacts, min_size=1, max_size=4) | st.lists(_companies, min_size=1, max_size=2)
_steps = st.one_of(
    st.tuples(st.just("import"), st.lists(_batches, min_size=1, max_size=3)),
    st.tuples(st.just("put"), _batches),
    st.tuples(st.just("undo"), st.integers(0, 3)),
    st.tuples(st.just("delete"), st.integers(0, 5)),
)


def put(store: Store, batch: list[Any], of_import: int | None) -> None:
    if isinstance(batch[0], CompanyPatch):
        store.put_companies(batch, of_import)
    else:
        store.put_contacts(batch, of_import=of_import)


def undo(store: Store, number: int, limit: int) -> object:
    """Undo one of the imports, counted from the newest; returns the effect."""
    imports = store.imports()
    if number >= len(imports):
        return None
    restored = deleted = 0
    kept = list[object]()
    while True:
        try:
            done = store.undo_import(imports[number].id, limit)
        except NotUndoable:
            return "refused"
        restored, deleted = restored + done.restored, deleted + done.deleted
        kept += done.kept
        if done.finished:
            return restored, deleted, sorted(map(str, kept))


def take(store: Store, step: tuple[str, Any], limit: int) -> object:
    """Take one step; returns what it says of its effect."""
    what, given = step
    if what == "import":
        id = store.start_import(_START)
        for batch in given:
            put(store, batch, id)
        store.update_import(id, "done")
        return store.find_import(id).changes
    if what == "put":
        put(store, given, None)
        return None
    if what == "undo":
        return undo(store, given, limit)
    return store.delete("contacts", [given]).records


def documents(store: Store) -> list[bytes | None]:
    counts = store.counts()
    companies = store.documents("companies", range(counts.next_company))
    return [*companies, *store.documents("contacts", range(counts.next_contact))]


def contact(id: str | None, company: str, name: str, *emails: str, title: str | None = None) -> ContactPatch:
    return ContactPatch(
        external_id=id, company=f"{company}.example", full_name=name, job_title=title,
        emails=tuple(Email(f"{email}@mail.example", "personal") for email in emails),
    )  # fmt: skip


def company(domain: str | None, page: str | None, name: str = "A") -> CompanyPatch:
    return CompanyPatch(
        domain=domain and f"{domain}.example", name=name,
        linkedin_url=page and f"https://www.linkedin.com/company/{page}",
    )  # fmt: skip


@example(  # a contact that was restored holds an address that the first holder has lost meanwhile
    [
        ("put", [contact(None, "a", "Ann Archer"), contact("1", "b", "Ann Archer", "x", "y")]),
        ("put", [contact("2", "a", "Ann Archer", "x", "y"), contact(None, "a", "Ann Archer", "x")]),
        ("import", [[contact(None, "a", "Ann Archer", "y")]]),
        ("undo", 0),
        ("import", [[contact(None, "a", "Bob Baker", "y")]]),
    ],
    1,
)
@example(  # two contacts have exchanged their addresses
    [
        ("put", [contact("1", "a", "Ann Archer", "x"), contact("2", "a", "Bob Baker", "y")]),
        (
            "import",
            [
                [
                    contact("1", "a", "Ann Archer"),
                    contact("2", "a", "Bob Baker", "x"),
                    contact("1", "a", "Ann Archer", "y"),
                ]
            ],
        ),
        ("undo", 0),
        ("import", [[contact(None, "b", "A. Archer", "x", title="CEO"), contact(None, "b", "B. Baker", "y")]]),
    ],
    1,
)
@example(  # a new contact of the import has taken an address
    [
        ("put", [contact("1", "a", "Ann Archer", "x")]),
        ("import", [[contact("1", "a", "Ann Archer"), contact("3", "a", "Carl Cole", "x")]]),
        ("undo", 0),
        ("import", [[contact(None, "b", "A. Archer", "x", title="CEO")]]),
    ],
    2,
)
@example(  # two companies have exchanged their pages, and a new one has taken a third
    [
        ("put", [company("a", "a"), company("b", "b")]),
        ("import", [[company("a", None)], [company("b", "a")], [company(None, "b", "C")]]),
        ("undo", 0),
        ("import", [[company(None, "a", "D")], [company(None, "b", "E")]]),
    ],
    1,
)
@example(  # a company with a page is not found by its name, also after it was merged and restored
    [
        ("put", [CompanyPatch(name="A", linkedin_url="https://www.linkedin.com/company/a")]),
        ("import", [[CompanyPatch(domain="a.example")],
                    [CompanyPatch(domain="a.example", linkedin_url="https://www.linkedin.com/company/a")]]),
        ("undo", 0),
        ("import", [[CompanyPatch(name="A")]]),
    ],
    1,
)  # fmt: skip
@given(st.lists(_steps, min_size=1, max_size=8), st.integers(1, 3))
@settings(max_examples=150, deadline=None)
def test_undo_does_what_the_naive_store_does(steps: list[tuple[str, Any]], limit: int) -> None:
    seconds = 0

    def clock() -> str:
        return f"2026-03-01T00:00:{seconds:02d}.000Z"  # each step at its own time, so that records show what changed

    naive = NaiveStore(Log(), clock)
    with TemporaryDirectory() as directory, SqliteStore.open(Path(directory, "l.db"), clock=clock) as store:
        for step in steps:
            seconds += 1
            assert take(store, step, limit) == take(naive, step, limit), step
            assert documents(store) == documents(naive), step
        assert store.integrity() == []


def test_contact_that_changed_between_steps_shares_the_address_that_it_lost(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path / "l.db") as store:
        store.put_contacts([contact("1", "a", "Ann Archer", "x"), contact("2", "a", "Bob Baker")])
        take(store, ("import", [[contact("1", "a", "Ann Archer"), contact("2", "a", "Bob Baker", "x")]]), 10)
        assert store.undo_import(1, 1).restored == 1
        store.put_contacts([ContactPatch(external_id="2", job_title="CFO")])
        assert undo(store, 0, 1) == (0, 0, ["('contacts', '2')"])
        found = store.upsert(_START, [contact(None, "b", "Bob Baker", "x"), contact(None, "b", "A. Archer", "x")], {})
        assert [record.id for record in found.records] == ["2", "1"]


@pytest.mark.parametrize("limit", [1, 10])
def test_contact_that_holds_all_its_keys_keeps_its_digest(tmp_path: Path, limit: int) -> None:
    """Also if another contact of the step has its address, too."""
    with SqliteStore.open(tmp_path / "l.db") as store:
        store.put_contacts([contact("1", "a", "Ann Archer")])
        store.put_contacts([encoded(contact("2", "a", "Bob Baker", "x"))])
        store.put_contacts([contact("1", "a", "Ann Archer", "x")])
        take(store, ("import", [[ContactPatch(external_id=id, job_title="CFO") for id in "12"]]), 10)
        undo(store, 0, limit)
        assert [given for (given,) in store._connection.execute("SELECT digest IS NOT NULL FROM contact")] == [0, 1]


def test_malformed_record_is_kept_and_named(tmp_path: Path) -> None:
    def ann(title: str) -> ContactPatch:
        return ContactPatch(external_id="1", company="a.example", full_name="Ann Archer", job_title=title)

    with SqliteStore.open(tmp_path / "l.db") as store:
        store.put_contacts([ann("CEO")])
        take(store, ("import", [[ann("CFO")]]), 1)
        store._connection.execute("UPDATE contact SET document = CAST(substr(document, 1, 20) AS BLOB)")
        assert undo(store, 0, 10) == (0, 0, ["('contacts', '?')"])


def test_states_of_undone_imports_are_forgotten(tmp_path: Path) -> None:
    batch = [ContactPatch(external_id="1", company="a.example", job_title=title) for title in ("CEO", "CFO")]
    with SqliteStore.open(tmp_path / "l.db") as store:
        for patch in batch:
            take(store, ("import", [[patch]]), 1)
        undo(store, 0, 10)
        assert store._connection.execute("SELECT count(*) FROM restored").get == 1
        undo(store, 1, 10)
        tables = ("restored", "import_batch", "contact_before", "company_before")
        assert [store._connection.execute(f"SELECT count(*) FROM {table}").get for table in tables] == [0] * 4
