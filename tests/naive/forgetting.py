"""People who were forgotten by a naive store. What identifies a person is compared as the program does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from letrics.identity.forgotten import ForgottenPeople, PersonKeys, keys_of_record, person_keys, references_of
from letrics.identity.identities import read_identity
from letrics.identity.keys import Key, id_key, linkedin_key, personal_keys
from letrics.identity.sifting import remaining_addresses
from letrics.records import Company, ContactBody, Kind
from letrics.store.forgotten_list import Forgotten, ForgottenList, ForgottenPerson
from tests.naive.log import State

SECRET = b"naive"


def people_of(state: State) -> ForgottenPeople:
    """The people who were forgotten."""
    listed = state.forgotten
    return ForgottenPeople(listed.secrets or [SECRET], [hash for person in listed.people for hash in person.hashes])


def find_people(state: State, identity: str) -> list[int]:
    """See Store."""
    asked = set(read_identity(identity).keys)
    former = {person.num: person.former for person in state.model.people}
    found = []
    for num, (_, (_, body)) in state.records["contacts"].items():
        if not asked.isdisjoint({*_strong(body), *map(id_key, former.get(num, ()))}):
            found.append(num)
    return sorted(found)


def with_forgotten_people(
    state: State, nums: Sequence[int], identities: Sequence[str], now: str
) -> tuple[State, Forgotten]:
    """The state without these contacts, in which they are remembered."""
    listed, hashes = people_of(state), []
    external = {person.num: person for person in state.model.people}
    kept = [body for num, (_, (_, body)) in state.records["contacts"].items() if num not in nums]
    others = {key for body in kept for key in _strong(body)}
    for num in nums:
        if num in state.records["contacts"]:
            company, body = state.records["contacts"][num][1]
            at: Company | None = state.records["companies"].get(company, (0, None))[1]
            more = [id_key(id) for id in external[num].former]
            hashes.append(listed.hashes(person_keys(body, references_of(at), external[num].external, more, others)))
    known = {hash for each in hashes for hash in each}
    for identity in identities:
        asked = listed.hashes(PersonKeys(read_identity(identity).keys[:1]))
        if known.isdisjoint(asked):
            hashes.append(asked)
    there = [person.hashes for person in state.forgotten.people]
    hashes = [each for each in hashes if not any(set(each) <= set(other) for other in there)]
    added = [ForgottenPerson(len(there) + place, now, each) for place, each in enumerate(hashes)]
    listing = ForgottenList([SECRET], [*state.forgotten.people, *added])
    model = state.model.copy()
    there_nums = [num for num in nums if num in state.records["contacts"]]
    deleted = model.delete("contacts", there_nums, False)
    people, companies = people_of(replace(state, forgotten=listing)), 0
    for firm in model.firms:
        emails = remaining_addresses(tuple(firm.members.get("emails", ())), people)
        if len(emails) < len(firm.members.get("emails", ())):
            firm.members |= {"emails": emails, "updated_at": now}
            companies += 1
    after = replace(state.after_batch(model), forgotten=listing)
    if deleted:
        after = replace(after, forgotten_seq=after.seq)

    def is_of(key: tuple[Kind, int], was: Any) -> bool:
        """Whether this is the former state of a person who was forgotten."""
        if key[0] != "contacts" or was is None:
            return key[0] == "contacts" and key[1] in nums
        return key[1] in nums or bool(people.known(personal_keys(tuple(was.members["emails"]))))

    imports = tuple(
        replace(each, before={key: was for key, was in each.before.items() if not is_of(key, was)})
        for each in after.imports
    )
    return replace(after, imports=imports), Forgotten(deleted, len(added), companies)


def with_merged_list(state: State, other: ForgottenList, now: str) -> tuple[State, Forgotten]:
    """The state with the people of another list, and without their contacts."""
    ids = {person.id for person in state.forgotten.people}
    new = [person for person in other.people if person.id not in ids]
    secrets = list(dict.fromkeys([*(state.forgotten.secrets or [SECRET]), *other.secrets]))
    state = replace(state, forgotten=ForgottenList(secrets, [*state.forgotten.people, *new]))
    people, external = people_of(state), {person.num: person.external for person in state.model.people}
    nums = []
    for num, (_, (company, body)) in state.records["contacts"].items():
        at = state.records["companies"].get(company, (0, None))[1]
        if people.have(keys_of_record(body, references_of(at), external[num])):
            nums.append(num)
    after, done = with_forgotten_people(state, nums, (), now)
    after = replace(after, forgotten=state.forgotten)
    return after, Forgotten(done.contacts, len(new), done.companies)


def _strong(body: ContactBody) -> list[Key]:
    profile = None if body.linkedin_url is None else linkedin_key(body.linkedin_url)
    return [id_key(body.id), *personal_keys(body.emails), *([] if profile is None else [profile])]
