"""A browser without scripts: keeps cookies, sends forms with their hidden fields, and says where they come from."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from starlette.types import ASGIApp

from tests.api.caller import Caller, Reply

_CSRF = re.compile(r'name="csrf" (?:value|content)="([^"]+)"')


@dataclass
class Page:
    """What came back. `cookies` are the raw Set-Cookie lines of this response."""

    reply: Reply
    cookies: list[str]

    @property
    def status(self) -> int:
        return self.reply.status

    @property
    def html(self) -> str:
        return self.reply.body.decode()

    @property
    def text(self) -> str:
        """The words of the page, without tags."""
        return unescape(re.sub(r"<[^>]*>", " ", self.html))

    @property
    def location(self) -> str:
        return self.reply.headers.get("location", "")

    @property
    def csrf(self) -> str:
        found = _CSRF.search(self.html)
        return found[1] if found else ""

    def inner(self, id: str) -> str:
        """The text of an element by its id."""
        found = re.search(rf'id="{id}"[^>]*>([^<]*)<', self.html)
        assert found, f"there is no #{id}"
        return unescape(found[1])


@dataclass
class Browser:
    """One browser, at one address. `page` is the last one that was shown; its form token is sent with forms."""

    app: ASGIApp
    loop: asyncio.AbstractEventLoop
    host: str = "letrics.example:8000"
    address: str = "192.0.2.1"
    scheme: str = "http"
    jar: dict[str, str] = field(default_factory=dict)
    csrf: str = ""

    def get(self, target: str, headers: Mapping[str, str] | None = None) -> Page:
        return self.send("GET", target, b"", {"sec-fetch-site": "same-origin", **(headers or {})})

    def post(self, target: str, fields: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None,
             csrf: str | None = None) -> Page:  # fmt: skip
        """Send a form. Without `csrf` it holds the token of the page last seen; an empty one is left out."""
        given = self.csrf if csrf is None else csrf
        pairs = ({"csrf": given} if given else {}) | dict(fields or {})
        sent = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin", **(headers or {})}
        return self.send("POST", target, urlencode(pairs, doseq=True).encode(), sent)

    def fill(self, target: str, fields: Mapping[str, Any] | None = None) -> Page:
        """Open a page, fill in its form and send it."""
        self.get(target)
        return self.post(target, fields)

    def send(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> Page:
        cookies = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        sent = {
            "host": self.host,
            "accept": "text/html,*/*;q=0.8",
            "user-agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0",
        }
        sent |= {"cookie": cookies} if cookies else {}
        sent |= {key: value for key, value in headers.items() if value}
        lines: list[str] = []

        async def through(scope: Any, receive: Any, send: Any) -> None:
            async def watch(message: Any) -> None:
                lines.extend(v.decode() for k, v in message.get("headers", ()) if k == b"set-cookie")
                await send(message)

            scope = {**scope, "client": (self.address, 5), "scheme": self.scheme}
            await self.app(scope, receive, watch)

        page = Page(Caller(through, self.loop).call(method, target, body, sent), lines)
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                self.jar.pop(name, None)
                if morsel.value and morsel["max-age"] != "0":
                    self.jar[name] = morsel.value
        self.csrf = page.csrf or self.csrf
        return page

    def sign_in(self, email: str, password: str) -> Page:
        return self.fill("/signin", {"email": email, "password": password})
