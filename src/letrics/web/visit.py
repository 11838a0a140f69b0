"""Context of a page request: the session, the secret of the form token, and the address of the server."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Final

from starlette.types import Scope

from letrics.accounts.browser import cookie, form_cookie, known_cookie, session_cookie
from letrics.accounts.sessions import Session, form_token
from letrics.host_header import HOST
from letrics.web.site import Site

KEY: Final = "letrics.visit"
"""Key of the Visit in the ASGI scope."""

_FORM_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{22,43}")
"""A valid value of the form cookie."""


@dataclass(slots=True)
class Visit:
    """One page request.

    `secret` is the secret of the session, or without a session that of the form cookie. `browser` is the secret of the
    cookie of a known browser, not verified, or empty. `fresh` is true if the response has to set the form cookie.
    `base_url` is the address of the server as clients see it, without a trailing slash.
    """

    site: Site
    session: Session | None
    secret: str
    browser: str
    fresh: bool
    secure: bool
    base_url: str
    address: str
    user_agent: str
    request_id: str

    @classmethod
    async def of(cls, scope: Scope, site: Site) -> Visit:
        """Build the Visit of a request. Raises StoreAway if the session cannot be looked up."""
        headers = scope["headers"]
        secure = site.https or scope["scheme"] == "https"
        host = next((value.decode("latin-1") for key, value in headers if key == b"host"), "")
        agent = next((value.decode("latin-1") for key, value in headers if key == b"user-agent"), "")
        client = scope.get("client")
        given = cookie(headers, session_cookie(secure))
        session = await site.authenticator.find_session(given) if given else None
        secret = given if session else cookie(headers, form_cookie(secure))
        fresh = session is None and not _FORM_SECRET.fullmatch(secret)
        return cls(
            site,
            session,
            secrets.token_urlsafe(24) if fresh else secret,
            cookie(headers, known_cookie(secure)),
            fresh,
            secure,
            site.public_url or f"{'https' if secure else 'http'}://{host if HOST.fullmatch(host) else _server(scope)}",
            client[0] if client else "",
            agent,
            scope.get("letrics.request_id", ""),
        )

    @property
    def form_token(self) -> str:
        return form_token(self.secret)

    @property
    def command_home(self) -> str:
        """The home directory in commands on pages. Empty for visitors without a session, who must not see the path."""
        return self.site.home if self.session is not None else ""


def _server(scope: Scope) -> str:
    host, port = scope.get("server") or ("127.0.0.1", None)
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{port}" if port else str(host)
