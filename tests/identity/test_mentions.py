"""Texts that mention people."""

from __future__ import annotations

import json
import random

import pytest

from letrics.identity.mentions import Mentions
from letrics.records import ContactBody, Email

_MOMENT = "2026-01-01T00:00:00.000Z"
_WORDS = ("ann", "bea", "cleo", "dan", "eve", "finn", "gus", "hana", "ida", "jon", "kim", "lea", "max", "nina")
_LETTERS = "abcdefghijklmnopqrstuvwxyzäéøł"


def person(
    emails: tuple[str, ...] = (), profile: str | None = None, first: str | None = None, last: str | None = None
) -> ContactBody:
    return ContactBody(
        id="x", emails=tuple(Email(email, "personal") for email in emails), linkedin_url=profile,
        first_name=first, last_name=last, added_at=_MOMENT, updated_at=_MOMENT,
    )  # fmt: skip


def mentions(*people: ContactBody) -> Mentions:
    made = Mentions()
    for each in people:
        made.add(each)
    return made


ANN = person(("ann.o'hara@acme.example",), "https://www.linkedin.com/in/ann-o-hara-1", "Ann", "O’Hara")


@pytest.mark.parametrize(
    "text",
    [
        "Ann.O'Hara@ACME.example,x", "x;<ann.o'hara@acme.example>;", "mailto:ann.o'hara@acme.example",
        '{"email":"ann.o\'hara@acme.example"}', "'ann.o'hara@acme.example'.",
        "de.linkedin.com/in/Ann-O-Hara-1/overlay/x", "|http://linkedin.com/in/ann-o-hara-1?trk=1|",
        "O'Hara, Ann", "1,ANN,O´HARA,", "Ánn Maria O’Hara", r'{"n":"\u0041nn O\u2019Hara"}',
    ],
)  # fmt: skip
def test_text_that_mentions_a_person_is_found(text: str) -> None:
    assert mentions(ANN).are_in(text)


@pytest.mark.parametrize(
    "text",
    ["", "Ann", "O'Hara", "ann@acme.example", "bea.o'hara@acme.example", "linkedin.com/in/ann-ohara-12", "@",
     "Annie O'Haras"],
)  # fmt: skip
def test_text_that_mentions_another_person_is_not_found(text: str) -> None:
    assert not mentions(ANN).are_in(text)


def test_person_without_anything_is_mentioned_nowhere() -> None:
    nobody = mentions(person(first="Ann"))
    assert not nobody
    assert not nobody.are_in("Ann")


def test_generic_address_identifies_nobody() -> None:
    info = ContactBody(id="x", emails=(Email("info@a.example", "generic"),), added_at=_MOMENT, updated_at=_MOMENT)
    assert not mentions(info)


@pytest.mark.parametrize("mention", ["ann.o'hara@acme.example", "O’Hara, Ann", "linkedin.com/in/ann-o-hara-1"])
@pytest.mark.parametrize("before", [0, 65_530, 66_550, 131_060, 300_000])
def test_person_is_found_anywhere_in_a_long_text(mention: str, before: int) -> None:
    text = "\ufdfa " * (before // 2) + f" {mention} " + "é " * 100_000
    assert mentions(ANN).are_in(text)
    assert not mentions(ANN).are_in(text.replace(mention, "Ann"))


def test_without_leaves_the_shape_of_a_value() -> None:
    value = {"a": ["Ann O'Hara", 1, None, {"b": "Bea", "c": "ann.o'hara@acme.example"}], "d": True}
    assert mentions(ANN).without(value) == {"a": ["", 1, None, {"b": "Bea", "c": ""}], "d": True}


def test_random_people_are_found_in_rows_of_any_form(seed: int) -> None:
    rng = random.Random(seed)

    def word() -> str:
        return "".join(rng.choices(_LETTERS, k=rng.randint(4, 9)))

    for number in range(200):
        first, last = rng.choice(_WORDS), f"{word()}{rng.choice(['', '-' + word(), ' ' + word()])}"
        email, profile = f"p{number}.{rng.choice(_WORDS)}@a.example", f"https://www.linkedin.com/in/p-{number}"
        gone = mentions(person((email,), profile, first, last))
        cells = rng.choice([[email], [profile + "/"], [first, last], [last, first.upper()], [f"{last}, {first}"]])
        cells = [word(), *cells, word()]
        row = rng.choice(
            [rng.choice(",;\t|").join(cells), json.dumps(dict(enumerate(cells))), ",".join(f'"{c}"' for c in cells)]
        )
        assert gone.are_in(row), row
        others = [word().title(), f"p{number + 1000}.ann@a.example", profile.replace("/p-", "/q-"), first]
        assert not gone.are_in(";".join(others)), others
