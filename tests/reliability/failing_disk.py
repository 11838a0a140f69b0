"""Runs commands of which one write or sync fails: the program of a process that has `failing_disk.c` preloaded.

Its arguments are a directory for homes, the error number, and how many points of each scenario are tried (0: all). It
prints one line for each scenario, and ends with 1 and a description of the first point that goes wrong.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from click.testing import CliRunner, Result

from letrics.backends import open_backends
from letrics.cli import cli
from letrics.settings import Home, Settings

BATCH: Final = 8
ROWS: Final = 40


class Disk:
    """What the preloaded library does with the files below a directory."""

    def __init__(self, directory: Path, error: int) -> None:
        self._library = ctypes.CDLL(None)
        self._library.calls.restype = ctypes.c_long
        self._library.arm.argtypes = [ctypes.c_char_p, ctypes.c_long, ctypes.c_int, ctypes.c_int]
        self._directory = f"{directory}/".encode()
        self._error = error

    def fail(self, number: int) -> None:
        """Have the call with this number fail, from now on. A full disk stays full. 0: none."""
        self._library.arm(self._directory, number, self._error, self._error == errno.ENOSPC)

    def calls(self) -> int:
        """The number of calls since then."""
        return int(self._library.calls())


def run(home: Path, *words: str, input: str | None = None) -> Result:
    """Run a command. Raises what is not an expected failure."""
    done = CliRunner().invoke(cli, ["--home", str(home), *words], input=input)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def counts(home: Path) -> tuple[int, int]:
    """The numbers of companies and contacts of a home, of which nothing may be wrong."""
    with open_backends(Home(home), Settings()).store.open() as store:
        problems = store.integrity()
        assert problems == [], problems
        found = store.counts()
        return found.companies, found.contacts


def check_import(home: Path) -> None:
    """Whole batches are stored, and the import goes on."""
    if (home / "letrics.db").exists() and (home / "letrics.db").stat().st_size:
        _, contacts = counts(home)
        assert contacts % BATCH == 0, f"{contacts} contacts: a torn batch"
    again = run(home, "import", str(home.parent / "rows.jsonl"))
    assert again.exit_code == 0, again.output
    assert counts(home) == (1, ROWS)
    assert (home / "index" / "bitmap.snapshot").exists()
    found = run(home, "check")
    assert found.exit_code == 0, found.output


def check_user(home: Path) -> None:
    """The user is there as a whole, or can be added."""
    users = json.loads(run(home, "user", "list", "--json").stdout)
    assert len(users) in (1, 2), users
    if len(users) == 1:
        assert run(home, "user", "add", "bob@people.example").exit_code == 0
    with open_backends(Home(home), Settings()).accounts.open() as accounts:
        assert accounts.faults() == []


def check_backup(home: Path) -> None:
    """The backup is continued, and there is no other one that looks complete."""
    again = run(home, "backup", str(home / "backups"))
    assert again.exit_code == 0, again.output
    for each in (home / "backups").iterdir():
        if each.is_dir():
            verified = run(home, "backup", str(each), "--verify")
            assert verified.exit_code == 0, verified.output
    assert counts(home) == (1, ROWS)


def try_points(
    disk: Disk, base: Path | None, home: Path, words: list[str], check: Callable[[Path], None], points: int
) -> str:  # fmt: skip
    """Run the command on copies of `base`, with a failure at each of these points."""

    def fresh() -> None:
        shutil.rmtree(home, ignore_errors=True)
        if base is not None:
            shutil.copytree(base, home)

    fresh()
    disk.fail(0)
    assert run(home, *words).exit_code == 0
    total = disk.calls()
    failed = 0
    for number in range(1, total + 1, max(1, total // points) if points else 1):
        fresh()
        disk.fail(number)
        try:
            done = run(home, *words)
            failed += done.exit_code != 0
            assert done.exit_code in (0, 3), f"exit code {done.exit_code}: {done.output}"
            disk.fail(0)
            check(home)
        except BaseException as error:
            disk.fail(0)
            error.add_note(f"call {number} of {total}: {words}")
            raise
    return f"{words[0]}: {total} calls, {failed} runs failed with exit code 3"


def main() -> None:
    """Try all scenarios."""
    directory, error, points = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    os.environ["LETRICS_BATCH_SIZE"] = str(BATCH)
    rows = directory / "rows.jsonl"
    rows.write_text(
        "".join(
            json.dumps({"id": f"c{n}", "full_name": f"Ann {n}", "company_domain": "acme.example"}) + "\n"
            for n in range(ROWS)
        )
    )
    home, base = directory / "home", directory / "base"
    disk = Disk(home, error)
    lines = [try_points(disk, None, home, ["import", str(rows)], check_import, points)]
    run(base, "import", str(rows))
    run(base, "user", "add", "ann@people.example")
    lines.append(try_points(disk, base, home, ["user", "add", "bob@people.example"], check_user, points))
    lines.append(try_points(disk, base, home, ["backup", str(home / "backups")], check_backup, points))
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
