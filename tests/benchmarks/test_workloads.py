"""The workloads are what their script draws, every search is one the program accepts, and the shares are as told."""

from __future__ import annotations

import pytest

from benchmarks.data.domains import domain
from benchmarks.workloads import Search, load, path_of, written
from benchmarks.workloads.draw import SIZE, mix
from benchmarks.workloads.hard import hard
from letrics.query import parse_request


def test_files_are_what_the_script_draws() -> None:
    assert path_of("mix").read_bytes() == written(mix())
    assert path_of("hard").read_bytes() == written(hard())


@pytest.mark.parametrize("name", ["mix", "hard"])
@pytest.mark.parametrize("companies", [10, 1_000_000])
def test_every_search_is_accepted(name: str, companies: int) -> None:
    for search in load(name, companies):
        parse_request(search.kind, search.body)
        assert search.titles == any("job_titles" in field for field in search.body)


def test_shares_of_the_mix() -> None:
    searches = load("mix", 1_000)
    assert len(searches) == SIZE

    def share(held: list[bool]) -> float:
        return sum(held) / SIZE

    assert share(["page" in search.body for search in searches]) == pytest.approx(0.2, abs=0.05)
    assert share([search.body.get("order") == "newest" for search in searches]) == pytest.approx(0.25, abs=0.05)
    assert share([search.body.get("per_page") == 100 for search in searches]) == pytest.approx(0.1, abs=0.03)
    assert share([search.name.startswith("sync: ") for search in searches]) == pytest.approx(0.3, abs=0.05)
    assert not any("page" in search.body for search in searches if search.walk > 1)


def test_hard_searches_have_names_of_their_own() -> None:
    names = [search.name for search in load("hard", 1_000)]
    assert len(set(names)) == len(names)


def test_lists_of_domains_depend_on_the_size() -> None:
    small, large = (
        next(search.body["domains"] for search in load("hard", companies) if "domains" in search.body)
        for companies in (100, 1_000_000)
    )
    assert set(small) <= set(map(domain, range(110)))
    assert 9_000 < len(large) <= 10_000


def test_a_depth_becomes_a_page_once_the_total_is_known() -> None:
    search = Search("deep", "contacts", {"per_page": 10}, False, depth=0.5)
    assert search.at(1_001).body == {"per_page": 10, "page": 51}
    assert Search("last", "contacts", {}, False, depth=1.0).at(26).body == {"page": 2}
    assert Search("none", "contacts", {}, False, depth=1.0).at(0).body == {"page": 1}
    assert search.at(5).depth is None
    plain = Search("plain", "contacts", {}, False)
    assert plain.at(1_000) is plain
