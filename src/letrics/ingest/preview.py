"""Preview of an import: the mapping, the first rows as records, and what the first rows would change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any, Final, Protocol

import msgspec

from letrics.identity.encoded_patches import EncodedCompany, encode_company_patch
from letrics.identity.merge import new_company, new_contact
from letrics.identity.patches import CompanyPatch, ContactPatch, Tally
from letrics.ingest.column_mapping import ColumnMapping
from letrics.ingest.company_mapper import CompanyMapper
from letrics.ingest.company_rows import NoPerson
from letrics.ingest.contact_mapper import ContactMapper
from letrics.ingest.nested_objects import read_flat_row
from letrics.ingest.rejects import Reject
from letrics.ingest.rows import FileRow, Members, Rest, RowProblem, raw_text
from letrics.normalize.time import now
from letrics.records import encode
from letrics.store.name_changes import Judge, NameChanges

PREVIEW_ROWS: Final = 1_000
"""The number of rows whose effect is counted."""
RECORDS: Final = 5
"""The number of rows that are shown as records."""
_EXAMPLES: Final = 5
"""The number of rejected rows, and of warnings about cells, that are shown."""
_ID: Final = "c_preview"
"""The id of contacts that the store would assign one."""


class Previewer(Protocol):
    """Counts what an import of patches would do, as a Reader of a store does."""

    def preview_companies(self, patches: Sequence[CompanyPatch], judge: Judge | None = None) -> Tally: ...

    def preview_contacts(
        self, patches: Sequence[ContactPatch | EncodedCompany], judge: Judge | None = None
    ) -> Tally: ...


class PreviewCounts(msgspec.Struct, frozen=True):
    """What the import of `rows` rows would do. `warned` is the number of cells that would be left out, and
    `company_rows` that of rows that identify a company and no person, `forgotten` that of rows of people who were
    forgotten, and `skipped` that of lines that are not rows: blank lines and totals or other footers.
    """

    rows: int
    new: int
    changed: int
    unchanged: int
    companies_new: int
    companies_changed: int
    rejected: int
    warned: int
    company_rows: int
    forgotten: int = 0
    skipped: int = 0


class Preview(msgspec.Struct, frozen=True):
    """The preview of one file.

    `records` are the first valid rows as records, as if nothing was stored before. `complete` says that the counts are
    those of the whole file. `rejects` and `warnings` are the first rejected rows, and the first cells left out.
    `name_changes` are those that the import would have to be confirmed for, and `notes` what the reader reports after
    the last of these rows, such as the footers that it skipped.
    """

    file: str
    mapping: ColumnMapping
    records: list[dict[str, Any]]
    counts: PreviewCounts
    complete: bool
    rejects: list[Reject]
    warnings: list[Reject]
    name_changes: list[NameChanges]
    notes: list[str]


def preview_rows(
    name: str, rows: Iterable[FileRow], mapper: CompanyMapper | ContactMapper, mapping: ColumnMapping,
    stored: Previewer, limit: int = PREVIEW_ROWS, rest: Callable[[], Rest] = Rest,
) -> Preview:  # fmt: skip
    """Preview the import of the file `name` with these rows into `stored`. Writes nothing. Raises DamagedFile.

    `rest` returns what the reader reports after the last row that was read.
    """
    companies, contacts = list[CompanyPatch](), list[ContactPatch | EncodedCompany]()
    rejects, warnings = list[Reject](), list[Reject]()
    read = rejected = warned = 0
    rows = iter(rows)
    for row in islice(rows, limit):
        read += 1
        row = read_flat_row(row)
        try:
            if row.problem is not None or row.members is None:
                raise RowProblem(None, "the row is empty") if row.problem is None else row.problem.again()
            patch = _read(mapper, row.members)
        except RowProblem as problem:
            rejected += 1
            if len(rejects) < _EXAMPLES:
                rejects.append(Reject(name, row.line, problem.field, problem.reason, raw_text(row.raw)))
            continue
        for warning in mapper.take_warnings():
            warned += 1
            if len(warnings) < _EXAMPLES:
                warnings.append(Reject(name, row.line, warning.field, warning.reason, raw_text(row.raw)))
        if isinstance(patch, CompanyPatch):
            companies.append(patch)
        else:
            contacts.append(patch)
    is_complete, skipped = next(rows, None) is None, rest()
    is_companies = mapping.kind == "companies"
    names: list[NameChanges] = []
    judge = names.append
    tally = stored.preview_companies(companies, judge) if is_companies else stored.preview_contacts(contacts, judge)
    counts = PreviewCounts(
        read, tally.new, tally.changed, tally.unchanged, tally.companies_new, tally.companies_changed, rejected, warned,
        tally.company_rows, tally.forgotten, skipped.skipped,
    )  # fmt: skip
    moment = now()
    people = (patch for patch in contacts if isinstance(patch, ContactPatch))
    records = [_company_record(patch, moment) for patch in companies[:RECORDS]]
    records += [_contact_record(patch, moment) for patch in islice(people, RECORDS)]
    many = [changes for changes in names if changes.are_many]
    return Preview(name, mapping, records, counts, is_complete, rejects, warnings, many, list(skipped.notes))


def _read(mapper: CompanyMapper | ContactMapper, members: Members) -> CompanyPatch | ContactPatch | EncodedCompany:
    """Map a row to its patch. Raises RowProblem."""
    try:
        return mapper.read(members)
    except NoPerson as problem:
        return encode_company_patch(problem.company_patch())


def _company_record(patch: CompanyPatch, moment: str) -> dict[str, Any]:
    record: dict[str, Any] = msgspec.json.decode(encode(new_company(patch, moment)))
    return record


def _contact_record(patch: ContactPatch, moment: str) -> dict[str, Any]:
    contact = new_contact(patch, patch.external_id or _ID, moment)
    record: dict[str, Any] = msgspec.json.decode(encode(contact))
    if not patch.external_id:
        record["id"] = None  # it is assigned when the contact is stored
    company = CompanyPatch(domain=patch.company) if isinstance(patch.company, str) else patch.company
    return record | {"company": _company_record(company, moment) if isinstance(company, CompanyPatch) else None}
