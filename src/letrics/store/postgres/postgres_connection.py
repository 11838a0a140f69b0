"""One connection to PostgreSQL as a SqlConnection. It is made again after it was lost, unless a transaction was open.

A server that vanishes without a word is noticed by the network time-outs of PostgresAddress; one that accepts a
statement and never responds, by `silence_seconds`.
"""

from __future__ import annotations

import select
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Any, Final, Self, TypeVar

import psycopg
from psycopg import OperationalError, RawCursor
from psycopg.abc import PQGen
from psycopg.errors import NumericValueOutOfRange
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow

from letrics.store.postgres import array_parameters
from letrics.store.postgres.array_parameters import BYTEA, INT8, TEXT, ArrayParameter, Ints
from letrics.store.postgres.away import PostgresAway, is_lost
from letrics.store.postgres.dialect import translate
from letrics.store.postgres.server_address import PostgresAddress
from letrics.store.postgres.text_parameters import register_texts
from letrics.store.sql import Rows, SqlConnection

BUSY_MS: Final = 30_000
"""Milliseconds that a writer waits for another process's batch before it gives up."""
SILENCE_SECONDS: Final = 3_600.0
"""Seconds that a statement of a writer or a follower may take without a response: some read a whole large table."""

_AT_ONCE: Final = 10_000
"""Rows of one statement that updates, deletes or adds those that are missing."""
_IDLE_SECONDS: Final = 300
"""Seconds after which the server ends a transaction of a client that does nothing: others may wait for its lock."""
_READER_IDLE_SECONDS: Final = 3_600
"""The same for a transaction that only reads. While a copy runs, either database waits for the other one."""
_INTEGERS: Final = frozenset((20, 21, 23))
"""The oids of the types BIGINT, SMALLINT and INTEGER."""
_ONE_PLAN: Final = {
    "plan_cache_mode": "force_generic_plan",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_seqscan": "off",
}
"""Settings that make the server look up each value of a list in the index, as SQLite does. It would often read a whole
table instead, because its statistics of a table that grows are out of date."""
_T = TypeVar("_T")


class _Connection(psycopg.Connection[TupleRow]):
    """A connection of the driver that does not wait for a response for ever."""

    silence_seconds: float = SILENCE_SECONDS
    is_silent: bool = False

    def wait(self, gen: PQGen[_T], interval: float = 0.1, timeout: float | None = None) -> _T:
        try:
            return super().wait(gen, interval, self.silence_seconds if timeout is None else timeout)
        except OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.is_silent = True
                self.pgconn.finish()  # no response: whatever comes later belongs to no statement
            raise


