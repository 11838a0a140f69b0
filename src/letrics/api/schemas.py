"""The named JSON Schemas of responses, generated from the structs that are sent, and of request bodies.

Client generators turn every named schema into a class. So every schema has a title, every value has a type, and every
enumeration that several schemas use is a named schema.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from letrics.accounts.account import Account
from letrics.api.catalogue import FieldRow
from letrics.api.count import FacetsMeta
from letrics.api.duplicate_endpoints import DuplicatePair, DuplicatesMeta
from letrics.api.import_endpoints import ImportList, ImportState, StoredUpload, UndoneImport
from letrics.api.import_schemas import PREVIEW
from letrics.api.request_schemas import (
    NAMES,
    Schema,
    count_body,
    enumerations,
    export_body,
    facets_body,
    reference,
    search_body,
)
from letrics.api.response import Meta
from letrics.api.upsert import MAX_RECORDS, UpsertMeta, UpsertResult
from letrics.engines.base import ValueCount
from letrics.errors import MAX_PROBLEMS, Problem
from letrics.records import KINDS, Company, Contact, ContactBody, Kind, time_fields
from letrics.search.meta import CountMeta, SearchMeta

_SENT: Final = (
    Company, Contact, Problem, SearchMeta, CountMeta, FacetsMeta, Meta, ValueCount, FieldRow, Account,
    ImportState, ImportList, StoredUpload, UndoneImport, DuplicatePair, DuplicatesMeta, UpsertMeta, UpsertResult,
)  # fmt: skip
_TIMES: Final = frozenset((*time_fields(Company), *time_fields(ContactBody)))
_NULL: Final[Schema] = {"type": "null"}


def components() -> dict[str, Schema]:
    """Every named schema."""
    _, schemas = msgspec.json.schema_components(_SENT, ref_template="#/components/schemas/{name}")
    for name, schema in schemas.items():
        _complete(name, schema)
    contacts = {"type": "array", "items": reference("Contact"), "minItems": 2, "maxItems": 2}
    schemas["DuplicatePair"]["properties"]["contacts"] = contacts
    for kind in KINDS:
        record = NAMES[kind]
        schemas[f"{record}Search"] = search_body(kind)
        schemas[f"{record}Count"] = count_body(kind)
        schemas[f"{record}Facets"] = facets_body(kind)
        schemas[f"{record}Export"] = export_body(kind)
        schemas[f"{record}Upsert"] = _upsert(kind)
        schemas[f"{record}Part"] = _part(record, schemas[record])
        items = {"anyOf": [reference(record), reference(f"{record}Part")]}
        schemas[f"{record}Page"] = _envelope(f"A page of {kind}.", {"type": "array", "items": items}, "SearchMeta")
        schemas[f"{record}Response"] = _envelope(f"One {record.lower()}.", reference(record), "Meta")
    schemas |= enumerations() | _responses() | {"Failure": _failure()}
    return {name: {"title": name} | schema for name, schema in sorted(schemas.items())}


def _responses() -> dict[str, Schema]:
    """The schemas of responses without records, and of their data."""
    values = {"type": "array", "items": reference("ValueCount")}
    rows = {"type": "array", "items": reference("FieldRow")}
    return {
        "AccountResponse": _envelope("The account of the caller.", reference("Account"), "Meta"),
        "CountData": _object("The number of matching records.", total={"type": "integer", "minimum": 0}),
        "CountResponse": _envelope("The number of matching records.", reference("CountData"), "CountMeta"),
        "DeletedData": _object(
            "The number of deleted records: the record itself and, for a company, its contacts.",
            deleted={"type": "integer", "minimum": 0},
        ),
        "DeletedResponse": _envelope("The result of a deletion.", reference("DeletedData"), "Meta"),
        "DuplicateMerge": _object(
            "Which contact of a pair stays.",
            keep={"type": "string", "minLength": 1, "description": "The id of the contact that stays."},
        )
        | {"additionalProperties": False},
        "DuplicateResponse": _envelope("A pair of contacts.", reference("DuplicatePair"), "Meta"),
        "DuplicatesPage": _envelope(
            "A page of pairs of contacts.", {"type": "array", "items": reference("DuplicatePair")}, "DuplicatesMeta"
        ),
        "FacetsData": {
            "type": "object",
            "description": "The values of each field with their counts, most common first.",
            "additionalProperties": values,
        },
        "FacetsResponse": _envelope("Facets.", reference("FacetsData"), "FacetsMeta"),
        "ImportResponse": _envelope("An import.", reference("ImportState"), "Meta"),
        "ImportsResponse": _envelope("Past imports, newest first.", reference("ImportList"), "Meta"),
        "PreviewData": PREVIEW,
        "PreviewResponse": _envelope("What an import would do.", reference("PreviewData"), "Meta"),
        "UpsertResponse": _envelope(
            "What became of each record, in order.", {"type": "array", "items": reference("UpsertResult")}, "UpsertMeta"
        ),
        "StoredUploadResponse": _envelope("A stored file.", reference("StoredUpload"), "Meta"),
        "UndoResponse": _envelope("What undoing an import did.", reference("UndoneImport"), "Meta"),
        "FieldsResponse": _envelope("The request fields of a search.", rows, "Meta"),
        "StatusData": _object("The state of the service.", status={"type": "string"}),
        "StatusResponse": _envelope("The state of the service.", reference("StatusData"), "Meta"),
        "ValuesResponse": _envelope("Values of a field.", values, "Meta"),
    }


def _upsert(kind: Kind) -> Schema:
    """The schema of the body of an upsert."""
    record: Schema = {
        "type": "object", "additionalProperties": True,
        "description": f"A record with some of the fields of {kind}, as the API returns them or as import files have "
        "them. Given fields replace, null and [] clear, and absent fields keep what is known.",
    }  # fmt: skip
    records = {"type": "array", "minItems": 1, "maxItems": MAX_RECORDS, "items": record,
               "description": "The records to create or update."}  # fmt: skip
    return _object(f"The {kind} to create or update.", records=records) | {"additionalProperties": False}


def _failure() -> Schema:
    errors = {"type": "array", "items": reference("Problem"), "minItems": 1, "maxItems": MAX_PROBLEMS}
    about = "The envelope of every failure, with one item in `errors` per problem."
    return _object(about, data=_NULL, meta=reference("Meta"), errors=errors)


def _part(record: str, whole: Schema) -> Schema:
    """The schema of a record reduced to the fields that the request lists in `fields`."""
    properties = dict(whole["properties"])
    if record == "Contact":
        properties["company"] = {"anyOf": [reference("Company"), reference("CompanyPart")]}
    about = f"A {record} reduced to the fields that the request lists in `fields`."
    return {"type": "object", "description": about, "properties": properties, "additionalProperties": False}


def _envelope(about: str, data: Schema, meta: str) -> Schema:
    """The schema of a success envelope around `data`. Its `errors` are always empty."""
    errors = {"type": "array", "items": reference("Problem"), "maxItems": 0}
    return _object(about, data=data, meta=reference(meta), errors=errors)


def _object(about: str, **properties: Schema) -> Schema:
    """The schema of an object whose properties are all required."""
    return {"type": "object", "description": about, "properties": properties, "required": list(properties)}


def _complete(name: str, schema: Schema) -> None:
    """Adapt the schema of a struct to responses, where every field is present whatever its default."""
    for member, of in schema.get("properties", {}).items():
        schema["properties"][member] = of = _typed(of)
        of.pop("default", None)
        if member in _TIMES:
            of["format"] = "date-time"
            of["examples"] = ["2026-01-31T09:30:00.000Z"]
    if name != "Problem":
        schema["required"] = list(schema.get("properties", {}))
    schema.pop("title", None)
    if "description" in schema:
        schema["description"] = " ".join(schema["description"].split("\n\n")[0].split())


def _typed(schema: Schema) -> Schema:
    """Add a type to every value of the schema: enumerations are strings, and a nullable type is an array of types."""
    schema = dict(schema)
    if "enum" in schema:
        schema["type"] = "string"
    for of in ("items", "additionalProperties"):
        if isinstance(schema.get(of), dict):
            schema[of] = _typed(schema[of])
    choices: list[Any] = schema.get("anyOf", [])
    if len(choices) == 2 and choices[1] == _NULL and isinstance(choices[0].get("type"), str):
        del schema["anyOf"]
        schema |= choices[0] | {"type": [choices[0]["type"], "null"]}
    if schema.get("type") == "object":
        schema.setdefault("additionalProperties", True)
    return schema
