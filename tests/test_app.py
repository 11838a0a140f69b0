"""The composition root: what is done in the background."""

from __future__ import annotations

import asyncio

import pytest

from letrics.api.pools import FairUseLimits
from letrics.app import fair_use_limits, prepare
from letrics.settings import Settings


def test_prepare_logs_that_no_template_compiles(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> None:
        raise OSError("no such template")

    asyncio.run(prepare(broken))
    assert "no such template" in caplog.text


def test_settings_have_the_default_limits_of_fair_use() -> None:
    assert fair_use_limits(Settings()) == FairUseLimits()
