"""Roles: what a user may do, and the most that the user's tokens and sessions may do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from letrics.accounts.principal import Scope

Role = Literal["viewer", "editor", "admin"]

SCOPES_OF: Final[dict[Role, frozenset[Scope]]] = {
    "viewer": frozenset({"read"}),
    "editor": frozenset({"read", "write"}),
    "admin": frozenset({"read", "write"}),
}
"""The scopes of each role, from the least to the most powerful one."""

ROLES: Final[tuple[Role, ...]] = tuple(SCOPES_OF)

DESCRIPTIONS: Final[dict[Role, str]] = {
    "viewer": "Can search and export records, and create API tokens that read.",
    "editor": "Can also delete records, and create API tokens that write.",
    "admin": "Can also manage users and revoke everyone's API tokens.",
}
"""What a role allows, each in addition to the one before it."""


def scopes_within(role: Role, scopes: Iterable[Scope]) -> frozenset[Scope]:
    """The scopes a token has in effect. `write` includes `read`, and every role has `read`, which always remains."""
    return frozenset(scopes) & SCOPES_OF[role] or frozenset({"read"})


class BeyondRole(ValueError):
    """A token was asked for that may do more than its owner."""

    def __init__(self, email: str, role: Role, scope: Scope) -> None:
        enough = next(name for name in ROLES if scope in SCOPES_OF[name])
        super().__init__(
            f"{email} is {'an' if role[0] in 'ae' else 'a'} {role}, whose tokens cannot have the scope {scope}: "
            f"an admin can change the role, to {enough} for example"
        )
