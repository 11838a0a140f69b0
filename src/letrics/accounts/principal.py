"""The principal of a request: the caller and its scopes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Scope = Literal["read", "write"]
SCOPES: Final[tuple[Scope, ...]] = ("read", "write")


@dataclass(frozen=True, slots=True)
class Principal:
    """The holder of a valid token, or a signed-in user (`token_id` is 0).

    `scopes` are those in effect; `write` includes `read`.
    """

    user_id: int
    token_id: int
    scopes: frozenset[Scope]

    def may(self, scope: Scope) -> bool:
        return scope in self.scopes or (scope == "read" and "write" in self.scopes)
