"""The endpoints that upsert records: up to 1,000 JSON objects, read as an import reads the rows of a file.

All records of a request are written in one transaction. A request that changes something is an import that can be
undone.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal

import msgspec

from letrics.api.backends import Backends
from letrics.api.body import check_media_type, parse_object, read_body
from letrics.api.call import Call
from letrics.api.querystring import refuse, refuse_all
from letrics.api.response import ApiResponse, success
from letrics.api.write_requests import in_store_thread, require_write
from letrics.errors import INVALID_INPUT, LetricsError
from letrics.query.request_values import shown
from letrics.records import Kind
from letrics.store.import_record import UPSERT_FILE, ImportStart
from letrics.store.upserting import AmbiguousFields, ReadRecords, RecordsToUpsert, Upserted

MAX_RECORDS: Final = 1_000
"""The maximum number of records of a request."""
MAX_NAMES: Final = 1_000
"""The maximum number of different field names in the records of a request. Each is compared with the known ones."""
_MAX_BYTES: Final = 16 << 20
"""The maximum size of the body, in bytes: 16 KiB for each of the records."""
_EXAMPLE: Final = '{"records": [{"email": "ann@acme.example"}]}'
"""A body, as errors show it."""


class RecordWarning(msgspec.Struct, frozen=True):
    """A value of a record that was left out, as a whole or in part, or a field that is not used."""

    field: str
    reason: str


class UpsertResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a record. `field` and `reason` say why a record was rejected; `field` is null if no single field
    is at fault, and `id` is null for a record that is not stored: it is rejected, or of a person who was forgotten."""

    status: Literal["new", "changed", "unchanged", "rejected", "forgotten"]
    id: str | None = None
    field: str | None = None
    reason: str | None = None
    warnings: list[RecordWarning] = []


class UpsertMeta(msgspec.Struct, frozen=True):
    """The `meta` of an upsert: the id of its import (null if nothing changed), and how many records there are of each
    status. `companies_new` and `companies_changed` count the companies that contacts created or changed."""

    request_id: str
    import_id: int | None
    new: int
    changed: int
    unchanged: int
    rejected: int
    forgotten: int
    companies_new: int
    companies_changed: int


class _Body(msgspec.Struct):
    records: list[msgspec.Raw]


_texts_of: Final = msgspec.json.Decoder(_Body).decode


class Upsert:
    """The endpoint `/v1/{kind}/upsert`. `read_records` reads the records of a body."""

    def __init__(self, kind: Kind, backends: Backends, read_records: ReadRecords) -> None:
        self.kind = kind
        self._read_records = read_records
        self._open_store = backends.open_store
        self._authenticator = backends.authenticator

    async def post(self, call: Call) -> ApiResponse:
        """Upsert the records of the body."""
        require_write(call, "Upserts")
        assert call.principal is not None
        check_media_type(call)
        data = await read_body(call, _MAX_BYTES)
        refuse(refuse_all(call.query, "is not a parameter of this path: send the records in the body"))
        user = (await self._authenticator.account(call.principal)).email
        return await in_store_thread(self._upsert, data, user, call.request_id)

    def _upsert(self, data: bytes, user: str, request_id: str) -> ApiResponse:
        records = self._read(data)
        warned = sum(map(len, records.warnings.values()))
        count = len(records.patches) + len(records.rejected)
        report = {"rows": count, "rejected": len(records.rejected), "warned": warned}
        start = ImportStart(kind=self.kind, file=UPSERT_FILE, user=user, mapping=records.mapping)
        with self._open_store() as store:
            done = store.upsert(start, records.patches, report)
        tally = done.tally
        meta = UpsertMeta(
            request_id, done.import_id, tally.new, tally.changed, tally.unchanged, len(records.rejected),
            tally.forgotten, tally.companies_new, tally.companies_changed,
        )  # fmt: skip
        return success(msgspec.json.encode(_results(records, done)), meta)

    def _read(self, data: bytes) -> RecordsToUpsert:
        """Read the records of the body. Raises LetricsError (invalid_input)."""
        _check(parse_object(data, _EXAMPLE))
        try:
            return self._read_records(self.kind, [bytes(text) for text in _texts_of(data).records])
        except AmbiguousFields as error:
            raise LetricsError(
                INVALID_INPUT,
                [
                    (f"{shown(name)} can be {' or '.join(fields)}: use one of these names instead", name)
                    for name, fields in error.choices.items()
                ],
            ) from None


def _check(body: dict[str, Any]) -> None:
    """Check the form of a body. Raises LetricsError (invalid_input) with all problems."""
    problems = [(_unknown(name), name) for name in body if name != "records"]
    if "records" not in body:
        problems.append((f"records is missing: send a list of objects, such as {_EXAMPLE}", "records"))
    else:
        problems += _check_records(body["records"])
    if problems:
        raise LetricsError(INVALID_INPUT, problems)


def _check_records(records: Any) -> list[tuple[str, str]]:
    if not isinstance(records, list):
        return [(f"records {shown(records)} must be a list of objects, such as {_EXAMPLE}", "records")]
    if not records:
        return [(f"records is empty: send 1 to {MAX_RECORDS:,} records", "records")]
    if len(records) > MAX_RECORDS:
        details = f"records has {len(records):,} items; at most {MAX_RECORDS:,} are allowed: split the request"
        return [(details, "records")]
    wrong = [(place, record) for place, record in enumerate(records) if not isinstance(record, dict)]
    if wrong:
        return [
            (f"records[{place}] is {shown(record)}; every record must be an object", f"records[{place}]")
            for place, record in wrong
        ]
    names = len({name for record in records for name in _names(record)})
    if names > MAX_NAMES:
        details = f"records has {names:,} different field names; at most {MAX_NAMES:,} are allowed: split the request"
        return [(details, "records")]
    return []


def _names(record: dict[str, Any]) -> Iterator[str]:
    """The names of the fields of a record, and of its company."""
    yield from record
    company = record.get("company")
    if isinstance(company, dict):
        yield from (f"company.{name}" for name in company)


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name[:100].casefold(), ["records"], 1, 0.6)
    hint = "did you mean records?" if near else "the only field is records, a list of objects"
    return f"{shown(name)} is not a field of an upsert: {hint}"


def _results(records: RecordsToUpsert, done: Upserted) -> Sequence[UpsertResult]:
    """The results of all records, in order."""
    effects = iter(done.records)
    results = []
    for number in range(len(records.patches) + len(records.rejected)):
        warnings = [RecordWarning(each.field, each.reason) for each in records.warnings.get(number, ())]
        rejected = records.rejected.get(number)
        if rejected is not None:
            result = UpsertResult(status="rejected", field=rejected.field, reason=rejected.reason, warnings=warnings)
        else:
            id, effect = next(effects)
            result = UpsertResult(status=effect, id=id or None, warnings=warnings)
        results.append(result)
    return results
