"""What every log store promises of imports: they are recorded, and can be undone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.records import Email, Kind
from letrics.store.base import Store
from letrics.store.import_record import UPSERT_FILE, ImportStart, NotUndoable, Undone, UnknownImport

START = ImportStart(kind="contacts", file="people.csv", source="crm", user="ann@office.example", mapping={"E": "email"})


@pytest.fixture
def store(opener: Callable[[], Store]) -> Iterator[Store]:
    with opener() as store:
        yield store


def run(store: Store, *patches: CompanyPatch | ContactPatch, end: bool = True) -> int:
    """Import these records as one import of several batches; returns its id."""
    id = store.start_import(START)
    for patch in patches:
        if isinstance(patch, CompanyPatch):
            store.put_companies([patch], of_import=id)
        else:
            store.put_contacts([patch], of_import=id)
    if end:
        store.update_import(id, "done", {"rows": len(patches)})
    return id


def undo(store: Store, id: int) -> Undone:
    """Undo an import in the smallest steps."""
    restored = deleted = 0
    kept = list[tuple[Kind, str]]()
    while True:
        done = store.undo_import(id, 1)
        restored, deleted, kept = restored + done.restored, deleted + done.deleted, kept + list(done.kept)
        if done.finished:
            return Undone(restored=restored, deleted=deleted, kept=tuple(sorted(kept)))


def ann(**members: Any) -> ContactPatch:
    return ContactPatch(**{"external_id": "ann", "company": "acme.example", "full_name": "Ann Archer"} | members)


def everything(store: Store) -> list[list[bytes | None]]:
    counts = store.counts()
    ends: dict[Kind, int] = {"companies": counts.next_company, "contacts": counts.next_contact}
    return [store.documents(kind, range(end)) for kind, end in ends.items()]


def personal(address: str) -> tuple[Email, ...]:
    return (Email(address, "personal"),)


class TestRecords:
    def test_started_import_is_running(self, store: Store) -> None:
        id = store.start_import(START)
        found = store.find_import(id)
        assert (found.id, found.status, found.changes, found.report) == (id, "running", {}, {})
        assert {name: getattr(found, name) for name in START.__struct_fields__} == {
            "kind": "contacts", "file": "people.csv", "source": "crm", "user": "ann@office.example",
            "mapping": {"E": "email"}, "report": {},
        }  # fmt: skip
        assert found.started_at == found.updated_at

    def test_batches_add_their_counts(self, store: Store) -> None:
        id = run(store, ann(), ann(), ann(job_title="CEO"))
        changes = store.find_import(id).changes
        assert (changes["new"], changes["unchanged"], changes["changed"], changes["companies_new"]) == (1, 1, 1, 1)

    def test_rows_of_a_record_of_the_import_are_merged(self, store: Store) -> None:
        bob = ann(external_id="bob", full_name="Bob Baker")
        store.put_contacts([bob])
        id = run(store, ann(), ann(), bob, ann(job_title="CEO"), bob, ann(external_id="cy"), end=False)
        assert store.find_import(id).changes["merged"] == 3
        again = store.put_contacts([ann(), ann(external_id="dee"), bob], of_import=id)
        assert (again.new, again.merged, store.find_import(id).changes["merged"]) == (1, 2, 5)
        assert store.put_contacts([ann(), ann()]).merged == 0

    def test_companies_of_a_record_of_the_import_are_merged(self, store: Store) -> None:
        page = "https://www.linkedin.com/company/acme"
        store.put_companies([CompanyPatch(domain="acme.example")])
        firms = [CompanyPatch(linkedin_url=page), CompanyPatch(name="Bolt"), CompanyPatch(name="Bolt"),
                 CompanyPatch(domain="acme.example", linkedin_url=page)]  # fmt: skip
        id = run(store, *firms)
        assert store.find_import(id).changes["merged"] == 2
        assert run(store, ann(), CompanyPatch(domain="acme.example"), ann()) > id
        assert store.find_import(id + 1).changes["merged"] == 1

    def test_ended_import_has_its_report(self, store: Store) -> None:
        id = run(store, ann())
        assert (store.find_import(id).status, store.find_import(id).report) == ("done", {"rows": 1})

    def test_imports_are_listed_newest_first(self, store: Store) -> None:
        ids = [store.start_import(START) for _ in range(3)]
        assert [each.id for each in store.imports()] == ids[::-1]
        assert [each.id for each in store.imports(1, before=ids[2])] == [ids[1]]

    def test_imports_are_listed_without_upserts(self, store: Store) -> None:
        id = store.start_import(START)
        upserted = store.upsert(ImportStart(kind="contacts", file=UPSERT_FILE), [ann()], {}).import_id
        assert [each.id for each in store.imports()] == [upserted, id]
        assert [each.id for each in store.imports(upserts=False)] == [id]

    def test_unknown_import_is_refused(self, store: Store) -> None:
        for ask in (lambda: store.find_import(7), lambda: store.update_import(7, "done"), lambda: store.undo_import(7)):
            with pytest.raises(UnknownImport, match="there is no import 7"):
                ask()
        with pytest.raises(UnknownImport):
            store.put_contacts([ann()], of_import=7)
        assert store.counts().contacts == 0


class TestUndo:
    def test_new_records_are_deleted(self, store: Store) -> None:
        id = run(store, ann(), CompanyPatch(domain="other.example"))
        assert undo(store, id) == Undone(deleted=3)
        assert everything(store) == [[None, None], [None]]
        assert store.find_import(id).status == "undone"

    def test_changed_records_are_restored(self, store: Store) -> None:
        run(store, ann(job_title="CEO"), CompanyPatch(domain="acme.example", name="Acme"))
        before = everything(store)
        id = run(store, ann(job_title="CFO"), ann(job_title="COO", company="new.example"),
                 CompanyPatch(domain="acme.example", name="ACME"))  # fmt: skip
        assert undo(store, id) == Undone(restored=2, deleted=1)
        assert everything(store) == [[*before[0], None], before[1]]

    def test_undo_is_a_change_of_the_log(self, store: Store) -> None:
        id = run(store, ann())
        position = store.position()
        undo(store, id)
        assert store.position().seq > position.seq
        changes = store.changes(position.seq, 100)
        assert changes is not None
        assert list(changes.deleted_contacts) == [0]

    def test_record_changed_since_is_kept(self, store: Store) -> None:
        id = run(store, ann(), ann(external_id="bob", full_name="Bob Baker"))
        store.put_contacts([ann(job_title="CEO")])
        assert undo(store, id) == Undone(deleted=1, kept=(("companies", "acme.example"), ("contacts", "ann")))
        assert store.find("contacts", "ann") is not None
        assert store.find("contacts", "bob") is None

    def test_changed_record_changed_since_is_kept(self, store: Store) -> None:
        run(store, ann())
        id = run(store, ann(job_title="CEO"))
        store.put_contacts([ann(department="Sales")])
        assert undo(store, id) == Undone(kept=(("contacts", "ann"),))

    def test_record_deleted_since_stays_deleted(self, store: Store) -> None:
        run(store, ann())
        id = run(store, ann(job_title="CEO"))
        store.delete_id("contacts", "ann")
        assert undo(store, id) == Undone()
        assert store.find("contacts", "ann") is None

    def test_imports_are_undone_one_after_another(self, store: Store) -> None:
        ids = [run(store, ann(job_title=title)) for title in ("CEO", "CFO", "COO")]
        titles = []
        for id in reversed(ids[1:]):
            undo(store, id)
            found = store.find("contacts", "ann")
            assert found is not None
            titles.append(found.document.partition(b'"job_title":')[2][:5])
        assert titles == [b'"CFO"', b'"CEO"']
        assert undo(store, ids[0]) == Undone(deleted=2)

    def test_keys_return_to_their_contact(self, store: Store) -> None:
        run(store, ann(emails=personal("ann@acme.example")))
        id = run(store, ann(emails=personal("ann@new.example")))
        undo(store, id)
        store.put_contacts([ContactPatch(company="acme.example", emails=personal("ann@acme.example"), job_title="CEO")])
        assert store.counts().contacts == 1
        store.put_contacts([ContactPatch(company="acme.example", emails=personal("ann@new.example"))])
        assert store.counts().contacts == 2

    def test_key_taken_since_stays(self, store: Store) -> None:
        run(store, ann(emails=personal("ann@acme.example")))
        id = run(store, ann(emails=()))
        store.put_contacts([ann(external_id="other", full_name="O", emails=personal("ann@acme.example"))])
        undo(store, id)
        store.put_contacts([ContactPatch(company="acme.example", emails=personal("ann@acme.example"), job_title="CEO")])
        found = store.find("contacts", "other")
        assert found is not None
        assert b'"job_title":"CEO"' in found.document

    def test_id_given_by_the_import_is_taken_back(self, store: Store) -> None:
        store.put_contacts([ContactPatch(company="acme.example", emails=personal("ann@acme.example"))])
        [document] = store.documents("contacts", [0])
        id = run(store, ann(emails=personal("ann@acme.example")))
        assert store.counts().contacts == 1
        undo(store, id)
        assert store.documents("contacts", [0]) == [document]
        assert store.find("contacts", "ann") is None

    def test_unchanged_rows_after_undo_are_new(self, store: Store) -> None:
        id = run(store, ann())
        undo(store, id)
        assert store.put_contacts([ann()]).new == 1

    def test_running_import_is_not_undone(self, store: Store) -> None:
        id = run(store, ann(), end=False)
        with pytest.raises(NotUndoable):
            store.undo_import(id)

    def test_undone_import_is_not_undone_again(self, store: Store) -> None:
        id = run(store, ann())
        undo(store, id)
        with pytest.raises(NotUndoable):
            store.undo_import(id)

    def test_users_of_a_mailbox_are_found_again(self, store: Store) -> None:
        office = personal("office@acme.example")
        rows = [ContactPatch(company="acme.example", full_name=f"{name} Co", emails=office) for name in ("Ann", "Bob")]
        store.put_contacts(rows)
        bob = store.documents("contacts", [1])[0]
        assert bob is not None
        id = run(store, ContactPatch(company="acme.example", external_id=json.loads(bob)["id"], full_name="Cy Miller"))
        assert undo(store, id).restored == 1
        assert store.documents("contacts", [1])[0] == bob
        again = store.put_contacts(rows)
        assert (again.unchanged, again.conflicts) == (2, 1)
        store.delete("contacts", [0, 1])
        assert store.integrity() == []
