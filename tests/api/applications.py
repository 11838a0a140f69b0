"""Applications without pages."""

from __future__ import annotations

from letrics.api.application import Application
from letrics.api.backends import Backends
from letrics.api.endpoints import build_table
from letrics.api.idempotency import Idempotency
from letrics.api.metrics import Metrics
from letrics.ingest.json_records import read_json_records
from letrics.search.service import DEFAULT_SIZES, WalkSizes


def make_application(
    backends: Backends, export_sizes: WalkSizes = DEFAULT_SIZES, idempotency: Idempotency | None = None
) -> Application:
    """The API over these backends."""
    metrics = Metrics()
    table = build_table(backends, metrics, export_sizes, read_records=read_json_records)
    return Application(table, backends, metrics, idempotency=idempotency)
