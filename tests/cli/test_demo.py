"""`letrics demo` as a new user runs it: it prints a token when it is ready, its command works, and it stops."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.tokens import Tokens
from letrics.cli.context import CliSession
from letrics.cli.demo import MARK, demo, demo_directory
from letrics.cli.exit_codes import Failed
from letrics.settings import Home

ROOT = Path(__file__).parents[2]


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LETRICS_")}
    return {**kept, "PYTHONPATH": str(ROOT / "src"), "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}


@contextmanager
def _running(home: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The demo started on a free port, and what it has printed by the time it is ready."""
    command = [sys.executable, "-m", "letrics.cli", "demo", "--port", "0"]
    errors = home / "errors"
    with errors.open("w") as err:
        process = subprocess.Popen(command, env=_environment(home), stdout=subprocess.PIPE, stderr=err, text=True)
    assert process.stdout is not None
    try:
        text = ""
        for line in process.stdout:
            text += line
            if line.startswith("LETRICS_TOKEN="):
                break
        else:
            pytest.fail(f"the demo ended before it was ready: {errors.read_text()}")
        yield process, text
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _url(text: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+", text)
    assert found
    return found[0]


def _search(text: str, token: str) -> dict[str, object]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{_url(text)}/v1/contacts", b"{}", headers)
    with urllib.request.urlopen(request) as answer:
        read: dict[str, object] = json.load(answer)
    return read


def _token(text: str) -> str:
    (token,) = re.findall(r"^LETRICS_TOKEN=(ltr_\w+)$", text, re.MULTILINE)
    return str(token)


def test_from_the_first_start_to_the_second(tmp_path: Path) -> None:
    with _running(tmp_path) as (process, text):
        with urllib.request.urlopen(f"{_url(text)}/readyz") as ready:
            assert ready.status == 200
        (link,) = re.findall(r"^http://\S+/link/\S+$", text, re.MULTILINE)
        with urllib.request.urlopen(link) as page:
            assert "Continue as demo@letrics.example" in page.read().decode()
        meta = _search(text, _token(text))["meta"]
        assert isinstance(meta, dict)
        assert meta["total"] >= 25_000
        if shutil.which("curl"):
            (command,) = re.findall(r"^curl .*$", text, re.MULTILINE)
            answer = json.loads(subprocess.run(command, shell=True, capture_output=True, check=True).stdout)
            assert answer["meta"]["total"] > 10
            assert len(answer["data"]) == 3
            assert all("manager" in contact["job_title"].lower() for contact in answer["data"])
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
    assert "Importing the sample" in (tmp_path / "errors").read_text()
    assert "Traceback" not in (tmp_path / "errors").read_text()
    home = tmp_path / "cache" / "letrics-demo"
    assert (home / MARK).exists()
    assert not (tmp_path / ".local").exists(), "nothing is written where people keep their own data"
    with _running(tmp_path) as (_, again):
        assert _token(again) != _token(text)
        command = [sys.executable, "-m", "letrics.cli", "demo", "--port", "0"]
        second = subprocess.run(command, env=_environment(tmp_path), capture_output=True, text=True, timeout=60)
        assert second.returncode == 3 and f"a demo is already running in {home}" in second.stderr
        assert _search(again, _token(again))["errors"] == [], "its token is still valid"
        with AccountsDatabase(home / "accounts.db") as accounts:
            assert [token.name for token in Tokens(accounts).all()] == ["demo"], "not one more at each start"
        (command,) = re.findall(r"^\S*letrics user link .*$", again, re.MULTILINE)
        elsewhere = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LETRICS_HOME": "/nonexistent/other"}
        done = subprocess.run(command, shell=True, env=elsewhere, cwd="/", capture_output=True, text=True, check=True)
        with urllib.request.urlopen(done.stdout.strip()) as page:
            assert "Continue as demo@letrics.example" in page.read().decode()
        assert "Importing the sample" not in (tmp_path / "errors").read_text()


def test_a_port_that_is_taken_is_told_before_anything_is_loaded(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "letrics.cli", "demo", "--home", str(tmp_path / "demo"), "--port", port]
        done = subprocess.run(command, env=_environment(tmp_path), capture_output=True, text=True)
    assert done.returncode == 3
    assert f"port {port} is in use by another program" in done.stderr
    assert "LETRICS_TOKEN" not in done.stdout
    assert not Home(tmp_path / "demo").database.exists()


def _refused(home: Path, environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", "letrics.cli", "demo", "--home", str(home)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 2
    return done.stderr


def test_a_directory_with_data_of_its_own_is_left_alone(tmp_path: Path) -> None:
    home = Home(tmp_path / "mine").make()
    home.database.write_bytes(b"")
    assert "is for your own data" in _refused(home.path, _environment(tmp_path))
    assert home.database.read_bytes() == b""
    assert not (home.path / MARK).exists()


def test_the_directory_for_ones_own_data_is_never_taken(tmp_path: Path) -> None:
    own = tmp_path / "own"
    assert "is for your own data" in _refused(own, {**_environment(tmp_path), "LETRICS_HOME": str(own)})
    assert not own.exists()


def test_the_directory_is_a_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert demo_directory() == tmp_path / "letrics-demo"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert demo_directory() == tmp_path / ".cache" / "letrics-demo"


def test_help_says_what_is_served() -> None:
    text = " ".join(CliRunner().invoke(demo, ["--help"]).output.split())
    assert "invented contacts" in text
    assert "--port" in text


def test_a_database_of_ones_own_is_never_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LETRICS_DATABASE", "postgresql://db.example/letrics")
    result = CliRunner().invoke(demo, obj=CliSession(tmp_path / "demo"))
    assert isinstance(result.exception, Failed) and "never uses your own servers" in str(result.exception)
    assert not (tmp_path / "demo").exists()
