"""Several hosts behind the load balancer of `deploy/nginx.conf`: one that is down is passed over."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.reliability.running import PATIENCE, ROOT, Server, run_here, serving, start, until

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed (Debian package nginx-light)"),
]
PEOPLE = b'{"id": "crm:1", "full_name": "Ada Berg", "domain": "alpha.example"}\n'


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def configuration(name: str, ports: tuple[int, int], listen: int, directory: Path) -> str:
    """A complete configuration with the example, for servers on these ports, on loopback and without a certificate."""
    text = (ROOT / "deploy" / name).read_text()
    for given, port in zip((r"10\.0\.0\.11|letrics-1", r"10\.0\.0\.12|letrics-2"), ports, strict=True):
        text = re.sub(rf"server (?:{given}):8000", f"server 127.0.0.1:{port}", text)
    text = re.sub(r"listen [0-9]+( ssl http2)?;", f"listen 127.0.0.1:{listen};", text)
    text = re.sub(r"    ssl_certificate.*\n", "", text)
    assert "10.0." not in text and "letrics-1" not in text
    temporary = "\n".join(
        f"{kind}_temp_path {directory / kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"daemon off; pid {directory / 'pid'}; error_log stderr; events {{ }}\n"
        f"http {{ access_log off; {temporary}\n{text} }}\n"
    )


@contextmanager
def balanced(name: str, ports: tuple[int, int], token: str, directory: Path) -> Iterator[httpx.Client]:
    """A client of nginx in front of two servers."""
    assert NGINX is not None
    port, file = free_port(), directory / "nginx.conf"
    file.write_text(configuration(name, ports, port, directory))
    process = subprocess.Popen([NGINX, "-c", file, "-p", directory, "-e", "stderr"], stderr=subprocess.PIPE, text=True)
    headers = {"Authorization": f"Bearer {token}"}
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=PATIENCE)
    try:
        until(lambda: process.poll() is not None or _is_open(port))
        assert process.poll() is None, process.communicate()[1]
        yield client
    finally:
        client.close()
        process.terminate()
        process.communicate(timeout=PATIENCE)


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def another(first: Server) -> Iterator[int]:
    """Another server of the same home; returns its port."""
    process = start(first.home, "serve", "--port", "0", allowed_hosts="*")
    assert process.stdout is not None
    try:
        found = re.search(r"http://[0-9.]+:([0-9]+)", process.stdout.readline())
        assert found
        yield int(found[1])
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


@pytest.mark.parametrize("name", ["nginx.conf", "nginx.compose.conf"])
def test_host_that_is_killed_is_passed_over(tmp_path: Path, name: str) -> None:
    home, rows, search = tmp_path / "home", tmp_path / "people.jsonl", {"domains": ["alpha.example"]}
    rows.write_bytes(PEOPLE)
    run_here(home, "import", "--kind", "contacts", rows)
    with (
        serving(home, allowed_hosts="*") as one,
        another(one) as two,
        balanced(name, (one.port, two), one.token, tmp_path) as client,
    ):
        found = [client.post("/v1/contacts", json=search).json()["meta"]["total"] for _ in range(8)]
        assert found == [1] * 8
        imported = client.post("/v1/imports?filename=more.jsonl", content=PEOPLE.replace(b"1", b"2"))
        assert imported.status_code == 202, imported.text
        until(lambda: client.get(imported.headers["location"]).json()["data"]["status"] == "done")
        os.kill(one.pid, signal.SIGKILL)
        for path in ("/v1/contacts", "/v1/contacts/count", "/v1/contacts/export", "/v1/contacts"):
            assert client.post(path, json=search).status_code == 200, path
        until(lambda: client.post("/v1/contacts/count", json=search).json()["data"]["total"] == 2)
        assert client.get(imported.headers["location"]).json()["data"]["status"] == "done"
        assert client.get("/v1/contacts/crm:1").status_code == 200
