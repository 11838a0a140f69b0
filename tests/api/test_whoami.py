"""The account of the caller."""

from __future__ import annotations

from letrics.accounts.database import AccountsDatabase, now_ms
from letrics.accounts.tokens import Tokens
from letrics.normalize.time import format_time
from tests.conftest import Service
from tests.contract.envelope import check


def test_the_token_and_its_user(service: Service, accounts: AccountsDatabase) -> None:
    expires = now_ms() + 60_000
    secret, made = Tokens(accounts).create("ann@people.example", "Ann's laptop", ["read", "write"], expires)
    reply = service.api.get("/v1/account", token=secret)
    assert reply.json["data"] == {
        "email": "ann@people.example",
        "token": {
            "id": made.id, "name": "Ann's laptop", "scopes": ["read", "write"], "last_four": secret[-4:],
            "created_at": made.created_at, "expires_at": format_time(expires),
        },
    }  # fmt: skip
    assert secret not in reply.body.decode()


def test_a_token_without_expiry(service: Service) -> None:
    token = service.api.get("/v1/account").json["data"]["token"]
    assert (token["name"], token["scopes"], token["expires_at"]) == ("reading", ["read"], None)
    assert service.api.call("HEAD", "/v1/account").status == 200


def test_only_with_a_token_and_without_parameters(service: Service) -> None:
    check(service.api.get("/v1/account", token=None), "unauthorized")
    check(service.api.get("/v1/account", token=service.tokens["revoked"]), "unauthorized")
    check(service.api.get("/v1/account?x=1"), "invalid_input", "x")
    check(service.api.post("/v1/account"), "method_not_allowed")
