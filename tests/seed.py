"""The seed of random tests: `--seed N` or LETRICS_SEED in the environment, else a new one every run; always printed.

The hooks are taken into `tests/conftest.py`, which pytest reads before its options."""

from __future__ import annotations

import os
import secrets
from typing import Any

import pytest
from hypothesis import settings

_SEED = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seed", type=int, default=None, help="the seed of random tests (default: a new one each run)")


def pytest_configure(config: pytest.Config) -> None:
    # Tests do not assert wall time, and hypothesis fails an example that takes more than 200 ms by default.
    settings.register_profile("letrics", deadline=None, print_blob=True)
    settings.load_profile("letrics")
    # Taken out of the environment, where the program would refuse it as a setting it does not know.
    given = os.environ.pop("LETRICS_SEED", None)
    shared = getattr(config, "workerinput", {}).get("letrics_seed")
    chosen = shared if shared is not None else config.getoption("--seed")
    config.stash[_SEED] = int(chosen if chosen is not None else given or secrets.randbelow(10**9))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["letrics_seed"] = node.config.stash[_SEED]


def pytest_report_header(config: pytest.Config) -> str:
    return f"seed of random tests: {config.stash[_SEED]}"


@pytest.fixture(scope="session")
def seed(pytestconfig: pytest.Config) -> int:
    return pytestconfig.stash[_SEED]
