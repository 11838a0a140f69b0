"""The composition root: what is done in the background."""

from __future__ import annotations

import asyncio

import pytest

from letrics.app import prepare


def test_prepare_logs_that_no_template_compiles(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> None:
        raise OSError("no such template")

    asyncio.run(prepare(broken))
    assert "no such template" in caplog.text
