"""The OpenAPI 3.1 document, generated from the route table, the field catalogue and the record structs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import msgspec

from letrics import __version__
from letrics.api.duplicate_schemas import DUPLICATE_PARAMETERS
from letrics.api.export import MEDIA_TYPES
from letrics.api.idempotency import HEADER, MAX_KEY, REPLAYED
from letrics.api.import_schemas import LIST_PARAMETERS, STORE_PARAMETERS, UNDO_PARAMETERS, UPLOAD_PARAMETERS
from letrics.api.rate_limit_fields import LIMIT, POLICY
from letrics.api.request_schemas import NAMES, Schema, export_parameters, member, paging, reference, values_parameters
from letrics.api.routes import Operation, Route, Table
from letrics.api.schemas import components
from letrics.errors import (
    CONFLICT,
    IDEMPOTENCY_MISMATCH,
    INTERNAL_ERROR,
    INVALID_INPUT,
    TOO_MANY_REQUESTS,
    UNAUTHORIZED,
    UNAVAILABLE,
    URI_TOO_LONG,
    ErrorKind,
)
from letrics.fields import fields_of
from letrics.records import KINDS, Kind

_ABOUT: Final = (
    "Search companies and contacts. Every JSON response is `{data, meta, errors}`. Every error has a stable `id`, and "
    "details that suggest a fix. Send `Authorization: Bearer TOKEN` with every request under /v1."
)
_TEXT: Final[Schema] = {"type": "string"}
_BINARY: Final[Schema] = {"type": "string", "format": "binary"}
_ID: Final[Schema] = {"type": "string", "minLength": 1}
"""The schema of a record's id: a string of at least one character."""
_PLACEHOLDERS: Final[dict[str, tuple[str, Schema]]] = {
    "domain": ("The company's registrable domain, in Unicode or in ASCII (Punycode), or its id.", _ID),
    "id": (
        "The contact's id. Where it is also a word of another path (`fields`, `count`), use "
        "`/v1/contacts/id/{id}`, which has every contact.",
        _ID,
    ),
    "duplicate_id": ("The pair's id.", {"type": "integer", "minimum": 1}),
    "import_id": ("The import's id.", {"type": "integer", "minimum": 1}),
    "name": ("The field's name.", _TEXT),
}
_KEY: Final[dict[str, Any]] = {
    "name": HEADER, "in": "header", "required": False,
    "description": "A unique key of the request, such as a UUID. If the same request is sent again within 24 hours, it "
    "does not run again and gets the same response.",
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY, "pattern": "^[!#-~]+$"},
}  # fmt: skip
"""The parameter of operations that write."""
_HEADERS: Final[dict[str, tuple[str, Schema]]] = {
    "X-Request-Id": ("The request id: the one that the caller sent if it is well-formed, else a new one.", _TEXT),
    "WWW-Authenticate": ("The authentication scheme to use.", {"type": "string", "const": "Bearer"}),
    "Content-Disposition": ("The file name.", _TEXT),
    REPLAYED: (
        "Present if the request was sent before with this Idempotency-Key: the response is the stored one.",
        {"type": "string", "const": "true"},
    ),
    POLICY: (
        "What a caller may use: `q` requests in progress, or requests in `w` seconds. For example "
        '`"requests";q=64;qu="concurrent-requests"` (draft-ietf-httpapi-ratelimit-headers-11).',
        _TEXT,
    ),
    LIMIT: ('How much of each policy is left, for example `"requests";r=63`.', _TEXT),
    "Retry-After": ("Seconds to wait before retrying.", {"type": "string", "pattern": "^[0-9]+$"}),
}


def document(table: Table) -> bytes:
    """The OpenAPI document of the routes in `table`, as JSON."""
    paths = {route.template: _path(route) for route in table.routes}
    whole = {
        "openapi": "3.1.0",
        "info": {
            "title": "Letrics", "version": __version__, "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": components(),
            "headers": {name: {"description": d, "schema": s} for name, (d, s) in _HEADERS.items()},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "An API token, ltr_…"}
            },
        },
    }  # fmt: skip
    return msgspec.json.encode(whole)


def _path(route: Route) -> dict[str, Any]:
    item: dict[str, Any] = {method.lower(): _operation(route, op) for method, op in route.operations.items()}
    name = next((part[1:-1] for part in route.template.split("/") if part.startswith("{")), None)
    if name is not None:
        what, schema = _PLACEHOLDERS[name]
        if name == "name":
            kind = next(kind for kind in KINDS if f"/{kind}/" in route.template)
            schema = reference(f"{NAMES[kind]}Facet")
        item["parameters"] = [{"name": name, "in": "path", "required": True, "description": what, "schema": schema}]
    return item


