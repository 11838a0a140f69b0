"""Imports of files that a process of its own reads, for tests."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

import pytest

from letrics.backends.reader import reader_command
from letrics.ingest.company_mapper import CompanyMapper
from letrics.ingest.contact_mapper import ContactMapper
from letrics.ingest.importer import Importer
from letrics.ingest.input_file import InputFile
from letrics.ingest.reader_main import ReaderJob
from letrics.ingest.reader_process import ReaderProcess
from letrics.ingest.report import Report
from letrics.settings import Home

needs_second_core = pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="needs a second core")


def import_apart(
    importer: Importer, file: InputFile, mapper: CompanyMapper | ContactMapper, write: Any, home: Home | None = None
) -> Report:
    """Import a file that another process reads. With `home`, it recognises rows of the store there."""
    job = ReaderJob.of(file, mapper.kind, None, importer.part_rows)
    with ReaderProcess(reader_command(home), file, job, importer.parts_ahead) as parts:
        return importer.run_parts(file.name, parts, mapper, write, parts.is_behind)


def children() -> set[int]:
    """The child processes of this one, also those that have ended and were not waited for."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has just gone
            if int(stat.read_text().rpartition(")")[2].split()[1]) == os.getpid():
                found.add(int(stat.parent.name))
    return found
