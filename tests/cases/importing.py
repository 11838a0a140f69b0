"""Input files of the case tests: how each is imported, and what is expected of it.

The inputs are in `inputs`. Next to `NAME.csv`, `NAME.contacts.jsonl` or `NAME.companies.jsonl` has the records after
the import, in order. Fields that are missing there are null or empty. Addresses are written `TYPE ADDRESS`, and
locations as the values of a location in order. A timestamp that is missing is the time of the import, an id that is
missing is the domain or a generated one, and `tld` is `example` for an invented domain.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from click.testing import CliRunner, Result

from letrics.cli import cli
from letrics.normalize.time import now
from letrics.records import KINDS, Company, Contact, Kind, Place

INPUTS: Final = Path(__file__).parent / "inputs"
TIMES: Final = ("added_at", "updated_at", "first_seen_at")
"""The fields that are the time of the import if nothing else is expected."""
GENERATED: Final = {"contacts": re.compile(r"c_[a-z2-7]{16}"), "companies": re.compile(r"co_[0-9a-z]{12}")}
"""Match the generated ids of each kind of record."""
COUNTS: Final = (
    "new", "changed", "unchanged", "companies_new", "companies_changed", "conflicts", "duplicates", "rejected",
    "warned", "company_rows", "companies_merged", "merged", "skipped",
)  # fmt: skip
"""The counts of a report that are compared."""

Rejected = tuple[int, str | None, str]
"""A line of the rejects file: its line and column, and part of its reason."""


@dataclass(frozen=True)
class Input:
    """An input file, how it is imported, and the expected report.

    `name` begins with the kind of its records. `counts` are those that are not zero. `before` are the inputs that are
    imported first. `form` makes the bytes of the file from those of the input, and `form_suffix` is then the end of its
    name. `says` are parts of what is printed. A `neutral` file has a name that says nothing about its records.
    """

    name: str
    counts: Mapping[str, int] = field(default_factory=dict)
    options: Sequence[str] = ()
    before: Sequence[str] = ()
    form: Callable[[bytes], bytes] = bytes
    form_suffix: str | None = None
    code: int = 0
    rejected: Sequence[Rejected] = ()
    warned: Sequence[Rejected] = ()
    says: Sequence[str] = ()
    ignored: Sequence[str] = ()
    neutral: bool = False

    @property
    def kind(self) -> Kind:
        return "companies" if self.name.startswith("companies") else "contacts"

    @property
    def label(self) -> str:
        return " ".join([self.name.rpartition(".")[0], *self.options, self.form_suffix or ""]).rstrip()


@dataclass(frozen=True)
class Imported:
    """The home after an import of `input`, the result of the command, and its times."""

    input: Input
    home: Path
    result: Result
    started: str
    ended: str
    rejects: Path

    def report(self) -> Any:
        return json.loads(self.result.stdout)

    def outcome(self) -> dict[str, Any]:
        """What is compared with `expected_outcome`. A reason that has the expected part is that part."""
        input, code = self.input, self.result.exit_code
        found = {"code": code, "says": [part for part in input.says if part in self.result.output]}
        if code not in (0, 1):
            return found
        report = self.report()
        lines = [json.loads(line) for line in self.rejects.read_bytes().splitlines()]
        return found | {
            "counts": {name: report[name] for name in COUNTS if report[name]},
            "ignored": report["ignored_columns"],
            "rejected": _named([line for line in lines if line["kind"] == "rejected"], input.rejected),
            "warned": _named([line for line in lines if line["kind"] == "warning"], input.warned),
            "records": {kind: self._records(kind) for kind in KINDS if _expected_file(input, kind).exists()},
        }

    def _records(self, kind: Kind) -> list[Any]:
        found, expected = exported(self.home, kind), expected_records(self.input, kind)
        expected += [{} for _ in found[len(expected) :]]
        return [self._plain(record, want) for record, want in zip(found, expected, strict=False)]

    def _plain(self, record: Any, expected: Any) -> Any:
        """The record as expected records are written, if its generated values and its times are valid."""
        kind = "companies" if "domain" in record else "contacts"
        plain = {name: value for name, value in record.items() if value not in (None, [])}
        for name in TIMES:
            if name not in expected and name in plain and self.started <= plain[name] <= self.ended:
                del plain[name]
        if "id" not in expected and (GENERATED[kind].fullmatch(record["id"]) or record["id"] == record.get("domain")):
            del plain["id"]
        if "tld" not in expected and str(record.get("domain")).endswith(".example") and record["tld"] == "example":
            del plain["tld"]
        if "emails" in plain:
            plain["emails"] = [f"{email['type']} {email['value']}" for email in plain["emails"]]
        if "locations" in plain:
            plain["locations"] = [[place[name] for name in Place.__struct_fields__] for place in plain["locations"]]
        if "company" in record:
            company = expected.get("company")
            plain["company"] = record["company"] and self._plain(record["company"], company or {})
        missing = {*(Company if kind == "companies" else Contact).__struct_fields__} - record.keys()
        return plain | dict.fromkeys(missing, "missing")


def _named(lines: Sequence[Mapping[str, Any]], expected: Sequence[Rejected]) -> list[Rejected]:
    """The lines of the rejects file, each reason shortened to the expected part of it."""
    parts = [part for _, _, part in expected] + ["" for _ in lines[len(expected) :]]
    return [
        (line["line"], line["field"], part if part and part in line["reason"] and line["raw"] else line["reason"])
        for line, part in zip(lines, parts, strict=False)
    ]


def letrics(home: Path, *words: object) -> Result:
    return CliRunner().invoke(cli, ["--home", str(home), *map(str, words)], prog_name="letrics")


def exported(home: Path, kind: Kind) -> list[Any]:
    """The records of a kind, in order."""
    result = letrics(home, "export", kind)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def _expected_file(input: Input, kind: Kind) -> Path:
    return INPUTS / f"{input.name.rpartition('.')[0]}.{kind}.jsonl"


def expected_records(input: Input, kind: Kind) -> list[Any]:
    return [json.loads(line) for line in _expected_file(input, kind).read_text("utf-8").splitlines()]


def expected_outcome(input: Input) -> dict[str, Any]:
    """What `Imported.outcome` must be."""
    expected = {"code": input.code, "says": list(input.says)}
    if input.code not in (0, 1):
        return expected
    return expected | {
        "counts": dict(input.counts),
        "ignored": list(input.ignored),
        "rejected": list(input.rejected),
        "warned": list(input.warned),
        "records": {kind: expected_records(input, kind) for kind in KINDS if _expected_file(input, kind).exists()},
    }


def run_import(input: Input, directory: Path) -> Imported:
    """Import an input into a new home in `directory`."""
    home, rejects, started = directory / "home", directory / "rejects.jsonl", now()
    for before in input.before:
        assert letrics(home, "import", INPUTS / before).exit_code == 0
    path = INPUTS / input.name
    if input.form is not bytes or input.form_suffix or input.neutral:
        path = directory / f"{'export' if input.neutral else path.stem}{input.form_suffix or path.suffix}"
        path.write_bytes(input.form((INPUTS / input.name).read_bytes()))
    words = ["--json", "import", path, "--rejects", rejects, *input.options]
    return Imported(input, home, letrics(home, *words), started, now(), rejects)
