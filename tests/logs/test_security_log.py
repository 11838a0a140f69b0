"""Events of the security log."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from letrics.logs.security_log import MAX_ALIKE, SecurityLog, open_security_log


class Lines:
    """A sink in memory, which may be full."""

    def __init__(self) -> None:
        self.found: list[dict[str, Any]] = []
        self.full = False

    def append(self, line: bytes) -> None:
        if self.full:
            raise OSError(28, "No space left on device")
        assert line.endswith(b"\n") and line.count(b"\n") == 1
        self.found.append(json.loads(line))


def test_write_has_when_who_where_what_and_result() -> None:
    lines = Lines()
    SecurityLog(lines, clock=lambda: 0.5).write("role_changed", user=1, address="::1", target=2, role=None)
    [line] = lines.found
    assert line.pop("host") and line.pop("process")
    assert line == {
        "time": "1970-01-01T00:00:00.500Z", "event": "role_changed", "result": "ok", "user": 1, "address": "::1",
        "target": 2,
    }  # fmt: skip


def test_write_of_events_alike_counts_the_rest() -> None:
    lines, now = Lines(), [0.0]
    log = SecurityLog(lines, steady=lambda: now[0])
    for _ in range(500):
        log.write("sign_in", "refused", address="192.0.2.1", limited=True)
    log.write("sign_in", "refused", address="192.0.2.2", limited=True)
    assert len(lines.found) == MAX_ALIKE + 1
    now[0] = 61
    log.flush()
    assert lines.found[-1]["more"] == 500 - MAX_ALIKE and lines.found[-1]["address"] == "192.0.2.1"
    log.flush()
    assert len(lines.found) == MAX_ALIKE + 2


def test_write_of_many_addresses_is_bounded() -> None:
    lines = Lines()
    log = SecurityLog(lines, steady=lambda: 0.0)
    for number in range(10_100):
        log.write("token_refused", "refused", address=f"a{number}", limited=True)
    assert len(lines.found) == 10_000 + MAX_ALIKE


def test_write_to_a_full_disk_is_reported_and_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    lines = Lines()
    log = SecurityLog(lines)
    lines.full = True
    log.write("export")
    assert log.failures == 1 and "security event export" in caplog.text and "No space" in caplog.text


def test_open_security_log_writes_where_the_setting_says(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    open_security_log(tmp_path, "off", 1).write("export")
    assert not list(tmp_path.iterdir())
    with caplog.at_level(logging.INFO):
        open_security_log(tmp_path, "stderr", 1).write("export")
    assert caplog.records[-1].__dict__["facts"]["event"] == "export"
    open_security_log(tmp_path, "file", 1).write("export")
    assert json.loads((tmp_path / "security.log").read_text())["event"] == "export"
