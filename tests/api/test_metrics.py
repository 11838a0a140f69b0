"""The metrics of a server."""

from __future__ import annotations

from pathlib import Path

from letrics.api.metrics import Metrics
from letrics.api.pools import OverLimit
from letrics.budget import OutOfTime
from letrics.errors import TOO_MANY_REQUESTS
from tests.conftest import Service


def test_metrics(service: Service) -> None:
    for target in ("/v1/contacts?job_titles=secret-value", "/v1/contacts/ann", "/v1/nothing", "/nothing", "/docs"):
        service.api.get(target)
    reply = service.api.get("/metrics")
    text = reply.body.decode()
    assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")
    for line in (
        'letrics_requests_total{method="GET",route="/v1/contacts",status="200"} 1.0',
        'letrics_requests_total{method="GET",route="/v1/contacts/{id}",status="200"} 1.0',
        'letrics_requests_total{method="GET",route="unknown",status="404"} 1.0',
        'letrics_requests_total{method="GET",route="pages",status="404"} 1.0',
        'letrics_request_seconds_count{route="/v1/contacts"} 1.0',
        'letrics_records{kind="contacts"} 5.0',
        'letrics_records{kind="companies"} 4.0',
        "letrics_ready 1.0",
        "letrics_engine_seq 9.0",
        "letrics_engine_lag 0.0",
    ):
        assert line in text.splitlines(), line
    assert "secret-value" not in text and "ann" not in text.replace("annot", "")
    service.store.away = True
    assert "letrics_store_up 0.0" in service.api.get("/metrics").body.decode().splitlines()


def test_refusals_are_counted_by_pool_and_reason(tmp_path: Path) -> None:
    metrics = Metrics(None, tmp_path)
    metrics.count_failure(OverLimit(TOO_MANY_REQUESTS, "retry", 1, "exports", "token_share"))
    metrics.count_failure(OutOfTime())
    metrics.count_failure(ValueError())
    counts = {
        (sample.labels["pool"], sample.labels["reason"]): sample.value
        for family in metrics._registry.collect()
        for sample in family.samples
        if sample.name == "letrics_refused_requests_total"
    }
    assert counts == {("exports", "token_share"): 1, ("requests", "time_budget"): 1}
