"""Roles: what a user may do, and the upper limit of what the user's tokens and sessions may do."""

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
    "editor": "Can also delete and import records, and create API tokens that write.",
    "admin": "Can also manage users and revoke everyone's API tokens.",
}
"""What each role allows, in addition to the role before it."""


def is_within(role: Role, other: Role) -> bool:
    """Whether `role` allows nothing that `other` does not."""
    return ROLES.index(role) <= ROLES.index(other)


def scopes_within(role: Role, scopes: Iterable[Scope]) -> frozenset[Scope]:
    """The effective scopes of a token with `scopes` whose owner has `role`.

    `write` includes `read`. Every role has `read`, so at least `read` remains.
    """
    return frozenset(scopes) & SCOPES_OF[role] or frozenset({"read"})


class BeyondRole(ValueError):
    """The requested token would have a scope that its owner's role does not have."""

    def __init__(self, email: str, role: Role, scope: Scope) -> None:
        enough = next(name for name in ROLES if scope in SCOPES_OF[name])
        super().__init__(
            f"{email} is {'an' if role[0] in 'ae' else 'a'} {role}, whose tokens cannot have the scope {scope}: "
            f"an admin can change the role, for example to {enough}"
        )
