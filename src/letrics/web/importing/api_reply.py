"""Calls of the API's endpoints of imports from pages, in this process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request

from letrics.accounts.sessions import Session
from letrics.web.page import site


@dataclass(frozen=True, slots=True)
class ApiReply:
    """The response of the API: its data, or its errors as sentences."""

    status: int
    data: Any
    errors: list[str]

    @property
    def problem(self) -> str | None:
        """The errors as one text; None if there are none."""
        return " ".join(self.errors) or None


async def ask_api(request: Request, session: Session, method: str, path: str, body: bytes = b"") -> ApiReply:
    """Call an operation as the signed-in user. Raises HTTPException for 403, 404 and server errors."""
    status, content = await site(request).ask(method, path, body, session.principal)
    envelope = msgspec.json.decode(content)
    errors = [str(item["details"]) for item in envelope["errors"]]
    if status in (403, 404) or status >= 500:
        raise HTTPException(status, " ".join(errors), {"Retry-After": "5"} if status in (429, 503) else None)
    return ApiReply(status, envelope["data"], [error if error[-1:] in ".!?" else f"{error}." for error in errors])
