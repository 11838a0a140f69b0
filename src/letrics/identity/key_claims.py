"""Which keys a contact gets and loses when a row creates or changes it."""

from __future__ import annotations

from letrics.identity.batch_rows import BatchRow, Held
from letrics.identity.holders import NOBODY, Holders
from letrics.identity.keys import linkedin_key, personal_keys, shared_key, shared_keys
from letrics.records import ContactBody


def claim_keys(holders: Holders, held: Held, row: BatchRow) -> int:
    """Assign the row's free keys to the contact; returns how many of its keys another contact holds.

    For an address that another contact holds, the contact gets a shared key.
    """
    conflicts = sum(not holders.claim(key, held.num) for key in row.profile)
    name = held.body.full_name
    for key in row.addresses:
        was_free = holders.holder(key) == NOBODY
        is_held = holders.claim(key, held.num)
        conflicts += not is_held
        if name and was_free:
            holders.release_shared(shared_key(key, name), held.num)
        elif name and not is_held:
            holders.claim_shared(shared_key(key, name), held.num)
    return conflicts


def change_keys(holders: Holders, held: Held, old: ContactBody) -> None:
    """Release the keys that a contact has lost since it was `old`, and update its shared keys."""
    body, num = held.body, held.num
    if old.linkedin_url != body.linkedin_url:
        gone = {linkedin_key(old.linkedin_url or ""), None}
        for profile in gone - {linkedin_key(body.linkedin_url or "")}:
            if profile is not None:
                holders.release(profile, num)
    if old.emails != body.emails:
        for address in set(personal_keys(old.emails)).difference(personal_keys(body.emails)):
            holders.release(address, num)
    if not held.owns and (old.emails, old.full_name) != (body.emails, body.full_name):
        _replace_shared(holders, held, old)


def _replace_shared(holders: Holders, held: Held, old: ContactBody) -> None:
    """Release the shared keys of values that are gone, and claim those of the new ones."""
    addresses = personal_keys(held.body.emails)
    after = shared_keys(held.body)
    holders.read((*personal_keys(old.emails), *addresses))
    for shared in set(shared_keys(old)).difference(after):
        holders.release_shared(shared, held.num)
    for address, shared in zip(addresses, after, strict=False):  # a contact without a name has no shared keys
        if holders.holder(address) != held.num:
            holders.claim_shared(shared, held.num)
