"""Integrity check of a log's database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from letrics.plurals import inflected
from letrics.store.base import StoreAway
from letrics.store.sql import SqlConnection, read_value
from letrics.store.tables.forgotten_checksums import forgotten_faults
from letrics.store.tables.id_key_faults import id_key_faults
from letrics.store.tables.import_batches import batch_faults
from letrics.store.tables.import_table import import_faults
from letrics.store.tables.log import counter_faults
from letrics.store.tables.malformed import malformed_documents
from letrics.store.tables.merged_companies import merged_company_faults
from letrics.store.tables.misplaced_contacts import misplaced_contact_faults
from letrics.store.tables.restored_states import restored_faults
from letrics.store.tables.state_faults import state_faults
from letrics.store.tables.stored_times import time_faults

_FAULTS: Final[tuple[tuple[str, str], ...]] = (
    (
        "SELECT count(*) FROM contact AS c WHERE NOT EXISTS (SELECT 1 FROM company WHERE num = c.company) "
        "AND c.company IS DISTINCT FROM (SELECT no_company FROM log)",
        "{contact belongs|contacts belong} to a company that does not exist",
    ),
    (
        "SELECT count(*) FROM (SELECT num FROM contact_key UNION ALL SELECT num FROM recent_key) AS k "
        "WHERE NOT EXISTS (SELECT 1 FROM contact WHERE num = k.num)",
        "identity {key points|keys point} to contacts that do not exist",
    ),
    (
        "SELECT count(*) FROM (SELECT num FROM company_key UNION ALL SELECT num FROM former_company_id) AS k "
        "WHERE NOT EXISTS (SELECT 1 FROM company WHERE num = k.num)",
        "{key or former id points|keys or former ids point} to companies that do not exist",
    ),
    (
        "SELECT count(*) FROM merged_company AS m WHERE NOT EXISTS (SELECT 1 FROM company WHERE num = m.kept) "
        "OR EXISTS (SELECT 1 FROM company WHERE num = m.num)",
        "{company is|companies are} merged into companies that do not exist, or still {exists|exist}",
    ),
    (
        "SELECT count(*) FROM (SELECT mark FROM contact_key UNION ALL SELECT mark FROM recent_key UNION ALL "
        "SELECT mark FROM company_key UNION ALL SELECT mark FROM merged_key) AS k "
        "WHERE mark NOT BETWEEN -2147483648 AND 2147483647",
        "{key has|keys have} a part of more than 32 bits",
    ),
    (
        "SELECT abs((SELECT count(*) FROM recent_key) - keys) FROM recent_state",
        "recent identity {key|keys} more or fewer than the database's counter",
    ),
    (
        "SELECT count(*) FROM former_id AS f WHERE NOT EXISTS (SELECT 1 FROM contact WHERE num = f.num)",
        "former {id points|ids point} to contacts that do not exist",
    ),
    (
        "SELECT count(*) FROM (SELECT first AS num FROM duplicate UNION ALL SELECT second FROM duplicate) AS d "
        "WHERE NOT EXISTS (SELECT 1 FROM contact WHERE num = d.num) "
        "AND NOT EXISTS (SELECT 1 FROM contact_merge WHERE gone = d.num)",
        "possible {duplicate is|duplicates are} of contacts that do not exist",
    ),
    (
        "SELECT count(*) FROM duplicate AS d WHERE status = 'merged' AND NOT EXISTS (SELECT 1 FROM contact_merge "
        "WHERE (kept = d.first AND gone = d.second) OR (kept = d.second AND gone = d.first))",
        "merged {pair is|pairs are} of no merge",
    ),
    (
        "SELECT count(*) FROM duplicate WHERE reason NOT IN ('email', 'request', 'merge') "
        "OR status NOT IN ('open', 'dismissed', 'merged')",
        "possible {duplicate has|duplicates have} no known reason or status",
    ),
    (
        "SELECT count(*) FROM merged_key AS m WHERE NOT EXISTS (SELECT 1 FROM contact WHERE num = m.num)",
        "identity {key|keys} of merged contacts {points|point} to contacts that do not exist",
    ),
    (
        "SELECT count(*) FROM contact_merge AS m WHERE NOT EXISTS (SELECT 1 FROM contact WHERE num = m.kept) "
        "AND NOT EXISTS (SELECT 1 FROM contact_merge AS o WHERE o.gone = m.kept)",
        "merged {contact is|contacts are} of contacts that do not exist",
    ),
    (
        "SELECT count(*) FROM company, log WHERE company.num >= log.next_company OR company.num < 0",
        "{company has|companies have} a num that the log has not assigned yet",
    ),
    (
        "SELECT count(*) FROM contact, log WHERE contact.num >= log.next_contact OR contact.num < 0",
        "{contact has|contacts have} a num that the log has not assigned yet",
    ),
    (
        "SELECT count(*) FROM (SELECT seq FROM company UNION ALL SELECT seq FROM contact UNION ALL SELECT seq FROM "
        "tombstone UNION ALL SELECT seq FROM batch) AS e, log WHERE e.seq > log.seq OR e.seq < 1",
        "{entry has|entries have} a seq outside the log",
    ),
    (
        "SELECT count(*) - count(DISTINCT seq) FROM (SELECT seq FROM company UNION ALL SELECT seq FROM contact UNION "
        "ALL SELECT seq FROM tombstone) AS e",
        "{entry has|entries have} the same seq as another entry",
    ),
    (
        "SELECT count(*) FROM tombstone, log WHERE num < 0 OR kind NOT IN (0, 1) OR (kind = 0 AND num >= next_company) "
        "OR (kind = 1 AND num >= next_contact)",
        "{deletion is|deletions are} of nums that the log has not assigned yet",
    ),
    (
        "SELECT abs((SELECT count(*) FROM company) - companies) FROM log",
        "{company|companies} more or fewer than the log's counter",
    ),
    (
        "SELECT abs((SELECT count(*) FROM contact) - contacts) FROM log",
        "{contact|contacts} more or fewer than the log's counter",
    ),
    (
        "SELECT count(*) FROM log WHERE seq > 0 AND seq NOT IN (SELECT seq FROM batch)",
        "{batch|batches} at the end of the log {is|are} missing",
    ),
)
"""Queries for the number of rows with a fault, and words that follow it (`letrics.plurals.inflected`)."""
_MANY: Final = 2
"""Any number that needs the plural."""

_CHECKS: Final[tuple[tuple[str, Callable[[SqlConnection], Iterator[str]]], ...]] = (
    ("documents", malformed_documents),
    ("ids of contacts", id_key_faults),
    ("companies of contacts", misplaced_contact_faults),
    ("former states", state_faults),
    ("imports", import_faults),
    ("batches of imports", batch_faults),
    ("restored states", restored_faults),
    ("merged companies", merged_company_faults),
    ("times", time_faults),
    ("counters", counter_faults),
    ("entries of the list of forgotten people", forgotten_faults),
)


def faults(connection: SqlConnection) -> Iterator[str]:
    """Descriptions of all inconsistencies of the tables, and of damaged documents and former states.

    A table that cannot be read is a fault, too, and does not keep the others from being checked.
    """
    for sql, words in _FAULTS:
        try:
            with connection.away():
                count = read_value(connection, sql)
        except StoreAway as error:
            yield f"{error}; not checked: {inflected(_MANY, words)}"
            continue
        if count:
            yield f"{count:,} {inflected(count, words)}"
    for words, check in _CHECKS:
        try:
            with connection.away():
                yield from check(connection)
        except StoreAway as error:
            yield f"{error}; not all {words} were checked"
