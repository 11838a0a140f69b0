"""Report what the upgrade to roles changed for users. The process that applied the upgrade reports it, once.

The command line prints the report to standard error, a server writes it to its log. It contains no secrets.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from letrics.store.sql import SqlConnection

NO_ADMIN: Final = (
    "no user is an admin, so no one can manage users: make a user an admin with letrics user role EMAIL admin"
)
"""The message for a database that has users but no enabled admin."""

_log: Final = logging.getLogger("letrics.accounts")


def report_roles(connection: SqlConnection) -> None:
    """Log the tokens that lost the scope `write`, and a warning if no user is an admin.

    A new database has neither, so nothing is logged for it.
    """
    lowered = connection.execute(
        'SELECT token.id, token.name, u.email FROM token JOIN "user" AS u ON u.id = token.user_id '
        "WHERE lowered_at IS NOT NULL ORDER BY token.id"
    ).fetchall()
    if lowered:
        named = ", ".join(f"{id} ({name}) of {email}" for id, name, email in lowered)
        _log.warning(
            "upgrade: users who are not admins are viewers now, and their API tokens may only read. Tokens that lost "
            "the scope write: %s. To let a user write again: letrics user role EMAIL editor, then create a new token",
            named,
        )
    users, admins = connection.execute(
        """SELECT count(*), count(*) FILTER (WHERE role = 'admin' AND disabled_at IS NULL) FROM "user\""""
    ).fetchone() or (0, 0)
    if users and not admins:
        _log.warning("upgrade: %s", NO_ADMIN)
