"""A server in a separate process over a home, its accounts, and a client of its API."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, takewhile
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.roles import Role
from letrics.accounts.sessions import Sessions
from letrics.accounts.tokens import Token, Tokens
from letrics.accounts.users import User, Users
from tests.reliability.running import environment

PASSWORD: Final = "mild horse battery"
_ORDER = count(1)


@dataclass
class Served:
    """The server's address, its home, and a token that may read."""

    url: str
    home: Path
    token: str = ""
    setup_code: str = ""

    def ask(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """The response of the API to a program."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        with urlopen(Request(self.url + path, data, headers)) as response:
            read: dict[str, Any] = json.load(response)
        return read

    def total(self, kind: str, body: dict[str, Any]) -> int:
        found: int = self.ask(f"/v1/{kind}", {**body, "per_page": 1})["meta"]["total"]
        return found

    def status(self, token: str) -> int:
        """The status of a search with a token."""
        request = Request(f"{self.url}/v1/contacts?per_page=1", headers={"Authorization": f"Bearer {token}"})
        try:
            with urlopen(request) as response:
                return int(response.status)
        except HTTPError as error:
            error.close()
            return error.code

    def accounts(self) -> AccountsDatabase:
        """A connection of the test's own, like that of another process."""
        return AccountsDatabase(self.home / "accounts.db")

    def person(
        self, *, admin: bool = False, role: Role | None = None, password: str | None = None, stem: str = "person"
    ) -> User:
        """A new user of whom nothing is known to other tests. The first one is an admin, as everywhere."""
        with self.accounts() as accounts:
            users = Users(accounts)
            return users.add(f"{stem}{next(_ORDER)}@people.example", role="admin" if admin else role, password=password)

    def session(self, user: User) -> str:
        """A new session of the user: the secret for a browser."""
        with self.accounts() as accounts:
            return Sessions(accounts).open(user.id)

    def make_token(self, user: User, name: str) -> tuple[str, Token]:
        with self.accounts() as accounts:
            return Tokens(accounts).create(user.email, name)


def load(home: Path, *files: Path, kind: str) -> None:
    """Import files into a home."""
    command = [sys.executable, "-m", "letrics.cli", "import", *map(str, files), "--kind", kind]
    subprocess.run(command, env=environment(home), check=True, capture_output=True)


@contextmanager
def serving(home: Path) -> Iterator[Served]:
    """Serve `home` on a free port until the end of the block. What the server says goes to the file `log` in it."""
    command = [sys.executable, "-m", "letrics.cli", "serve", "--port", "0", "--json"]
    with (home / "log").open("w") as log:
        process = subprocess.Popen(command, env=environment(home), stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout is not None
    try:
        lines = list(takewhile(lambda line: line != "}\n", process.stdout))
        assert lines, (home / "log").read_text()
        said = json.loads("".join([*lines, "}"]))
        yield Served(said["url"], home, setup_code=said["setup_code"] or "")
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()
    assert "Traceback" not in (home / "log").read_text()
