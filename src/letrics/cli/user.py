"""`letrics user`: who may have tokens and, with a password, sign in."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.links import Links
from letrics.accounts.sessions import Sessions
from letrics.accounts.users import User, Users
from letrics.cli.context import Session, pass_session
from letrics.cli.failures import USAGE, Failed


def _read_url(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    from letrics.settings import read_url

    try:
        return None if value is None else read_url(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


url_option = click.option(
    "--url",
    metavar="URL",
    callback=_read_url,
    help="How people reach the pages (default: the setting public_url, else the host and port).",
)
password_stdin = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


@contextmanager
def accounts(session: Session) -> Iterator[AccountsDatabase]:
    """The accounts database, made where it is missing. What cannot be done as asked ends the command in one line."""
    with AccountsDatabase(session.home.make().accounts) as database:
        try:
            yield database
        except (ValueError, LookupError) as error:
            raise Failed(str(error), USAGE) from None


@click.group()
def user() -> None:
    """Manage users."""


@user.command()
@click.argument("email")
@click.option("--admin", is_flag=True, help="They may manage others.")
@password_stdin
@pass_session
def add(session: Session, email: str, admin: bool, password_stdin: bool) -> None:
    """Add a user.

    The password is asked for on a terminal. Without a terminal and without --password-stdin the user has none: they
    can hold tokens but not sign in.
    """
    with accounts(session) as database:
        password = _password(password_stdin, required=False)
        _show(session, Users(database).add(email, admin=admin, password=password), "added")


@user.command("list")
@pass_session
def list_users(session: Session) -> None:
    """List all users."""
    with accounts(session) as database:
        users = Users(database).all()
    session.answer(users, "\n".join(map(_line, users)) if users else "there are no users yet: letrics user add EMAIL")


@user.command()
@click.argument("email")
@pass_session
def disable(session: Session, email: str) -> None:
    """Refuse a user and all their tokens, and sign them out, within a second."""
    with accounts(session) as database:
        user = Users(database).disable(email)
        Sessions(database).end_all(user.id)
        _show(session, user, "disabled")


@user.command()
@click.argument("email")
@pass_session
def enable(session: Session, email: str) -> None:
    """Take a disabling back."""
    with accounts(session) as database:
        _show(session, Users(database).enable(email), "enabled")


@user.command()
@click.argument("email")
@password_stdin
@pass_session
def password(session: Session, email: str, password_stdin: bool) -> None:
    """Set a user's password, asked for on a terminal or read from standard input. They are signed out everywhere."""
    with accounts(session) as database:
        users = Users(database)
        users.get(email)  # nobody types a new password twice to hear that there is no such user
        chosen = _password(password_stdin, required=True)
        assert chosen is not None
        user = users.set_password(email, chosen)
        Sessions(database).end_all(user.id)
        _show(session, user, "password set")


@user.command()
@click.argument("email")
@click.option("--admin", is_flag=True, help="They may delete records and manage users.")
@url_option
@pass_session
def invite(session: Session, email: str, admin: bool, url: str | None) -> None:
    """Print a link by which somebody becomes a user with a password of their own. It is good once, for 7 days."""
    with accounts(session) as database:
        _show_link(session, url, Links(database).invite(email, admin=admin))


@user.command()
@click.argument("email")
@url_option
@pass_session
def reset(session: Session, email: str, url: str | None) -> None:
    """Print a link by which a user chooses a new password. It is good once, for an hour."""
    with accounts(session) as database:
        _show_link(session, url, Links(database).reset(email))


@user.command()
@click.argument("email")
@url_option
@pass_session
def link(session: Session, email: str, url: str | None) -> None:
    """Print a link that signs a user in. It is good once, for an hour."""
    with accounts(session) as database:
        _show_link(session, url, Links(database).sign_in(email))


def _password(from_stdin: bool, *, required: bool) -> str | None:
    if from_stdin:
        return sys.stdin.readline().removesuffix("\n").removesuffix("\r")
    if sys.stdin.isatty():
        hint = "" if required else " (empty for none)"
        text: str = click.prompt(f"Password{hint}", hide_input=True, confirmation_prompt=True, default="", err=True,
                                 show_default=False)  # fmt: skip
        if text or required:
            return text
    if required:
        raise Failed("there is no terminal to ask on: send the password with --password-stdin", USAGE)
    return None


def _show_link(session: Session, url: str | None, path: str) -> None:
    """Alone on standard output, so that a script can pass it on."""
    settings = session.settings()
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    own = f"{'https' if settings.https else 'http'}://{host}:{settings.port}"
    link = (url or settings.public_url.rstrip("/") or own) + path
    session.answer({"link": link}, link)


def _show(session: Session, user: User, done: str) -> None:
    session.answer(user, f"{user.email}: {done}")


def _line(user: User) -> str:
    marks = [
        "admin" if user.admin else "",
        "" if user.has_password else "no password",
        f"disabled {user.disabled_at}" if user.disabled_at else "",
    ]
    return "  ".join([user.email, user.created_at, ", ".join(filter(None, marks))]).rstrip()
