"""Removes forgotten people from where the tables have them besides contacts: former states, merges, companies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, Final

from msgspec.structs import replace

from letrics.identity.forgotten import ForgottenPeople, keys_of_record
from letrics.identity.sifting import remaining_addresses
from letrics.records import UNREADABLE, ContactBody, decode_company, decode_contact, encode
from letrics.store.sql import Row, SqlConnection, read_rows
from letrics.store.tables.checksums import checksum_of
from letrics.store.tables.log import Numbers

_MAX_NEEDLES: Final = 24
"""The most texts that the database looks for. With more, all rows are decoded."""
_PART: Final = 5_000
"""Rows in memory at a time."""


class Needles:
    """Texts of which the document of a person has one, in lower case: addresses and the last part of profiles."""

    def __init__(self) -> None:
        self._texts: dict[str, None] = {}

    def add(self, contact: ContactBody) -> None:
        """Add the texts of a person."""
        texts = [email.value for email in contact.emails if email.type == "personal"]
        if contact.linkedin_url:
            texts.append(contact.linkedin_url.rstrip("/").rpartition("/")[-1])
        self._texts.update(dict.fromkeys(_lower(text) for text in texts if text))

    def add_text(self, text: str) -> None:
        """Add an address or the last part of a profile."""
        self._texts[_lower(text)] = None

    def condition(self, connection: SqlConnection, columns: Sequence[str]) -> tuple[str, tuple[str, ...]]:
        """A condition on columns with documents, and its values."""
        if len(self._texts) > _MAX_NEEDLES:
            return "TRUE", ()
        terms = [(connection.contains(column), text) for column in columns for text in self._texts]
        return " OR ".join(f"({term})" for term, _ in terms) or "FALSE", tuple(text for _, text in terms)


def _lower(text: str) -> str:
    """The text with ASCII letters in lower case, which is what both databases make of a document."""
    return "".join(char.lower() if char.isascii() else char for char in text)


EVERYTHING: Final = None
"""No texts to look for: all rows are decoded."""


def sweep_states(
    connection: SqlConnection, numbers: Numbers, now: str, people: ForgottenPeople, needles: Needles | None
) -> int:
    """Remove former states of contacts and merges that are of forgotten people, and addresses of theirs that companies
    have, inside the caller's transaction. Returns the number of companies that changed.

    `needles` are texts of the people, EVERYTHING to decode all rows.
    """
    for key, documents in _rows(connection, "contact_before", ("import", "num"), ("document",), needles):
        if _are_of(people, documents):
            connection.execute("DELETE FROM contact_before WHERE import = ? AND num = ?", key)
    for key, documents in _rows(
        connection, "contact_merge", ("id",), ("kept_before", "kept_after", "document"), needles
    ):
        if _are_of(people, documents):
            connection.execute("DELETE FROM contact_merge WHERE id = ?", key)
    for key, documents in _rows(connection, "company_before", ("import", "num"), ("document",), needles):
        left = _without_people(documents[0], people)
        if left is not None:
            more = checksum_of(key[1], left) - checksum_of(key[1], documents[0])  # so that damage stays damage
            connection.execute(
                "UPDATE company_before SET document = ?, checksum = checksum + ? WHERE import = ? AND num = ?",
                (left, more, *key),
            )
    changed = []
    for (num,), documents in _rows(connection, "company", ("num",), ("document",), needles):
        left = _without_people(documents[0], people, now)
        if left is not None:
            changed.append((left, checksum_of(num, left) - checksum_of(num, documents[0]), num))
    seqs = numbers.take_seqs(len(changed))
    connection.executemany(
        "UPDATE company SET seq = ?, document = ?, checksum = checksum + ? WHERE num = ?",
        [(seq, *row) for seq, row in zip(seqs, changed, strict=True)],
    )
    return len(changed)


def _rows(
    connection: SqlConnection, table: str, key: Sequence[str], documents: Sequence[str], needles: Needles | None
) -> Iterable[tuple[Row, Row]]:
    """The keys and documents of the rows that may be of the people."""
    names = ", ".join(key)
    where, values = ("TRUE", ()) if needles is None else needles.condition(connection, documents)
    if where == "FALSE":
        return
    after: tuple[Any, ...] = ()
    while True:
        beyond = f"AND ({names}) > ({', '.join('?' * len(key))})" if after else ""
        sql = (
            f"SELECT {names}, {', '.join(documents)} FROM {table} WHERE ({where}) {beyond} "  # noqa: S608
            f"ORDER BY {names} LIMIT {_PART}"
        )
        rows = read_rows(connection, sql, (*values, *after))
        for row in rows:
            yield row[: len(key)], row[len(key) :]
        if len(rows) < _PART:
            return
        after = rows[-1][: len(key)]


def _are_of(people: ForgottenPeople, documents: Row) -> bool:
    """Whether one of the documents is of a forgotten person, by an id, a profile or an address."""
    for document in documents:
        with suppress(*UNREADABLE):
            if people.known(keys_of_record(decode_contact(document), (), True).keys):
                return True
    return False


def _without_people(document: bytes, people: ForgottenPeople, now: str | None = None) -> bytes | None:
    """The document of a company without their addresses, changed at `now`; None if it has none."""
    with suppress(*UNREADABLE):
        company = decode_company(document)
        kept = remaining_addresses(company.emails, people)
        if len(kept) < len(company.emails):
            return encode(replace(company, emails=kept, updated_at=now or company.updated_at))
    return None
