"""`letrics user`: who may have tokens and, with a password, sign in."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.users import User, Users
from letrics.cli.context import Session, pass_session
from letrics.cli.failures import USAGE, Failed

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
    """Refuse a user and all their tokens, within a second."""
    with accounts(session) as database:
        _show(session, Users(database).disable(email), "disabled")


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
    """Set a user's password, asked for on a terminal or read from standard input."""
    with accounts(session) as database:
        users = Users(database)
        users.get(email)  # nobody types a new password twice to hear that there is no such user
        chosen = _password(password_stdin, required=True)
        assert chosen is not None
        _show(session, users.set_password(email, chosen), "password set")


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


def _show(session: Session, user: User, done: str) -> None:
    session.answer(user, f"{user.email}: {done}")


def _line(user: User) -> str:
    marks = [
        "admin" if user.admin else "",
        "" if user.has_password else "no password",
        f"disabled {user.disabled_at}" if user.disabled_at else "",
    ]
    return "  ".join([user.email, user.created_at, ", ".join(filter(None, marks))]).rstrip()
