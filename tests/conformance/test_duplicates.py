"""What every log store promises of possible duplicates: they are recorded once, and a person decides on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
import pytest

from letrics.identity.patches import ContactPatch
from letrics.records import Email
from letrics.store.base import Store
from letrics.store.duplicate_record import DuplicateStatus, NoPair, UnknownContact


@pytest.fixture
def store(opener: Callable[[], Store]) -> Iterator[Store]:
    with opener() as store:
        yield store


def user(name: str, address: str = "office@acme.example", **members: object) -> ContactPatch:
    """A row of a user of a mailbox."""
    emails = (Email(address, "personal"),)
    return ContactPatch(company="acme.example", full_name=name, emails=emails, **members)  # type: ignore[arg-type]


def pairs(store: Store, status: DuplicateStatus = "open") -> list[tuple[str, str]]:
    """The names of the contacts of each pair."""
    found = [[msgspec.json.decode(contact) for contact in pair.contacts] for pair in store.duplicates(status)]
    return [(one["full_name"], other["full_name"]) for one, other in found]


def id_of(store: Store, num: int) -> str:
    document = store.documents("contacts", [num])[0]
    assert document is not None
    return str(msgspec.json.decode(document)["id"])


class TestFinding:
    def test_names_that_disagree_are_a_pair(self, store: Store) -> None:
        tally = store.put_contacts([user("Ann Archer"), user("Bob Baker"), user("Cy Cook", "cy@acme.example")])
        assert (tally.new, tally.conflicts, tally.duplicates) == (3, 1, 1)
        assert pairs(store) == [("Ann Archer", "Bob Baker")]
        (pair,) = store.duplicates()
        assert (pair.reason, pair.status) == ("email", "open")

    def test_contacts_without_a_company_are_pairs_too(self, store: Store) -> None:
        emails = (Email("smiths@mail.example", "personal"),)
        names = ("Ann Smith", "Bob Smith")
        rows = [ContactPatch(company=None, full_name=name, emails=emails) for name in names]
        assert store.put_contacts(rows).duplicates == 1
        assert pairs(store) == [("Ann Smith", "Bob Smith")]

    def test_pair_is_counted_once(self, store: Store) -> None:
        rows = [user("Ann Archer"), user("Bob Baker")]
        assert [store.put_contacts(rows).duplicates for _ in range(3)] == [1, 0, 0]
        assert len(store.duplicates()) == 1

    def test_names_that_agree_are_no_pair(self, store: Store) -> None:
        store.put_contacts([user("Ann Archer"), user("Ann Baker"), user("A. Baker")])
        assert store.duplicates() == []

    def test_contacts_of_different_ids_are_no_pair(self, store: Store) -> None:
        store.put_contacts([user("Ann Archer", external_id="1"), user("Bob Baker", external_id="2")])
        assert store.duplicates() == []

    def test_existing_contact_of_a_refused_row_is_in_the_pair(self, store: Store) -> None:
        store.put_contacts([user("Ann Archer"), ContactPatch(company="acme.example", full_name="Bob Baker")])
        assert store.put_contacts([user("Bob Baker")]).duplicates == 1
        assert pairs(store) == [("Ann Archer", "Bob Baker")]

    def test_pairs_are_read_in_pages(self, store: Store) -> None:
        store.put_contacts([user(name) for name in ("Ann Archer", "Bob Baker", "Cy Cook", "Dee Dow")])
        first = store.duplicates(limit=2)
        rest = store.duplicates(limit=2, after=first[-1].id)
        assert (len(first), len(rest)) == (2, 1) and first + rest == store.duplicates()

    def test_deleting_a_contact_deletes_its_pairs(self, store: Store) -> None:
        store.put_contacts([user("Ann Archer"), user("Bob Baker")])
        store.delete("contacts", [1])
        assert store.duplicates() == [] and store.integrity() == []


class TestDeciding:
    def test_dismissed_pair_stays_dismissed(self, store: Store) -> None:
        rows = [user("Ann Archer"), user("Bob Baker")]
        store.put_contacts(rows)
        store.dismiss_duplicate(id_of(store, 1), id_of(store, 0))
        assert store.put_contacts(rows).duplicates == 0
        assert (pairs(store), pairs(store, "dismissed")) == ([], [("Ann Archer", "Bob Baker")])

    def test_undone_dismissal_is_open_again(self, store: Store) -> None:
        store.put_contacts([user("Ann Archer"), user("Bob Baker")])
        ids = id_of(store, 0), id_of(store, 1)
        store.dismiss_duplicate(*ids)
        store.undo_duplicate(*ids)
        assert pairs(store) == [("Ann Archer", "Bob Baker")]

    def test_any_two_contacts_can_be_dismissed(self, store: Store) -> None:
        store.put_contacts([user("Ann Archer", "a@acme.example"), user("Ann Archer", "b@acme.example")])
        store.dismiss_duplicate(id_of(store, 0), id_of(store, 1))
        (pair,) = store.duplicates("dismissed")
        assert pair.reason == "request"

    def test_ids_are_those_of_two_contacts(self, store: Store) -> None:
        store.put_contacts([user("Ann Archer", external_id="1")])
        with pytest.raises(UnknownContact, match="there is no contact 2"):
            store.dismiss_duplicate("1", "2")
        with pytest.raises(NoPair, match="one contact"):
            store.dismiss_duplicate("1", "1")
