"""The README's commands for your own data create a home whose user can do everything, including inviting others."""

from __future__ import annotations

import re
import subprocess
import sys
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest

from tests.browser.server import serving
from tests.reliability.running import environment

ROOT = Path(__file__).parents[2]


def readme_commands() -> list[str]:
    """The block of commands under "Your own data"."""
    text = (ROOT / "README.md").read_text("utf-8").partition("## Your own data")[2]
    block = re.search(r"\n\n((?:    letrics .*\n)+)\n", text)
    assert block
    return [line.strip() for line in block[1].splitlines()]


def shell(home: Path, command: str) -> str:
    """Run a command in the directory of the files; returns its output."""
    words = command.split()
    assert words[0] == "letrics"
    command_line = [sys.executable, "-m", "letrics.cli", *words[1:]]
    done = subprocess.run(
        command_line, env=environment(home), cwd=home.parent, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def post(opener: OpenerDirector, page: str, fields: dict[str, str]) -> str:
    """Open a page and submit its form."""
    with opener.open(page) as shown:
        token = re.search(r'name="csrf" value="([^"]+)"', shown.read().decode())
    assert token
    data = urlencode({"csrf": token[1], **fields}).encode()
    with opener.open(Request(page, data, {"Sec-Fetch-Site": "same-origin"})) as answer:
        read: str = answer.read().decode()
    return read


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "companies.csv").write_text("domain,name\nacme.example,Acme\n")
    (tmp_path / "contacts.jsonl").write_text('{"full_name": "Ann Archer", "company_domain": "acme.example"}\n')
    return tmp_path / "home"


def test_readme_commands_leave_a_working_admin(home: Path) -> None:
    commands = readme_commands()
    assert [command.split()[1] for command in commands] == ["import", "user", "token"]
    *_, token = [shell(home, command) for command in commands]
    email = re.search(r"\S+@\S+", commands[1])
    assert email
    with serving(home) as server:
        assert server.setup_code == ""
        assert server.status(token) == 200
        opener = build_opener(HTTPCookieProcessor(CookieJar()))
        post(opener, shell(home, f"letrics user link {email[0]} --url {server.url}"), {})
        page = post(opener, f"{server.url}/admin/users/invite", {"email": "mate@agency.example", "role": "viewer"})
        assert re.search(r'id="link"[^>]*>http://[^<]+/invitation/', page)
        assert "admin" in shell(home, "letrics user list")
