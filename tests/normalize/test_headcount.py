"""Numbers of people and size bands, also those that a spreadsheet turned into dates."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.normalize.headcount import MAX_HEADCOUNT, read_headcount
from tests.hostile import texts


@pytest.mark.parametrize(
    "text",
    [
        "1200",
        "1,200",
        "1 200",
        "1.200",
        "1'200",
        "1’200",
        "1\u00a0200",
        "1\u202f200",
        "1200.0",
        "1200.00",
        "1.2k",
        "1,2k",
        "1.2 K",
        "~1200",
        "ca. 1200",
        "≈ 1,200",
        "about 1200",
        "1200 employees",
        "1,200 Mitarbeiter",
        "1200 (est.)",
        "'1200",
        " 1200 ",
        "1200 FTE",
        "1200-1200",
        "1.20k",
    ],
)
def test_read_headcount_of_a_number_is_exact(text: str) -> None:
    assert read_headcount(text) == (1200, 1200)


@pytest.mark.parametrize(
    "text",
    [
        "11-50",
        "11–50",
        "11—50",
        "11 - 50",
        "11 to 50",
        "11 bis 50",
        "11 à 50",
        "11 a 50",
        "between 11 and 50",
        "11-50 employees",
        "11-50 Mitarbeiter",
        "11 – 50 people",
        "Nov-50",
        "50-Nov",
        "Nov 50",
        "Nov-1950",
        "01-Nov-50",
        "1950-11-01",
        "1950-11-01 00:00:00",
        "nov.-50",
        "c_00011_00050",
    ],
)
def test_read_headcount_of_a_band_has_both_ends(text: str) -> None:
    assert read_headcount(text) == (11, 50)


@pytest.mark.parametrize(
    "text", ["2-10", "10-Feb", "Feb-10", "02-Oct", "2. Okt", "10-févr.", "2026-02-10", "10 Feb 2026"]
)
def test_read_headcount_of_a_date_is_the_band(text: str) -> None:
    assert read_headcount(text) == (2, 10)


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("1,001-5,000", 1001, 5000),
        ("1.001–5.000", 1001, 5000),
        ("1 001 - 5 000", 1001, 5000),
        ("1-5k", 1000, 5000),
        ("1K-5K", 1000, 5000),
        ("500-1k", 500, 1000),
        ("10001+", 10_001, None),
        ("10,001+ employees", 10_001, None),
        ("10k+", 10_000, None),
        ("2.5k", 2500, 2500),
        ("1M", 1_000_000, 1_000_000),
        ("1.5 million", 1_500_000, 1_500_000),
        ("<10", None, 9),
        ("<=10", None, 10),
        ("up to 50", None, 50),
        (">500", 501, None),
        ("≥500", 500, None),
        ("1000 or more", 1000, None),
        ("more than 500", 501, None),
        ("Self-employed", 1, 1),
        ("Myself only", 1, 1),
        ("Jan-10", 1, 10),
        ("10-Jan", 1, 10),
        ("11-Oct", 10, 11),
        ("20-Nov", 11, 20),
        ("May-9", 5, 9),
        ("0", 0, 0),
        ("0-1", 0, 1),
        ("c_10001_max", 10_001, None),
        ("1,234,567", 1_234_567, 1_234_567),
        ("1.000", 1000, 1000),
        ("über 1.000 Beschäftigte", 1000, None),
        ("moins de 10 salariés", None, 10),
        ("1,000 - 4,999", 1000, 4999),
    ],
)
def test_read_headcount_of_each_form(text: str, least: int | None, most: int | None) -> None:
    assert read_headcount(text) == (least, most)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "+",
        "many",
        "1.5",
        "12,5",
        "1,20",
        "1-2-3",
        "50-11",
        "<0",
        "-5",
        "1e5",
        "employees",
        "Foo-50",
        "10-",
        "5.000,00",
        "2026-01-05 10:00",
        f"{MAX_HEADCOUNT + 1}",
        "9" * 99,
        "1,2,3",
        "1200 USD",
    ],
)
def test_read_headcount_refuses_other_text(text: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        read_headcount(text)


_pieces = st.sampled_from(
    ["1", "50", "000", ",", ".", " ", "-", "k", "+", "<", "to", "Nov", "employees", "c_", "about", "'"]
)


@given(texts() | st.lists(_pieces, max_size=8).map("".join))
def test_read_headcount_of_any_text_has_ordered_ends(text: str) -> None:
    with contextlib.suppress(ValueError):
        least, most = read_headcount(text)
        assert 0 <= (least or 0) <= (MAX_HEADCOUNT if most is None else most)
        assert read_headcount(f"{least}-{most}" if None not in (least, most) else text) == (least, most)
