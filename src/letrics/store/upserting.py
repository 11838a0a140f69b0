"""Records to upsert, as a request gave them, and what became of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from letrics.identity.encoded_patches import EncodedCompany, EncodedContact
from letrics.identity.patches import Effect, Tally
from letrics.records import Kind


class FieldProblem(NamedTuple):
    """Why a record is rejected. `field` is None if no single field is at fault."""

    field: str | None
    reason: str


class UnusedField(NamedTuple):
    """A field of a record that is not used, or whose value was left out, and why."""

    field: str
    reason: str


class AmbiguousFields(Exception):
    """Fields of the records have names that mean several fields, and their values do not show which.

    `choices` has the fields that each name can mean.
    """

    def __init__(self, choices: dict[str, tuple[str, ...]]) -> None:
        self.choices = choices
        super().__init__(", ".join(choices))


@dataclass(slots=True)
class RecordsToUpsert:
    """Records as patches, in order, without those that are `rejected`. All records are numbered from 0.

    `mapping` has the field that each name sets, None for a name that is not used. `warnings` has the values of each
    record that were left out, and its fields that are not used.
    """

    patches: list[EncodedCompany | EncodedContact]
    mapping: dict[str, str | None]
    rejected: dict[int, FieldProblem] = field(default_factory=dict)
    warnings: dict[int, list[UnusedField]] = field(default_factory=dict)


ReadRecords = Callable[[Kind, Sequence[bytes]], RecordsToUpsert]
"""Reads records, each the text of a JSON object. Raises AmbiguousFields."""


class UpsertedRecord(NamedTuple):
    """The id of the record of a row, and what the row did to it. Empty for a row of a person who was forgotten."""

    id: str
    effect: Effect


class Upserted(msgspec.Struct, frozen=True):
    """The effect of an upsert: that of each row in order, the counts, and the id of its import, None if it changed
    nothing."""

    records: list[UpsertedRecord]
    tally: Tally
    import_id: int | None
