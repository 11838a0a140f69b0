"""The workloads are unchanged, the program accepts every search, and the mix has the documented shares."""

from __future__ import annotations

import hashlib

import pytest

from benchmarks.data.domains import domain
from benchmarks.workloads import Search, encode, load, path_of
from benchmarks.workloads.draw import SIZE, mix
from letrics.query import parse_request

_HARD_DIGEST = "cf3a6d07278e3d2ee51fcb0b807b99e06ce37797725867cb594a27e17a029676"
"""Of the hard searches that the committed results were measured with."""


def test_draw_of_mix_equals_committed_file() -> None:
    assert path_of("mix").read_bytes() == encode(mix())


def test_hard_searches_are_those_of_the_results() -> None:
    assert hashlib.sha256(path_of("hard").read_bytes()).hexdigest() == _HARD_DIGEST


@pytest.mark.parametrize("name", ["mix", "hard"])
@pytest.mark.parametrize("companies", [10, 1_000_000])
def test_parse_request_accepts_every_search(name: str, companies: int) -> None:
    for search in load(name, companies):
        parse_request(search.kind, search.body)
        assert search.titles == any("job_titles" in field for field in search.body)


def test_mix_has_the_documented_shares() -> None:
    searches = load("mix", 1_000)
    assert len(searches) == SIZE

    def share(held: list[bool]) -> float:
        return sum(held) / SIZE

    assert share(["page" in search.body for search in searches]) == pytest.approx(0.2, abs=0.05)
    assert share([search.body.get("order") == "newest" for search in searches]) == pytest.approx(0.25, abs=0.05)
    assert share([search.body.get("per_page") == 100 for search in searches]) == pytest.approx(0.1, abs=0.03)
    assert share([search.name.startswith("sync: ") for search in searches]) == pytest.approx(0.3, abs=0.05)
    assert not any("page" in search.body for search in searches if search.walk > 1)


def test_hard_searches_have_distinct_names() -> None:
    names = [search.name for search in load("hard", 1_000)]
    assert len(set(names)) == len(names)


def test_load_lists_of_domains_depend_on_size() -> None:
    small, large = (
        next(search.body["domains"] for search in load("hard", companies) if "domains" in search.body)
        for companies in (100, 1_000_000)
    )
    assert set(small) <= set(map(domain, range(110)))
    assert 9_000 < len(large) <= 10_000


def test_search_at_depth_becomes_a_page() -> None:
    search = Search("deep", "contacts", {"per_page": 10}, False, depth=0.5)
    assert search.at(1_001).body == {"per_page": 10, "page": 51}
    assert Search("last", "contacts", {}, False, depth=1.0).at(26).body == {"page": 2}
    assert Search("none", "contacts", {}, False, depth=1.0).at(0).body == {"page": 1}
    assert search.at(5).depth is None
    plain = Search("plain", "contacts", {}, False)
    assert plain.at(1_000) is plain
