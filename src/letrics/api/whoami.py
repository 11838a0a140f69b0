"""Who is calling, told to the caller: a first request that a client can make to see that its token is good."""

from __future__ import annotations

import msgspec

from letrics.accounts.verifier import Verifier
from letrics.api.answer import Answer, Meta, success
from letrics.api.call import Call
from letrics.api.querystring import refuse_all
from letrics.errors import INVALID_INPUT, LetricsError


class WhoAmI:
    """`/v1/account`."""

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier

    async def get(self, call: Call) -> Answer:
        """The user's email, and what the token of the request is good for."""
        problems = refuse_all(call.query, "is not a parameter here: the account is that of the token")
        if problems:
            raise LetricsError(INVALID_INPUT, [(text, name) for name, text in problems.items()])
        assert call.principal is not None
        account = self._verifier.account(call.principal)
        return success(msgspec.json.encode(account), Meta(call.request_id))
