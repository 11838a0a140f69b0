"""Every peer returns the total and the page that a check of each record returns."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.peers import NAMES, peer
from benchmarks.peers.base import Peer
from benchmarks.peers.extract import extract
from benchmarks.peers.titles import Words
from letrics.engines.base import Window
from letrics.query import parse_request
from letrics.records import Kind
from tests.benchmarks.peer_world import INDUSTRIES, TECHNOLOGIES, TITLES, Judge, fill

pytest.importorskip("pyarrow", reason="the extract needs the package pyarrow")

_FILTERS: dict[str, tuple[Any, ...]] = {
    "job_titles": (
        ["manager"],
        ["finance manager"],
        ["c++"],
        ["a"],
        ["er"],
        ["営業"],
        ["r&d", "r & d"],
        ["node.js / r"],
        ["%"],
        ["_"],
        ["sales_m"],
        ["sales*m"],
        ["r?"],
        ["[le"],
        ["|b \\"],
        ["'s a"],
        ["no such"],
        ["e s"],
        ["बंधक"],
        [*TITLES, "vp, s"],
    ),
    "departments": (["Sales"], ["sales", "legal"], ["no such"]),
    "seniorities": (["VP"],),
    "locations": (["Europe"], ["Berlin, Germany", "Japan"], ["DACH"], ["nowhere at all"]),
    "industries": (list(INDUSTRIES[:2]), ["mining"]),
    "functions": (["agency"],),
    "technologies": (["c++"], list(TECHNOLOGIES[:5]), ["no such"]),
    "technologies_all": (["React", "PHP"], ["go", "no such"]),
    "tlds": (["uk"], ["com", "co.uk"]),
    "domains": (["company-1.com", "www.company-2.de", "unknown.com"], [f"company-{n}.com" for n in range(200)]),
}
_PLAIN: dict[str, tuple[Any, ...]] = {
    "has_linkedin_profile": (True,), "exclude_has_linkedin_profile": (True,),
    "primary_location_only": (True,), "added_after": ("2026-01-30",),
    "added_before": ("2026-01-30T23:59:00Z",), "first_seen_after": ("2026-01-01",), "updated_after": ("2026-01-29",),
    "updated_before": ("2026-01-30T23:59:59.999Z",), "employees_min": (2,), "founded_year_max": (1960,),
}  # fmt: skip
_OF_CONTACTS: dict[str, tuple[Any, ...]] = {
    "has_personal_email": (True,), "is_decision_maker": (True,), "company_has_generic_email": (True,),
    "contact_added_after": ("2026-01-30",), "contact_added_before": ("2026-01-30T23:59:59Z",),
}  # fmt: skip


def _asked(rng: random.Random) -> Iterator[tuple[Kind, dict[str, Any], Window]]:
    """Each filter by itself, wanted and not, then many together."""
    for kind in ("contacts", "companies"):
        contacts = kind == "contacts"
        arrays = {
            n: v for n, v in _FILTERS.items() if contacts or n not in ("job_titles", "departments", "seniorities")
        }
        both = arrays | {f"exclude_{name}": values for name, values in arrays.items()} | _PLAIN
        fields = both | (_OF_CONTACTS if contacts else {})
        singles: list[dict[str, Any]] = [{name: value} for name, values in fields.items() for value in values]
        mixed = [{n: rng.choice(fields[n]) for n in rng.sample(sorted(fields), rng.randint(2, 6))} for _ in range(60)]
        for body in [{}, *singles, *mixed]:
            after = rng.randrange(300) if rng.random() < 0.2 else None
            offset = 0 if after is not None else rng.choice((0, 0, 10, 1_000, 2_990, 20_000))
            yield kind, body, Window(rng.choice(("oldest", "newest")), offset, after, rng.choice((1, 25, 100)))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, seed: int) -> Path:
    made = tmp_path_factory.mktemp("peers") / "home"
    fill(made, random.Random(seed))
    return made


@pytest.fixture(scope="module")
def extracted(home: Path) -> Path:
    extract(home, home.parent / "extract", processes=1)
    return home.parent / "extract"


@pytest.fixture(scope="module", params=NAMES)
def built(request: pytest.FixtureRequest, extracted: Path) -> Iterator[Peer]:
    one = peer(request.param)
    missing = one.missing()
    if missing:
        pytest.skip(missing)
    directory = extracted.parent / request.param
    # A server that runs as another user must reach its directory.
    for parent in directory.parents[:4]:
        if parent.owner() == "root" and parent.stat().st_mode & 0o777 == 0o700:
            parent.chmod(0o711)
    figures = one.build(extracted, directory)
    assert figures.seconds > 0 and figures.disk_bytes > 100_000
    one.open(directory)
    yield one
    one.close()


def test_search_results_equal_a_check_of_each_record(built: Peer, home: Path, seed: int) -> None:
    judge = Judge(home)
    for kind, body, window in _asked(random.Random(seed)):
        request = parse_request(kind, body)
        assert built.search(request, window, 60.0) == judge.answer(request.query, window), (kind, body, window)


def test_memory_bytes_counts_memory_since_open(built: Peer) -> None:
    if built.name == "PostgreSQL":
        assert built.memory_bytes() > 1_000_000  # of its own processes
        return
    # A small database may use memory that the process had before, so its own cannot be measured.
    before = built.memory_bytes()
    held = bytearray(b"x") * 50_000_000
    assert 45_000_000 < built.memory_bytes() - before < 60_000_000
    del held


def test_search_out_of_time_returns_none(built: Peer) -> None:
    if built.name == "DuckDB":
        pytest.skip("an alarm may come after an immediate result")
    body = {"job_titles": [chr(letter) for letter in range(0x61, 0x7B)] * 10}
    assert built.search(parse_request("contacts", body), Window(), 1e-6) is None
    assert built.search(parse_request("contacts", {}), Window(), 60.0) is not None


def test_words_are_found_by_any_part() -> None:
    words = Words(["manager", "managers", "imager", "sales", "größe", "𝔘x"])
    assert set(words.containing("mana")) == {"manager", "managers"}
    assert set(words.containing("ager")) == {"manager", "managers", "imager"}
    assert words.ending("manager") == ["manager"]
    assert words.beginning("manager") == ["manager", "managers"]
    assert words.beginning("𝔘") == ["𝔘x"] and words.ending("ße") == ["größe"] and words.containing("q") == []
