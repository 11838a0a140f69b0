"""The OpenAPI 3.1 document: made from the table of routes, the catalogue and the record structs, so that it is true."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from letrics import __version__
from letrics.api.routes import Operation, Route, Table
from letrics.api.schemas import NAMES, Schema, components, member, paging, reference
from letrics.errors import INTERNAL_ERROR, TOO_MANY_REQUESTS, UNAUTHORIZED, UNAVAILABLE, URI_TOO_LONG, ErrorKind
from letrics.fields import fields_of
from letrics.records import KINDS, Kind

_ABOUT: Final = (
    "Search over companies and contacts. Every answer is `{data, meta, errors}`; every failure has an `id` that never "
    "changes and details that say what to do. Send `Authorization: Bearer TOKEN` with every request under /v1."
)
_TEXT: Final[Schema] = {"type": "string"}
_HEADERS: Final[dict[str, tuple[str, Schema]]] = {
    "X-Request-Id": ("The request's id: the caller's own when it was well-formed.", _TEXT),
    "WWW-Authenticate": ("The scheme to use.", {"const": "Bearer"}),
    "Retry-After": ("Seconds to wait.", {"type": "string", "pattern": "^[0-9]+$"}),
}


def document(table: Table) -> bytes:
    """The whole document as JSON."""
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
    if route.template.endswith("}"):
        name = route.template.rpartition("{")[2][:-1]
        what = "The registrable domain, in either form." if name == "domain" else "The contact's id."
        parameter = {"name": name, "in": "path", "required": True, "description": what, "schema": _TEXT}
        item["parameters"] = [parameter | {"schema": {"type": "string", "minLength": 1}}]
    return item


def _operation(route: Route, operation: Operation) -> dict[str, Any]:
    guarded = route.template.startswith("/v1/")
    fails = [*operation.fails, URI_TOO_LONG, INTERNAL_ERROR]
    if guarded:
        fails += [UNAUTHORIZED, TOO_MANY_REQUESTS, UNAVAILABLE]
    responses = {"200": _success(operation)}
    for failing in sorted(set(fails), key=lambda failing: failing.code):
        responses[str(failing.code)] = _failure(failing)
    described: dict[str, Any] = {"operationId": operation.id, "summary": operation.summary, "responses": responses}
    if guarded:
        described["security"] = [{"token": []}]
    for kind in KINDS:
        if operation.id == f"search_{kind}":
            body = {"application/json": {"schema": reference(NAMES[kind][1])}}
            described["requestBody"] = {"required": False, "content": body}
        elif operation.id == f"search_{kind}_by_url":
            described["parameters"] = _search_parameters(kind)
    if operation.id == "delete_company":
        described["parameters"] = [
            _parameter("with_contacts", {"type": "boolean", "description": "Delete the company's contacts with it."})
        ]
    return described


def _success(operation: Operation) -> dict[str, Any]:
    headers = {"X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"}}
    content: dict[str, Any] = {"application/json": {"schema": _SUCCESS.get(operation.id, {"type": "object"})}}
    if operation.id == "metrics":
        content = {"text/plain": {"schema": _TEXT}}
    return {"description": operation.summary, "headers": headers, "content": content}


def _successes() -> dict[str, Schema]:
    known: dict[str, Schema] = {}
    for kind in KINDS:
        record = NAMES[kind][0]
        known[f"search_{kind}"] = known[f"search_{kind}_by_url"] = reference(f"{record}Page")
        known[f"get_{record.lower()}"] = reference(f"{record}Answer")
        known[f"delete_{record.lower()}"] = reference("DeletedAnswer")
    return known


_SUCCESS: Final = _successes()


def _failure(kind: ErrorKind) -> dict[str, Any]:
    names = ["X-Request-Id"]
    if kind is UNAUTHORIZED:
        names.append("WWW-Authenticate")
    if kind in (TOO_MANY_REQUESTS, UNAVAILABLE):
        names.append("Retry-After")
    return {
        "description": f"`{kind.id}`: {kind.meaning}",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
        "content": {"application/json": {"schema": reference("Failure")}},
    }


def _search_parameters(kind: Kind) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = []
    for field in fields_of(kind):
        # An older spelling excludes the newer one, which parameters have no way to say: it is told in words.
        schema = member(field)
        schema["description"] += "".join(f" Also accepted as {alias}." for alias in field.aliases)
        parameters.append(_parameter(field.name, schema))
        if field.is_array:
            schema = member(field) | {"description": f"Leaves out what {field.name} would hit."}
            parameters.append(_parameter(f"exclude_{field.name}", schema))
    return parameters + [_parameter(name, schema) for name, schema in paging(kind).items()]


def _parameter(name: str, schema: Schema) -> dict[str, Any]:
    schema = dict(schema)
    if schema["type"] == "string":  # an empty value is as if absent
        schema = {"anyOf": [schema, {"const": ""}], "description": schema.pop("description")}
    described = {"name": name, "in": "query", "description": schema.pop("description"), "schema": schema}
    if schema.get("type") == "array":
        return described | {"style": "form", "explode": True}
    return described | {"allowEmptyValue": True}
