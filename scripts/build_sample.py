"""Build the bundled sample: companies.jsonl.gz and contacts.jsonl.gz, the same bytes on every run.

    python -m scripts.build_sample SOURCE_DIR [--out DIR] [--companies N] [--contacts N]

SOURCE_DIR holds the open data files named in scripts/sample/sources.py. The companies and their facts are real; the
people are invented. src/letrics/sample/README.md says what is which.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from letrics.normalize.time import parse_time
from scripts.sample.choosing import choose_firms
from scripts.sample.companies import company_row
from scripts.sample.contacts import contact_rows, share_out
from scripts.sample.files import write_rows
from scripts.sample.people import People
from scripts.sample.places import Gazetteer
from scripts.sample.technologies import Technologies
from scripts.sample.titles import Titles

DEFAULT_OUT = Path(__file__).parents[1] / "src" / "letrics" / "sample"


@click.command()
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=DEFAULT_OUT, show_default=True)
@click.option("--companies", type=click.IntRange(1), default=6_000, show_default=True)
@click.option("--contacts", type=click.IntRange(1), default=26_000, show_default=True)
def build(source: Path, out: Path, companies: int, contacts: int) -> None:
    """Make the sample from the open data in SOURCE."""
    out.mkdir(parents=True, exist_ok=True)
    company_file = company_rows(source, companies)
    contact_file = all_contacts(source, company_file, contacts)
    for name, rows in (("companies", company_file), ("contacts", contact_file)):
        size = write_rows(out / f"{name}.jsonl.gz", rows)
        click.echo(f"{len(rows):,} {name}, {size:,} bytes")


def company_rows(source: Path, count: int) -> list[dict[str, Any]]:
    """The rows of the companies file, in the order in which they were added."""
    gazetteer, technologies = Gazetteer(source), Technologies(source)
    rows = [company_row(firm, gazetteer, technologies) for firm in choose_firms(source, count)]
    return sorted(rows, key=_order)


def all_contacts(source: Path, companies: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """The rows of the contacts file, in the order in which they were added; each has a unique id."""
    people, titles = People(), Titles(source)
    shares = share_out([company["domain"] for company in companies], count)
    rows = [
        row for company in companies for row in contact_rows(company, shares.get(company["domain"], 0), people, titles)
    ]
    rows.sort(key=_order)
    return [{"id": f"sample-{number:05d}"} | row for number, row in enumerate(rows, 1)]


def _order(row: dict[str, Any]) -> tuple[int, str]:
    return parse_time(row["added_at"]), str(row.get("domain") or row["company_domain"])


if __name__ == "__main__":
    build()
