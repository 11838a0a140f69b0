"""Secrets and record data do not get out: not into logs, databases, metrics, process lists and tracebacks.

A server with several processes and all logs on gets secrets in all places where they belong, and in some where they
do not. Then everything that it wrote is searched for them.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.reliability.running import PATIENCE, Server, environment, letrics, make_token, until

_PASSWORD = "a long Passphrase 4711"
_PERSON = "jane.secretperson@records.example"
_WRONG_TOKEN = "ltr_" + "Wrong1" * 6


def _files(directory: Path) -> Iterator[tuple[Path, bytes]]:
    for path in directory.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes()


def _process_list() -> bytes:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes())
        except OSError:
            continue
    return b"\n".join(found)


def _sign_in(url: str) -> list[str]:
    """Sign in with a wrong password and the right one; returns the cookies."""
    with httpx.Client(base_url=url, timeout=PATIENCE) as client:
        for password in ("wrong Passphrase 4713", _PASSWORD):
            csrf = re.search(r'name="csrf" value="([^"]+)"', client.get("/signin").text)
            assert csrf
            sent = {"email": "tests@people.example", "password": password, "csrf": csrf[1]}
            client.post("/signin", data=sent, headers={"origin": url})
        assert client.get("/settings").status_code == 200
        return [value for value in client.cookies.values() if value]


def test_secrets_are_in_no_log_database_or_process_list(tmp_path: Path) -> None:
    home = tmp_path / "home"
    words = ("user", "add", "tests@people.example", "--password-stdin")
    subprocess.run(
        [sys.executable, "-m", "letrics.cli", *words], env=environment(home), input=_PASSWORD + "\n", text=True,
        check=True, capture_output=True,
    )  # fmt: skip
    token = make_token(home, "tests", "--scope", "write")
    link = letrics(home, "user", "link", "tests@people.example").strip().rpartition("/")[2]
    port = _free_port()
    settings = {"workers": 2, "log_format": "json", "log_requests": "true", "log_level": "debug", "metrics_port": port}
    with (tmp_path / "log").open("w") as log:  # a pipe that is not read would stop the server
        started = subprocess.Popen(
            [sys.executable, "-m", "letrics.cli", "serve", "--port", "0"], env=environment(home, **settings), text=True,
            stdout=subprocess.PIPE, stderr=log,
        )  # fmt: skip
    assert started.stdout is not None
    url = json.loads(started.stdout.readline())["url"]
    server = Server(home, url, token, started.pid)
    try:
        row = {"email": _PERSON, "full_name": "Jane Secretperson", "company_domain": "records.example"}
        assert server.client.post("/v1/contacts/upsert", json={"records": [row]}).status_code == 200
        until(lambda: server.total("contacts") == 1)
        server.client.get("/v1/contacts", params={"emails": _PERSON, "token": token})
        server.client.get(f"/v1/contacts/{_PERSON}")
        server.client.post("/v1/contacts", content=b'{"emails": ["' + _PERSON.encode())
        server.client.post("/v1/contacts/export?format=csv", json={})
        httpx.get(f"{url}/v1/account", headers={"Authorization": f"Bearer {_WRONG_TOKEN}"})
        httpx.get(f"{url}/link/{link}")
        httpx.get(f"{url}/{token}")
        cookies = _sign_in(url)
        assert cookies
        listed = _process_list()
        metrics = httpx.get(f"http://127.0.0.1:{port}/metrics").text
        time.sleep(0.5)
    finally:
        server.client.close()
        started.terminate()
        out, _ = started.communicate(timeout=PATIENCE)
    err = (tmp_path / "log").read_text()
    secrets = [token, link, _PASSWORD, "wrong Passphrase 4713", *cookies]
    written = {"standard output": out, "standard error": err, "metrics": metrics,
               "security log": (home / "security.log").read_text()}  # fmt: skip
    for where, text in written.items():
        for secret in (*secrets, _WRONG_TOKEN, _PERSON, "Secretperson"):
            assert secret not in text, f"{secret} is in {where}"
    assert all(json.loads(line)["message"] for line in err.splitlines())
    for secret in secrets:
        assert secret.encode() not in listed, "a secret is in the process list"
        for path, content in _files(home):
            assert secret.encode() not in content, f"{secret} is in {path}"


def test_traceback_of_a_crash_has_no_values(tmp_path: Path) -> None:
    program = (
        "from letrics.logs.log_setup import set_up_logs; import os; set_up_logs('info', 'text'); "
        "import msgspec; msgspec.json.decode(os.environ['VALUE'].encode(), type=int)"
    )
    env = environment(tmp_path) | {"VALUE": f'"{_PERSON}"'}
    done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "Traceback" in done.stderr and _PERSON not in done.stderr


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
