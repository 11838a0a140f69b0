"""What every log store promises of possible duplicates: they are recorded once, and a person decides on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from letrics.identity.patches import ContactPatch
from letrics.records import Email
from letrics.store.base import Store
from letrics.store.duplicate_record import DuplicateStatus, NoPair, UnknownContact, UnknownPair

STATUSES: tuple[DuplicateStatus, ...] = ("open", "dismissed", "merged")


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


def merged_ids(store: Store) -> list[str]:
    """The ids that contacts had before they were merged into others."""
    return [str(msgspec.json.decode(pair.contacts[1])["id"]) for pair in store.duplicates("merged")]


def contact(store: Store, num: int) -> dict[str, Any]:
    document = store.documents("contacts", [num])[0]
    assert document is not None
    return dict(msgspec.json.decode(document))


def id_of(store: Store, num: int) -> str:
    return str(contact(store, num)["id"])


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

    def test_pairs_are_skipped_and_counted(self, store: Store) -> None:
        store.put_contacts([user(name) for name in ("Ann Archer", "Bob Baker", "Cy Cook", "Dee Dow")])
        every = store.duplicates()
        assert store.duplicates(limit=2, skip=2) == every[2:] and store.duplicates(skip=3) == []
        assert [store.count_duplicates(status) for status in STATUSES] == [3, 0, 0]

    def test_pair_is_found_by_its_id(self, store: Store) -> None:
        store.put_contacts([user("Ann Archer"), user("Bob Baker")])
        (pair,) = store.duplicates()
        assert store.find_duplicate(pair.id) == pair
        with pytest.raises(UnknownPair, match="there is no pair 77"):
            store.find_duplicate(77)
        store.delete("contacts", [1])
        with pytest.raises(UnknownPair):
            store.find_duplicate(pair.id)

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


class TestMerging:
    @pytest.fixture
    def merged(self, store: Store) -> Store:
        """A store of which Bob (1) was merged into Ann (0)."""
        bob = user("Bob Baker", external_id="bob", phone="2", linkedin_url="https://www.linkedin.com/in/bob")
        store.put_contacts([user("Ann Archer", job_title="CEO"), bob, user("Cy Cook")])
        store.merge_contacts(id_of(store, 0), "bob")
        return store

    def test_merged_contact_has_the_values_of_both(self, merged: Store) -> None:
        ann = contact(merged, 0)
        assert (ann["full_name"], ann["job_title"], ann["phone"]) == ("Ann Archer", "CEO", "2")
        assert ann["linkedin_url"] == "https://www.linkedin.com/in/bob"
        assert [email["value"] for email in ann["emails"]] == ["office@acme.example"]
        assert merged.documents("contacts", [1]) == [None]
        assert merged.counts().contacts == 2 and merged.integrity() == []

    def test_former_id_is_that_of_the_merged_contact(self, merged: Store) -> None:
        found = merged.find("contacts", "bob")
        assert found is not None and found.num == 0

    def test_merge_is_a_change_of_the_log(self, store: Store) -> None:
        store.put_contacts([user("Ann Archer"), user("Bob Baker", phone="2")])
        before = store.position()
        store.merge_contacts(id_of(store, 0), id_of(store, 1))
        changes = store.changes(before.seq, 100)
        assert changes is not None
        assert (list(changes.contact_nums), list(changes.deleted_contacts)) == ([0], [1])

    @pytest.mark.parametrize("row", [
        user("Bob Baker", job_title="CTO"),
        ContactPatch(company="other.example", linkedin_url="linkedin.com/in/bob", job_title="CTO"),
        ContactPatch(company="other.example", external_id="bob", job_title="CTO"),
    ])  # fmt: skip
    def test_rows_of_the_merged_contact_update_it(self, merged: Store, row: ContactPatch) -> None:
        assert merged.put_contacts([row]).new == 0
        assert contact(merged, 0)["job_title"] == "CTO"
        rows = [user("Ann Archer"), user("Bob Baker"), user("Ann Archer"), user("Bob Baker")]
        assert merged.put_contacts(rows).new == 0

    def test_pairs_of_the_merged_contact_are_those_of_the_other(self, store: Store) -> None:
        rows = [user("Ann Archer", "a@acme.example"), user("Bob Baker"), user("Cy Cook")]
        store.put_contacts(rows)
        store.merge_contacts(id_of(store, 0), id_of(store, 1))
        assert pairs(store) == [("Ann Archer", "Cy Cook")]
        assert [pair.reason for pair in store.duplicates()] == ["merge"]

    @pytest.mark.parametrize("keeps_first", [True, False])
    def test_undone_merge_restores_the_pairs_of_both(self, store: Store, keeps_first: bool) -> None:
        store.put_contacts([user(name) for name in ("Ann Archer", "Bob Baker", "Cy Cook", "Dee Dow")])
        ann, bob, cy = (id_of(store, num) for num in range(3))
        store.dismiss_duplicate(ann, cy)
        before = [(pair.id, pair.reason, pair.status) for pair in (*store.duplicates(), *store.duplicates("dismissed"))]
        store.merge_contacts(*((ann, bob) if keeps_first else (bob, ann)))
        store.undo_duplicate(ann, bob)
        after = [(pair.id, pair.reason, pair.status) for pair in (*store.duplicates(), *store.duplicates("dismissed"))]
        assert after == before and store.integrity() == []

    def test_undone_merge_gives_both_contacts_back(self, store: Store) -> None:
        rows = [user("Ann Archer", job_title="CEO"), user("Bob Baker", phone="2")]
        store.put_contacts(rows)
        before = [contact(store, 0), contact(store, 1)]
        store.merge_contacts(before[0]["id"], before[1]["id"])
        store.undo_duplicate(before[1]["id"], before[0]["id"])
        assert [contact(store, 0), contact(store, 2)] == before
        assert (pairs(store), merged_ids(store)) == ([("Ann Archer", "Bob Baker")], [])
        again = store.put_contacts(rows)
        assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
        assert store.integrity() == []
        store.delete("contacts", [0, 2])
        assert store.integrity() == []

    def test_undone_merge_keeps_what_changed_since(self, merged: Store) -> None:
        merged.put_contacts([user("Ann Archer", job_title="Chair")])
        merged.undo_duplicate(id_of(merged, 0), "bob")
        ann, bob = contact(merged, 0), contact(merged, 3)
        assert (ann["job_title"], ann["phone"], ann["linkedin_url"]) == ("Chair", None, None)
        assert (bob["id"], bob["phone"]) == ("bob", "2")
        assert merged.put_contacts([user("Bob Baker", external_id="bob")]).unchanged == 1
        assert merged.integrity() == []

    def test_merges_are_undone_one_by_one(self, merged: Store) -> None:
        ann = id_of(merged, 0)
        cy = id_of(merged, 2)
        merged.merge_contacts(cy, ann)
        assert merged_ids(merged) == [ann]
        with pytest.raises(NoPair, match="not by a merge"):
            merged.undo_duplicate(cy, "bob")
        merged.undo_duplicate(cy, ann)
        assert merged_ids(merged) == ["bob"]
        found = merged.find("contacts", "bob")
        assert found is not None and msgspec.json.decode(found.document)["id"] == ann
        merged.undo_duplicate(ann, "bob")
        names = {contact(merged, num)["full_name"] for num in (2, 3, 4)}
        assert names == {"Ann Archer", "Bob Baker", "Cy Cook"} and merged.integrity() == []

    def test_deleting_the_merged_contact_erases_both(self, merged: Store) -> None:
        merged.merge_contacts(id_of(merged, 2), id_of(merged, 0))
        merged.delete("contacts", [2])
        assert merged_ids(merged) == [] and merged.find("contacts", "bob") is None
        assert merged.integrity() == []
        assert merged.put_contacts([user("Bob Baker")]).new == 1

    def test_pair_keeps_its_id_from_merge_to_undo(self, store: Store) -> None:
        store.put_contacts([user("Ann Archer", job_title="CEO"), user("Bob Baker", phone="2"), user("Cy Cook")])
        pair = store.duplicates()[0]
        ann, bob = id_of(store, 0), id_of(store, 1)
        store.merge_contacts(bob, ann)
        merged = store.find_duplicate(pair.id)
        assert (merged.status, merged.reason, merged.found_at) == ("merged", "email", pair.found_at)
        assert store.duplicates("merged") == [merged] and merged.merged_at is not None
        kept, other = (msgspec.json.decode(document) for document in merged.contacts)
        assert (kept["id"], kept["job_title"], other) == (bob, "CEO", msgspec.json.decode(pair.contacts[0]))
        assert [store.count_duplicates(status) for status in STATUSES] == [1, 0, 1]
        store.undo_duplicate(ann, bob)
        again = store.find_duplicate(pair.id)
        assert (again.status, again.reason, again.found_at, again.merged_at) == ("open", "email", pair.found_at, None)
        assert [store.count_duplicates(status) for status in STATUSES] == [2, 0, 0]

    def test_contacts_without_a_pair_get_one_when_merged(self, store: Store) -> None:
        store.put_contacts([user("Ann Archer", "a@acme.example"), user("Bob Baker", "b@acme.example")])
        store.merge_contacts(id_of(store, 0), id_of(store, 1))
        (pair,) = store.duplicates("merged")
        assert (pair.reason, store.find_duplicate(pair.id)) == ("request", pair)

    def test_pairs_of_a_merge_are_restored_with_it(self, merged: Store) -> None:
        before = merged.duplicates("merged")
        ann, cy = id_of(merged, 0), id_of(merged, 2)
        merged.merge_contacts(cy, ann)
        with pytest.raises(UnknownPair):
            merged.find_duplicate(before[0].id)
        assert merged.count_duplicates("merged") == 1
        merged.undo_duplicate(cy, ann)
        assert merged.duplicates("merged") == before
        assert merged.integrity() == []

    def test_merge_needs_two_contacts(self, merged: Store) -> None:
        with pytest.raises(NoPair, match="one contact"):
            merged.merge_contacts(id_of(merged, 0), "bob")
        with pytest.raises(UnknownContact):
            merged.merge_contacts(id_of(merged, 0), "nobody")
        with pytest.raises(UnknownContact):
            merged.undo_duplicate(id_of(merged, 0), "nobody")
