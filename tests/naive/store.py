"""A log store in memory that keeps every promise of the interface in the simplest way."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from letrics.identity.encoded_patches import (
    AnyPatch,
    EncodedCompany,
    EncodedContact,
    KnownContact,
    decode_company_patch,
    decode_contact_patch,
)
from letrics.identity.identities import read_identity
from letrics.identity.keys import Key
from letrics.identity.patches import CompanyPatch, ContactPatch, Effect, Tally
from letrics.identity.sifting import mentions, sift_rows, without_addresses
from letrics.normalize.time import now
from letrics.records import Kind, encode, join_company
from letrics.store.base import (
    Changes,
    Counts,
    Deleted,
    FoundDocuments,
    HasContacts,
    Position,
    StoreDescription,
    StoredRecord,
    StoreReplaced,
)
from letrics.store.duplicate_record import Duplicate, DuplicateStatus
from letrics.store.forgotten_list import Erasures, Forgotten, ForgottenDay, ForgottenList
from letrics.store.import_record import ImportEffect, ImportRecord, ImportStart, ImportStatus, Undone
from letrics.store.name_changes import Judge
from letrics.store.upserting import Upserted, UpsertedRecord
from tests.naive.digests import digests_of, keys_held
from tests.naive.duplicates import duplicates_of, find_pair, with_pair
from tests.naive.forgetting import find_people, people_of, with_forgotten_people, with_merged_list
from tests.naive.imports import find_import, touched_by, with_import, with_start, with_status, without_import
from tests.naive.log import Log, State
from tests.naive.merges import is_one_contact, merges_of, with_merge, without_merge
from tests.naive.name_changes import judge_names
from tests.store.company_model import Firm
from tests.store.model import Model, Person


class NaiveStore:
    """One connection to a log; see Store. `clock` dates the changes."""

    def __init__(self, log: Log, clock: Callable[[], str] = now) -> None:
        self._log = log
        self._clock = clock

    def put_companies(
        self,
        patches: Sequence[CompanyPatch | EncodedCompany],
        of_import: int | None = None,
        judge: Judge | None = None,
    ) -> Tally:
        """See Store."""

        def put(state: State) -> tuple[State, Tally]:
            model, now = state.model.copy(), self._clock()
            people = people_of(state)
            rows = [without_addresses(decode_company_patch(patch), people) for patch in patches]
            touched = touched_by(state, of_import, "companies")
            tally = model.put_companies(rows, now, touched)
            judge_names(["companies"], state.model, model, rows, judge)
            return with_import(state, state.after_batch(model), of_import, tally, now, "companies", touched), tally

        return self._log.write(put)

    def put_contacts(
        self,
        patches: Sequence[AnyPatch],
        of_import: int | None = None,
        judge: Judge | None = None,
    ) -> Tally:
        """See Store."""

        def put(state: State) -> tuple[State, Tally]:
            model, rows = state.model.copy(), [_read(patch) for patch in patches]
            now = self._clock()
            touched = touched_by(state, of_import, "contacts")
            sifted = sift_rows(rows, people_of(state), {})
            rows = [_read(row) for row in sifted.rows]
            tally = model.put_contacts([_decoded(row) for row in rows], now, touched)
            tally.forgotten, tally.company_rows = len(sifted.forgotten), tally.company_rows - sifted.companies
            judge_names(["contacts", "companies"], state.model, model, [_decoded(row) for row in rows], judge)
            after = state.after_batch(model).with_digests(state, digests_of(rows, model))
            return with_import(state, after, of_import, tally, now, "contacts", touched), tally

        return self._log.write(put)

    def preview_companies(self, patches: Sequence[CompanyPatch | EncodedCompany], judge: Judge | None = None) -> Tally:
        """See Store."""
        before, rows = self._log.state.model, [decode_company_patch(patch) for patch in patches]
        after = before.copy()
        tally = after.put_companies(rows, self._clock())
        judge_names(["companies"], before, after, rows, judge)
        return tally

    def preview_contacts(
        self, patches: Sequence[ContactPatch | EncodedContact | EncodedCompany], judge: Judge | None = None
    ) -> Tally:
        """See Store."""
        before, sifted = self._log.state.model, sift_rows(patches, people_of(self._log.state), {})
        rows = [_decoded(_read(patch)) for patch in sifted.rows]
        after = before.copy()
        tally = after.put_contacts(rows, self._clock())
        tally.forgotten, tally.company_rows = len(sifted.forgotten), tally.company_rows - sifted.companies
        judge_names(["contacts", "companies"], before, after, rows, judge)
        return tally

    def upsert(
        self,
        start: ImportStart,
        patches: Sequence[CompanyPatch | EncodedCompany | ContactPatch | EncodedContact],
        report: dict[str, Any],
    ) -> Upserted:
        """See Store."""

        def put(state: State) -> tuple[State, Upserted]:
            model, now, tally = state.model.copy(), self._clock(), Tally()
            done: list[tuple[Effect, Firm | Person | None]] = []
            touched = set[int]()
            people: list[ContactPatch | EncodedContact] = []
            for patch in patches:
                if isinstance(patch, CompanyPatch | EncodedCompany):
                    joined = model.joined
                    effect, firm = model.put_company(decode_company_patch(patch), now)
                    done.append((effect, firm))
                    tally.merged += model.touch_firm(firm, touched)
                    tally.companies_merged += model.joined - joined
                    setattr(tally, done[-1][0], getattr(tally, done[-1][0]) + 1)
                elif sift_rows([patch], people_of(state), {}).forgotten:
                    done.append(("forgotten", None))
                    tally.forgotten += 1
                else:
                    person = decode_contact_patch(patch) if isinstance(patch, EncodedContact) else patch
                    done.append(model.put_contact(person, now, tally, touched))
                    people.append(patch)
            after = state.after_batch(model).with_digests(state, digests_of(people, model))
            records = [UpsertedRecord(_id_after(model, record), effect) for effect, record in done]
            if not tally.changes:
                return after, Upserted(records, tally, None)
            started, id = with_start(state, start, now)
            after = replace(after, imports=started.imports)
            after = with_import(started, after, id, tally, now, start.kind, touched)
            return with_status(after, id, "done", report, now), Upserted(records, tally, id)

        return self._log.write(put)

    def start_import(self, start: ImportStart) -> int:
        """See Store."""
        return self._log.write(lambda state: with_start(state, start, self._clock()))

    def update_import(self, id: int, status: ImportStatus, report: dict[str, Any] | None = None) -> None:
        """See Store."""
        self._log.write(lambda state: (with_status(state, id, status, report, self._clock()), None))

    def imports(self, limit: int = 100, before: int | None = None, upserts: bool = True) -> list[ImportRecord]:
        """See Store."""
        found = [each.record for each in self._log.state.imports if before is None or each.record.id < before]
        found = [record for record in found if upserts or record.file != "upsert"]
        return found[::-1][:limit]

    def find_import(self, id: int) -> ImportRecord:
        """See Store."""
        return find_import(self._log.state, id).record

    def undo_import(self, id: int, limit: int = 10_000) -> Undone:
        """See Store."""
        return self._log.write(lambda state: without_import(state, id, self._clock()))

    def duplicates(
        self, status: DuplicateStatus = "open", limit: int = 100, after: int = 0, skip: int = 0
    ) -> list[Duplicate]:
        """See Store."""
        found = [pair for pair in self._pairs() if pair.status == status and pair.id > after]
        return found[skip : skip + limit]

    def count_duplicates(self, status: DuplicateStatus = "open") -> int:
        """See Store."""
        return len([pair for pair in self._pairs() if pair.status == status])

    def find_duplicate(self, id: int) -> Duplicate:
        """See Store."""
        return find_pair(self._pairs(), id)

    def _pairs(self) -> list[Duplicate]:
        return [*duplicates_of(self._log.state), *merges_of(self._log.state)]

    def dismiss_duplicate(self, some: str, other: str) -> None:
        """See Store."""
        self._log.write(lambda state: (with_pair(state, some, other, "dismissed", self._clock()), None))

    def merge_contacts(self, kept: str, other: str) -> None:
        """See Store."""
        self._log.write(lambda state: (with_merge(state, kept, other, self._clock()), None))

    def undo_duplicate(self, some: str, other: str) -> None:
        """See Store."""

        def undo(state: State) -> tuple[State, None]:
            if is_one_contact(state, some, other):
                return without_merge(state, some, other, self._clock()), None
            return with_pair(state, some, other, "open", self._clock()), None

        self._log.write(undo)

    def delete(
        self, kind: Kind, nums: Sequence[int], with_contacts: bool = False, judged_at: Position | None = None
    ) -> Deleted:
        """See Store."""

        def delete(state: State) -> tuple[State, Deleted]:
            _require(state, judged_at)
            changed = [] if judged_at is None else _changed_since(state, kind, nums, judged_at.seq)
            return _without(state, kind, set(nums).difference(changed), with_contacts, tuple(changed))

        return self._log.write(delete)

    def delete_id(
        self, kind: Kind, id: str, with_contacts: bool = False, known_at: Position | None = None
    ) -> int | None:
        """See Store."""

        def delete(state: State) -> tuple[State, int | None]:
            _require(state, known_at)
            found = _find(state, kind, id)
            if found is None:
                return state, None
            state, deleted = _without(state, kind, {found}, with_contacts)
            return state, deleted.records

        return self._log.write(delete)

    def find_people(self, identity: str) -> list[int]:
        """See Store."""
        return find_people(self._log.state, identity)

    def imports_of(self, num: int) -> list[tuple[int, ImportEffect]]:
        """See Store."""
        found: list[tuple[int, ImportEffect]] = []
        for each in self._log.state.imports:
            if ("contacts", num) in each.before:
                found.append((each.record.id, "made" if each.before["contacts", num] is None else "changed"))
        return found

    def former_ids(self, num: int) -> list[str]:
        """See Store."""
        return sorted(id for person in self._log.state.model.people if person.num == num for id in person.former)

    def mentions_forgotten(self, texts: Sequence[str]) -> list[bool]:
        """See Store."""
        people = people_of(self._log.state)
        return [mentions(people, text) for text in texts]

    def forgotten_days(self) -> list[ForgottenDay]:
        """See Store."""
        days = Counter(person.forgotten_at[:10] for person in self._log.state.forgotten.people)
        return [ForgottenDay(day, count) for day, count in sorted(days.items(), reverse=True)]

    def erasures(self) -> Erasures:
        """See Store."""
        state = self._log.state
        return Erasures(state.forgotten_seq, max((seq for seq, _, _ in state.tombstones), default=0))

    def forget(self, nums: Sequence[int], identities: Sequence[str] = ()) -> Forgotten:
        """See Store."""
        return self._log.write(lambda state: with_forgotten_people(state, nums, identities, self._clock()))

    def forget_id(self, id: str, known_at: Position | None = None) -> Forgotten | None:
        """See Store."""

        def forget(state: State) -> tuple[State, Forgotten | None]:
            _require(state, known_at)
            found = _find(state, "contacts", id)
            return (state, None) if found is None else with_forgotten_people(state, [found], (), self._clock())

        return self._log.write(forget)

    def allow(self, identities: Sequence[str]) -> int:
        """See Store."""

        def allow(state: State) -> tuple[State, int]:
            keys = [key for text in identities for key in read_identity(text).keys]
            known, listed = people_of(state).known(keys), state.forgotten
            left = [one for one in listed.people if known.isdisjoint(hash.hash for hash in one.hashes)]
            return replace(state, forgotten=ForgottenList(listed.secrets, left)), len(listed.people) - len(left)

        return self._log.write(allow)

    def forgotten_list(self) -> ForgottenList:
        """See Store."""
        return self._log.state.forgotten

    def merge_forgotten(self, other: ForgottenList) -> Forgotten:
        """See Store."""
        return self._log.write(lambda state: with_merged_list(state, other, self._clock()))

    def settle_erasure(self) -> bool:
        """See Store. There are no files."""
        return True

    def contacts_of(self, companies: Sequence[int]) -> tuple[array[int], array[int]]:
        """See Store."""
        found = [(of, num) for num, (_, (of, _)) in self._log.state.records["contacts"].items() if of in set(companies)]
        return array("Q", [of for of, _ in found]), array("Q", [num for _, num in found])

    def documents(self, kind: Kind, nums: Sequence[int], known_at: Position | None = None) -> list[bytes | None]:
        """See Store."""
        state = self._log.state
        _require(state, known_at)
        return [_document(state, kind, num) if num in state.records[kind] else None for num in nums]

    def found_documents(self, kind: Kind, nums: Sequence[int], found_at: Position | None) -> FoundDocuments:
        """See Store."""
        state = self._log.state
        documents = self.documents(kind, nums, found_at)
        return FoundDocuments(
            documents,
            [at for at, num in enumerate(nums) if found_at is not None and _last_seq(state, kind, num) > found_at.seq],
        )

    def find(self, kind: Kind, id: str) -> StoredRecord | None:
        """See Store."""
        state = self._log.state
        num = _find(state, kind, id)
        if num is None:
            return None
        held = len(self.contacts_of([num])[1]) if kind == "companies" else 0
        return StoredRecord(num, _document(state, kind, num), held)

    def position(self) -> Position:
        """See Store."""
        return self._log.state.position()

    def has_batch(self, position: Position) -> bool:
        """See Store."""
        return self._log.state.has_batch(position)

    def digests(self, keys: Collection[Key]) -> dict[int, int]:
        """See Store."""
        state = self._log.state
        holders = [person.num for person in state.model.people if not set(keys).isdisjoint(keys_held(person))]
        return {state.digests[num]: num for num in holders if num in state.digests}

    def counts(self) -> Counts:
        """See Store."""
        state = self._log.state
        companies, contacts = len(state.records["companies"]), len(state.records["contacts"])
        return Counts(companies, contacts, state.model.next_company, state.model.next_contact)

    def describe(self) -> StoreDescription:
        """See Store. The size is that of all documents."""
        state, size = self._log.state, 0
        kinds: tuple[Kind, ...] = ("companies", "contacts")
        for kind in kinds:
            size += sum(len(_document(state, kind, num)) for num in state.records[kind])
        return StoreDescription(self.position(), self.counts(), state.written_ms, size)

    def changes(self, after: int, limit: int) -> Changes | None:
        """See Store."""
        state = self._log.state
        if not state.pruned <= after <= state.seq:
            raise LookupError(f"changes since {after} are not available")
        ends = [batch for batch in state.batches if batch[0] > after]
        if not ends:
            return None
        end = [batch for batch in ends if batch[0] <= after + limit][-1:] or ends[:1]
        position = Position(state.id, *end[0])
        contacts = _within(state, "contacts", after, position.seq)
        employers = {state.records["contacts"][num][1][0] for num in contacts}
        later = employers.intersection(_within(state, "companies", position.seq, state.seq))
        companies = sorted(later.union(_within(state, "companies", after, position.seq)))
        deleted = [(kind, num) for seq, kind, num in state.tombstones if after < seq <= position.seq]
        return _part(state, position, companies, contacts, deleted)

    def scan(self, size: int, share: tuple[int, int] = (0, 1)) -> Iterator[Changes]:
        """See Store."""
        state, (which, shares) = self._log.state, share
        companies = sorted(state.records["companies"]) if which == 0 else []
        contacts = sorted(state.records["contacts"])
        contacts = contacts[len(contacts) * which // shares : len(contacts) * (which + 1) // shares]
        for start in range(0, len(companies), size):
            yield _part(state, state.position(), companies[start : start + size], [])
        for start in range(0, len(contacts), size):
            yield _part(state, state.position(), [], contacts[start : start + size])

    def integrity(self) -> list[str]:
        """See Store. There is nothing that could be damaged."""
        return []

    def follow(self, name: str, seq: int) -> None:
        """See Store. A follower is never forgotten."""
        self._log.write(lambda state: (state.with_follower(name, seq), None))

    def acquire_lease(self, name: str, holder: str, seconds: float) -> bool:
        """See Store."""
        return self._log.write(lambda state: state.with_lease(name, holder, seconds))

    def release_lease(self, name: str, holder: str) -> None:
        """See Store."""
        self._log.write(lambda state: (state.without_lease(name, holder), None))

    def close(self) -> None:
        """See Store."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _id_after(model: Model, record: Firm | Person | None) -> str:
    """The id of the record of a row, which is that of another company if a later row has merged the two."""
    if record is None:
        return ""
    id = str(record.members["id"])
    if isinstance(record, Person):
        return id
    return next(str(firm.members["id"]) for firm in model.firms if id in firm.ids)


