"""The operations of the API, read from its OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

import msgspec

from letrics.accounts.authenticator import Authenticator
from letrics.api.backends import Backends
from letrics.api.endpoints import build_table
from letrics.api.import_endpoints import Imports
from letrics.api.import_jobs import ImportJobs
from letrics.api.metrics import Metrics
from letrics.api.openapi import document
from letrics.engines.base import SearchEngine
from letrics.errors import TABLE, ErrorKind
from letrics.ingest.json_records import read_json_records
from letrics.store.base import Documents, Store
from scripts.reference.markup import code, escape, table

_SUMMARIES: Final = {"openapi": "This reference as an OpenAPI 3.1 document"}
"""Summaries that replace those of the OpenAPI document, by operation id."""

_HOMES: Final = (
    (re.compile(r"/v1/(contacts|companies)/export"), "export", "export"),
    (re.compile(r"/v1/(contacts|companies)/count"), "counting", "count"),
    (re.compile(r"/v1/(contacts|companies)/facets"), "counting", "facets"),
    (re.compile(r"/v1/(contacts|companies)/fields/.*"), "counting", "values"),
    (re.compile(r"/v1/(contacts|companies)/fields"), "counting", "fields"),
    (re.compile(r"/v1/contacts(/.*)?"), "contacts", "contacts"),
    (re.compile(r"/v1/companies(/.*)?"), "companies", "companies"),
    (re.compile(r"/v1/(imports|uploads).*"), "import", "imports"),
    (re.compile(r"/v1/duplicates.*"), "import", "duplicates"),
    (re.compile(r"/v1/account.*"), "authentication", "authentication"),
    (re.compile(r".*"), "api", "api"),
)
"""Patterns of paths with the page that describes them and the name of the section. The first match wins."""


@dataclass(frozen=True, slots=True)
class DocumentedOperation:
    """One operation of the API, with the errors that it can return."""

    id: str
    method: str
    path: str
    summary: str
    errors: tuple[ErrorKind, ...]
    parameters: tuple[tuple[str, str], ...]

    @property
    def page(self) -> str:
        """The name of the page that describes it."""
        return self._home[0]

    @property
    def section(self) -> str:
        """The name of the generated part that describes it."""
        return self._home[1]

    @property
    def _home(self) -> tuple[str, str]:
        return next((page, section) for pattern, page, section in _HOMES if pattern.fullmatch(self.path))

    @property
    def request(self) -> str:
        """Method and path."""
        return f"{self.method} {self.path}"


def operations_table() -> str:
    """List all operations with links to their descriptions."""
    rows = [[f"[{code(one.request)}]({one.page}.md#{one.id})", escape(one.summary) + "."] for one in operations()]
    return table(["Request", "What it does"], rows)


def operation_sections(section: str) -> Callable[[], str]:
    """Return a function that describes all operations of a section, each below a heading with its method and path."""
    return lambda: "\n\n".join(_describe(one) for one in operations() if one.section == section)


def _describe(one: DocumentedOperation) -> str:
    errors = ", ".join(f"[{error.code}](errors.md#{error.id})" for error in one.errors)
    parameters = [f"- {code(name)}: {escape(about)}" for name, about in one.parameters]
    parts = [f"<!-- id: {one.id} -->", f"### {code(one.request)}", f"{escape(one.summary)}. Errors: {errors}."]
    return "\n\n".join([*parts, *(["\n".join(parameters)] if parameters else [])])


@cache
def operations() -> list[DocumentedOperation]:
    """Return all operations in the order of the OpenAPI document."""
    return read_operations(msgspec.json.decode(_openapi()))


def _openapi() -> bytes:
    """Build the OpenAPI document. The handlers of the table are not called, so they need no engine and no databases."""
    engine, documents, authenticator = cast("SearchEngine", None), cast("Documents", None), cast("Authenticator", None)
    backends = Backends(engine, documents, lambda: cast("Store", None), authenticator)
    imports = Imports(backends, ImportJobs(Path()), 1)
    return document(build_table(backends, Metrics(), imports=imports, read_records=read_json_records))


def read_operations(openapi: dict[str, Any]) -> list[DocumentedOperation]:
    """Return every operation of an OpenAPI document."""
    found = []
    for path, item in openapi["paths"].items():
        shared = item.get("parameters", [])
        for method, operation in item.items():
            if method == "parameters":
                continue
            codes = {int(status) for status in operation["responses"] if status.isdigit() and int(status) >= 400}
            own = [] if operation["operationId"].endswith("_by_url") else operation.get("parameters", [])
            parameters = tuple((p["name"], p.get("description", "")) for p in [*shared, *own])
            errors = tuple(kind for kind in TABLE if kind.code in codes)
            summary = _SUMMARIES.get(operation["operationId"], operation.get("summary", ""))
            found.append(
                DocumentedOperation(operation["operationId"], method.upper(), path, summary, errors, parameters)
            )
    return found
