"""A copy of the program with added filters: rows in its catalogue, and declarations of new record fields.

The copy runs in separate processes, so that no other test sees the added rows.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60.0
EMAIL, PASSWORD = "ann@people.example", "correct horse"

KNOWN_FIELD_ROW = """
    Field("phones", "contains", "The phone contains one of these.", "555", _contact("phone", "text", "phone"), None),
"""
"""A filter by a record field that no other filter uses."""

FACTS = """
TAGS: Final = _company("tags", "values", "tags")
REVENUE: Final = _company("revenue", "number", "revenue")
PUBLIC: Final = _company("is_public", "flag", "is_public", _true)
FUNDED: Final = _company("funded", "time", "funded_at")
SLOGAN: Final = _company("slogan", "text", "slogan")
NICKNAME: Final = _contact("nickname", "text", "nickname")
"""
ROWS = """
    Field("tags", "equals", "The company has one of these tags.", "blue", TAGS, TAGS),
    Field("tags_all", "all", "The company has all of these tags.", "blue", TAGS, TAGS),
    *_numbers("revenue", "The company's revenue is", "1000", REVENUE),
    _flag("is_public", "Only public companies.", PUBLIC, PUBLIC),
    *_range("funded", "The company was funded", FUNDED, FUNDED),
    Field("slogans", "contains", "The company's slogan contains one of these.", "simple", SLOGAN, SLOGAN),
    Field("nicknames", "contains", "The contact's nickname contains one of these.", "bob", NICKNAME, None),
"""
COMPANY_FIELDS = """
    tags: Annotated[tuple[str, ...], RecordField("Tags of the company.", "texts")] = ()
    revenue: Annotated[int | None, RecordField("Revenue in a year.", "count")] = None
    is_public: Annotated[bool | None, RecordField("Whether its shares are traded.", "flag")] = None
    funded_at: Annotated[str | None, RecordField("When the company was last funded.", "time")] = None
    slogan: Annotated[str | None, RecordField("The motto of the company.", "text")] = None
"""
CONTACT_FIELDS = """
    nickname: Annotated[str | None, RecordField("The familiar name of the contact.", "text")] = None
"""

_CATALOGUE = "CATALOGUE: Final[tuple[Field, ...]] = (\n"
_COMPANY = "class Company(msgspec.Struct, frozen=True, kw_only=True):\n"
_CONTACT = "class ContactBody(msgspec.Struct, frozen=True, kw_only=True):\n"


def copy_with_filters(path: Path, new_record_fields: bool) -> Program:
    """Copy the program to `path` and add the rows: only that of a known record field, or all."""
    source = ROOT / "src" / "letrics"
    shutil.copytree(source, path / "letrics", ignore=shutil.ignore_patterns("__pycache__"))
    fields, records = path / "letrics" / "fields.py", path / "letrics" / "records.py"
    if new_record_fields:
        _insert(fields, _CATALOGUE, FACTS + "\n" + _CATALOGUE + ROWS.lstrip("\n") + KNOWN_FIELD_ROW.lstrip("\n"))
        for head, declared in ((_COMPANY, COMPANY_FIELDS), (_CONTACT, CONTACT_FIELDS)):
            _insert_in_class(records, head, declared)
    else:
        _insert(fields, _CATALOGUE, _CATALOGUE + KNOWN_FIELD_ROW.lstrip("\n"))
    return Program(path)


def _insert(path: Path, anchor: str, text: str) -> None:
    source = path.read_text("utf-8")
    assert source.count(anchor) == 1, f"{path} no longer has one line {anchor!r}"
    path.write_text(source.replace(anchor, text), "utf-8")


def _insert_in_class(path: Path, head: str, fields: str) -> None:
    """Add fields before `added_at`, the last but one of both records."""
    before, found, after = path.read_text("utf-8").partition(head)
    body, last, rest = after.partition("    added_at:")
    assert found and last, f"{path} no longer declares {head!r} with added_at"
    path.write_text(before + head + body + fields.lstrip("\n") + last + rest, "utf-8")


@dataclass(frozen=True)
class Program:
    """The copy in the directory `source`."""

    source: Path

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LETRICS_")}
        return kept | {"PYTHONPATH": f"{self.source}{os.pathsep}{ROOT}", "PYTHONDONTWRITEBYTECODE": ""}

    def python(self, *arguments: str, stdin: str = "", cwd: Path | None = None) -> str:
        """Run Python with the copy as `letrics`; returns its standard output."""
        done = subprocess.run(
            [sys.executable, *arguments], input=stdin, capture_output=True, text=True, env=self.environment(),
            cwd=cwd or self.source, timeout=8 * PATIENCE_SECONDS, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{arguments} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def letrics(self, home: Path, *arguments: str, stdin: str = "") -> str:
        """Run a command of the copy; returns its standard output."""
        command, *rest = arguments
        return self.python("-m", "letrics.cli", command, *rest, "--home", str(home), stdin=stdin)

    def write_reference(self) -> None:
        """Put the manual into the package, as a wheel has it, and write its generated parts again."""
        manual = self.source / "letrics" / "web" / "docs" / "manual"
        shutil.copytree(ROOT / "docs", manual, ignore=shutil.ignore_patterns("images", "decisions"))
        script = """
import sys, pathlib
from scripts.write_reference import outdated
for file, text in outdated(pathlib.Path(sys.argv[1])).items():
    file.write_text(text, "utf-8")
"""
        self.python("-c", script, str(manual))

    @contextmanager
    def serving(self, home: Path) -> Iterator[httpx.Client]:
        """Serve `home` on a free port; yields a client with a token, which is also signed in to the pages."""
        self.letrics(home, "user", "add", EMAIL, "--password-stdin", stdin=PASSWORD + "\n")
        token = self.letrics(home, "token", "create", "--user", EMAIL, "--name", "test").strip()
        command = [sys.executable, "-m", "letrics.cli", "serve", "--home", str(home), "--port", "0"]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.environment(), cwd=self.source
        )
        try:
            assert process.stdout is not None
            url = re.search(r"http://[0-9.]+:[0-9]+", process.stdout.readline())
            assert url, process.communicate()[1]
            headers = {"Authorization": f"Bearer {token}"}
            with httpx.Client(base_url=url[0], headers=headers, timeout=PATIENCE_SECONDS) as client:
                _sign_in(client)
                yield client
        finally:
            process.kill()
            process.communicate()


def _sign_in(client: httpx.Client) -> None:
    csrf = re.search(r'name="csrf" value="([^"]+)"', client.get("/signin").text)
    assert csrf
    form = {"csrf": csrf[1], "email": EMAIL, "password": PASSWORD}
    done = client.post("/signin", data=form, headers={"Sec-Fetch-Site": "same-origin"})
    assert done.status_code == 303, done.text