def _read(row: AnyPatch) -> ContactPatch | EncodedContact | EncodedCompany:
    """A row, that of a known contact as if it were not known."""
    return row.read() if isinstance(row, KnownContact) else row


def _decoded(row: ContactPatch | EncodedContact | EncodedCompany) -> ContactPatch | CompanyPatch:
    if isinstance(row, EncodedCompany):
        return decode_company_patch(row)
    return decode_contact_patch(row) if isinstance(row, EncodedContact) else row


def _require(state: State, position: Position | None) -> None:
    if position is not None and not state.has_batch(position):
        raise StoreReplaced(f"this log has never been at change {position.seq:,}")


def _changed_since(state: State, kind: Kind, nums: Sequence[int], seq: int) -> list[int]:
    """Those of the records that changed after `seq`: a contact also with its company, a company also with a contact."""
    companies = set(_within(state, "companies", seq, state.seq))
    contacts = set(_within(state, "contacts", seq, state.seq))
    employer = {num: company for num, (_, (company, _)) in state.records["contacts"].items()}
    if kind == "contacts":
        return sorted(num for num in set(nums) if num in contacts or employer.get(num) in companies)
    return sorted(set(nums) & (companies | {employer[num] for num in contacts}))


def _without(
    state: State, kind: Kind, nums: set[int], with_contacts: bool, changed: tuple[int, ...] = ()
) -> tuple[State, Deleted]:
    """The state without these records, and the effect of the deletion."""
    held = [of for _, (of, _) in state.records["contacts"].values() if kind == "companies" and of in nums]
    if held and not with_contacts:
        raise HasContacts(state.records["companies"][held[0]][1].id, held.count(held[0]))
    model = state.model.copy()
    records = model.delete(kind, list(nums), with_contacts)
    return state.after_batch(model), Deleted(records, changed)


