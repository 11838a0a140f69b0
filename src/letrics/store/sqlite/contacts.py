"""The contacts of one batch: read as a set, identified and changed in memory one row after the other, written once.

Each row meets what the rows before it have made, so that it does not matter how rows are cut into batches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, cast

import apsw
import numpy as np
from msgspec.structs import replace

from letrics.records import UNREADABLE, ContactBody, decode_contact
from letrics.store.base import ContactPatch, Tally
from letrics.store.identity import Key, comparable_name, generate_id, id_key, linkedin_key, name_key, personal_keys
from letrics.store.merge import merge_contact
from letrics.store.packed import Again, Claim, PackedContact
from letrics.store.sqlite.companies import CompanyBatch
from letrics.store.sqlite.keys import NOBODY, Holders, Names, Rows, write_keys
from letrics.store.sqlite.known import read_digests
from letrics.store.sqlite.log import Numbers
from letrics.store.sqlite.malformed import log_malformed
from letrics.store.sqlite.rows import FREE, KEYED, NAMED, Held, Row, rank, row_of, standing
from letrics.store.sqlite.writing import write_contacts, write_digests

_NONE: Final[Mapping[int, int]] = {}


class ContactBatch:
    """What a batch knows of contacts, with all that its rows so far have made of them."""

    def __init__(
        self, connection: apsw.Connection, numbers: Numbers, companies: CompanyBatch, now: str,
        again: Again | None = None,
    ) -> None:  # fmt: skip
        self._connection = connection
        self._numbers = numbers
        self._companies = companies
        self._now = now
        self._again = again
        self._held: dict[int, Held] = {}
        self._new: list[Held] = []
        self._changed: list[Held] = []
        self._confirmed: dict[int, Held] = {}
        self._former: list[tuple[int, str]] = []
        self._holders = Holders(connection)
        self._names = Names(connection, self._rank_of)

    def put(self, patches: Sequence[ContactPatch | PackedContact | Claim]) -> Tally:
        """Upsert every row in turn."""
        tally = Tally()
        same = self._recognize(patches)
        rows = [self._row(patch) if num == NOBODY else None for patch, num in zip(patches, same, strict=True)]
        self._prepare([row for row in rows if row is not None], tally)
        for row, patch, num in zip(rows, patches, same, strict=True):
            if row is None:
                held = self._held.get(num)
                if held is None or not held.changed:
                    tally.unchanged += 1
                    continue
                row = self._row(patch)  # an earlier row has made something else of the contact meanwhile
                self._prepare([row], tally)
            held = self._identify(row)
            if held is None:
                self._create(row, tally)
            else:
                self._merge(held, row, tally)
        return tally

    def _row(self, patch: ContactPatch | PackedContact | Claim) -> Row:
        if type(patch) is Claim:
            assert self._again is not None, "claims come with a way to read their rows"
            patch = self._again(patch.given)
        return row_of(cast("ContactPatch | PackedContact", patch))

    def _recognize(self, patches: Sequence[ContactPatch | PackedContact | Claim]) -> list[int]:
        """For each row the contact that the very same row made what it is, or NOBODY where there is none.

        Such a row changes nothing: the contact has every member it gives, and holds every key it names, for a contact
        loses a key only when it is changed, and then bears another digest."""
        packed = [patch for patch in patches if type(patch) is PackedContact and patch.key]
        self._holders.read([patch.key for patch in packed])
        holder = self._holders.holder
        nums = [holder(patch.key) for patch in packed]
        digests = self._read(set(nums), {num: patch.digest for num, patch in zip(nums, packed, strict=True)})
        same = iter(
            num if num in digests and digests[num] == patch.digest else NOBODY
            for num, patch in zip(nums, packed, strict=True)
        )
        borne = self._digests([patch.num for patch in patches if type(patch) is Claim])
        return [
            (patch.num if borne.get(patch.num) == patch.digest else NOBODY) if type(patch) is Claim
            else next(same) if type(patch) is PackedContact and patch.key
            else NOBODY
            for patch in patches
        ]  # fmt: skip

    def _digests(self, nums: list[int]) -> dict[int, int | None]:
        """The digests that these contacts bear in the database, as far as there are such contacts."""
        return read_digests(self._connection, np.unique(np.array(nums, np.int64))) if nums else {}

    def _prepare(self, rows: list[Row], tally: Tally) -> None:
        nums = self._companies.put_named([row.patch.company for row in rows], tally)
        for row, num in zip(rows, nums, strict=True):
            row.company = num
        self._read_for(rows)

    def _read_for(self, rows: list[Row]) -> None:
        """Read, in few sorted sets, nearly all that identifying these rows will ask for."""
        self._read(self._holders.read([row.id_key for row in rows if row.id_key is not None]))
        given: list[Key] = []
        for row in rows:
            if row.id_key is None or not row.settle(self._held.get(self._holders.holder(row.id_key))):
                given += row.keys
        self._read(self._holders.read(given))
        unknown = [row for row in rows if not self._is_known(row)]
        for row in unknown:
            row.imagine(self._now)
        names = [row.name_key for row in unknown if row.name_key is not None]
        bearers = self._names.read(names)
        self._read({num for nums in bearers.values() for num in nums})
        self._names.learn(names, bearers)
        for row in unknown:
            if row.id_key is None:
                row.generated = self._generate(row)
        self._holders.read(row.generated[1] for row in unknown if row.generated is not None)

    def _is_known(self, row: Row) -> bool:
        holder = self._holders.holder
        if row.id_key is not None and holder(row.id_key) != NOBODY:
            return True
        return any(holder(key) != NOBODY for key in row.keys)

    def _read(self, nums: Iterable[int], digests: Mapping[int, int] = _NONE) -> dict[int, int]:
        """Read contacts; of those that bear the digest given for them, which are returned, only that is taken."""
        missing = np.fromiter(set(nums).difference(self._held), np.int64)
        missing.sort()
        same: dict[int, int] = {}
        if not len(missing):
            return same
        found = self._connection.execute(
            "SELECT c.num, c.company, c.external, c.digest, c.document FROM carray(?) AS a "
            "CROSS JOIN contact AS c ON c.num = a.value",
            (apsw.carray(missing),),
        )
        for num, company, external, digest, document in found:
            if digest and digests.get(num) == digest:
                same[num] = digest
            else:
                try:
                    body = decode_contact(document)
                except UNREADABLE as error:  # nobody can be told from it: its keys are free, as if it were gone
                    log_malformed("contact", num, error)
                    continue
                self._held[num] = Held(num, company, body, external == 1, digest is not None, digest)
        return same

    def _get(self, num: int) -> Held | None:
        if num not in self._held:
            self._read({num})
        return self._held.get(num)

    def _rank_of(self, num: int) -> int | None:
        held = self._get(num)
        return None if held is None else rank(held.body, held.external)

    def _identify(self, row: Row) -> Held | None:
        """The contact that the row is: by id, else profile, else address, else name. None where it is a new one."""
        if row.id_key is not None:
            held = self._holder(row.id_key)
            if held is not None:
                return held
        for key in row.keys:
            held = self._holder(key)
            if held is not None and row.may_be(held):
                return held
        return self._namesake(row)

    def _holder(self, key: Key) -> Held | None:
        num = self._holders.holder(key)
        if num == NOBODY:
            return None
        held = self._get(num)
        if held is None:  # a key left behind by a contact that is gone: it is free
            self._holders.release(key, num)
        return held

    def _namesake(self, row: Row) -> Held | None:
        """The contact of the same name at the same company, where either has nothing else to be told apart by."""
        row.imagine(self._now)
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
        held = self._held[namesakes.first(chosen)]
        return held if row.may_be(held) else None

    def _create(self, row: Row, tally: Tally) -> None:
        body = row.imagine(self._now)
        num = self._numbers.next_contact
        self._numbers.next_contact += 1
        self._numbers.contacts += 1
        own = row.id_key
        if own is None:
            id, own = self._free_id(row)
            body = replace(body, id=id)
        held = Held(num, row.company, body, row.id_key is not None, new=True)
        self._held[num] = held
        self._new.append(held)
        self._holders.claim(own, num)
        held.owns = self._claim(row, num, tally)
        held.digest = row.digest
        if row.name_key is not None:
            self._names.put(row.name_key, num, KEYED if row.keys else NAMED if held.external else FREE)
        tally.new += 1

    def _generate(self, row: Row, salt: int = 0) -> tuple[str, Key]:
        id = generate_id(row.imagine(self._now), row.domain, salt)
        return id, id_key(id)

    def _free_id(self, row: Row) -> tuple[str, Key]:
        salt = 0
        generated = row.generated or self._generate(row)
        while self._holders.holder(generated[1]) != NOBODY:
            salt += 1
            generated = self._generate(row, salt)
        return generated

    def _merge(self, held: Held, row: Row, tally: Tally) -> None:
        old, given = held.body, row.patch.external_id
        id = old.id
        if given is not None and row.id_key is not None and self._holders.claim_free(row.id_key, held.num):
            id = given
            held.external = True
            self._former.append((held.num, old.id))
        body = merge_contact(old, row.patch, id, row.company != held.company, self._now)
        settled = row.settled and not held.changed
        if body is old:
            tally.unchanged += 1
        else:
            tally.changed += 1
            held.digest = row.digest
            held.owns = held.owns or row.names_all_keys()
            self._change(held, body, row.company)
        if not settled and not self._claim(row, held.num, tally):
            held.owns = False
        elif body is old and not held.changed and not held.new:
            self._confirm(held, row)

    def _confirm(self, held: Held, row: Row) -> None:
        """Have the contact bear the digest of a row that changed nothing and whose keys it holds, so that the row is
        recognized the next time: it may be from another kind of file, or read by another version than the last one."""
        if not row.digest or row.digest == held.digest or (row.id_key is None and not row.keys):
            return
        if held.owns or row.names_all_keys():
            held.owns, held.digest = True, row.digest
            self._confirmed[held.num] = held

    def _change(self, held: Held, body: ContactBody, company: int) -> None:
        """Put the new body in place, and let go of the keys it no longer has."""
        old, old_company = held.body, held.company
        held.moved = held.moved or company != old_company
        held.body, held.company = body, company
        if not held.new and not held.changed:
            held.changed = True
            self._changed.append(held)
        if old.linkedin_url != body.linkedin_url:
            gone = {linkedin_key(old.linkedin_url or ""), None}
            self._release(gone - {linkedin_key(body.linkedin_url or "")}, held.num)
        if old.emails != body.emails:
            self._release(set(personal_keys(old.emails)).difference(personal_keys(body.emails)), held.num)
        self._rename(held, old, old_company)

    def _release(self, keys: Iterable[Key | None], num: int) -> None:
        for key in keys:
            if key is not None:
                self._holders.release(key, num)

    def _rename(self, held: Held, old: ContactBody, old_company: int) -> None:
        """Follow a change of name, of company, or of standing among namesakes."""
        body = held.body
        if standing(body, held.company) == standing(old, old_company):
            return
        old_name, name = comparable_name(old), comparable_name(body)
        stays = old_name == name and held.company == old_company
        if old_name is not None and not stays:
            self._names.drop(name_key(old_name, old_company), held.num)
        if name is not None:
            self._names.put(name_key(name, held.company), held.num, rank(body, held.external), new=not stays)

    def _claim(self, row: Row, num: int, tally: Tally) -> bool:
        """Give the contact the row's keys; whether all of them are its own now."""
        conflicts = 0
        for key in row.keys:
            conflicts += not self._holders.claim(key, num)
        tally.conflicts += conflicts
        return not conflicts

    def write(self) -> None:
        """Write what is new and what changed: records in order of num, then their keys in order of hash."""
        write_contacts(self._connection, self._numbers, self._changed, self._new)
        write_digests(self._connection, [held for held in self._confirmed.values() if not held.changed])
        put, removed = Rows(), Rows()
        self._holders.written(put, removed)
        self._names.written(put, removed)
        write_keys(self._connection, put, removed)
        self._connection.executemany("INSERT OR IGNORE INTO former_id VALUES (?, ?)", self._former)
        # The names ask this batch for ranks: cut, or all it holds would wait for the collector of cycles.
        del self._names
