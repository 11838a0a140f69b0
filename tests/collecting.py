"""Keeps Python's garbage collector away from the tests that were collected: ten thousand of them live until the end.

The collector would look at their millions of objects again and again, in each process. The hook is taken into
`tests/conftest.py`."""

from __future__ import annotations

import gc
from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()
