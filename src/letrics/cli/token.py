"""`letrics token`: create, list and revoke API tokens."""

from __future__ import annotations

import re
import sys
from typing import Final

import click
import msgspec

from letrics.accounts.database import now_ms
from letrics.accounts.principal import SCOPES, Scope
from letrics.accounts.tokens import Token, Tokens
from letrics.cli.context import Session, pass_session
from letrics.cli.user import accounts
from letrics.normalize.time import DAY_MS, format_time, parse_time

_AGE: Final = re.compile(r"([0-9]{1,6})([hdwy])")
_UNITS: Final = {"h": DAY_MS // 24, "d": DAY_MS, "w": 7 * DAY_MS, "y": 365 * DAY_MS}


@click.group()
def token() -> None:
    """Manage API tokens."""


@token.command()
@click.option("--user", "email", required=True, metavar="EMAIL", help="Whose token it is.")
@click.option("--name", required=True, help="What it is for, to know it by in the list.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(SCOPES),
    help="What it may do: read (the default), or write, which includes read. May be repeated.",
)
@click.option(
    "--expires",
    default="90d",
    metavar="WHEN",
    show_default=True,
    help="90d, 12h, 8w or 1y from now, a date (the end of that day, UTC), a timestamp, or never.",
)
@pass_session
def create(session: Session, email: str, name: str, scopes: tuple[Scope, ...], expires: str) -> None:
    """Create a token and print it, alone, on standard output. It is not shown again.

    A token may do no more than its user: write needs the role editor or admin.
    """
    with accounts(session) as database:
        secret, token = Tokens(database).create(email, name, scopes or ("read",), _expiry(expires))
    if session.json:
        session.answer({"token": secret, **msgspec.structs.asdict(token)})
        return
    if sys.stdout.isatty():
        session.say(f"Token {token.id} of {token.user}, {_until(token)}. Keep it now: it is not shown again.")
    session.answer(None, secret)


@token.command("list")
@pass_session
def list_tokens(session: Session) -> None:
    """List all tokens, without their secrets."""
    tokens: list[Token] = []
    if session.existing_home().accounts.exists():
        with accounts(session) as database:
            tokens = Tokens(database).all()
    session.answer(tokens, "\n".join(map(_line, tokens)) if tokens else "there are no tokens yet: letrics token create")


@token.command()
@click.argument("id", type=int)
@pass_session
def revoke(session: Session, id: int) -> None:
    """Revoke a token (takes effect within one second). ID is its number in `letrics token list`."""
    with accounts(session) as database:
        token = Tokens(database).revoke(id)
    session.answer(token, f"token {token.id} ({token.name}) of {token.user} is revoked")


def _expiry(text: str) -> int | None:
    """Milliseconds since 1970; None for never. Raises ValueError."""
    text = text.strip()
    if text.lower() == "never":
        return None
    age = _AGE.fullmatch(text.lower())
    moment = now_ms() + int(age[1]) * _UNITS[age[2]] if age else _moment(text)
    try:
        format_time(moment)
    except OverflowError:
        raise ValueError(f"--expires {text} lies after the year 9999: use never") from None
    return moment


def _moment(text: str) -> int:
    """A timestamp or date in milliseconds, of a date its last. Raises ValueError with all the forms there are."""
    try:
        return parse_time(text, "last")
    except ValueError:
        raise ValueError(f"--expires {text} is none of 90d, 12h, 8w, 1y, a date such as 2027-01-31, or never") from None


def _until(token: Token) -> str:
    return f"expires {token.expires_at}" if token.expires_at else "never expires"


def _line(token: Token) -> str:
    state = f"revoked {token.revoked_at}" if token.revoked_at else _until(token)
    used = f"last used {token.last_used_at}" if token.last_used_at else "never used"
    return f"{token.id}  {token.user}  {token.name}  …{token.last_four}  {'+'.join(token.scopes)}  {state}  {used}"
