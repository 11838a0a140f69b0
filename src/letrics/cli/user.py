"""`letrics user`: manages users, their roles and passwords, and links to sign in or set a password."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from letrics.accounts.base import Accounts
from letrics.accounts.links import Links
from letrics.accounts.own_tokens import OwnTokens
from letrics.accounts.roles import ROLES, Role
from letrics.accounts.second_factor import SecondFactor
from letrics.accounts.tokens import Tokens
from letrics.accounts.upgrade import NO_ADMIN
from letrics.accounts.users import User, Users
from letrics.cli.context import CliSession, pass_session
from letrics.cli.exit_codes import INTERRUPTED, USAGE, Failed
from letrics.logs.request_context import add_details, skip_event


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
    help="Base URL of the printed link (default: the setting public_url, otherwise host and port).",
)
password_stdin = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
role_option = click.option(
    "--role",
    type=click.Choice(ROLES),
    help="viewer (reads), editor (also imports, merges and deletes) or admin (also manages users). "
    "Default: admin for the first user, viewer for all others.",
)
admin_option = click.option("--admin", is_flag=True, hidden=True, help="Deprecated spelling of --role admin.")


@contextmanager
def accounts(session: CliSession, *, create: bool = False) -> Iterator[Accounts]:
    """Open the accounts database. With `create`, creates the data directory and the database if there is none.

    Turns ValueError and LookupError of the block into Failed.
    """
    if create:
        session.home.make()
    else:
        session.existing_home()
    backend = session.backends().accounts
    if not create and not backend.exists():
        raise Failed(f"{session.place()} has no users yet: letrics user add EMAIL", USAGE)
    with backend.open(create=True) as database:
        try:
            yield database
        except (ValueError, LookupError) as error:
            raise Failed(str(error), USAGE) from None


@click.group()
def user() -> None:
    """Manage users."""


@user.command()
@click.argument("email")
@role_option
@admin_option
@password_stdin
@pass_session
def add(session: CliSession, email: str, role: Role | None, admin: bool, password_stdin: bool) -> None:
    """Add a user. The first one is an admin.

    On a terminal, the command asks for the password. Without a terminal and without --password-stdin, the user has no
    password: they can have tokens but cannot sign in.
    """
    chosen = _role(role, admin)
    with accounts(session, create=True) as database:
        password = _password(password_stdin, required=False)
        added = Users(database).add(email, role=chosen, password=password)
        add_details(target=added.id, email=added.email, role=added.role)
        _show(session, added, f"added as {added.role}")


@user.command("list")
@pass_session
def list_users(session: CliSession) -> None:
    """List all users with their roles."""
    session.existing_home()
    if session.backends().accounts.exists():
        with accounts(session) as database:
            users, lack_admin = Users(database).all(), Users(database).lack_admin()
    else:
        users, lack_admin = [], False
    session.print_result(users, "\n".join(_lines(users)) if users else "there are no users yet: letrics user add EMAIL")
    if lack_admin:
        session.say(NO_ADMIN)


@user.command("role")
@click.argument("email")
@click.argument("role", type=click.Choice(ROLES))
@pass_session
def set_role(session: CliSession, email: str, role: Role) -> None:
    """Change the role of a user: viewer, editor or admin.

    A lower role removes scopes from the user's tokens within one second. A higher role does not restore them: create
    new tokens.
    """
    with accounts(session) as database:
        lowered = [Tokens(database).get(id) for id in Users(database).set_role(email, role)]
        changed = Users(database).get(email)
    add_details(target=changed.id, role=role)
    if lowered:
        session.say(f"tokens now limited to read: {', '.join(f'{one.id} ({one.name})' for one in lowered)}")
    _show(session, changed, role)


@user.command()
@click.argument("email")
@pass_session
def disable(session: CliSession, email: str) -> None:
    """Disable a user: reject their tokens and sign them out (takes effect within one second)."""
    with accounts(session) as database:
        _show(session, _named(Users(database).disable(email)), "disabled")


@user.command()
@click.argument("email")
@pass_session
def enable(session: CliSession, email: str) -> None:
    """Re-enable a user."""
    with accounts(session) as database:
        _show(session, _named(Users(database).enable(email)), "enabled")


@user.command()
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@pass_session
def delete(session: CliSession, email: str, yes: bool) -> None:
    """Permanently delete a user with their tokens, sessions and pending links. Records are not deleted."""
    with accounts(session) as database:
        user = Users(database).get(email)
        if not yes:
            if not sys.stdin.isatty():
                raise Failed("nothing was deleted: not a terminal, pass --yes to confirm", USAGE)
            count = sum(token.user == user.email for token in Tokens(database).all())
            if not click.confirm(f"delete {user.email} and their API tokens ({count})?", err=True):
                raise Failed("nothing was deleted", INTERRUPTED)
        _show(session, _named(Users(database).delete(email)), "deleted")


@user.command()
@click.argument("email")
@password_stdin
@pass_session
def password(session: CliSession, email: str, password_stdin: bool) -> None:
    """Set a user's password, from the terminal or from standard input. Signs the user out of all sessions."""
    with accounts(session) as database:
        users = Users(database)
        users.get(email)  # report an unknown user before the command asks for a password
        chosen = _password(password_stdin, required=True)
        assert chosen is not None
        user = users.set_password(email, chosen)
        tokens = OwnTokens(database, user.email).usable()
    add_details(target=user.id)
    if tokens:
        named = ", ".join(f"{one.id} ({one.name})" for one in tokens)
        session.say(f"API tokens that stay valid: {named}. To revoke one: letrics token revoke ID")
    _show(session, user, "password set")


