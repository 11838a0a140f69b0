"""The stored contacts that a batch needs in memory, and its new ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from letrics.identity.batch_rows import Held, rank
from letrics.identity.malformed_warning import log_malformed
from letrics.identity.reads import ContactReads
from letrics.records import UNREADABLE, decode_contact

_NONE: Final[Mapping[int, int]] = {}


class HeldContacts:
    """Contacts by num, read when needed."""

    def __init__(self, reads: ContactReads) -> None:
        self._reads = reads
        self._held: dict[int, Held] = {}

    def add(self, held: Held) -> None:
        """Add a new contact."""
        self._held[held.num] = held

    def read(self, nums: Iterable[int], digests: Mapping[int, int] = _NONE) -> dict[int, int]:
        """Read contacts into memory, except those whose stored digest is the one given in `digests`.

        Returns the num and digest of these exceptions: their documents are not decoded.
        """
        same: dict[int, int] = {}
        for num, company, external, digest, document in self._reads.contacts(set(nums).difference(self._held)):
            if digest and digests.get(num) == digest:
                same[num] = digest
            else:
                try:
                    body = decode_contact(document)
                except UNREADABLE as error:  # it identifies no contact: its keys are free, as if it were deleted
                    log_malformed("contact", num, error)
                    continue
                self._held[num] = Held(num, company, body, external, digest is not None, digest)
        return same

    def get(self, num: int) -> Held | None:
        """The contact, if it is in memory."""
        return self._held.get(num)

    def find(self, num: int) -> Held | None:
        """The contact, read if necessary, or None if it does not exist."""
        if num not in self._held:
            self.read({num})
        return self._held.get(num)

    def rank_of(self, num: int) -> int | None:
        """The rank of the contact among its namesakes, or None if it does not exist."""
        held = self.find(num)
        return None if held is None else rank(held.body, held.external)
