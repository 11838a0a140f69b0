"""The stage of OpenSearch, over a small home."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from benchmarks.stages.bench import Bench
from benchmarks.stages.cluster import run
from letrics.settings import Home
from tests.conformance.world import put_world
from tests.default_backends import open_store
from tests.servers.opensearch import shared_url


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Six contacts of four companies."""
    home = Home(tmp_path / "home")
    home.path.mkdir()
    with open_store(home.database) as store:
        put_world(store)
    return Bench(6, 4, 1, tmp_path, home.path)


def test_run_without_a_cluster_is_skipped(bench: Bench) -> None:
    assert run(bench) == {"missing": "no cluster was given (--cluster)"}


def test_run_compares_results_with_the_engines(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    everything = {"kind": "contacts", "body": {}, "shape": "everything", "total": 6, "nums": [0, 1, 2, 3, 4, 5]}
    wrong = {"kind": "companies", "body": {"tlds": ["de"]}, "shape": "wrong", "total": 2, "nums": [0, 1]}
    bench.save("answers", {"mix": [everything], "hard": [wrong]})
    figures = run(dataclasses.replace(bench, cluster=shared_url(), shards=2))
    assert (figures["same"], figures["different"], figures["shards"], figures["nodes"]) == (1, 1, 2, 1)
    assert figures["loaded_per_second"] > 0 and figures["index_bytes"] > 0
    assert figures["shapes"].keys() == {"everything"} and figures["hard"].keys() == {"wrong"}
    assert "OpenSearch differs: companies" in capsys.readouterr().out
