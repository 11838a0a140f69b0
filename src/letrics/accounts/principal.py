"""Who is calling, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Scope = Literal["read", "write"]
SCOPES: Final[tuple[Scope, ...]] = ("read", "write")


@dataclass(frozen=True, slots=True)
class Principal:
    """The holder of a good token: `scopes` as granted, where write includes read."""

    user_id: int
    token_id: int
    scopes: frozenset[Scope]

    def may(self, scope: Scope) -> bool:
        return scope in self.scopes or (scope == "read" and "write" in self.scopes)
