"""The log of a server process, in a separate process."""

from __future__ import annotations

import json
import subprocess
import sys

_PROGRAM = """
import logging, sys, threading, warnings
from letrics.logs.log_setup import set_up_logs
set_up_logs("info", sys.argv[1], requests=sys.argv[2] == "1")
logging.getLogger("uvicorn.error").warning("a malformed request")
logging.getLogger("uvicorn.error").error("uvicorn failed")
logging.getLogger("letrics.request").info("request")
warnings.warn("old")
def fail(value="ja" + "ne@x.example"): raise ValueError(value)
thread = threading.Thread(target=fail); thread.start(); thread.join()
fail()
"""


def lines(format: str, requests: str = "0") -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, format, requests], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1 and "jane" not in done.stderr
    return done.stderr.splitlines()


def test_set_up_logs_json_covers_libraries_and_crashes() -> None:
    found = [json.loads(line) for line in lines("json", "1")]
    assert [line["logger"] for line in found] == [
        "uvicorn.error", "letrics.request", "py.warnings", "letrics.crash", "letrics.crash",
    ]  # fmt: skip
    assert found[0]["message"] == "uvicorn failed"
    assert "fail" in found[3]["error"] and found[4]["level"] == "CRITICAL"


def test_set_up_logs_text_shows_tracebacks_without_values() -> None:
    found = lines("text")
    assert any("uvicorn.error: uvicorn failed" in line for line in found)
    assert found.count("Traceback (most recent call last):") == 2 and not any("request" in line for line in found)
