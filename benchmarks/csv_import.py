"""Import of a CSV file with the columns of a prospecting tool, in which rows have their company's columns, too.

    python -m benchmarks.csv_import [--contacts 1000000] [--companies 100000] [--data DIR] [--seed N] [--rounds 1]
        [--against DIR]

Writes the generated contacts as such a file, and prints JSON: rows a second and CPU microseconds a row of reading and
mapping on one core, then for `letrics import` into an empty home the rows a second to its last commit, the seconds of
the whole command, and the highest memory of its processes. With `--against`, the checkout DIR of another commit
does the same alternately, and the ratios of the medians are printed.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks import generate
from benchmarks.stages.bench import ROOT, environment
from benchmarks.stages.imports import measured_import

_COLUMNS: Final = (
    "First Name", "Last Name", "Title", "Email", "Mobile Phone", "Person Linkedin Url", "Apollo Contact Id", "Company",
    "Website", "Company Linkedin Url", "# Employees", "Industry", "Technologies", "Founded Year", "City", "State",
    "Country", "Stage", "Lists",
)  # fmt: skip
"""The header of the file. The last two columns have no field."""


def write_export(data: Path, companies: int, contacts: int, seed: int) -> Path:
    """Write the file unless it exists; returns its path."""
    path = data / "export.csv"
    if not path.exists():
        company_file, contact_file = generate.generate(data, companies, contacts, seed)
        part = path.with_suffix(".part")
        with part.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_COLUMNS)
            writer.writerows(_rows(company_file, contact_file))
        part.rename(path)
    return path


def _rows(company_file: Path, contact_file: Path) -> Iterator[list[Any]]:
    with company_file.open("rb") as companies, contact_file.open("rb") as contacts:
        of_company = {company["domain"]: _company_cells(company) for company in map(json.loads, companies)}
        for number, contact in enumerate(map(json.loads, contacts)):
            yield [
                contact["first_name"], contact["last_name"], contact["job_title"], ", ".join(contact["emails"]),
                f"'+1 555-{number:07}" if number % 3 == 0 else "", contact["linkedin_url"], contact["id"],
                *of_company[contact["company_domain"]], "Cold", "",
            ]  # fmt: skip


def _company_cells(company: dict[str, Any]) -> list[Any]:
    place = (company["locations"] or [{}])[0]
    return [
        company["name"], company["website"], company["linkedin_url"], company["employees"],
        ", ".join(company["industries"]), ", ".join(company["technologies"]), company["founded_year"],
        place.get("city"), place.get("region"), place.get("country"),
    ]  # fmt: skip


_READ: Final = """
import gc, json, sys, time
from contextlib import ExitStack
from letrics.cli.import_columns import map_columns, read_column_choices, sample_file
from letrics.ingest.cell_rules import CellRules, complete_rules
from letrics.ingest.conversion import converter_for
from letrics.ingest.mapped_source import map_source
from letrics.ingest.parts import ROWS, read_parts
from letrics.ingest.source import read_source
from letrics.ingest.text_rules import TextRules
with ExitStack() as stack:
    sample = sample_file(sys.argv[1], TextRules(None, None), stack)
    mapping = map_columns([sample], "contacts", read_column_choices((), None), False, None)[0]
    rules = complete_rules(CellRules(), mapping, sample.rows)
    opened = read_source(sample.file, TextRules(None, None))
    mapper = map_source(opened, "contacts", mapping, None, rules)
    reading = converter_for(mapper)
    gc.disable()
    started = time.process_time()
    parts = read_parts(getattr(opened, "blocks", None) or opened.rows, reading, ROWS, int)
    rows = sum(part.rows for part in parts)
    print(json.dumps({"read_and_map_us": (time.process_time() - started) / rows * 1e6, "rows": rows}))
"""
"""Reads and maps all rows in one thread."""


def measure(source: Path, export: Path) -> dict[str, float]:
    """The figures of one round with the program in the checkout `source`."""
    with tempfile.TemporaryDirectory(dir=export.parent) as directory:
        home = Path(directory) / "home"
        found = measured_import(home, "--kind", "contacts", export, source=source)
        command = [sys.executable, "-c", _READ, str(export)]
        read = json.loads(subprocess.check_output(command, env=environment(home, source)))
    if read["rows"] != found["rows"] or found["new"] + found["changed"] != found["rows"]:
        raise RuntimeError(f"rows are missing: {read}, {found}")
    return {
        "read_and_map_us": read["read_and_map_us"],
        "read_and_map_rows_per_second": 1e6 / read["read_and_map_us"],
        "written_rows_per_second": found["rows"] / found["written_s"],
        "whole_s": found["whole_s"],
        "peak_mb": found["peak_bytes"] / 1e6,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--companies", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--data", type=Path, help="default: benchmarks/.data/csv-CONTACTS")
    parser.add_argument("--against", type=Path, help="a checkout of the commit to compare with")
    given = parser.parse_args()
    data = given.data or Path(__file__).parent / ".data" / f"csv-{given.contacts}"
    export = write_export(data, given.companies, given.contacts, given.seed)
    sources = {"this": ROOT} | ({"other": given.against} if given.against else {})
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name in sources}
    for _ in range(given.rounds):
        for name, source in sources.items():
            rounds[name].append(measure(source, export))
            print(json.dumps({name: rounds[name][-1]}), flush=True)
    medians = {name: {key: median(one[key] for one in found) for key in found[0]} for name, found in rounds.items()}
    if given.against:
        this, other = medians["this"], medians["other"]
        medians["ratio"] = {key: this[key] / other[key] for key in this}
    print(json.dumps(medians, indent=2))


if __name__ == "__main__":
    main()
