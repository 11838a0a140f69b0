"""The optional second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for when it is lost.

A code of the app is six digits for a time step of 30 seconds. The codes of the steps before and after the current one
are accepted too, for clocks that differ (section 5.2), and no code is accepted twice. A recovery code has 140 random
bits and works once; the database stores its SHA-256. The secret that the app shares with the server has to be stored
as it is: it is as well protected as the database, whose owner could do without it.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from typing import Final

import pyotp

from letrics.accounts.base import Accounts
from letrics.accounts.database import now_ms
from letrics.accounts.sessions import digest
from letrics.store.sql import read_value

ISSUER: Final = "Letrics"
"""The name of the account in authenticator apps, followed by the email address."""
RECOVERY_CODES: Final = 10
"""Number of recovery codes of a user."""

_SECRET: Final = re.compile(r"[A-Z2-7]{32}")
"""Matches a secret: 160 random bits in base32, the length that RFC 4226 (section 4) recommends."""
_STEP_MS: Final = 30_000
"""Length of a time step in milliseconds (30 seconds)."""
_CODE: Final = re.compile(r"[0-9]{6}")
"""Matches a code of an app."""
_ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Characters of a recovery code: without 0, 1, I and O, which are easily confused."""
_GROUPS: Final = 7
"""Number of groups of four characters of a recovery code."""
_MAX_TYPED: Final = 100
"""Maximum length of a typed code in characters, with its separators."""


class WrongCode(ValueError):
    """The code is not the current one of the app."""

    def __init__(self) -> None:
        super().__init__(
            "this is not the current code of the app: check that the clock of the phone is right, "
            "then enter the code that it shows now"
        )


class SecondFactor:
    """The second factors of users. Every method may raise StoreAway."""

    def __init__(self, database: Accounts) -> None:
        self._database = database
        self._connection = database.connection

    def is_on(self, user_id: int) -> bool:
        return self._secret(user_id) is not None

    def codes_left(self, user_id: int) -> int:
        """The number of recovery codes that the user has not used."""
        with self._database.away:
            sql = "SELECT count(*) FROM recovery_code WHERE user_id = ?"
            return int(read_value(self._connection, sql, (user_id,)) or 0)

    def turn_on(
        self, user_id: int, secret: str, code: str, keep_session: int | None = None, now: int | None = None
    ) -> list[str]:
        """Turn the second factor on, if `code` proves that the app has the secret, and end all other sessions.

        Returns the recovery codes, which can be shown only now. Raises WrongCode, and ValueError if the secret is
        malformed or the second factor is on already.
        """
        if not is_totp_secret(secret):
            raise ValueError("the secret is incomplete: open the page again")
        key = base64.b32decode(secret)
        step = _matching_step(key, code, now_ms() if now is None else now)
        if step is None:
            raise WrongCode
        with self._database.away, self._connection.writing():
            sql = 'UPDATE "user" SET totp_secret = ?, totp_step = ? WHERE id = ? AND totp_secret IS NULL RETURNING id'
            if not self._connection.execute(sql, (key, step, user_id)).fetchall():
                raise ValueError("two-factor authentication is on already: turn it off first")
            self._connection.execute(
                "DELETE FROM session WHERE user_id = ? AND id IS DISTINCT FROM ?", (user_id, keep_session)
            )
            return self._replace_codes(user_id)

    def turn_off(self, user_id: int) -> bool:
        """Turn the second factor off and delete the recovery codes; returns whether it was on."""
        with self._database.away, self._connection.writing():
            self._connection.execute("DELETE FROM recovery_code WHERE user_id = ?", (user_id,))
            self._connection.execute("DELETE FROM second_step WHERE user_id = ?", (user_id,))
            sql = (
                'UPDATE "user" SET totp_secret = NULL, totp_step = NULL '
                "WHERE id = ? AND totp_secret IS NOT NULL RETURNING id"
            )
            return bool(self._connection.execute(sql, (user_id,)).fetchall())

    def new_codes(self, user_id: int) -> list[str]:
        """Replace the recovery codes; returns the new ones, none if the second factor is off."""
        with self._database.away, self._connection.writing():
            return self._replace_codes(user_id) if self.is_on(user_id) else []

    def use(self, user_id: int, typed: str, now: int | None = None) -> bool:
        """Whether `typed` is a code of the user's app or a recovery code. A code that was accepted is used up."""
        if is_recovery_code(typed):
            sql = "DELETE FROM recovery_code WHERE user_id = ? AND digest = ? RETURNING digest"
            with self._database.away, self._connection.writing():
                return bool(self._connection.execute(sql, (user_id, _digest(user_id, _bare(typed)))).fetchall())
        key = self._secret(user_id)
        step = None if key is None else _matching_step(key, typed, now_ms() if now is None else now)
        if step is None:
            return False
        # In one statement: of two requests with the same code, one finds the step already written.
        sql = 'UPDATE "user" SET totp_step = ?1 WHERE id = ?2 AND coalesce(totp_step, -1) < ?1 RETURNING id'
        with self._database.away, self._connection.writing():
            return bool(self._connection.execute(sql, (step, user_id)).fetchall())

    def _secret(self, user_id: int) -> bytes | None:
        with self._database.away:
            key = read_value(self._connection, 'SELECT totp_secret FROM "user" WHERE id = ?', (user_id,))
        return None if key is None else bytes(key)

    def _replace_codes(self, user_id: int) -> list[str]:
        codes = [_make_code() for _ in range(RECOVERY_CODES)]
        self._connection.execute("DELETE FROM recovery_code WHERE user_id = ?", (user_id,))
        for code in codes:
            self._connection.execute(
                "INSERT INTO recovery_code (digest, user_id) VALUES (?, ?)", (_digest(user_id, _bare(code)), user_id)
            )
        return codes


def make_totp_secret() -> str:
    """A new secret for an authenticator app, in base32."""
    return pyotp.random_base32()


def is_totp_secret(text: str) -> bool:
    """Whether the text has the form of a secret."""
    return _SECRET.fullmatch(text) is not None


def totp_uri(secret: str, email: str) -> str:
    """The `otpauth://` address that an app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def is_recovery_code(typed: str) -> bool:
    """Whether the text has the form of a recovery code, and not of one of the app. It cannot be guessed."""
    return len(typed) <= _MAX_TYPED and len(_bare(typed)) == 4 * _GROUPS


def _matching_step(key: bytes, typed: str, now: int) -> int | None:
    """The time step of which `typed` is the code, if it is near `now` (milliseconds since 1970)."""
    code = "".join(typed[:_MAX_TYPED].split())
    if not _CODE.fullmatch(code):
        return None
    totp, current = pyotp.TOTP(base64.b32encode(key).decode()), now // _STEP_MS
    near = (current - 1, current, current + 1)
    return next((step for step in near if hmac.compare_digest(totp.generate_otp(step), code)), None)


def _make_code() -> str:
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(_GROUPS))


def _bare(typed: str) -> str:
    """The characters of a recovery code that was typed in any case and with any separators."""
    return "".join(c for c in typed[:_MAX_TYPED].upper() if c in _ALPHABET)


def _digest(user_id: int, code: str) -> bytes:
    return digest(f"recovery code {user_id} {code}")
