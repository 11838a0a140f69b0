"""The contacts of one batch that need it, identified and changed in memory row by row.

Each row sees the changes of the rows before it, so that the result does not depend on how rows are split into batches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from msgspec.structs import replace

from letrics.identity.batch_rows import FREE, KEYED, NAMED, BatchRow, Held, make_row, rank, standing
from letrics.identity.companies import CompanyBatch
from letrics.identity.company_join import CompanyJoin
from letrics.identity.encoded_patches import ContactRow, EncodedContact, KnownContact, read_known
from letrics.identity.held_contacts import HeldContacts
from letrics.identity.holders import NOBODY, Holders
from letrics.identity.key_claims import change_keys, claim_keys
from letrics.identity.keys import Key, comparable_name, generate_id, id_key, name_key, shared_key
from letrics.identity.merge import merge_contact
from letrics.identity.namesakes import Names
from letrics.identity.patches import Effect, RowEffect, Tally
from letrics.identity.person_names import names_agree
from letrics.identity.plan import ContactColumns, ContactPlan, KeyRows, merge_rows
from letrics.identity.reads import ContactReads, Counters
from letrics.normalize.text import fold
from letrics.records import ContactBody, encode


class ContactBatch:
    """The contacts of a batch in memory, including all changes by the rows processed so far."""

    def __init__(
        self, reads: ContactReads, numbers: Counters, companies: CompanyBatch, now: str
    ) -> None:  # fmt: skip
        self._reads = reads
        self._numbers = numbers
        self._companies = companies
        self._now = now
        self._held = HeldContacts(reads)
        self._new: list[Held] = []
        self._changed: list[Held] = []
        self._confirmed: dict[int, Held] = {}
        self._former: list[tuple[int, str]] = []
        self._refused: list[int] = []
        """The contacts with an address of the current row whose names disagree with the row's."""
        self._duplicates: dict[tuple[int, int], None] = {}
        self._rows: list[int] = []
        """The contact of each row that is not isolated, in order."""
        self._holders = Holders(reads)
        self._names = Names(reads, self._held.rank_of)

    def recognize(self, patches: Sequence[ContactRow], first: Sequence[Key], found: Mapping[Key, int]) -> list[int]:
        """For each row the num of the contact that has the row's digest, or `NOBODY`.

        Such a row changes nothing: the contact has all of the row's values and holds all of its keys. A contact loses a
        key only when it changes, and then it gets another digest. `first` has the first key of each row, and `found`
        their stored holders.
        """
        self._holders.learn((), found)
        nums = [found.get(key, NOBODY) for key in first]
        given = {num: patch.digest for num, patch in zip(nums, patches, strict=True) if type(patch) is EncodedContact}
        digests = self._held.read({num for num in nums if num != NOBODY}, given)
        known = self._reads.digests({patch.num for patch in patches if type(patch) is KnownContact})
        return [
            (patch.num if known.get(patch.num) == patch.digest else NOBODY) if type(patch) is KnownContact
            else num if type(patch) is EncodedContact and digests.get(num) == patch.digest
            else NOBODY
            for num, patch in zip(nums, patches, strict=True)
        ]  # fmt: skip

    def put(
        self,
        patches: Sequence[ContactRow],
        recognized: Sequence[int],
        positions: Sequence[int],
        rows: Mapping[int, BatchRow],
        effects: dict[int, RowEffect] | None = None,
    ) -> tuple[Tally, list[int]]:
        """Upsert the rows at these positions of the batch, in order.

        `rows` are those of them that are not `recognized`; their companies must be set. The rows between them are
        isolated new contacts. Returns the nums of these: all nums are in order of position. Sets the `effects` of the
        other rows by position.
        """
        tally, isolated, following = Tally(), list[int](), 0
        self._read_for(list(rows.values()))
        for position in positions:
            isolated += self._take_nums(position - following)
            following = position + 1
            row = rows.get(position)
            if row is None:
                held = self._held.get(recognized[position])
                if held is None or not held.changed:
                    tally.unchanged += 1
                    self._rows.append(recognized[position])
                    if effects is not None:
                        effects[position] = RowEffect(recognized[position], "unchanged")
                    continue
                row = make_row(read_known(patches[position]))  # an earlier row changed the contact
                try:
                    self._prepare(row, tally)
                except CompanyJoin as join:
                    raise CompanyJoin(position, join.kept, join.gone) from None
            held = self._identify(row)
            effect: Effect = "new"
            if held is None:
                held = self._create(row, tally)
            else:
                effect = self._merge(held, row, tally)
            self._rows.append(held.num)
            if effects is not None:
                effects[position] = RowEffect(held.num, effect)
            for other in self._refused:
                if other != held.num:
                    self._duplicates[min(other, held.num), max(other, held.num)] = None
        isolated += self._take_nums(len(patches) - following)
        tally.new += len(isolated)
        return tally, isolated

    def seen(self) -> Set[Key]:
        """The keys that the result depends on or that changed."""
        return self._holders.seen() | self._names.seen()

    def _take_nums(self, count: int) -> range:
        first = self._numbers.next_contact
        self._numbers.next_contact += count
        self._numbers.contacts += count
        return range(first, first + count)

    def _prepare(self, row: BatchRow, tally: Tally) -> None:
        (row.company,) = self._companies.put_named([row.patch.company], tally)
        self._read_for([row])

    def _read_for(self, rows: list[BatchRow]) -> None:
        """Read nearly all keys and contacts that identifying these rows needs, in few sorted sets."""
        self._held.read(self._holders.read([row.id_key for row in rows if row.id_key is not None]))
        given: list[Key] = []
        for row in rows:
            if row.id_key is None or not row.settle(self._held.get(self._holders.holder(row.id_key))):
                given += row.keys
        self._held.read(self._holders.read(given))
        unknown = [row for row in rows if not self._is_known(row)]
        for row in unknown:
            row.as_new_contact(self._now)
        names = [row.name_key for row in unknown if row.name_key is not None]
        namesakes = self._names.read(names)
        self._held.read({num for nums in namesakes.values() for num in nums})
        self._names.learn(names, namesakes)
        for row in unknown:
            if row.id_key is None:
                row.generated = self._generate(row)
        self._holders.read(row.generated[1] for row in unknown if row.generated is not None)

    def _is_known(self, row: BatchRow) -> bool:
        holder = self._holders.holder
        if row.id_key is not None and holder(row.id_key) != NOBODY:
            return True
        return any(holder(key) != NOBODY for key in row.keys)

    def _identify(self, row: BatchRow) -> Held | None:
        """The contact that the row updates: by id, else profile, else address, else name. None for a new contact."""
        self._refused.clear()
        if row.id_key is not None:
            held = self._holder(row.id_key)
            if held is not None:
                return held
        for key in row.profile:
            held = self._holder(key)
            if held is not None and row.may_be(held):
                return held
        for key in row.addresses:
            held = self._user_of(key, row)
            if held is not None:
                return held
        return self._namesake(row)

    def _user_of(self, address: Key, row: BatchRow) -> Held | None:
        """The contact with this address that the row can be: the holder if the names agree, else one of equal name."""
        body = row.as_new_contact(self._now)
        held = self._holder(address)
        if held is not None and row.may_be(held):
            if names_agree(held.body, body):
                return held
            self._refused.append(held.num)
        if body.full_name is None:
            return None
        shared = shared_key(address, body.full_name)
        num = self._holders.shared_holder(shared)
        held = None if num == NOBODY else self._held.find(num)
        if held is None or not row.may_be(held):
            return None
        # Different names may have one shared key, and a contact has those of the contacts merged into it.
        is_same = fold(held.body.full_name or "") == fold(body.full_name)
        return held if is_same or shared in self._reads.merged_keys(num) else None

    def _holder(self, key: Key) -> Held | None:
        num = self._holders.holder(key)
        if num == NOBODY:
            return None
        held = self._held.find(num)
        if held is None:  # the key of a contact that no longer exists is free
            self._holders.release(key, num)
        return held

    def _namesake(self, row: BatchRow) -> Held | None:
        """The contact of the same name at the same company, if the row or the contact has no other identity key."""
        if row.company == self._numbers.no_company:
            return None
        row.as_new_contact(self._now)
        namesakes = None if row.name_key is None else self._names.namesakes(row.name_key)
        if namesakes is None:
            return None
        free, named, keyed = namesakes.counts
        if free + named + keyed == 1:
            chosen = FREE if free else NAMED if named else KEYED
            if chosen == KEYED and row.keys:
                return None
        elif row.keys:
            return None
        elif free:
            chosen = FREE
        elif named == 1:
            chosen = NAMED
        else:
            return None
        held = self._held.get(namesakes.first(chosen))
        assert held is not None, "the contact was read for its rank"
        return held if row.may_be(held) else None

    def _create(self, row: BatchRow, tally: Tally) -> Held:
        body = row.as_new_contact(self._now)
        (num,) = self._take_nums(1)
        own = row.id_key
        if own is None:
            id, own = self._free_id(row)
            body = replace(body, id=id)
        held = Held(num, row.company, body, row.id_key is not None, new=True)
        self._held.add(held)
        self._new.append(held)
        self._holders.claim(own, num)
        held.owns = self._claim(held, row, tally)
        held.digest = row.digest
        if row.name_key is not None:
            self._names.put(row.name_key, num, KEYED if row.keys else NAMED if held.external else FREE)
        tally.new += 1
        return held

    def _generate(self, row: BatchRow, salt: int = 0) -> tuple[str, Key]:
        id = generate_id(row.as_new_contact(self._now), row.domain, salt)
        return id, id_key(id)

    def _free_id(self, row: BatchRow) -> tuple[str, Key]:
        salt = 0
        generated = row.generated or self._generate(row)
        while self._holders.holder(generated[1]) != NOBODY:
            salt += 1
            generated = self._generate(row, salt)
        return generated

    def _merge(self, held: Held, row: BatchRow, tally: Tally) -> Effect:
        old, given = held.body, row.patch.external_id
        id = old.id
        if given is not None and row.id_key is not None and self._holders.claim_free(row.id_key, held.num):
            id = given
            held.external = True
            self._former.append((held.num, old.id))
        company = row.company_after(held, self._numbers.no_company)
        body = merge_contact(old, row.patch, id, company != held.company, self._now)
        settled = row.settled and not held.changed
        if body is old:
            tally.unchanged += 1
        else:
            tally.changed += 1
            held.digest = row.digest
            self._change(held, body, company)
            held.owns = held.owns or row.names_all_keys()
        if not settled and not self._claim(held, row, tally):
            held.owns = False
        elif body is old and not held.changed and not held.new:
            self._confirm(held, row)
        return "unchanged" if body is old else "changed"

    def _confirm(self, held: Held, row: BatchRow) -> None:
        """Store the row's digest on a contact that the row did not change, so that the next import can skip the row.

        The contact must hold the row's keys. Its digest can differ because the last row came from another kind of file
        or was read by another version of the program.
        """
        if not row.digest or row.digest == held.digest or (row.id_key is None and not row.keys):
            return
        if held.owns or row.names_all_keys():
            held.owns, held.digest = True, row.digest
            self._confirmed[held.num] = held

    def _change(self, held: Held, body: ContactBody, company: int) -> None:
        """Set the contact's new body and company, and release the keys that it no longer has."""
        old, old_company = held.body, held.company
        held.moved = held.moved or company != old_company
        held.body, held.company = body, company
        if not held.new and not held.changed:
            held.changed = True
            self._changed.append(held)
        change_keys(self._holders, held, old)
        self._rename(held, old, old_company)

    def _rename(self, held: Held, old: ContactBody, old_company: int) -> None:
        """Update the names in memory after a change of the contact's name, company or rank."""
        body = held.body
        if standing(body, held.company) == standing(old, old_company):
            return
        old_name, name = comparable_name(old), comparable_name(body)
        stays = old_name == name and held.company == old_company
        if old_name is not None and not stays:
            self._names.drop(name_key(old_name, old_company), held.num)
        if name is not None:
            self._names.put(name_key(name, held.company), held.num, rank(body, held.external), new=not stays)

    def _claim(self, held: Held, row: BatchRow, tally: Tally) -> bool:
        """Assign the row's free keys to the contact; returns whether it now holds all of the row's keys."""
        conflicts = claim_keys(self._holders, held, row)
        tally.conflicts += conflicts
        return not conflicts

    def plan(self, isolated: ContactColumns, keys: KeyRows) -> ContactPlan:
        """What to write, including the isolated new contacts and their keys. All new contacts are in order of num."""
        self._changed.sort(key=lambda held: held.num)
        removed = KeyRows()
        self._holders.written(keys, removed)
        self._names.written(keys, removed)
        # `Names` refers back to this batch. Break the cycle, so that the batch is freed without the garbage collector.
        del self._names
        return ContactPlan(
            changed=_columns(self._changed),
            new=merge_rows(isolated, _columns(self._new)),
            moved=[(held.num, held.company) for held in self._changed if held.moved],
            confirmed=sorted(
                (held.num, held.digest) for held in self._confirmed.values() if held.owns and not held.changed
            ),
            former_ids=self._former,
            put=keys,
            removed=removed,
            duplicates=list(self._duplicates),
            rows=self._rows,
        )


def _columns(contacts: Sequence[Held]) -> ContactColumns:
    return ContactColumns(
        nums=[held.num for held in contacts],
        companies=[held.company for held in contacts],
        external=[held.external for held in contacts],
        digests=[held.digest if held.owns else None for held in contacts],
        documents=[encode(held.body) for held in contacts],
    )
