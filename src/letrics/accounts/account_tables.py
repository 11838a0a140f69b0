"""Copy the accounts of one database into another: users, tokens, sessions, links and attempts to sign in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from letrics.store.copying.comparing import Difference, compare_tables
from letrics.store.copying.copied_table import CopiedTable, empty_table, fill_table, table_of
from letrics.store.copying.copy_report import Report
from letrics.store.sql import SqlConnection, read_rows

ACCOUNTS: Final = (
    table_of(
        "user", "id email full_name role password_hash created_at disabled_at totp_secret totp_step", counted=True
    ),
    table_of(
        "token",
        "id user_id name scopes digest last_four created_at expires_at last_used_at revoked_at lowered_at",
        counted=True,
    ),
    table_of(
        "session",
        "id user_id digest created_at last_seen_at authenticated_at ends_at user_agent address",
        counted=True,
    ),
    table_of("link", "digest purpose email role invited_by created_at expires_at"),
    table_of("attempt", "key failures last_at blocked_until"),
    table_of("recovery_code", "digest user_id"),
    table_of("second_step", "digest user_id expires_at"),
    table_of("known_browser", "digest user_id expires_at"),
)
"""The tables, each after those that it refers to."""
LASTING: Final = tuple(table for table in ACCOUNTS if table.name in ("user", "token"))
"""The tables that a backup has. A session or a link that was ended must not be valid again after a restore."""
MIGRATIONS: Final = "accounts_migration"
"""The table of the migrations that were applied, in a database that also has records."""


def copy_accounts(
    source: SqlConnection, target: SqlConnection, report: Report, tables: Sequence[CopiedTable] = ACCOUNTS
) -> tuple[int, list[Difference]]:
    """Replace all accounts of the target by these tables of the source, as of one moment, and compare them.

    Returns the number of rows, and the tables that differ.
    """
    with source.reading():
        with target.writing():
            for table in reversed(ACCOUNTS):
                empty_table(target, table)
            for table in tables:
                report(table.name, 0, 0)
                fill_table(source, target, table)
        with target.reading():
            return compare_tables(source, target, tables, report)


def other_users(source: SqlConnection, target: SqlConnection) -> list[str]:
    """The email addresses of users that only the target has."""
    of_source, of_target = (
        {email for (email,) in read_rows(each, 'SELECT email FROM "user"')} for each in (source, target)
    )
    return sorted(of_target - of_source)
