"""A saved index is a cache, never a source: if anything is wrong with it, results are those of the log."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.backends.bitmap import FollowedBitmapEngine
from letrics.engines.bitmap import BitmapEngine
from letrics.identity.patches import CompanyPatch
from letrics.store.base import Store
from tests.conformance.asked import Asked
from tests.conformance.world import COMPANIES, CONTACTS, person
from tests.default_backends import open_store
from tests.engines.bitmap.snapshot_files import change_fields, sections

Told = list[str]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "letrics.db") as opened:
        opened.put_companies(COMPANIES)
        opened.put_contacts(CONTACTS)
        yield opened


@pytest.fixture
def saved(store: Store, tmp_path: Path) -> Path:
    """A snapshot of the small set, with an overlay."""
    engine = BitmapEngine()
    engine.load(store)
    store.put_contacts([person("p6", "alpha.de", "Overlaid Manager", 7)])
    while engine.catch_up(store):
        pass
    engine.save(tmp_path / "index" / "snapshot")
    return tmp_path / "index" / "snapshot"


def start(store: Store, snapshot: Path) -> tuple[Asked, Told]:
    """A new engine started from `snapshot`, and the progress it reported."""
    told: Told = []
    engine = FollowedBitmapEngine(BitmapEngine(budget_ms=60_000, suggestion_ms=60_000), snapshot, [])
    engine.load(store, lambda text, done, of: told.append(text))
    return Asked(engine, store), told


def rebuilt(told: Told) -> bool:
    return "reading records" in told


def right(asked: Asked) -> bool:
    return (
        asked.contacts(job_titles=["manager"]) == ["p0", "p5", "p6"]
        and asked.contacts(job_titles=["overlaid manager"]) == ["p6"]
        and asked.contacts(exclude_industries=["software"], added_after="2026-01-01") == ["p2", "p4"]
        and asked.companies(locations=["Germany"]) == ["alpha", "beta"]
        and asked.contacts(domains=["beta.co.uk"], is_decision_maker=True) == ["p2"]
    )


def test_round_trip(store: Store, saved: Path) -> None:
    asked, told = start(store, saved)
    assert right(asked) and not rebuilt(told)
    assert saved.stat().st_mode & 0o077 == 0
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]


def test_what_changed_after_it_was_saved_is_caught_up(store: Store, saved: Path) -> None:
    store.put_companies([CompanyPatch(domain="beta.co.uk", industries=("Mining",))])
    store.delete("contacts", [4])
    asked, told = start(store, saved)
    assert asked.contacts(industries=["mining"]) == ["p2"] and not rebuilt(told)


def test_suggested_domains_include_saved_and_later_ones(store: Store, saved: Path) -> None:
    store.put_companies([CompanyPatch(domain="omega.de")])
    asked, told = start(store, saved)
    found = asked.unmatched("companies", domains=["alpa.de", "alpha.fr", "omgea.de", "quitedifferent.de"])
    assert [near for *_, near in found] == [("alpha.de",), ("alpha.de",), ("omega.de",), ()] and not rebuilt(told)


def test_no_snapshot(store: Store, tmp_path: Path) -> None:
    asked, told = start(store, tmp_path / "none")
    assert asked.contacts(job_titles=["manager"]) == ["p0", "p5"] and rebuilt(told)


def test_of_another_log(saved: Path, tmp_path: Path) -> None:
    other = open_store(tmp_path / "other.db")
    other.put_companies(COMPANIES)
    other.put_contacts(CONTACTS[:3])
    other.put_contacts([person(f"x{n}", "alpha.de", "Stranger", 9) for n in range(9)])
    asked, told = start(other, saved)
    assert rebuilt(told) and len(asked.contacts(job_titles=["stranger"])) == 9
    other.close()


def test_newer_than_the_log(store: Store, saved: Path, tmp_path: Path) -> None:
    """A database restored from a backup: the same log, but what the snapshot knows was never in it."""
    store.close()
    shutil.copy(tmp_path / "letrics.db", tmp_path / "backup.db")
    later = open_store(tmp_path / "letrics.db")
    later.put_contacts([person("p7", "alpha.de", "Lost Manager", 8)])
    newer = BitmapEngine()
    newer.load(later, saved)
    newer.save(saved)
    later.close()
    restored = open_store(tmp_path / "backup.db")
    asked, told = start(restored, saved)
    assert rebuilt(told) and right(asked)
    restored.put_contacts([person("p8", "alpha.de", "Other History", 8)])  # takes the seq the lost one had
    asked, told = start(restored, saved)
    assert rebuilt(told) and right(asked) and asked.contacts(job_titles=["history"]) == ["p8"]
    restored.close()


@pytest.mark.parametrize(("place", "bit"), [(0.0, 1), (0.5, 128), (1.0, 1)])
def test_a_flipped_bit_in_any_section(store: Store, saved: Path, place: float, bit: int) -> None:
    """Every eighth section at each place, others at other places; all of them where DAMAGED_PLACES is set."""
    good = saved.read_bytes()
    trusted = []
    first, step = (0, 1) if os.environ.get("DAMAGED_PLACES") else (int(place * 2), 8)
    for name, (offset, size) in list(sections(saved).items())[first::step]:
        at = offset + int((size - 1) * place)
        bad = bytearray(good)
        bad[at] ^= bit
        saved.write_bytes(bad)
        asked, told = start(store, saved)
        assert right(asked), f"byte {at} of {name}"
        if not rebuilt(told):
            trusted.append((name, at))
    assert trusted == []


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.9, 0.99])
def test_truncated(store: Store, saved: Path, part: float) -> None:
    data = saved.read_bytes()
    saved.write_bytes(data[: int(len(data) * part)])
    asked, told = start(store, saved)
    assert right(asked) and rebuilt(told)


@pytest.mark.parametrize("content", [b"", b"x", b"\0" * 5_000, b"LETRICSX" * 700, b"SQLite format 3\0" * 99])
def test_something_else_altogether(store: Store, saved: Path, content: bytes) -> None:
    saved.write_bytes(content)
    asked, told = start(store, saved)
    assert right(asked) and rebuilt(told)


def test_a_tail_or_a_byte_too_many(store: Store, saved: Path) -> None:
    data = saved.read_bytes()
    for bad in (data + b"\0", b"\0" + data, data + data):
        saved.write_bytes(bad)
        asked, told = start(store, saved)
        assert right(asked) and (rebuilt(told) or bad == data + data)


def test_made_under_another_meaning_of_the_fields(store: Store, saved: Path) -> None:
    change_fields(saved)
    asked, told = start(store, saved)
    assert right(asked) and rebuilt(told)
