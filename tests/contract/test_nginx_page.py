"""Runs the nginx configuration of docs/deployment.md, with other ports and another certificate."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import textwrap
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.contract.running import Running, running
from tests.reliability.running import until

PAGE = Path(__file__).parents[2] / "docs" / "deployment.md"
MAIN = """
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_buffer_size 2m;  # nginx workers cannot write to the test folder if root runs the test
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {site}
}}
"""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def documented_site(folder: Path, upstream: int, plain: int, secure: int) -> str:
    (block,) = re.findall(
        r"\n(    server \{\n        listen 80;.*?\n    \})\n\n[^ ]", PAGE.read_text("utf-8"), re.DOTALL
    )
    text = textwrap.dedent(block)
    for documented, here in (
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ", f"listen 127.0.0.1:{secure} "),
        ("127.0.0.1:8000", f"127.0.0.1:{upstream}"),
        ("/etc/letsencrypt/live/letrics.example", str(folder)),
    ):
        assert documented in text
        text = text.replace(documented, here)
    return text


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("behind") / "home") as service:
        yield service


@pytest.fixture(scope="module")
def proxied(service: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client that reaches the service through nginx."""
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if nginx is None or shutil.which("openssl") is None:
        pytest.skip("there is no nginx and openssl here, which the documented configuration needs")
    folder = tmp_path_factory.mktemp("nginx")
    plain, secure = free_port(), free_port()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=letrics.example",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "privkey.pem", "-out", "fullchain.pem"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    site = documented_site(folder, service.client.base_url.port or 0, plain, secure)
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, site=site))
    process = subprocess.Popen([nginx, "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=subprocess.PIPE)
    trusted = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
    try:
        with httpx.Client(
            base_url=f"https://127.0.0.1:{secure}", headers=service.client.headers, verify=trusted, timeout=60
        ) as client:
            until(lambda: answers(client))
            yield client
    finally:
        process.terminate()
        process.communicate(timeout=60)


def answers(client: httpx.Client) -> bool:
    try:
        return client.get("/readyz").status_code == 200
    except httpx.ConnectError:
        return False


def test_nginx_passes_searches_and_exports_on(proxied: httpx.Client) -> None:
    page = proxied.post("/v1/contacts", json={"job_titles": ["manager"]}, headers={"X-Request-Id": "mine-42"})
    assert [record["id"] for record in page.json()["data"]] == ["ann", "cyd"]
    assert page.json()["meta"]["request_id"] == page.headers["x-request-id"] == "mine-42"
    assert len(proxied.post("/v1/contacts/export?format=csv", json={}).text.splitlines()) == 6


def test_nginx_leaves_limits_to_the_service(proxied: httpx.Client) -> None:
    large = proxied.post("/v1/contacts", content=b" " * 1_200_000, headers={"Content-Type": "application/json"})
    assert (large.status_code, large.json()["errors"][0]["id"]) == (413, "payload_too_large")
    long = proxied.get("/v1/contacts", params={"job_titles": "x" * 20_000})
    assert (long.status_code, long.json()["errors"][0]["id"]) == (414, "uri_too_long")


def test_nginx_marks_cookies_secure_and_hides_metrics(proxied: httpx.Client) -> None:
    assert "Secure" in proxied.get("/signin").headers["set-cookie"]
    assert proxied.get("/metrics").status_code == 404