def _within(state: State, kind: Kind, after: int, end: int) -> list[int]:
    """The records whose latest change is in this part of the log, in order of num."""
    return sorted(num for num, (seq, _) in state.records[kind].items() if after < seq <= end)


def _find(state: State, kind: Kind, id: str) -> int | None:
    return (state.model.ids() if kind == "contacts" else state.model.company_ids()).get(id)


def _last_seq(state: State, kind: Kind, num: int) -> int:
    """The seq of a record or, if it is higher, that of the company of a contact. 0 if it is deleted."""
    seq, record = state.records[kind].get(num, (0, None))
    if kind == "companies" or record is None:
        return seq
    return max(seq, state.records["companies"].get(record[0], (0, None))[0])


def _document(state: State, kind: Kind, num: int) -> bytes:
    record = state.records[kind][num][1]
    if kind == "companies":
        return encode(record)
    company, body = record
    known = company in state.records["companies"]
    return join_company(encode(body), _document(state, "companies", company) if known else None)


def _part(
    state: State, position: Position, companies: Sequence[int], contacts: Sequence[int],
    deleted: Sequence[tuple[Kind, int]] = (),
) -> Changes:  # fmt: skip
    bodies = [state.records["contacts"][num][1] for num in contacts]
    return Changes(
        position,
        companies,
        [_document(state, "companies", num) for num in companies],
        contacts,
        [company for company, _ in bodies],
        [encode(body) for _, body in bodies],
        sorted(num for kind, num in deleted if kind == "companies"),
        sorted(num for kind, num in deleted if kind == "contacts"),
    )
