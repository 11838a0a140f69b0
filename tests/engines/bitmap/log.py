"""A log in memory for tests that need no database: the methods of Store that an index uses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from letrics.records import Company, ContactBody, encode
from letrics.store.base import Changes, Counts, Position

AT = "2026-01-01T00:00:00.000Z"


def company(domain: str, **fields: object) -> Company:
    defaults: dict[str, object] = {"id": domain, "domain": domain, "tld": domain.split(".", 1)[1]}
    times = {"added_at": AT, "first_seen_at": AT, "updated_at": AT}
    return Company(**(defaults | times | fields))  # type: ignore[arg-type]


def contact(id_: str, **fields: object) -> ContactBody:
    return ContactBody(**({"id": id_, "added_at": AT, "updated_at": AT} | fields))  # type: ignore[arg-type]


class MemoryLog:
    """Records by num, with the seq of their latest change; every `put` or `delete` is a batch."""

    def __init__(self, name: str = "memory") -> None:
        self.name = name
        self.companies: dict[int, tuple[int, bytes]] = {}
        self.contacts: dict[int, tuple[int, int, bytes]] = {}
        self.tombstones: list[tuple[int, str, int]] = []
        self.batches: list[int] = []
        self.last = 0

    def put(
        self, companies: dict[int, Company] | None = None, contacts: dict[int, tuple[int, ContactBody]] | None = None
    ) -> None:
        for num, record in (companies or {}).items():
            self.last += 1
            self.companies[num] = (self.last, encode(record))
        for num, (employer, body) in (contacts or {}).items():
            self.last += 1
            self.contacts[num] = (self.last, employer, encode(body))
        self.batches.append(self.last)

    def remove(self, companies: tuple[int, ...] = (), contacts: tuple[int, ...] = ()) -> None:
        for kind, table, nums in (("companies", self.companies, companies), ("contacts", self.contacts, contacts)):
            for num in nums:
                self.last += 1
                del table[num]
                self.tombstones.append((self.last, kind, num))
        self.batches.append(self.last)

    def position(self) -> Position:
        return Position(self.name, self.last, f"batch{self.last}")

    def has_batch(self, position: Position) -> bool:
        known = position.seq == 0 or position.seq in self.batches
        return known and position == Position(self.name, position.seq, f"batch{position.seq}")

    def counts(self) -> Counts:
        return Counts(
            len(self.companies),
            len(self.contacts),
            max(self.companies, default=-1) + 1,
            max(self.contacts, default=-1) + 1,
        )

    def changes(self, after: int, limit: int) -> Changes | None:
        ends = [seq for seq in self.batches if seq > after]
        if not ends:
            return None
        until = next((seq for seq in reversed(ends) if seq - after <= limit), ends[0])
        return self._between(after, until)

    def _between(self, after: int, until: int) -> Changes:
        companies = [(num, doc) for num, (seq, doc) in sorted(self.companies.items()) if after < seq <= until]
        contacts = [(num, at, doc) for num, (seq, at, doc) in sorted(self.contacts.items()) if after < seq <= until]
        gone = [(kind, num) for seq, kind, num in self.tombstones if after < seq <= until]
        return Changes(
            Position(self.name, until, f"batch{until}"),
            [num for num, _ in companies],
            [doc for _, doc in companies],
            [num for num, _, _ in contacts],
            [at for _, at, _ in contacts],
            [doc for _, _, doc in contacts],
            [num for kind, num in gone if kind == "companies"],
            [num for kind, num in gone if kind == "contacts"],
        )

    def scan(self, size: int, share: tuple[int, int] = (0, 1)) -> Iterator[Changes]:
        """All records: the companies belong to the first share, and the contacts are divided by num."""
        index, shares = share
        span = self.counts().next_contact
        everything = self._between(0, self.last)
        inside = [
            at for at, num in enumerate(everything.contact_nums) if span * index <= num * shares < span * (index + 1)
        ]
        yield replace(
            everything,
            company_nums=everything.company_nums if index == 0 else [],
            company_documents=everything.company_documents if index == 0 else [],
            contact_nums=[everything.contact_nums[at] for at in inside],
            contact_companies=[everything.contact_companies[at] for at in inside],
            contact_documents=[everything.contact_documents[at] for at in inside],
            deleted_companies=(),
            deleted_contacts=(),
        )

    def follow(self, name: str, seq: int) -> None:
        pass
