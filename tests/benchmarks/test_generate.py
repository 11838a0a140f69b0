"""Generated data is the same for the same seed, and has the shapes that benchmarks/generate.py promises."""

from __future__ import annotations

import gzip
import itertools
import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from benchmarks.data.contacts import employers
from benchmarks.data.domains import domain, domains
from benchmarks.data.draws import CROWDED, DAY, Draws, times, zipf
from benchmarks.data.titles import titles
from benchmarks.generate import generate, imports, nights
from letrics.normalize.time import format_time, parse_time

COMPANIES, CONTACTS, SEED = 300, 4_000, 7


def _rows(path: Path) -> list[dict[str, Any]]:
    return msgspec.json.Decoder(dict[str, Any]).decode_lines(path.read_bytes())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("generated")
    generate(out, COMPANIES, CONTACTS, SEED)
    nights(out, COMPANIES, CONTACTS, SEED, 2)
    imports(out, COMPANIES, CONTACTS, SEED, 50)
    return out


def test_generate_same_seed_makes_same_bytes(made: Path, tmp_path: Path) -> None:
    again = generate(tmp_path, COMPANIES, CONTACTS, SEED)
    assert [path.read_bytes() for path in again] == [(made / path.name).read_bytes() for path in again]
    other = generate(tmp_path / "other", COMPANIES, CONTACTS, SEED + 1)
    assert other[1].read_bytes() != again[1].read_bytes()


def test_generate_existing_file_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "companies.jsonl").write_bytes(b"mine")
    one, _ = generate(tmp_path, 3, 5, SEED)
    assert one.read_bytes() == b"mine"
    assert not list(tmp_path.glob("*.part"))


def test_company_rows_have_the_promised_shape(made: Path) -> None:
    rows = _rows(made / "companies.jsonl")
    assert [row["domain"] for row in rows] == [domain(number) for number in range(COMPANIES)]
    assert {len(row["locations"]) for row in rows} == {1, 2, 3, 4, 5}
    assert max(len(row["technologies"]) for row in rows) <= 15 and [] in [row["technologies"] for row in rows]
    crowd = sum(CROWDED <= parse_time(row["added_at"]) < CROWDED + DAY for row in rows)
    assert 0.4 < crowd / COMPANIES < 0.6
    assert all(row["first_seen_at"] <= row["added_at"] <= row["updated_at"] for row in rows)
    countries = Counter(row["locations"][0]["country"] for row in rows)
    assert countries.most_common(1)[0][0] == "United States"


def test_contact_rows_have_the_promised_shape(made: Path) -> None:
    rows = _rows(made / "contacts.jsonl")
    assert [row["id"] for row in rows] == [f"c{number}" for number in range(CONTACTS)]
    known = set(map(domain, range(COMPANIES)))
    assert {row["company_domain"] for row in rows} <= known
    assert all(email.endswith("@" + row["company_domain"]) for row in rows for email in row["emails"])
    at = [row["company_domain"] for row in rows]
    assert sum(one == other for one, other in itertools.pairwise(at)) < CONTACTS / 4  # not company by company
    assert any(row["job_title"] is None for row in rows) and any(row["seniority"] is None for row in rows)
    assert any(not row["last_name"].isascii() for row in rows)


def test_employers_few_companies_have_most_contacts() -> None:
    """A tenth of what the whole data has: the largest company scales with it."""
    sizes = np.sort(np.bincount(employers(100_000, 1_000_000, 1), minlength=1_000_000))[::-1]
    assert sizes[0] > 2_000
    assert sizes[:100].sum() < 20_000


def test_titles_are_distinct_and_of_many_kinds() -> None:
    found = titles(120_000, 1)
    assert len(set(found)) == len(found) == 120_000
    assert found[:120_000] != titles(120_000, 2)
    for part in ("C++", "R&D", "UX/UI", ".NET", "VP, Sales", "営業", "经理", "영업", "Менеджер", "Geschäftsführer"):
        assert any(part in title for title in found[:5_000]), part
    assert len({word for title in found for word in re.findall(r"[^\W_]+", title.casefold())}) > 25_000
    assert all(title == title.strip() and len(title) <= 200 for title in found)


def test_nights_change_20_percent_of_the_companies(made: Path) -> None:
    known = set(map(domain, range(COMPANIES)))
    seen: set[str] = set()
    changed: list[set[str]] = []
    for companies, contacts in nights(made, COMPANIES, CONTACTS, SEED, 2):
        rows = _rows(companies)
        changed.append({row["domain"] for row in rows} & known)
        assert len(changed[-1]) == pytest.approx(COMPANIES * 0.2, rel=0.1)
        assert all(2 <= len(row) < 7 for row in rows if row["domain"] in known)
        people = _rows(contacts)
        new = [row["id"] for row in people if int(row["id"][1:]) >= CONTACTS]
        assert len(new) == CONTACTS * 0.002
        assert len(people) == len({row["id"] for row in people}) == CONTACTS * 0.005
        assert not seen & set(new)
        seen |= set(new)
    assert changed[0] != changed[1]


def test_imports_are_new_changed_and_unchanged(made: Path) -> None:
    old = {row["id"]: row for row in _rows(made / "contacts.jsonl")}
    new, changed, unchanged = (_rows(path) for path in imports(made, COMPANIES, CONTACTS, SEED, 50))
    assert len(new) == len(changed) == len(unchanged) == 50
    assert min(int(row["id"][1:]) for row in new) >= 2 * CONTACTS
    assert all(row == old[row["id"]] for row in unchanged)
    for row in changed:
        assert row["job_title"] != old[row["id"]]["job_title"]
        assert row | {"job_title": None} == old[row["id"]] | {"job_title": None}
    assert not {row["id"] for row in changed} & {row["id"] for row in unchanged}


def test_generate_parquet_and_gzip_have_the_same_rows(made: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    for path in generate(tmp_path, COMPANIES, CONTACTS, SEED, formats=("parquet",)):
        rows = parquet.read_table(path).to_pylist()
        wanted = _rows(made / f"{path.stem}.jsonl")
        for row in rows:
            times_of = {name: value for name, value in row.items() if name.endswith("_at")}
            row |= {name: format_time(round(value.timestamp() * 1000)) for name, value in times_of.items()}
            for place in row.get("locations", ()):
                if place["region"] is None:  # a column knows no absent member
                    del place["region"]
        assert rows == wanted
    for path in generate(tmp_path, COMPANIES, CONTACTS, SEED, compressed=True):
        assert gzip.decompress(path.read_bytes()) == (made / path.name.removesuffix(".gz")).read_bytes()


def test_pick_domains_and_times_match_plain_versions() -> None:
    picked = Draws(1).pick(zipf(1_000, 1.0), 100_000)
    sizes = np.bincount(picked, minlength=1_000)
    assert sizes[0] / sizes[9] == pytest.approx(10, rel=0.2)
    numbers = [0, 1, 999_999, *(random.Random(3).randrange(10**8) for _ in range(100))]
    assert domains(np.array(numbers)) == list(map(domain, numbers))
    assert times(np.array([0, CROWDED + 1]))[0] + "Z" == format_time(0)