def _operation(route: Route, operation: Operation) -> dict[str, Any]:
    guarded = route.template.startswith("/v1/")
    fails = [*operation.fails, URI_TOO_LONG, INTERNAL_ERROR]
    if operation.writes:
        fails += [INVALID_INPUT, CONFLICT, IDEMPOTENCY_MISMATCH]
    if guarded:
        fails += [UNAUTHORIZED, TOO_MANY_REQUESTS, UNAVAILABLE]
    responses = {"200": _success(operation)}
    if operation.accepted is not None:
        responses["202"] = _success(replace(operation, response=operation.accepted))
    for failing in sorted(set(fails), key=lambda failing: failing.code):
        responses[str(failing.code)] = _failure(failing)
    described: dict[str, Any] = {
        "operationId": operation.id, "summary": operation.summary, "tags": [_tag(route)], "responses": responses,
    }  # fmt: skip
    if guarded:
        described["security"] = [{"token": []}]
    if operation.body is not None:
        content = {"application/json": {"schema": reference(operation.body)}}
        required = operation.body.endswith(("Facets", "Merge", "Upsert"))
        described["requestBody"] = {"required": required, "content": content}
    if operation.id in ("create_import", "store_upload"):
        described["requestBody"] = {
            "required": operation.id == "store_upload",
            "description": "The file, of any format that `letrics import` reads.",
            "content": {"application/octet-stream": {"schema": _BINARY}},
        }  # fmt: skip
    parameters = _parameters(operation.id)
    if parameters or operation.writes:
        described["parameters"] = [_parameter(name, schema) for name, schema in parameters.items()]
    if operation.writes:
        described["parameters"].append(_KEY)
    return described


def _tag(route: Route) -> str:
    """The tag of a route's operations. Client generators make one module per tag."""
    first, *rest = route.template[1:].split("/")
    return rest[0] if first == "v1" else "service"


def _parameters(operation: str) -> dict[str, Schema]:
    """The query parameters of an operation."""
    for kind in KINDS:
        if operation == f"search_{kind}_by_url":
            return _search_parameters(kind)
    if operation.startswith("delete_company"):
        return {"with_contacts": {"type": "boolean", "description": "Also delete the company's contacts."}}
    if operation.startswith("delete_contact"):
        text = "Also forget the person: no import adds them again."
        return {"forget": {"type": "boolean", "description": text}}
    if operation == "create_import":
        return UPLOAD_PARAMETERS
    if operation == "store_upload":
        return STORE_PARAMETERS
    if operation == "undo_import":
        return UNDO_PARAMETERS
    if operation == "list_imports":
        return LIST_PARAMETERS
    if operation == "list_duplicates":
        return DUPLICATE_PARAMETERS
    if operation.startswith("export_"):
        return export_parameters()
    return values_parameters() if operation.startswith("values_of_") else {}


def _success(operation: Operation) -> dict[str, Any]:
    names = ["X-Request-Id", REPLAYED] if operation.writes else ["X-Request-Id"]
    if operation.pool is not None:
        names += [POLICY, LIMIT]
    schema = reference(operation.response) if operation.response else {"type": "object", "additionalProperties": True}
    content: dict[str, Any] = {"application/json": {"schema": schema}}
    if operation.id == "metrics":
        content = {"text/plain": {"schema": _TEXT}}
    elif operation.id == "get_import_rejects":
        names.append("Content-Disposition")
        content = {"text/plain": {"schema": _TEXT}}
    elif operation.id.startswith("export_"):
        names.append("Content-Disposition")
        types = {name: kind.decode().partition(";")[0] for name, kind in MEDIA_TYPES.items()}
        content = {kind: {"schema": _BINARY if name == "parquet" else _TEXT} for name, kind in types.items()}
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    return {"description": operation.summary, "headers": headers, "content": content}


def _failure(kind: ErrorKind) -> dict[str, Any]:
    names = ["X-Request-Id"]
    if kind is UNAUTHORIZED:
        names.append("WWW-Authenticate")
    if kind in (TOO_MANY_REQUESTS, UNAVAILABLE):
        names += ["Retry-After", POLICY, LIMIT]
    return {
        "description": f"`{kind.id}`: {kind.meaning}",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
        "content": {"application/json": {"schema": reference("Failure")}},
    }


def _search_parameters(kind: Kind) -> dict[str, Schema]:
    parameters: dict[str, Schema] = {}
    for field in fields_of(kind):
        # An alias must not be sent together with the field. OpenAPI parameters cannot express that: describe it.
        schema = parameters[field.name] = member(field)
        schema["description"] += "".join(f" Also accepted as {alias}." for alias in field.aliases)
        if field.can_exclude:
            left_out = f"Excludes the records that {field.name} would match."
            parameters[f"exclude_{field.name}"] = member(field) | {"description": left_out}
    return parameters | paging(kind)


def _parameter(name: str, schema: Schema) -> dict[str, Any]:
    """A query parameter. An empty value counts as absent (`allowEmptyValue`), so its schema does not allow one."""
    schema = dict(schema)
    described = {"name": name, "in": "query", "description": schema.pop("description"), "schema": schema}
    if schema.get("type") == "array":
        return described | {"style": "form", "explode": True}
    return described | {"allowEmptyValue": True}
