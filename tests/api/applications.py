"""Applications without pages."""

from __future__ import annotations

from letrics.api.application import Application
from letrics.api.backends import Backends
from letrics.api.endpoints import build_table
from letrics.api.metrics import Metrics
from letrics.ingest.json_records import read_json_records
from letrics.search.service import DEFAULT_SIZES, WalkSizes


def make_application(backends: Backends, export_sizes: WalkSizes = DEFAULT_SIZES) -> Application:
    """The API over these backends."""
    metrics = Metrics()
    return Application(build_table(backends, metrics, export_sizes, read_records=read_json_records), backends, metrics)
