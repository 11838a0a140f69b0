"""The project speaks of public places only, and its pages load nothing from elsewhere."""

from __future__ import annotations

import ipaddress
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_TEXTS = {".py", ".md", ".toml", ".txt", ".sh", ".sql", ".css", ".html", ".js", ".json", ".svg", ".yml", ".yaml", ""}
_URL = re.compile(r"https?://(\[[0-9a-f:]+\]|[\w.-]+)", re.IGNORECASE)
_PRIVATE_ENDINGS = (".internal", ".local", ".lan", ".corp", ".intranet", ".home.arpa")
_LOADS = re.compile(
    r"""(?:src|href)\s*=\s*["']?(?:https?:)?//|@import\s+(?:url\()?["']?(?:https?:)?//|url\(["']?https?:"""
)


def tracked_files() -> list[Path]:
    """The files of the project as git knows them."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("git cannot tell which files belong to the project: this is not a clone")
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def _texts() -> list[Path]:
    return [path for path in tracked_files() if path.suffix in _TEXTS and path.stat().st_size < 2_000_000]


def _is_private(host: str) -> bool:
    bare = host.strip("[]").lower().rstrip(".")
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return bare.endswith(_PRIVATE_ENDINGS)
    documented = any(
        address in ipaddress.ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
    )
    return address.is_private and not (address.is_loopback or address.is_unspecified or documented)


@pytest.mark.parametrize(
    ("host", "private"),
    [("10.0.0.1", True), ("192.168.1.5", True), ("wiki.corp", True), ("127.0.0.1", False), ("192.0.2.7", False),
     ("example.com", False), ("[::1]", False)],
)  # fmt: skip
def test_private_hosts_are_told_from_public_ones(host: str, private: bool) -> None:
    assert _is_private(host) is private


def test_no_file_names_a_private_host() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {host}"
        for path in _texts()
        if path.is_relative_to(ROOT / "tests") is False
        for host in _URL.findall(path.read_text("utf-8"))
        if _is_private(host)
    ]
    assert found == []


def test_no_file_names_a_home_or_work_directory() -> None:
    personal = re.compile(r"(?<![\w.$}])/(?:home|Users|work|root)/\w")
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()[:80]}"
        for path in _texts()
        if path.resolve() != Path(__file__).resolve()
        for line in path.read_text("utf-8").splitlines()
        if personal.search(line)
    ]
    assert found == []


def test_pages_load_nothing_from_elsewhere() -> None:
    web = [path for path in _texts() if path.is_relative_to(ROOT / "src" / "letrics" / "web")]
    assert web
    loads = [path.name for path in web if path.suffix != ".py" and _LOADS.search(path.read_text("utf-8"))]
    assert loads == []


def test_no_large_file_is_carried_along() -> None:
    assert [path.name for path in tracked_files() if path.stat().st_size > 6_000_000] == []