@user.command()
@click.argument("email")
@click.option("--off", is_flag=True, help="Turn it off, for a user who has lost the app and the recovery codes.")
@pass_session
def totp(session: CliSession, email: str, off: bool) -> None:
    """Print whether a user has two-factor authentication, or turn it off.

    Users turn it on themselves, under /settings/two-factor.
    """
    with accounts(session) as database:
        users = Users(database)
        user = users.get(email)
        if off:
            SecondFactor(database).turn_off(_named(user).id)
            user = users.get(email)
        else:
            skip_event()
    _show(session, user, f"two-factor authentication is {'on' if user.has_totp else 'off'}")


@user.command()
@click.argument("email")
@role_option
@admin_option
@url_option
@pass_session
def invite(session: CliSession, email: str, role: Role | None, admin: bool, url: str | None) -> None:
    """Print an invitation link with which a person creates a user account. It works once and expires after 7 days."""
    chosen = _role(role, admin)
    with accounts(session) as database:
        path = Links(database).invite(email, role=chosen)
        add_details(email=email.strip(), role=chosen)
        _show_link(session, url, path)


@user.command()
@click.argument("email")
@url_option
@pass_session
def reset(session: CliSession, email: str, url: str | None) -> None:
    """Print a link with which a user sets a new password. It works once and expires after one hour."""
    with accounts(session) as database:
        path = Links(database).reset(_named(Users(database).get(email)).email)
        _show_link(session, url, path)


@user.command()
@click.argument("email")
@url_option
@pass_session
def link(session: CliSession, email: str, url: str | None) -> None:
    """Print a link that signs a user in. It works once and expires after one hour."""
    with accounts(session) as database:
        path = Links(database).sign_in(_named(Users(database).get(email)).email)
        _show_link(session, url, path)


def _role(role: Role | None, admin: bool) -> Role | None:
    """Return the role from `--role` or its deprecated spelling `--admin`. Raises UsageError if they differ."""
    if admin and role not in (None, "admin"):
        raise click.UsageError(f"--admin means --role admin: remove it to use --role {role}")
    return "admin" if admin else role


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
        raise Failed("not a terminal: pass the password with --password-stdin", USAGE)
    return None


def _show_link(session: CliSession, url: str | None, path: str) -> None:
    """Print the link on standard output and nothing else, so that scripts can use it."""
    settings = session.settings()
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    own = f"{'https' if settings.https else 'http'}://{host}:{settings.port}"
    link = (url or settings.public_url or own) + path
    session.print_result({"link": link}, link)


def _named(user: User) -> User:
    """Name the user in the security log."""
    add_details(target=user.id, email=user.email)
    return user


def _show(session: CliSession, user: User, done: str) -> None:
    session.print_result(user, f"{user.email}: {done}")


def _lines(users: list[User]) -> list[str]:
    """Return one line per user: email, role, status, time of creation."""
    rows = [(user.email, user.role, _status(user), user.created_at) for user in users]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return ["  ".join([*(text.ljust(width) for text, width in zip(row, widths, strict=False)), row[3]]) for row in rows]


def _status(user: User) -> str:
    if user.disabled_at:
        return f"disabled {user.disabled_at}"
    status = "active" if user.has_password else "active, no password"
    return f"{status}, two-factor" if user.has_totp else status
