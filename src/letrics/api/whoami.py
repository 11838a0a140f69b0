"""The endpoint that returns the caller's account. A client can call it first to check that its token is valid."""

from __future__ import annotations

import msgspec

from letrics.accounts.authenticator import Authenticator
from letrics.api.call import Call
from letrics.api.querystring import refuse, refuse_all
from letrics.api.response import ApiResponse, Meta, success


class WhoAmI:
    """The endpoint `/v1/account`."""

    def __init__(self, authenticator: Authenticator) -> None:
        self._authenticator = authenticator

    async def get(self, call: Call) -> ApiResponse:
        """Return the user's email and the name, scopes and expiry of the token."""
        refuse(refuse_all(call.query, "is not a parameter of this path: it returns the account of the token"))
        assert call.principal is not None
        account = await self._authenticator.account(call.principal)
        return success(msgspec.json.encode(account), Meta(call.request_id))
