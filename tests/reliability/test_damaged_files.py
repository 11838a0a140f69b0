"""Bits flipped at random places of the database, the saved index and the accounts: refused, rebuilt or reported.

DAMAGED_PLACES in the environment is the number of places in each file; `make reliability` takes 1,000 in all.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from pathlib import Path
from random import Random
from typing import Final

import pytest

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.settings import Home
from letrics.store.base import Store, StoreAway
from tests.default_backends import loaded_engine, open_store
from tests.default_backends import store_backend as backend_of

PLACES: Final = int(os.environ.get("DAMAGED_PLACES", "5"))
"""Places of each file at which a bit is flipped."""
RECORDS: Final = 60


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with records, a saved index and a user."""
    home = Home(tmp_path_factory.mktemp("whole") / "home").make()
    with open_store(home.database) as store:
        store.put_companies([CompanyPatch(domain=f"f{n}.example", name=f"Firm {n}") for n in range(RECORDS)])
        names = [f"Ann Number{n}" for n in range(RECORDS)]
        store.put_contacts(
            [
                ContactPatch(company=f"f{n}.example", full_name=name, job_title="Head of Sales", external_id=f"c{n}")
                for n, name in enumerate(names)
            ]
        )
        engine = loaded_engine(home.path, store)
        engine.engine.save(home.snapshot)  # type: ignore[attr-defined]
    with AccountsDatabase(home.accounts) as accounts:
        Users(accounts).add("ann@people.example", password="correct horse")
        Tokens(accounts).create("ann@people.example", "reading", ["read"])
    return home


def flipped(path: Path, random: Random) -> str:
    """Flip one bit of a file; returns where."""
    data = bytearray(path.read_bytes())
    place, bit = random.randrange(len(data)), random.randrange(8)
    data[place] ^= 1 << bit
    path.write_bytes(data)
    return f"{path.name} byte {place} bit {bit}"


def records(store: Store) -> list[bytes | None]:
    """All documents, by num."""
    nums = range(RECORDS)
    return [*store.documents("companies", nums), *store.documents("contacts", nums)]


def judge(home: Home, expected: list[bytes | None]) -> str:
    """Whether a damaged home is refused, reported or without a difference. Fails if it gives a wrong result."""
    try:
        with backend_of(home.database).open() as store:
            problems = store.integrity()
            if not problems:
                problems = loaded_engine(home.path, store).verify(store)
            if problems:
                assert all(isinstance(words, str) for words in problems)
                return "reported"
            assert records(store) == expected
            assert [store.find("contacts", f"c{n}") is not None for n in range(RECORDS)] == [True] * RECORDS
            return "without a difference"
    except StoreAway:
        return "refused"


@pytest.mark.parametrize("name", ["letrics.db", "index/bitmap.snapshot"])
def test_flipped_bit_never_gives_a_wrong_result(whole: Home, tmp_path: Path, seed: int, name: str) -> None:
    with open_store(whole.database) as store:
        expected = records(store)
    outcomes = Counter[str]()
    for number in range(PLACES):
        home = Home(tmp_path / "home")
        shutil.copytree(whole.path, home.path)
        where = flipped(home.path / name, Random(f"{seed} {number}"))
        try:
            outcomes[judge(home, expected)] += 1
        except BaseException as error:
            error.add_note(f"place {number} of seed {seed}: {where}")
            raise
        shutil.rmtree(home.path)
    sys.stdout.write(f"{name}: {dict(outcomes)}\n")


def test_flipped_bit_of_accounts_lets_nobody_in(whole: Home, tmp_path: Path, seed: int) -> None:
    outcomes = Counter[str]()
    for number in range(PLACES):
        path = tmp_path / "accounts.db"
        shutil.copy(whole.accounts, path)
        where = flipped(path, Random(f"{seed} {number}"))
        try:
            with AccountsDatabase(path) as accounts:
                problems = accounts.faults()
                users = Users(accounts).all()
                assert len(users) == 1 or problems
                outcomes["reported" if problems else "without a difference"] += 1
        except StoreAway:
            outcomes["refused"] += 1
        except BaseException as error:
            error.add_note(f"place {number} of seed {seed}: {where}")
            raise
    sys.stdout.write(f"accounts: {dict(outcomes)}\n")
