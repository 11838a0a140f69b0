"""Keeps the judge's model abreast of the store: what each patch must make of a record, checked as it is applied."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import UNSET

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.records import Company, ContactBody, Kind, decode_company, decode_contact
from letrics.store.base import Store
from tests.property import reading
from tests.property.model import Model
from tests.store.model_titles import with_derived

_CLOCK = ("added_at", "first_seen_at", "updated_at")


class Mismatch(AssertionError):
    """The program and the judge disagree; the text says about what."""


class Bookkeeper:
    """Applies patches and deletions to a store and to the model alike.

    Times that were not given are the program's own; they are taken over from the store, after a check that they are of
    the moment of writing.
    """

    def __init__(self, store: Store, model: Model) -> None:
        self.store = store
        self.model = model

    def put_companies(self, patches: Iterable[CompanyPatch]) -> None:
        batch = list(patches)
        started = reading.now()
        before = dict(self.model.records["companies"])
        self.store.put_companies(batch)
        for patch in batch:
            self._merge_company(patch)
        for id in dict.fromkeys(map(_id, batch)):
            self._adopt("companies", id, [patch for patch in batch if _id(patch) == id], id in before, started)

    def put_contacts(self, patches: Iterable[ContactPatch]) -> None:
        batch = list(patches)
        started = reading.now()
        before = {kind: dict(held) for kind, held in self.model.records.items()}
        self.store.put_contacts(batch)
        employers: dict[str, list[Any]] = {}
        for patch in batch:
            company = CompanyPatch(domain=patch.company) if isinstance(patch.company, str) else patch.company
            if isinstance(company, CompanyPatch):
                self._merge_company(company)
                employers.setdefault(_id(company), []).append(company)
                self._merge_contact(patch, _id(company))
            else:
                self.model.enter_no_company()
                self._merge_contact(patch, self._employer(patch) if company is UNSET else None)
        for id, said in employers.items():
            self._adopt("companies", id, said, id in before["companies"], started)
        for id in dict.fromkeys(str(patch.external_id) for patch in batch):
            said = [patch for patch in batch if patch.external_id == id]
            self._adopt("contacts", id, said, id in before["contacts"], started)

    def delete(self, kind: Kind, ids: Iterable[str]) -> None:
        held = [self.model.records[kind][id] for id in dict.fromkeys(ids) if id in self.model.records[kind]]
        gone = self.store.delete(kind, [record.num for record in held], with_contacts=True).records
        expected = sum(map(len, self.model.records.values()))
        for record in held:
            self.model.delete(kind, record.id)
        expected -= sum(map(len, self.model.records.values()))
        if gone != expected:
            raise Mismatch(f"delete of {[r.id for r in held]} said {gone} records went, expected {expected}")

    def _merge_company(self, patch: CompanyPatch) -> None:
        domain = patch.domain
        held = self.model.records["companies"].get(_id(patch))
        bare = Company(id=_id(patch), domain=domain, tld=reading.suffix(domain) if domain else None,
                       first_seen_at="", added_at="", updated_at="")  # fmt: skip
        said = _said(patch)
        if held:
            said.pop("updated_at", None)
        self.model.put_company(msgspec.structs.replace((held and held.company) or bare, **said))

    def _employer(self, patch: ContactPatch) -> str | None:
        """The id of the company that the contact of the row has now."""
        held = self.model.records["contacts"].get(str(patch.external_id))
        return held.company.id if held and held.company else None

    def _merge_contact(self, patch: ContactPatch, domain: str | None) -> None:
        id = str(patch.external_id)
        held = self.model.records["contacts"].get(id)
        old = held.contact if held and held.contact else ContactBody(id=id, added_at="", updated_at="")
        said = _said(patch)
        if held:
            said.pop("updated_at", None)
        said |= with_derived(msgspec.structs.asdict(old), said)
        new = msgspec.structs.replace(old, **said)
        full_name = " ".join(part for part in (new.first_name, new.last_name) if part) or None
        self.model.put_contact(msgspec.structs.replace(new, full_name=full_name), domain)

    def _adopt(self, kind: Kind, id: str, said: list[Any], known: bool, started: str) -> None:
        found = self.store.find(kind, id)
        held = self.model.records[kind][id]
        if found is None or found.num != held.num:
            raise Mismatch(f"{kind} {id}: found {found and found.num}, expected num {held.num}")
        decode: Any = decode_company if kind == "companies" else decode_contact
        stored = decode(found.document)
        expected: Any = held.contact or held.company
        given = {name for patch in said for name in _said(patch)}
        for name in _CLOCK:
            if not hasattr(stored, name) or (name in given and not (name == "updated_at" and (known or len(said) > 1))):
                continue
            own = getattr(stored, name)
            fresh = own >= started or own == stored.added_at or len(said) > 1
            if own != getattr(expected, name) and not fresh:
                raise Mismatch(f"{kind} {id}: {name} is {own}, written from {started} on")
            expected = msgspec.structs.replace(expected, **{name: own})
        if stored != expected:
            raise Mismatch(f"{kind} {id} is stored as\n    {stored}\n  expected\n    {expected}")
        if isinstance(expected, ContactBody):
            self.model.put_contact(expected, held.company.id if held.company else None)
        else:
            self.model.put_company(expected)


def _id(patch: CompanyPatch) -> str:
    """The id of the company that a patch of a generated world names."""
    return patch.domain or str(patch.id)


def _said(patch: CompanyPatch | ContactPatch) -> dict[str, Any]:
    """The members a patch speaks of."""
    members = {name: getattr(patch, name) for name in patch.__struct_fields__}
    left_out = {"id", "domain", "company", "company_from_email", "external_id"}
    return {name: value for name, value in members.items() if value is not UNSET and name not in left_out}
