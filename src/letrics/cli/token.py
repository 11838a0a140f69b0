"""`letrics token`: creates, lists and revokes API tokens."""

from __future__ import annotations

import re
import sys
from typing import Final

import click
import msgspec

from letrics.accounts.database import now_ms
from letrics.accounts.principal import SCOPES, Scope
from letrics.accounts.tokens import Token, Tokens
from letrics.cli.context import CliSession, pass_session
from letrics.cli.number_types import NUMBER
from letrics.cli.user import accounts
from letrics.logs.request_context import add_details
from letrics.normalize.time import DAY_MS, format_time, parse_time

_AGE: Final = re.compile(r"([0-9]{1,6})([hdwy])")
"""Matches a lifetime: up to six digits and a unit, such as 90d."""
_UNITS: Final = {"h": DAY_MS // 24, "d": DAY_MS, "w": 7 * DAY_MS, "y": 365 * DAY_MS}
"""The length of each unit of a lifetime, in milliseconds; a year has 365 days."""


@click.group()
def token() -> None:
    """Manage API tokens."""


@token.command()
@click.option("--user", "email", required=True, metavar="EMAIL", help="The user of the token.")
@click.option("--name", required=True, help="A name that identifies the token in the list.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(SCOPES),
    help="The token's permission: read (default), or write, which includes read. Can be repeated.",
)
@click.option(
    "--expires",
    default="90d",
    metavar="WHEN",
    show_default=True,
    help="When it expires: 90d, 12h, 8w or 1y from now, a date (end of that day, UTC), a timestamp, or never.",
)
@pass_session
def create(session: CliSession, email: str, name: str, scopes: tuple[Scope, ...], expires: str) -> None:
    """Create a token and print it on standard output. It is not shown again.

    A token cannot exceed the role of its user: write needs the role editor or admin.
    """
    with accounts(session) as database:
        secret, token = Tokens(database).create(email, name, scopes or ("read",), _expiry(expires))
    add_details(token=token.id, scopes=token.scopes, expires_at=token.expires_at)
    if session.json:
        session.print_result({"token": secret, **msgspec.structs.asdict(token)})
        return
    if sys.stdout.isatty():
        session.say(f"Token {token.id} of {token.user}, {_until(token)}. Store it now: it is not shown again.")
    session.print_result(None, secret)


@token.command("list")
@pass_session
def list_tokens(session: CliSession) -> None:
    """List all tokens without their secrets."""
    tokens: list[Token] = []
    session.existing_home()
    if session.backends().accounts.exists():
        with accounts(session) as database:
            tokens = Tokens(database).all()
    session.print_result(
        tokens, "\n".join(map(_line, tokens)) if tokens else "there are no tokens yet: letrics token create"
    )


@token.command()
@click.argument("id", type=NUMBER)
@pass_session
def revoke(session: CliSession, id: int) -> None:
    """Revoke a token (takes effect within one second). ID is the number shown by `letrics token list`."""
    with accounts(session) as database:
        token = Tokens(database).revoke(id)
    add_details(token=token.id)
    session.print_result(token, f"token {token.id} ({token.name}) of {token.user} is revoked")


def _expiry(text: str) -> int | None:
    """Parse `--expires` into milliseconds since 1970; None for never. Raises ValueError."""
    text = text.strip()
    if text.lower() == "never":
        return None
    age = _AGE.fullmatch(text.lower())
    moment = now_ms() + int(age[1]) * _UNITS[age[2]] if age else _moment(text)
    try:
        format_time(moment)
    except OverflowError:
        raise ValueError(f"--expires {text} is after the year 9999: use never") from None
    return moment


def _moment(text: str) -> int:
    """Parse a timestamp, or a date as its last millisecond. Raises ValueError that lists all valid formats."""
    try:
        return parse_time(text, "last")
    except ValueError:
        raise ValueError(
            f"--expires {text} is not valid: use 90d, 12h, 8w, 1y, a date such as 2027-01-31, or never"
        ) from None


def _until(token: Token) -> str:
    return f"expires {token.expires_at}" if token.expires_at else "never expires"


def _line(token: Token) -> str:
    state = f"revoked {token.revoked_at}" if token.revoked_at else _until(token)
    used = f"last used {token.last_used_at}" if token.last_used_at else "never used"
    return f"{token.id}  {token.user}  {token.name}  …{token.last_four}  {'+'.join(token.scopes)}  {state}  {used}"
