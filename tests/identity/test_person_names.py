"""Names: which of them can be those of one person."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from letrics.identity.person_names import names_agree
from letrics.records import ContactBody

NOW = "2026-01-01T00:00:00.000Z"


def named(*parts: str | None) -> ContactBody:
    """A contact with a full name, or with a first and a last name."""
    if len(parts) == 1:
        return ContactBody(id="", added_at=NOW, updated_at=NOW, full_name=parts[0])
    first, last = parts
    full = " ".join(part for part in parts if part) or None
    return ContactBody(id="", added_at=NOW, updated_at=NOW, first_name=first, last_name=last, full_name=full)


@pytest.mark.parametrize(
    ("some", "other"),
    [
        (("Jane Doe",), (None,)),
        (("Jane Doe",), ("  ",)),
        ((None, None), ("Jane", "Doe")),
        (("Jane Doe",), ("JANE  doe",)),
        (("Jane Doe",), ("J. Doe",)),
        (("Jane Doe",), ("J Doe",)),
        (("Jane Doe",), ("Jane D.",)),
        (("J. Doe",), ("Jane D.",)),
        (("Jane Doe",), ("Jane",)),
        (("Jane Doe",), ("J.",)),
        (("Jane Doe",), ("Doe",)),
        (("Jane Doe",), ("Jane Miller",)),
        (("Jane", "Doe"), ("Jane", "Miller")),
        (("Jane", "Doe"), ("Doe, Jane",)),
        (("Jane Doe",), ("Doe Jane",)),
        (("Jane", "Doe"), (None, "Doe")),
        (("Jane", None), ("J", "Doe")),
        (("Alexander Smith",), ("Alex Smith",)),
        (("José Núñez",), ("Jose Nunez",)),
        (("Pat O’Brien",), ("P. O'Brien",)),
        (("Jean-Pierre Dupont",), ("Jean Pierre Dupont",)),
        (("Jean-Pierre", "Dupont"), ("J.-P. Dupont",)),
        (("Jane Marie Doe",), ("J. M. Doe",)),
        (("Dr. Jane Doe, PhD",), ("J. Doe",)),
        (("Prof. Dr. Jane Doe",), ("Jane Doe Ph.D.",)),
        (("Robert (Bob) Smith",), ("R. Smith",)),
        (("John Smith Jr.",), ("J. Smith",)),
        (("Smith, John, Jr.",), ("John Smith",)),
        (("María García López",), ("M. García",)),
        (("Ludwig van der Berg",), ("L. Berg",)),
        (("Иван Петров",), ("И. Петров",)),
        (("王小明",), ("小明", "王")),
        (("小明 王",), ("王小明",)),
        (("Jane", "."), ("Jane Doe",)),
    ],
)
def test_names_of_one_person_agree(some: tuple[str | None, ...], other: tuple[str | None, ...]) -> None:
    assert names_agree(named(*some), named(*other)) and names_agree(named(*other), named(*some))


@pytest.mark.parametrize(
    ("some", "other"),
    [
        (("Ann Archer",), ("Bob Baker",)),
        (("Ann Archer",), ("Bob Archer",)),
        (("Ann Archer",), ("A. Baker",)),
        (("Ann Archer",), ("Anna Baker",)),
        (("J. Doe",), ("J. Roe",)),
        (("Ann", None), ("Bob", None)),
        (("Ann", None), ("Bob", "Archer")),
        ((None, "Archer"), (None, "Baker")),
        (("Ann", None), (None, "Archer")),
        (("Ann", "Archer"), (None, "Baker")),
        (("Ann Archer",), ("Baker",)),
        (("Ann",), ("Bob",)),
        (("王小明",), ("王小红",)),
        (("王小明",), ("王",)),
        (("Иван Петров",), ("Ivan Petrov",)),
        (("Robert Smith",), ("Bob Smith",)),
        (("Archer, Ann",), ("Archer, Bob",)),
    ],
)
def test_names_of_two_persons_disagree(some: tuple[str | None, ...], other: tuple[str | None, ...]) -> None:
    assert not names_agree(named(*some), named(*other)) and not names_agree(named(*other), named(*some))


_texts = st.one_of(st.none(), st.text("aAbB .,-'é王小", max_size=8), st.text(max_size=10))
_parts = st.one_of(st.tuples(_texts), st.tuples(_texts, _texts))


@example((None, "A"), ("A.A小",))
@given(_parts, _parts)
def test_names_agree_is_reflexive_and_symmetric(some: tuple[str | None, ...], other: tuple[str | None, ...]) -> None:
    a, b = named(*some), named(*other)
    assert names_agree(a, a)
    assert names_agree(a, b) is names_agree(b, a)
