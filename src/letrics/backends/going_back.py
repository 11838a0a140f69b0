"""What an upgraded home loses when the copies from before the upgrade are put back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from letrics.plurals import counted, inflected
from letrics.settings import FILE_NAME, Home
from letrics.store.connection import Away, SqliteConnection, open_sqlite
from letrics.store.sql import read_rows, read_value

_MOST_NAMED: Final = 10
"""Maximum number of users or tokens that are named."""
_DELETED: Final = (None, False)
"""The name and validity of a token that was deleted with its user."""
_UNKNOWN: Final = "{name} cannot be read, so what changed in it since the upgrade is not known: it is lost"


def describe_losses(home: Home, copies: Path) -> list[str]:
    """Warnings about what the earlier version will not have, or cannot read. Changes nothing."""
    found = list[str]()
    for path, compare in ((home.database, _of_records), (home.accounts, _of_accounts)):
        copy = copies / path.name
        if not path.exists() or not copy.exists():
            continue
        try:
            with Away(path), closing(_opened(path)) as newer, closing(_opened(copy)) as former:
                found += compare(newer, former)
        except Exception:  # damage of any kind must not keep the user from going back
            found.append(_UNKNOWN.format(name=path.name))
    settings, former_settings = home.path / FILE_NAME, copies / FILE_NAME
    if settings.exists() and _bytes(settings) != _bytes(former_settings):
        found.append(
            f"{FILE_NAME} has changed and stays as it is: the earlier version refuses settings that it does not know"
            + (f". The former one is {former_settings}" if former_settings.exists() else "")
        )
    return [*found, "the earlier version cannot restore backups that this one has made"]


def _opened(path: Path) -> SqliteConnection:
    return open_sqlite(path, create=False, read_only=True)


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _of_records(newer: SqliteConnection, former: SqliteConnection) -> Iterator[str]:
    sql = "SELECT id, seq FROM log"
    [(log, seq)], [(former_log, former_seq)] = read_rows(newer, sql), read_rows(former, sql)
    if log != former_log:
        yield "the newer records are those of another database: all of them are lost"
        return
    if seq <= former_seq:
        return
    since = seq - former_seq
    yield f"{counted(since, 'change')} of records since the upgrade {inflected(since, '{is|are}')} lost"
    last = read_value(former, "SELECT coalesce(max(id), 0) FROM import") if former.has_table("import") else 0
    imports = read_value(newer, "SELECT count(*) FROM import WHERE id > ?", (last,))
    if imports:
        yield f"{counted(imports, 'import')} since the upgrade {inflected(imports, '{is|are}')} lost: import again"
    gone = read_value(newer, "SELECT count(*) FROM tombstone WHERE seq > ?", (former_seq,))
    if gone:
        what = inflected(gone, "{record is|records are} back, because {it was|they were}")
        yield f"{gone:,} {what} deleted or merged since the upgrade: delete or merge again"


def _of_accounts(newer: SqliteConnection, former: SqliteConnection) -> Iterator[str]:
    now, before = _users(newer), _users(former)
    both = now.keys() & before.keys()
    gone = [user.email for id, user in before.items() if user.is_enabled and not (id in now and now[id].is_enabled)]
    yield from _named("users who may sign in again, because they were disabled or deleted since the upgrade", gone)
    changed = [now[id].email for id in both if now[id].password_hash != before[id].password_hash]
    yield from _named("users who have the password of before the upgrade again", changed)
    lowered = [now[id].email for id in both if before[id].is_admin and not now[id].is_admin]
    yield from _named("users who are admins again", lowered)
    added = [now[id].email for id in both if now[id].has_second_factor and not before[id].has_second_factor]
    yield from _named("users who sign in without a second factor again", added)
    new = [user.email for id, user in now.items() if id not in before]
    yield from _named("users who are lost, because they were added since the upgrade", new)
    if not _has_column(former, "user", "role") and any(user.is_viewer for user in now.values()):
        yield "users who are viewers now may change records again, and so may their tokens of before the upgrade"
    sql = "SELECT id, name, revoked_at IS NULL FROM token"
    tokens, former_tokens = ({row[0]: row[1:] for row in read_rows(each, sql)} for each in (newer, former))
    revoked = [
        f"{id} ({name})"
        for id, (name, is_valid) in former_tokens.items()
        if is_valid and not tokens.get(id, _DELETED)[1]
    ]
    yield from _named("tokens that are valid again, because they were revoked since the upgrade", revoked)
    made = [f"{id} ({name})" for id, (name, _) in tokens.items() if id not in former_tokens]
    yield from _named("tokens that are lost, because they were created since the upgrade", made)


class _User(NamedTuple):
    """A user of an accounts database of any version."""

    email: str
    is_enabled: bool
    password_hash: str | None
    is_admin: bool
    is_viewer: bool
    has_second_factor: bool


def _users(connection: SqliteConnection) -> dict[int, _User]:
    """The users by id."""
    has_role = _has_column(connection, "user", "role")
    roles = "role = 'admin', role = 'viewer'" if has_role else "admin, FALSE"
    second = "totp_secret IS NOT NULL" if _has_column(connection, "user", "totp_secret") else "FALSE"
    sql = f'SELECT id, email, disabled_at IS NULL, password_hash, {roles}, {second} FROM "user" ORDER BY id'  # noqa: S608
    return {id: _User(*row) for id, *row in read_rows(connection, sql)}


def _named(words: str, names: Sequence[str]) -> Iterator[str]:
    """A warning about users or tokens, of which the first ones are named."""
    if names:
        more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
        yield f"{words}: {', '.join(names[:_MOST_NAMED])}{more}"


def _has_column(connection: SqliteConnection, table: str, column: str) -> bool:
    return bool(read_value(connection, "SELECT 1 FROM pragma_table_info(?) WHERE name = ?", (table, column)))
