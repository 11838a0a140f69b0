"""Suggestions for a search without results."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs

from letrics.accounts.principal import Principal
from letrics.web.explorer.page_state import PageState
from letrics.web.explorer.without_filter import Alternative, alternatives

READER = Principal(1, 0, frozenset({"read"}))


def ways(query: str, totals: dict[str, int], refused: str = "") -> tuple[list[Alternative], int]:
    """The suggestions, if the search without the field of a key has that total; and the number of searches."""
    state = PageState.of("contacts", query.encode())
    fields = {name for name, _ in state.filters}
    searches = 0

    async def ask(method: str, path: str, body: bytes, principal: Principal) -> tuple[int, bytes]:
        nonlocal searches
        searches += 1
        assert (method, body, principal) == ("GET", b"", READER)
        (gone,) = fields - set(parse_qs(path.partition("?")[2]))
        if gone == refused:
            return 400, b'{"errors": []}'
        return 200, b'{"meta": {"total": %d}}' % totals.get(gone, 0)

    return asyncio.run(alternatives(state, ask, READER)), searches


def test_alternatives_are_the_pages_with_results_largest_first() -> None:
    found, _ = ways(
        "job_titles=a&job_titles=b&locations=Berlin&departments=Sales&page=2",
        {"job_titles": 3, "departments": 70, "locations": 0},
    )
    assert found == [
        Alternative("Departments", "/explore/contacts?job_titles=a&job_titles=b&locations=Berlin", 70),
        Alternative("Job titles", "/explore/contacts?locations=Berlin&departments=Sales", 3),
    ]


def test_alternatives_name_exclusions_and_skip_refused_searches() -> None:
    found, _ = ways("exclude_locations=Berlin&job_titles=x", {"exclude_locations": 1, "job_titles": 9}, "job_titles")
    assert found == [Alternative("Exclude locations", "/explore/contacts?job_titles=x", 1)]


def test_alternatives_try_a_bounded_number_of_filters() -> None:
    names = [f"unknown{number}" for number in range(30)]
    found, searches = ways("&".join(f"{name}=1" for name in names), dict.fromkeys(names, 1))
    assert len(found) == searches == 8
