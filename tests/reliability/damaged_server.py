"""A server in this process over a home that is damaged before it starts or while it runs, and every kind of request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from starlette.types import ASGIApp, Message

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.app import create_app
from letrics.settings import Home, Settings
from tests.api.caller import Caller, Reply
from tests.office import ADA, CHEAP_HASHER, PASSWORD
from tests.reliability.damaged_home import DamagedHome
from tests.web.browser import Browser

_HOST: Final = "127.0.0.1:8000"
_WAIT_SECONDS: Final = 10.0
"""How long the index may take to load, or to turn out to be impossible to load."""
_ROW: Final = {"id": "c3", "full_name": "Ann Number3", "job_title": "Boss", "company_domain": "f3.example"}
_NEW: Final = {"full_name": "New One", "company_domain": "f4.example", "company_name": "Firm 4 GmbH"}
REQUESTS: Final[tuple[tuple[str, str, Any], ...]] = (
    ("GET", "/readyz", None), ("GET", "/metrics", None), ("GET", "/v1/account", None),
    ("GET", "/v1/contacts?per_page=50", None), ("GET", "/v1/companies?per_page=20", None),
    ("POST", "/v1/contacts", {"job_titles": ["CFO"]}), ("POST", "/v1/contacts/count", {}),
    ("POST", "/v1/contacts/facets", {"facets": ["job_titles"]}), ("POST", "/v1/contacts/export", {}),
    ("GET", "/v1/contacts/fields/job_titles/values?q=c", None), ("GET", "/v1/contacts/c1", None),
    ("GET", "/v1/contacts/id/c11", None), ("GET", "/v1/companies/f1.example", None), ("GET", "/v1/duplicates", None),
    ("GET", "/v1/duplicates?status=merged", None), ("GET", "/v1/duplicates/1", None), ("GET", "/v1/imports", None),
    ("GET", "/v1/imports/3", None), ("PAGE", "/overview", None), ("PAGE", "/explore/contacts", None),
    ("PAGE", "/import", None), ("PAGE", "/import/4/undo", None), ("PAGE", "/duplicates", None),
    ("PAGE", "/forget?id=c7", None), ("PAGE", "/admin/users", None), ("PAGE", "/settings/tokens", None),
    ("POST", "/v1/contacts/upsert", {"records": [_ROW, _NEW]}), ("POST", "/v1/duplicates/3/merge", {"keep": "c2"}),
    ("POST", "/v1/duplicates/3/undo", {}),
    ("POST", "/v1/companies/upsert", {"records": [{"domain": "f2.example", "name": "Firm Zwei"}]}),
    ("POST", "/v1/duplicates/4/dismiss", {}), ("POST", "/v1/imports?kind=contacts&filename=a.jsonl", b'{"id":"c9"}\n'),
    ("DELETE", "/v1/contacts/c15", None), ("DELETE", "/v1/contacts/c16?forget=true", None),
    ("DELETE", "/v1/companies/f9.example?with_contacts=true", None), ("DELETE", "/v1/imports/4", None),
    ("GET", "/v1/contacts?per_page=50", None),
)  # fmt: skip
"""What callers and users ask of a server, in this order."""


@dataclass
class DamagedServer:
    """The application over a home, and a caller and a browser of an admin."""

    app: ASGIApp
    loop: asyncio.AbstractEventLoop
    token: str

    def __post_init__(self) -> None:
        self.caller = Caller(self.app, self.loop, self.token)
        self.browser = Browser(self.app, self.loop, host=_HOST)

    def wait(self) -> None:
        """Wait until the index is loaded, or cannot be loaded."""

        async def wait_for_it() -> None:
            ends = self.loop.time() + _WAIT_SECONDS
            while self.loop.time() < ends:
                reply = await self.caller.ask("GET", "/readyz", headers={"host": _HOST})
                if b"loading" not in reply.body:
                    return
                await asyncio.sleep(0.02)

        self.loop.run_until_complete(wait_for_it())

    def sign_in(self) -> None:
        """Sign the browser in."""
        self.browser.fill("/signin", {"email": ADA, "password": PASSWORD})

    def ask(self, method: str, target: str, body: Any) -> Reply:
        """Send a request; PAGE is one of the browser."""
        if method == "PAGE":
            return self.browser.get(target, {"accept": "text/html"}).reply
        headers = {"host": _HOST, "content-type": "application/json"}
        if isinstance(body, bytes):
            return self.caller.call(method, target, body, headers | {"content-type": "application/x-ndjson"})
        if method == "POST":
            return self.caller.post(target, body, headers=headers)
        return self.caller.call(method, target, headers={"host": _HOST})


def add_admin(home: DamagedHome) -> str:
    """Add an admin to a home; returns a token."""
    with AccountsDatabase(Home(home.path).accounts, hasher=CHEAP_HASHER) as accounts:
        Users(accounts).add(ADA, password=PASSWORD, role="admin")
        return Tokens(accounts).create(ADA, "all", ["write"])[0]


@contextmanager
def served(home: DamagedHome, token: str, loop: asyncio.AbstractEventLoop) -> Iterator[DamagedServer]:
    """Run the application over a home. Raises StoreAway if it refuses to start."""
    app = create_app(Home(home.path), Settings())
    received, sent = asyncio.Queue[Message](), asyncio.Queue[Message]()
    scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}

    async def start() -> asyncio.Future[None]:
        running = asyncio.ensure_future(_run(app, scope, received.get, sent.put))
        await received.put({"type": "lifespan.startup"})
        await sent.get()
        return running

    running = loop.run_until_complete(start())
    try:
        yield DamagedServer(app, loop, token)
    finally:
        received.put_nowait({"type": "lifespan.shutdown"})
        loop.run_until_complete(running)


async def _run(app: ASGIApp, scope: Any, receive: Callable[[], Any], send: Callable[[Message], Any]) -> None:
    await app(scope, receive, send)
