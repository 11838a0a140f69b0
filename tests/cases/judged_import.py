"""An import of one file into a new store, judged by the reference model of identity and by its own counts."""

from __future__ import annotations

import io
import json
import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click

from letrics.cli.import_columns import map_columns, sample_file
from letrics.identity.encoded_patches import (
    EncodedCompany,
    EncodedContact,
    decode_company_patch,
    decode_contact_patch,
)
from letrics.identity.patches import Tally
from letrics.ingest.cell_rules import CellRules, complete_rules
from letrics.ingest.importer import Importer
from letrics.ingest.mapped_source import map_source
from letrics.ingest.rejects import Rejects
from letrics.ingest.report import Report
from letrics.ingest.rows import DamagedFile, UnreadableFile
from letrics.ingest.source import read_source
from letrics.ingest.text_rules import TextRules
from letrics.records import decode_company, decode_contact
from letrics.store.base import Store
from tests.default_backends import fast_store
from tests.store.model import Model

NOW: Final = "2026-01-01T00:00:00.000Z"
"""The time of every import."""
BUG: Final = "the program failed on this row"
"""The beginning of the reason with which a row is rejected after an exception that nothing handles."""


@dataclass(frozen=True)
class Judged:
    """The result of an import. `message` says why it was refused or stopped; None if it was not.

    `documents` are all companies and contacts as stored.
    """

    message: str | None
    report: Report
    rejected: list[dict[str, Any]]
    documents: list[bytes]


class Importing:
    """Imports files, each into a new store in `directory`. Without `is_judged`, it compares nothing with the model."""

    def __init__(self, directory: Path, is_judged: bool = True) -> None:
        self._is_judged = is_judged
        self._empty = directory / "empty.db"
        self._path = directory / "log.db"
        fast_store(self._empty, lambda: NOW).close()

    def run(self, path: Path, strict: bool = False) -> Judged:
        """Import a file without options, and check what must hold for every file."""
        for old in self._path.parent.glob("log.db*"):
            old.unlink()
        shutil.copy(self._empty, self._path)
        with fast_store(self._path, lambda: NOW) as store:
            judged = _import(path, store, strict, self._is_judged)
            _check_counts(judged)
            return judged


def _import(path: Path, store: Store, strict: bool, is_judged: bool) -> Judged:
    rejects, model, message = io.BytesIO(), Model(), None
    importer = Importer(batch_size=1_000, rejects=Rejects(rejects))
    with ExitStack() as stack:
        try:
            sample = sample_file(str(path), TextRules(), stack)
            (mapping,) = map_columns([sample], None, {}, False)
            rules = complete_rules(CellRules(strict), mapping, sample.rows)
            opened = read_source(sample.file, TextRules())
            rows_of = map_source(opened, mapping.kind, mapping, None, rules)

            def write(batch: list[Any]) -> Tally:
                if not is_judged:
                    return store.put_companies(batch) if mapping.kind == "companies" else store.put_contacts(batch)
                if mapping.kind == "companies":
                    tally, judge = store.put_companies(batch), model.put_companies(list(map(_decoded, batch)), NOW)
                else:
                    tally, judge = store.put_contacts(batch), model.put_contacts(list(map(_decoded, batch)), NOW)
                assert tally == judge, "each merge follows a rule of the reference model"
                return tally

            importer.run(opened.name, opened.rows, rows_of, write, opened.progress, opened.rest)
        except (click.UsageError, UnreadableFile, DamagedFile) as error:
            message = str(error.message if isinstance(error, click.UsageError) else error)
    lines = [json.loads(line) for line in rejects.getvalue().splitlines()]
    judged = Judged(message, importer.report, [line for line in lines if line["kind"] == "rejected"], _documents(store))
    found = _records(store)
    assert not is_judged or found == (model.company_records(), model.contact_records()), (
        "records are those of the reference model"
    )
    return judged


def _decoded(row: EncodedCompany | EncodedContact) -> Any:
    return decode_company_patch(row) if isinstance(row, EncodedCompany) else decode_contact_patch(row)


def _check_counts(judged: Judged) -> None:
    """No row is lost: each one is rejected with a reason or is part of a record."""
    report, tally = judged.report, judged.report.tally
    assert judged.message is None or judged.message.strip(), "an import that stops says why"
    assert len(judged.rejected) == report.rejected
    assert all(line["reason"] and BUG not in line["reason"] for line in judged.rejected), judged.rejected
    assert report.rows == report.kept + report.rejected or judged.message is not None, "a damaged file ends earlier"
    assert report.kept == tally.new + tally.changed + tally.unchanged + tally.company_rows
    assert report.warnings.count == sum(column.count for column in report.warnings.columns.values())


def _documents(store: Store) -> list[bytes]:
    parts = list(store.scan(1_000))
    return [document for part in parts for document in (*part.company_documents, *part.contact_documents)]


def _records(store: Store) -> Any:
    companies: dict[int, Any] = {}
    contacts: dict[int, Any] = {}
    for part in store.scan(1_000):
        companies.update(zip(part.company_nums, map(decode_company, part.company_documents), strict=True))
        bodies = zip(part.contact_companies, map(decode_contact, part.contact_documents), strict=True)
        contacts.update(zip(part.contact_nums, bodies, strict=True))
    return companies, contacts
