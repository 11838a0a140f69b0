"""A reference model of the store: the rules of identity and merging in the simplest form, on a few lists.

Every lookup goes through all contacts. The model shares only the record classes with the store.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from msgspec import UNSET

from letrics.identity.patches import CompanyPatch, ContactPatch, Effect, Tally
from letrics.records import Company, ContactBody, Email
from letrics.store.duplicate_record import DuplicateReason, DuplicateStatus
from tests.property.reading import folded
from tests.store.company_model import Firm, claim, find_firm, find_other, gain_domain, make_firm, reference, unite
from tests.store.model_names import agree
from tests.store.model_titles import with_derived


def given(patch: CompanyPatch | ContactPatch, *but: str) -> dict[str, Any]:
    values = {name: getattr(patch, name) for name in patch.__struct_fields__ if name not in but}
    return {name: value for name, value in values.items() if value is not UNSET}


def profile(url: Any) -> str | None:
    """The person's profile that a URL names: site, kind of page and name, without anything else of the URL."""
    if not isinstance(url, str):
        return None
    address = url.strip().split("#")[0].partition("?")
    host, _, path = address[0].split("//")[-1].partition("/") if "//" in address[0] else address[0].partition("/")
    *subdomains, name, ending = ["", "", *host.strip().lower().rstrip(".").split(".")]
    if (
        name != "linkedin"
        or ending not in ("com", "example")
        or any(len(label) > 2 for label in subdomains if label != "www")
    ):
        return None
    parts = [part for part in folded(urllib.parse.unquote(path)).split("/") if part]
    while parts and parts[0] in ("mwlite", "comm"):
        parts = parts[1:]
    if parts[:1] == ["in"] and len(parts) > 1:
        return f"linkedin.{ending}/in/{parts[1]}"
    if parts[:1] == ["pub"] and len(parts) > 1:
        return f"linkedin.{ending}/" + "/".join(parts[:5] if len(parts) > 4 else parts[:2])
    if parts[:2] in (["sales", "lead"], ["sales", "people"]) and len(parts) > 2:
        return f"linkedin.{ending}/sales/lead/{parts[2].split(',')[0]}"
    ids = urllib.parse.parse_qs(address[2]).get("id")
    if parts[:2] == ["profile", "view"] and ids:
        return f"linkedin.{ending}/profile/view?id={folded(ids[0])}"
    return None


def addresses(emails: Any, type: str = "personal") -> list[str]:
    return [] if emails is UNSET else [email.value.casefold() for email in emails if email.type == type]


def joined(first: str | None, last: str | None) -> str | None:
    return " ".join(part for part in (first, last) if part) or None


@dataclass
class Person:
    num: int
    company: int | None
    members: dict[str, Any]
    external: bool
    former: set[str] = field(default_factory=set)
    holds: set[str] = field(default_factory=set)
    """The profile and addresses that this person holds, because it had them before any other person."""
    shares: set[tuple[str, str]] = field(default_factory=set)
    merged: set[tuple[str, str]] = field(default_factory=set)
    """The shares from persons merged into this one, which it keeps."""
    """Addresses that another person holds, each with this person's name: no other person had them under this name."""

    @property
    def id(self) -> str:
        return str(self.members["id"])

    @property
    def bare(self) -> bool:
        return profile(self.members["linkedin_url"]) is None and not addresses(self.members["emails"])

    @property
    def names(self) -> set[str]:
        """The person's profile and addresses, including those that another person holds."""
        url = profile(self.members["linkedin_url"])
        return set(addresses(self.members["emails"])) | ({url} if url else set())

    @property
    def own_shares(self) -> set[tuple[str, str]]:
        """The person's addresses, each with its name."""
        name = folded(self.members["full_name"] or "")
        return {(key, name) for key in addresses(self.members["emails"])}

    @property
    def called(self) -> object:
        name = self.members["full_name"]
        if name:
            return folded(name)
        return tuple(sorted(addresses(self.members["emails"], "generic"))) if self.bare else None


@dataclass(frozen=True)
class Pair:
    """Two persons who may be one."""

    id: int
    reason: DuplicateReason
    status: DuplicateStatus
    found_at: str