class PostgresConnection(SqlConnection):
    """See SqlConnection. `writing` takes the advisory lock `lock`. `session` counts the connections made."""

    def __init__(
        self, address: PostgresAddress, lock: int, *, read_only: bool, busy_ms: int, silence_seconds: float
    ) -> None:
        self.session = 0
        self._address = address
        self._lock = lock
        self._read_only = read_only
        self._busy_ms = busy_ms
        self._silence_seconds = silence_seconds
        self._inside = False
        self._closed = False
        self._channel: str | None = None
        self._notified = False
        self._types: dict[str, dict[str, int]] = {}
        self._connection = self._connect()

    def _connect(self) -> _Connection:
        made = _Connection.connect(self._address.conninfo, autocommit=True, cursor_factory=RawCursor)
        try:
            made.silence_seconds = self._silence_seconds
            array_parameters.register(made)
            register_texts(made)
            settings = {
                "statement_timeout": round(self._silence_seconds * 1000),
                "lock_timeout": self._busy_ms,
                "idle_in_transaction_session_timeout": _IDLE_SECONDS * 1000,
                "tcp_keepalives_idle": 10,  # a client that has vanished must not hold the lock of writers for hours
                "tcp_keepalives_interval": 5,
                "tcp_keepalives_count": 3,
                "default_transaction_read_only": "on" if self._read_only else "off",
                "jit": "off",
                **_ONE_PLAN,
            }
            made.execute("; ".join(f"SET {name} = {value}" for name, value in settings.items()).encode())
            if self._channel is not None:
                self._listen(made, self._channel)
        except BaseException:
            made.close()
            raise
        self.session += 1
        self._types.clear()
        return made

    @property
    def database(self) -> str:
        return self._address.name

    @property
    def is_read_only(self) -> bool:
        return self._read_only

    def has_table(self, name: str) -> bool:
        sql = "SELECT 1 FROM pg_catalog.pg_class WHERE oid = to_regclass(quote_ident(?))"
        return self.execute(sql, (name,)).fetchone() is not None

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Rows:
        translated = translate(sql)
        if not self._inside and translated.lstrip()[:6].upper() == "SELECT":
            return self._again(lambda: self._run(translated, values))
        self._open()
        return self._run(translated, values)

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> None:
        self._open()
        with self._cursor() as cursor:
            cursor.executemany(_query(translate(sql)), rows)

    def run_script(self, sql: str, /) -> None:
        self._open()
        self._connection.execute(_query(sql))

    def ints(self, values: Ints, /) -> ArrayParameter:
        return array_parameters.int_array(values)

    def texts(self, values: Collection[str], /) -> ArrayParameter:
        return array_parameters.array_of(TEXT, list(values))

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        self._open()
        types = self._types_of(table)
        with self._cursor() as cursor:
            copying = cursor.copy(_query(f"COPY {_name(table)} ({_names(columns)}) FROM STDIN (FORMAT BINARY)"))
            with copying as copy:
                copy.set_types([types[column] for column in columns])
                for row in rows:
                    copy.write_row(row)

    def insert_missing(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        into = f"INSERT INTO {_name(table)} ({_names(columns)})"
        sql = f"{into} SELECT * FROM unnest({_placeholders(columns)}) ON CONFLICT DO NOTHING"  # noqa: S608
        return self._with_arrays(sql, table, columns, rows)

    def update(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        every = (*columns, "num")
        change = ", ".join(f"{_name(column)} = v.{_name(column)}" for column in columns)
        source = f"unnest({_placeholders(every)}) AS v ({_names(every)})"
        sql = f"UPDATE {_name(table)} AS t SET {change} FROM {source} WHERE t.num = v.num"  # noqa: S608
        self._with_arrays(sql, table, every, rows)

    def delete_rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        equal = " AND ".join(f"t.{_name(column)} = v.{_name(column)}" for column in columns)
        source = f"unnest({_placeholders(columns)}) AS v ({_names(columns)})"
        sql = f"DELETE FROM {_name(table)} AS t USING {source} WHERE {equal}"  # noqa: S608
        return self._with_arrays(sql, table, columns, rows)

    def text_bytes(self, column: str) -> str:
        return f"textsend({column})"

    def has_text(self, column: str, text: str) -> str:
        return f"position(convert_to('{text}', 'UTF8') IN {column}) > 0"

    def contains(self, column: str) -> str:
        # Also of bytes that are no UTF-8: those above 127 become digits.
        return f"position(lower(encode(convert_to(?, 'UTF8'), 'escape')) IN lower(encode({column}, 'escape'))) > 0"

    def listen(self, channel: str) -> None:
        """Listen to notifications on a channel, also after connecting again."""
        self._open()
        self._listen(self._connection, channel)
        self._channel = channel

    def is_notified(self) -> bool:
        """Whether a notification has arrived since the last call, or may have been missed. Does not wait."""
        if self._connection.closed or _is_readable(self._connection.fileno()):
            self._notified = True  # or the connection is lost: the next statement connects again
            with suppress(psycopg.Error):
                self._connection.pgconn.consume_input()
                while self._connection.pgconn.notifies() is not None:
                    pass
        notified, self._notified = self._notified, False
        return notified

    def _listen(self, connection: _Connection, channel: str) -> None:
        connection.add_notify_handler(self._note)
        connection.execute(_query(f"LISTEN {_name(channel)}"))
        self._notified = True

    def _note(self, _: psycopg.Notify) -> None:
        self._notified = True

    def counter(self, table: str) -> int:
        sql = "SELECT pg_sequence_last_value(CAST(pg_get_serial_sequence(?, 'id') AS regclass))"
        found = self.execute(sql, (_name(table),)).fetchone()
        return 0 if found is None or found[0] is None else int(found[0])

    def set_counter(self, table: str, id: int) -> None:
        sql = "SELECT setval(CAST(pg_get_serial_sequence(?, 'id') AS regclass), CAST(? AS BIGINT), CAST(? AS BOOLEAN))"
        self.execute(sql, (_name(table), max(id, 1), id > 0))

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._transaction(f"BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock({self._lock})"):
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        idle = f"SET LOCAL idle_in_transaction_session_timeout = {_READER_IDLE_SECONDS * 1000}"
        with self._transaction(f"BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; {idle}"):
            yield

    def away(self) -> PostgresAway:
        return PostgresAway(self.database)

    def close(self) -> None:
        self._closed = True
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        self._again(lambda: self._connection.execute(_query(begin)))
        self._inside = True
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise
        finally:
            self._inside = False

    def _roll_back(self) -> None:
        """End the transaction. A connection that cannot is closed, which ends it as well."""
        try:
            self._connection.rollback()
        except psycopg.Error:
            self._connection.close()

    def _again(self, run: Callable[[], _T]) -> _T:
        """Do something that can be done twice, a second time if the connection turns out to be lost."""
        self._open()
        try:
            return run()
        except psycopg.Error as error:
            if self._connection.info.transaction_status == TransactionStatus.INERROR:
                self._connection.rollback()
            if not is_lost(error) or not self._connection.closed or self._connection.is_silent:
                raise
        self._open()
        return run()

    def _open(self) -> None:
        """Connect again if the connection was lost outside a transaction. Raises psycopg.Error.

        What was checked of a standby would not be true of another one, so a connection to one stays lost.
        """
        if self._connection.closed and not self._inside and not self._closed and not self._address.is_standby:
            self._connection.close()
            self._connection = self._connect()

    def _run(self, sql: str, values: Sequence[Any]) -> RawCursor[TupleRow]:
        try:
            return self._cursor().execute(_query(sql), values, binary=True)
        except NumericValueOutOfRange as error:  # as SQLite's driver does
            raise OverflowError("a number has more than 64 bits") from error

    def _cursor(self) -> RawCursor[TupleRow]:
        return RawCursor(self._connection)

    def _with_arrays(self, sql: str, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        """Run a statement whose values are the columns of rows, as arrays; returns the number of rows it changed."""
        self._open()
        types, left, changed = self._types_of(table), iter(rows), 0
        while part := list(islice(left, _AT_ONCE)):
            by_column = zip(columns, zip(*part, strict=True), strict=True)
            values = [array_parameters.array_of(_array_type(types[column]), cells) for column, cells in by_column]
            changed += self._run(sql, values).rowcount
        return changed

    def _types_of(self, table: str) -> dict[str, int]:
        """The oids of the types of a table's columns."""
        found = self._types.get(table)
        if found is None:
            sql = "SELECT attname, atttypid::bigint FROM pg_catalog.pg_attribute WHERE attrelid = $1::text::regclass"
            found = self._types[table] = dict(self._run(f"{sql} AND attnum > 0", (_name(table),)).fetchall())
        return found


def open_postgres(
    url: str,
    lock: int,
    *,
    read_only: bool = False,
    busy_ms: int = BUSY_MS,
    silence_seconds: float = SILENCE_SECONDS,
    standby: bool = False,
) -> PostgresConnection:
    """Connect to the database of a URL; see PostgresConnection. Raises StoreAway with the reason if that fails."""
    address = PostgresAddress(url, standby)
    with PostgresAway(address.name):
        return PostgresConnection(address, lock, read_only=read_only, busy_ms=busy_ms, silence_seconds=silence_seconds)


def _is_readable(descriptor: int) -> bool:
    """Whether a socket has received something, or was closed by the other side."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))


def _array_type(oid: int) -> int:
    if oid in _INTEGERS:
        return INT8
    return BYTEA if oid == BYTEA else TEXT


def _query(sql: str) -> bytes:
    """A statement made of names of this program. Values are always parameters."""
    return sql.encode()


def _name(name: str) -> str:
    return f'"{name}"'


def _names(names: Sequence[str]) -> str:
    return ", ".join(map(_name, names))


def _placeholders(columns: Sequence[str]) -> str:
    return ", ".join(f"${number}" for number in range(1, len(columns) + 1))
