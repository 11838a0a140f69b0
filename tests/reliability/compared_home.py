"""A home with a server, whose responses and outputs are noted without what differs between two homes by nature."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
from click.testing import CliRunner

from letrics.cli import cli
from tests.reliability.running import PATIENCE, environment, make_token, run_here, start, until
from tests.servers.postgres import free_port

USER: Final = "tests@people.example"
_NATURAL: Final = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r'("(?:request_id|upload|last_four|expires_at|found_at|merged_at)": ?)"[^"]*"', r'\1"…"'),
        (r'("(?:took_ms|seconds|rows_per_second|bytes|database_bytes|lacks)": ?)[0-9.]+', r"\1…"),
        (r"\b20\d\d-\d\d-\d\d[T ][0-9:.]+(?:Z| UTC)?", "TIME"),
        (r"\b[0-9a-f]{16,64}\b", "HEX"),
        (r'(content|X-CSRF|name="csrf" value)("?[=:] ?")[\w-]{40,}"', r"\1\2…"),
        (r'value="[\w.=-]{40,}"', 'value="…"'),
        (r"\b[0-9.,]+ (ms|s|kB|MB|rows/s)\b", r"N \1"),
        (r"\bjust now|\d+ (?:second|minute)s? ago", "AGO"),
    )
)
"""What differs between two homes with the same data: ids of requests and secrets, times, sizes, and what a saved index
lacks."""


class ComparedHome:
    """A home with a running server. `notes` has what it replied and printed, in order, each with what was asked."""

    def __init__(self, home: Path, settings: dict[str, str]) -> None:
        self.home = home
        self.settings = settings
        self.notes: list[tuple[str, str]] = []
        self.port = free_port()
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=PATIENCE)
        self._marks = 0

    def ask(self, method: str, path: str, **given: Any) -> Any:
        """Send a request with the token, and note the reply; returns its data, if there is any."""
        reply = self.client.request(method, path, **given)
        head = f"{reply.status_code} {reply.headers.get('content-type')} {reply.headers.get('retry-after')}"
        text = reply.text if "parquet" not in path and "xlsx" not in path else ""
        self._note(f"{method} {path} {given}", f"{head}\n{text}")
        is_json = reply.headers.get("content-type", "").startswith("application/json")
        return reply.json()["data"] if is_json else None

    def run(self, *words: object) -> None:
        """Run a command, and note its exit code and output. It must not end with a traceback."""
        given = environment(self.home, **self.settings)
        variables = {name: value for name, value in given.items() if name.startswith("LETRICS_")}
        result = CliRunner(env=variables).invoke(cli, [*map(str, words)], prog_name="letrics")
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        self._note(" ".join(map(str, words)), f"{result.exit_code}\n{result.stdout}\n{result.stderr}")

    def settle(self) -> None:
        """Wait until the server finds what was written so far: an additional contact is written and searched."""
        self._marks += 1
        mark = f"mark{self._marks}@marks.example"
        body = {"records": [{"id": f"mark{self._marks}", "emails": [mark], "company_domain": "marks.example"}]}
        assert self.client.post("/v1/contacts/upsert", json=body).status_code == 200
        until(lambda: self._total({"emails": [mark]}) == 1)

    def sign_in(self) -> None:
        """Sign in to the pages with a link."""
        link = run_here(self.home, "user", "link", USER, "--url", str(self.client.base_url), **self.settings).strip()
        fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', self.client.get(link).text))
        assert self.client.post(link, data=fields).status_code == 303

    def _total(self, body: dict[str, Any]) -> int:
        reply = self.client.post("/v1/contacts", json=body)
        return int(reply.json()["meta"]["total"]) if reply.status_code == 200 else -1

    def _note(self, asked: str, text: str) -> None:
        text = text.replace(str(self.home), "HOME").replace(str(self.port), "PORT")
        text = text.replace(self.settings.get("database", "HOME"), "HOME")
        for pattern, replacement in _NATURAL:
            text = pattern.sub(replacement, text)
        self.notes.append((asked, text))


@contextmanager
def compared_home(home: Path, **settings: str) -> Iterator[ComparedHome]:
    """Serve a home until the end of the block. The token may write."""
    run_here(home, "user", "add", USER, **settings)
    made = ComparedHome(home, settings)
    made.client.headers["authorization"] = f"Bearer {make_token(home, 'tests', '--scope', 'write', **settings)}"
    process = start(home, "serve", "--port", made.port, files=None, **settings)
    try:
        until(lambda: _is_ready(made.client))
        yield made
    finally:
        made.client.close()
        process.terminate()
        err = process.communicate(timeout=PATIENCE)[1]
    assert "Traceback" not in err and " ERROR " not in err, err


def _is_ready(client: httpx.Client) -> bool:
    try:
        return client.get("/readyz").status_code == 200
    except httpx.ConnectError:
        return False