class Model:
    def __init__(self) -> None:
        self.firms: list[Firm] = []
        self.people: list[Person] = []
        self.no_company: int | None = None
        self.next_company = 0
        self.next_contact = 0
        self.joined = 0
        """The number of companies that were merged into others."""
        self.joined_into: dict[int, int] = {}
        """The num of the company that each of them is merged into."""
        self.refused: list[Person] = []
        """The persons with an address of the last row whose names disagree with the row's."""
        self.duplicates: dict[tuple[int, int], Pair] = {}
        self.next_pair = 1
        self.merges: list[Any] = []
        """The merges of contacts, as `tests.naive.merges` notes them."""

    def copy(self) -> Self:
        """A model that changes by itself."""
        other = copy.copy(self)
        other.firms = [firm.copy() for firm in self.firms]
        other.people = copy.deepcopy(self.people)
        other.merges = list(self.merges)
        other.joined_into = dict(self.joined_into)
        other.duplicates = dict(self.duplicates)
        return other

    def put_companies(self, patches: Sequence[CompanyPatch], now: str, touched: set[int] | None = None) -> Tally:
        """Put rows of companies. `touched` are the companies that earlier rows of an import found or made."""
        tally, joined = Tally(), self.joined
        for patch in patches:
            effect, firm = self.put_company(patch, now)
            setattr(tally, effect, getattr(tally, effect) + 1)
            tally.merged += self.touch_firm(firm, touched)
        tally.companies_merged = self.joined - joined
        return tally

    def put_company(self, patch: CompanyPatch, now: str) -> tuple[Effect, Firm]:
        members = given(patch, "id", "domain", "updated_at")
        firm = find_firm(self.firms, patch)
        if firm is None:
            members.setdefault("added_at", now)
            members.setdefault("first_seen_at", members["added_at"])
            members["updated_at"] = now if patch.updated_at is UNSET else patch.updated_at
            firm = make_firm(self.firms, patch, members, self.next_company)
            self.next_company += 1
            self.firms.append(firm)
            claim(self.firms, firm)
            return "new", firm
        while (other := find_other(self.firms, patch, firm)) is not None:  # one by its id, another one by its page
            self.join(firm, other, now)
        old = firm.members
        members |= gain_domain(firm, patch.domain)
        if {**_company_defaults(), **old, **members} == {**_company_defaults(), **old}:
            return "unchanged", firm
        if members.get("id", old["id"]) != old["id"]:
            firm.former.add(old["id"])
        old.update(members, updated_at=now)
        claim(self.firms, firm)
        return "changed", firm

    def join(self, firm: Firm, other: Firm, now: str) -> None:
        """Merge a company without a domain into one with a domain."""
        self.joined += 1
        self.joined_into[other.num] = firm.num
        self.firms.remove(other)
        unite(firm, other, now)
        claim(self.firms, firm)
        for person in self.people:
            person.company = firm.num if person.company == other.num else person.company

    def company_of(self, num: int | None) -> int | None:
        """The num of the company that a company is merged into, and its own if it is not."""
        return None if num is None else self.joined_into.get(num, num)

    def touch_firm(self, firm: Firm, touched: set[int] | None) -> bool:
        """Whether an earlier row found or made the company, or one that is merged into it."""
        if touched is None:
            return False
        was_touched = any(self.company_of(num) == firm.num for num in touched)
        touched.add(firm.num)
        return was_touched

    def put_contacts(
        self, patches: Sequence[ContactPatch | CompanyPatch], now: str, touched: set[int] | None = None
    ) -> Tally:
        """Put rows of contacts. A company is a row without a person. `touched` are the contacts that earlier rows of
        an import found or made."""
        tally = Tally()
        for patch in patches:
            if isinstance(patch, CompanyPatch):
                tally.company_rows += 1
                self.put_named(patch, now, tally)
            else:
                self.put_contact(patch, now, tally, touched)
        return tally

    def put_named(self, patch: CompanyPatch, now: str, tally: Tally) -> Firm:
        """Put the company of a row of contacts."""
        joined = self.joined
        outcome, firm = self.put_company(patch, now)
        tally.companies_merged += self.joined - joined
        tally.companies_new += outcome == "new"
        tally.companies_changed += outcome == "changed"
        return firm

    def put_contact(
        self, patch: ContactPatch, now: str, tally: Tally, touched: set[int] | None = None
    ) -> tuple[Effect, Person]:
        said = CompanyPatch(domain=patch.company) if isinstance(patch.company, str) else patch.company
        company: int | None = None
        if isinstance(said, CompanyPatch):
            company = self.put_named(said, now, tally).num
        elif self.no_company is None:
            self.no_company = self.next_company
            self.next_company += 1
        person = self.who(patch, company)
        effect: Effect = "unchanged"
        if person is None:
            effect = "new"
            person = self.create(patch, company, now)
        elif self.update(person, patch, company, now):
            effect = "changed"
        setattr(tally, effect, getattr(tally, effect) + 1)
        if touched is not None:
            tally.merged += person.num in touched
            touched.add(person.num)
        for key in dict.fromkeys(self.keys(patch)):
            if self.holder(key) is None:
                person.holds.add(key)
                person.shares -= {(key, folded(person.members["full_name"] or ""))} - person.merged
            elif self.holder(key) is person:
                continue
            else:
                tally.conflicts += 1
                self.share(person, key)
        for other in self.refused:
            if other is not person:
                tally.duplicates += self.pair(person.num, other.num, "email", "open", now)
        return effect, person

    def pair(self, one: int, other: int, reason: DuplicateReason, status: DuplicateStatus, now: str) -> bool:
        """Add a pair of possible duplicates; returns whether it was not there."""
        nums = (min(one, other), max(one, other))
        if nums in self.duplicates:
            return False
        self.duplicates[nums] = Pair(self.next_pair, reason, status, now)
        self.next_pair += 1
        return True

    def holder(self, key: str) -> Person | None:
        return next((person for person in self.people if key in person.holds), None)

    def share(self, person: Person, key: str) -> None:
        """Note that this person has an address that another one holds."""
        share = (key, folded(person.members["full_name"] or ""))
        if "@" in key and share[1] and not any(share in other.shares for other in self.people):
            person.shares.add(share)

    def keys(self, patch: ContactPatch) -> list[str]:
        url = profile(patch.linkedin_url)
        return ([url] if url else []) + addresses(patch.emails)

    def named(self, patch: ContactPatch) -> int | None:
        """The num of the stored company that the row names."""
        said = CompanyPatch(domain=patch.company) if isinstance(patch.company, str) else patch.company
        firm = find_firm(self.firms, said) if isinstance(said, CompanyPatch) else None
        return None if firm is None else firm.num

    def who(self, patch: ContactPatch, company: int | None) -> Person | None:
        id = patch.external_id
        self.refused = []
        for person in self.people:
            if id is not None and (person.id == id or id in person.former):
                return person

        def may_be(person: Person) -> bool:
            return id is None or not person.external

        alone = self.alone(patch, "?", company, "")
        called = folded(alone.members["full_name"] or "")
        for key in self.keys(patch):
            for person in self.people:
                named = "@" not in key or agree(person.members, alone.members)
                if key in person.holds and may_be(person):
                    if named:
                        return person
                    self.refused.append(person)
            for person in self.people:
                if (key, called) in person.shares and may_be(person):
                    return person
        if company is None:
            return None
        same = [p for p in self.people if p.company == company and p.called == alone.called and p.called is not None]
        if len(same) == 1:
            return same[0] if (alone.bare or same[0].bare) and may_be(same[0]) else None
        bare = [person for person in same if person.bare]
        without = [person for person in bare if not person.external]
        chosen = without[0] if without else bare[0] if len(bare) == 1 else None
        return chosen if chosen and alone.bare and may_be(chosen) else None

    def alone(self, patch: ContactPatch, id: str, company: int | None, now: str) -> Person:
        """The person that the row creates if no existing person matches it."""
        said = given(patch, "company", "company_from_email", "external_id")
        members = _contact_defaults() | said | with_derived(_contact_defaults(), said) | {"id": id}
        members["full_name"] = members["full_name"] or joined(members["first_name"], members["last_name"])
        members.setdefault("added_at", now)
        members.setdefault("updated_at", now)
        return Person(self.next_contact, company, members, patch.external_id is not None)

    def create(self, patch: ContactPatch, company: int | None, now: str) -> Person:
        person = self.alone(patch, patch.external_id or "", company, now)
        if patch.external_id is None:
            person.members["id"] = self.free_id(person, reference(patch.company))
        self.next_contact += 1
        self.people.append(person)
        return person

    def free_id(self, person: Person, company: str) -> str:
        url = profile(person.members["linkedin_url"])
        mine = addresses(person.members["emails"])
        called = person.called if isinstance(person.called, str) else None
        if called is None:
            called = "\0" + " ".join(sorted(addresses(person.members["emails"], "generic")))
        text = f"linkedin {url}" if url else f"email {mine[0]}" if mine else f"name {company} {called}"
        known = called if person.bare or isinstance(person.called, str) else ""
        taken = {id for other in self.people for id in ({other.id} | other.former)}
        salt = 0
        while True:
            salted = f"{text} {known} {salt}" if salt else text
            digest = hashlib.blake2b(salted.encode(), digest_size=10).digest()
            id = "c_" + base64.b32encode(digest).decode().lower()
            if id not in taken:
                return id
            salt += 1

    def update(self, person: Person, patch: ContactPatch, company: int | None, now: str) -> bool:
        before = (dict(person.members), person.company)
        names, shares, called = person.names, person.own_shares, ("emails", "full_name")
        if patch.external_id is not None and patch.external_id not in {person.id} | person.former:
            person.former.add(person.id)
            person.members["id"] = patch.external_id
            person.external = True
        members = given(patch, "company", "company_from_email", "external_id", "updated_at")
        person.members |= members | with_derived(person.members, members)
        if patch.company is not UNSET and not (patch.company_from_email and person.company is not None):
            person.company = company
        parts_given = patch.first_name is not UNSET or patch.last_name is not UNSET
        built = joined(person.members["first_name"], person.members["last_name"])
        if patch.full_name is None or (patch.full_name is UNSET and parts_given and built):
            person.members["full_name"] = built
        person.holds -= names - person.names
        person.shares -= shares - person.own_shares - person.merged
        for key in addresses(person.members["emails"]):
            if self.holder(key) is not person and any(before[0][name] != person.members[name] for name in called):
                self.share(person, key)
        if (person.members, person.company) == before:
            return False
        person.members["updated_at"] = now
        return True

    def delete(self, kind: str, nums: Sequence[int], with_contacts: bool) -> int:
        """Delete records. Raises ValueError if a company has contacts and `with_contacts` is false."""
        if kind == "contacts":
            gone = {person.num for person in self.people}.intersection(nums)
            self.people = [person for person in self.people if person.num not in gone]
            self.duplicates = {  # those of merges stay, as an undone import brings a contact back
                pair: one for pair, one in self.duplicates.items() if one.status == "merged" or gone.isdisjoint(pair)
            }
            return len(gone)
        gone_firms = [firm.num for firm in self.firms if firm.num in nums]
        contacts = [person.num for person in self.people if person.company in gone_firms]
        if contacts and not with_contacts:
            raise ValueError(gone_firms)
        self.firms = [firm for firm in self.firms if firm.num not in gone_firms]
        self.joined_into = {num: of for num, of in self.joined_into.items() if of not in gone_firms}
        return self.delete("contacts", contacts, False) + len(gone_firms)

    def company_records(self) -> dict[int, Company]:
        return {firm.num: firm.record() for firm in self.firms}

    def contact_records(self) -> dict[int, tuple[int, ContactBody]]:
        nobody = -1 if self.no_company is None else self.no_company
        return {p.num: (nobody if p.company is None else p.company, ContactBody(**p.members)) for p in self.people}

    def company_ids(self) -> dict[str, int]:
        """The num of each company by its current and former ids."""
        former = {id: firm.num for firm in self.firms for id in firm.former}
        return former | {str(firm.members["id"]): firm.num for firm in self.firms}

    def ids(self) -> dict[str, int]:
        return {id: person.num for person in self.people for id in ({person.id} | person.former)}


def _company_defaults() -> dict[str, Any]:
    texts = dict.fromkeys(("name", "website", "description", "linkedin_url", "employees", "founded_year"))
    return texts | dict.fromkeys(("locations", "functions", "industries", "technologies", "emails"), ())


def _contact_defaults() -> dict[str, Any]:
    names = "first_name last_name full_name job_title department seniority is_decision_maker linkedin_url phone"
    emails: tuple[Email, ...] = ()
    return dict.fromkeys(names.split()) | {"emails": emails, "locations": (), "derived": ()}
