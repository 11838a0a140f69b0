"""Log lines as text and as JSON."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

from letrics.logs.formatters import JsonFormatter, TextFormatter
from letrics.logs.request_context import begin_request


def record(message: str, *arguments: Any, error: BaseException | None = None, **more: Any) -> logging.LogRecord:
    info = None if error is None else (type(error), error, error.__traceback__)
    made = logging.LogRecord("letrics.x", logging.INFO, "x.py", 1, message, arguments, info)
    made.__dict__.update(more)
    return made


def test_json_line_has_time_level_logger_and_facts() -> None:
    line = json.loads(JsonFormatter().format(record("read %d\n%s", 3, "ltr_abcdefghij", facts={"status": 200})))
    assert line["time"].endswith("Z") and len(line["time"]) == 24
    assert {name: line[name] for name in ("level", "logger", "message", "status")} == {
        "level": "INFO", "logger": "letrics.x", "message": "read 3\nltr_***", "status": 200,
    }  # fmt: skip
    assert "request_id" not in line and line["process"] > 0


def test_json_line_is_one_line_with_the_error() -> None:
    value = "jane@x.example"
    try:
        raise ValueError(value)
    except ValueError as error:
        text = JsonFormatter().format(record("failed", error=error))
    assert "\n" not in text and "jane" not in text and "ValueError" in json.loads(text)["error"]


def test_text_line_ends_with_request_and_facts() -> None:
    line = TextFormatter().format(record("done", request_id="r-1", facts={"status": 200}))
    assert line.endswith("INFO letrics.x: done request=r-1 status=200")
    assert TextFormatter().format(record("bug in r-1", request_id="r-1")).endswith(": bug in r-1")


def test_lines_of_a_request_have_its_id_in_threads() -> None:
    async def serve(id: str) -> str:
        begin_request(id)
        text = await asyncio.to_thread(JsonFormatter().format, record("x"))
        return str(json.loads(text)["request_id"])

    async def both() -> tuple[str, str]:
        return await asyncio.gather(serve("a"), serve("b"))

    assert list(asyncio.run(both())) == ["a", "b"]
