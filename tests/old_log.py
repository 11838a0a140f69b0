"""A database as version 0.1.0 wrote it, in which any LinkedIn URL identified a contact."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from letrics.identity.keys import id_key, parts_of, personal_keys, profile_key
from letrics.records import Company, ContactBody, Email, encode
from letrics.store.connection import open_sqlite
from letrics.store.migrate import load_migrations, migrate

TIME: Final = "2026-01-01T00:00:00.000Z"
JANE: Final = (Email("jane@x.example", "personal"),)
URLS: Final = (
    ("https://www.linkedin.com/in/ada", "linkedin.com/in/ada"),
    ("https://www.linkedin.com/in/bob/de", "linkedin.com/in/bob/de"),
    ("https://www.linkedin.com/in/bob/en", "linkedin.com/in/bob/en"),
    ("https://www.linkedin.com/in/ada/de", "linkedin.com/in/ada/de"),
    ("https://linkedin.com/company/a", "linkedin.com/company/a"),
    ("https://x.example/in/jane", "x.example/in/jane"),
    ("https://www.linkedin.com/in/unavailable", "linkedin.com/in/unavailable"),
)
"""The URLs of contacts 0 to 6, and the profiles that they held in the version before."""


def write_old_log(path: Path) -> None:
    """Write the database, with one company and a contact for each URL."""
    connection = open_sqlite(path)
    migrate(connection, load_migrations("letrics.store.sqlite.migrations")[:3])
    company = Company(id="a.example", domain="a.example", first_seen_at=TIME, added_at=TIME, updated_at=TIME)
    connection.execute("INSERT INTO company VALUES (0, 1, 'a.example', ?)", (encode(company),))
    for num, (url, profile) in enumerate(URLS):
        emails = JANE if num == 5 else ()
        contact = ContactBody(id=str(num + 1), added_at=TIME, updated_at=TIME, linkedin_url=url, emails=emails)
        connection.execute(
            "INSERT INTO contact (num, seq, company, external, document, digest) VALUES (?, ?, 0, 1, ?, ?)",
            (num, num + 2, encode(contact), num + 100),
        )
        rows = [(*parts_of(key), num) for key in (id_key(contact.id), profile_key(profile), *personal_keys(emails))]
        connection.executemany("INSERT INTO contact_key VALUES (?, ?, ?)", rows)
    last = len(URLS) + 1
    connection.execute("INSERT INTO batch (seq, id) VALUES (?, 'x')", (last,))
    connection.execute(
        "UPDATE log SET seq = ?, next_company = 1, next_contact = ?, companies = 1, contacts = ?",
        (last, len(URLS), len(URLS)),
    )
    connection.close()
