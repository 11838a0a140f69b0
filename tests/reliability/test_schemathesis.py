"""Some two thousand requests made up from the OpenAPI document, good ones and bad ones, to an application with records:
never a failure of its own, never an answer that the document does not have."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.accounts.verifier import Verifier
from letrics.api.application import Application
from letrics.api.backends import Backends
from letrics.api.metrics import Metrics
from letrics.api.surface import build_table
from letrics.store.base import Store
from tests.property.judge import Judge
from tests.property.scenario import Author

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance,
]  # fmt: skip
EXAMPLES = {"search": 160, "other": 60}
"""Requests an operation and mode: most to the searches."""


@pytest.fixture
def service(tmp_path: Path, seed: int) -> Iterator[tuple[Any, dict[str, str]]]:
    """The application over a small random world, and headers by which it knows the caller."""
    load_all_checks()
    judge = Judge(tmp_path)
    for step in Author(random.Random(seed), 60).write(0):
        judge.change(cast("Any", step))
    judge.follow()
    with AccountsDatabase(tmp_path / "accounts.db") as accounts:
        Users(accounts).add("ann@people.example")
        token, _ = Tokens(accounts).create("ann@people.example", "made up", ["write"])
        store, metrics = cast("Store", judge.store), Metrics()
        backends = Backends(judge.engine, store, lambda: store, Verifier(accounts))
        app = Application(build_table(backends, metrics), backends, metrics)
        yield app, {"Authorization": f"Bearer {token}"}
    judge.store.close()


@pytest.mark.slow
def test_made_up_requests(service: tuple[Any, dict[str, str]], seed: int) -> None:
    app, headers = service
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    statuses: dict[int, int] = {}
    for found in schema.get_all_operations():
        operation: Any = cast("Any", found).ok()
        examples = EXAMPLES["search" if operation.path.count("/") == 2 else "other"]
        for mode in GenerationMode:
            if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query or operation.path_parameters):
                continue

            @hypothesis.seed(seed)
            @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
            @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
            def one(case: Any) -> None:
                response = case.call(headers=headers)
                statuses[response.status_code] = statuses.get(response.status_code, 0) + 1
                case.validate_response(response, checks=CHECKS)

            one()
    assert sum(statuses.values()) > 1_000, statuses
    assert {200, 400, 404} <= statuses.keys(), statuses
