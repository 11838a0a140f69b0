"""Suggestions for a search without results: the total without each of its filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import msgspec

from letrics.accounts.principal import Principal
from letrics.web.explorer.controls import control_of
from letrics.web.explorer.page_state import PageState
from letrics.web.explorer.words import label
from letrics.web.site import Ask

_MOST: Final = 8
"""Maximum number of filters that are tried. Each needs one search."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A page without one of the filters, and its total."""

    label: str
    href: str
    total: int


async def alternatives(state: PageState, ask: Ask, principal: Principal) -> list[Alternative]:
    """Return the pages without one filter that have results, largest total first. Tries the first _MOST filters."""
    controls = control_of(state.kind)
    found: list[Alternative] = []
    for name in list(dict.fromkeys(name for name, _ in state.filters))[:_MOST]:
        gone = tuple(pair for pair in state.filters if pair[0] == name)
        fewer = PageState(state.kind, tuple(pair for pair in state.pairs if pair not in gone))
        query = fewer.search((), page="1", per_page="1")
        status, body = await ask("GET", f"/v1/{state.kind}?{query}", b"", principal)
        response: dict[str, Any] = msgspec.json.decode(body)
        if status == 200 and response["meta"]["total"]:
            control = controls.get(name)
            shown = control.label if control and not name.startswith("exclude_") else label(name)
            found.append(Alternative(shown, state.link(without=gone), response["meta"]["total"]))
    return sorted(found, key=lambda one: -one.total)
