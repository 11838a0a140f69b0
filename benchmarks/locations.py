"""The accuracy of the interpretation of locations, on headquarters of real companies.

`python -m benchmarks.locations [--wrong]` prints by written form the shares of locations that get the right country,
none and a wrong one. The right country is that of the column of countries. The first form has the columns themselves,
so its share says how many countries are recognised. `--wrong` lists the locations that are not right.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from letrics.normalize.place import complete_place, split_places
from letrics.records import Place

HEADQUARTERS: Final = Path(__file__).parent / "data" / "headquarters.csv"
"""Locations of listed companies, in the columns city, state, postal_code and country."""

Row = dict[str, str]

FORMS: Final[dict[str, Callable[[Row], str]]] = {
    "city, country": lambda row: f"{row['city']}, {row['country']}",
    "city country": lambda row: f"{row['city']} {row['country']}",
    "country - city": lambda row: f"{row['country']} - {row['city']}",
    "CITY (COUNTRY)": lambda row: f"{row['city']} ({row['country']})".upper(),
    "code city, country": lambda row: f"{row['postal_code']} {row['city']}, {row['country']}",
    "city, state, country": lambda row: f"{row['city']}, {row['state']}, {row['country']}",
    "street, city, state code, country": lambda row: (
        f"12 Main Street, {row['city']}, {row['state']} {row['postal_code']}, {row['country']}"
    ),
    "Greater city Area, country": lambda row: f"Greater {row['city']} Area, {row['country']}",
    "city, state code": lambda row: f"{row['city']}, {row['state']} {row['postal_code']}",
    "city, state": lambda row: f"{row['city']}, {row['state']}",
    "city": lambda row: row["city"],
}
"""Texts of a row. A form that names the state is only measured on rows that have one."""
_STATES: Final = ("United States", "Canada", "Australia")
"""Countries in whose addresses a state is usual without a country."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A location in a written form, with the country of its columns and the country that its text gives."""

    form: str
    text: str
    expected: str | None
    given: str | None


def judge(path: Path = HEADQUARTERS) -> list[Judged]:
    """Interpret all locations of the file in all forms."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    judged = []
    for row in rows:
        country = _of_columns(row).country_code
        judged.append(Judged("columns", ", ".join(row.values()), country or "?", country))
        for form, write in FORMS.items():
            if _is_usual(form, row):
                text = write(row)
                judged.append(Judged(form, text, country, _of_text(text)))
    return judged


def _of_columns(row: Row) -> Place:
    return complete_place(row["city"], row["state"], row["country"], None)


def _of_text(text: str) -> str | None:
    places = [complete_place(None, None, None, one) for one in split_places(text)]
    return places[0].country_code if len(places) == 1 else "several"


def _is_usual(form: str, row: Row) -> bool:
    if not row["city"] or ("code" in form and not row["postal_code"]):
        return False
    return "state" not in form or (bool(row["state"]) and ("country" in form or row["country"] in _STATES))


def shares(judged: Sequence[Judged]) -> tuple[float, float, float]:
    """The shares of locations with the right country, no country and a wrong one."""
    right = sum(one.given is not None and one.given == one.expected for one in judged)
    none = sum(one.given is None for one in judged)
    return right / len(judged), none / len(judged), (len(judged) - right - none) / len(judged)


def report(judged: Sequence[Judged]) -> Iterable[str]:
    """One line by form."""
    yield f"{'form':<36}{'locations':>10}{'right':>9}{'none':>9}{'wrong':>9}"
    for form in dict.fromkeys(one.form for one in judged):
        chosen = [one for one in judged if one.form == form]
        right, none, wrong = shares(chosen)
        yield f"{form:<36}{len(chosen):>10}{right:>9.4f}{none:>9.4f}{wrong:>9.4f}"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measure the interpretation of locations.")
    parser.add_argument("--wrong", action="store_true", help="list the locations that are not right")
    parser.add_argument("--file", type=Path, default=HEADQUARTERS, help="a CSV file with the same columns")
    options = parser.parse_args(arguments)
    judged = judge(options.file)
    if options.wrong:
        for one in judged:
            if one.given != one.expected:
                print(one.form, one.text, "expected", one.expected, "given", one.given, sep=" | ")
    print(*report(judged), sep="\n")


if __name__ == "__main__":
    main()
