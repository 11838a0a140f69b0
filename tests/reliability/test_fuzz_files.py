"""Random files, half of them damaged: read or refused in time, each row stored or rejected with a reason."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.cases.judged_import import Importing
from tests.reliability.fuzz.running_cases import run_cases

pytest.importorskip("pyarrow")


@pytest.mark.parametrize("format", ["csv", "jsonl", "xlsx", "parquet"])
def test_damaged_file_is_read_or_refused_in_time(format: str, seed: int, tmp_path: Path) -> None:
    from tests.reliability.fuzz.random_files import random_file

    importing = Importing(tmp_path, is_judged=False)

    def make(random: Random) -> tuple[str, bytes]:
        return random_file(random, format)

    def check(case: tuple[str, bytes]) -> float:
        name, data = case
        path = tmp_path / name
        path.write_bytes(data)
        judged = importing.run(path)
        path.unlink()
        return 0.002 * judged.report.rows

    run_cases(format, seed, 25, make, check)
