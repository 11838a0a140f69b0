"""Codes of an authenticator app, each accepted once, and recovery codes."""

from __future__ import annotations

import base64

import pyotp
import pytest

from letrics.accounts.base import Accounts
from letrics.accounts.second_factor import (
    RECOVERY_CODES,
    SecondFactor,
    WrongCode,
    make_totp_secret,
    totp_uri,
)
from letrics.accounts.sessions import Sessions
from letrics.accounts.users import Users
from tests.office import ADA, BOB

NOW = 1_800_000_015_000
STEP = 30_000


def code_at(secret: str, now: int) -> str:
    return pyotp.TOTP(secret).at(now // 1000)


def bob(team: Accounts) -> int:
    return Users(team).get(BOB).id


def turned_on(team: Accounts) -> tuple[SecondFactor, str, list[str]]:
    factor, secret = SecondFactor(team), make_totp_secret()
    codes = factor.turn_on(bob(team), secret, code_at(secret, NOW), now=NOW)
    return factor, secret, codes


def test_codes_are_those_of_rfc_6238(team: Accounts) -> None:
    """Appendix B, with the seed in base32, the time 1111111109 and the last six of its eight digits."""
    secret = base64.b32encode(b"12345678901234567890").decode()
    SecondFactor(team).turn_on(bob(team), secret, "081804", now=1_111_111_109_000)


def test_turn_on_needs_the_current_code_of_the_app(team: Accounts) -> None:
    factor, secret = SecondFactor(team), make_totp_secret()
    for wrong in ("", "000", "abcdef", code_at(secret, NOW + 3 * STEP), "1" * 10_000):
        with pytest.raises(WrongCode):
            factor.turn_on(bob(team), secret, wrong, now=NOW)
    with pytest.raises(ValueError, match="incomplete"):
        factor.turn_on(bob(team), "A" * 16, "123456", now=NOW)
    assert not factor.is_on(bob(team)) and not Users(team).get(BOB).has_totp


def test_turn_on_ends_the_other_sessions(team: Accounts) -> None:
    sessions, secret = Sessions(team), make_totp_secret()
    sessions.open(bob(team))
    (kept,) = sessions.of(bob(team))
    sessions.open(bob(team))
    SecondFactor(team).turn_on(bob(team), secret, code_at(secret, NOW), kept.id, NOW)
    assert sessions.of(bob(team)) == [kept]
    with pytest.raises(ValueError, match="on already"):
        SecondFactor(team).turn_on(bob(team), secret, code_at(secret, NOW), now=NOW)


def test_use_accepts_each_code_once(team: Accounts, elsewhere: Accounts) -> None:
    factor, secret, _ = turned_on(team)
    user = bob(team)
    assert not factor.use(user, code_at(secret, NOW), NOW), "the code that turned it on"
    later = code_at(secret, NOW + STEP)
    assert factor.use(user, f" {later[:3]} {later[3:]} ", NOW + STEP)
    assert not factor.use(user, later, NOW + STEP)
    assert not SecondFactor(elsewhere).use(user, later, NOW + STEP)
    assert not factor.use(user, code_at(secret, NOW), NOW + STEP), "the step before the one that was used"


def test_use_allows_clocks_one_step_apart(team: Accounts) -> None:
    factor, secret, _ = turned_on(team)
    now = NOW + 10 * STEP
    assert factor.use(bob(team), code_at(secret, now - STEP), now)
    assert factor.use(bob(team), code_at(secret, now + STEP), now)
    assert not factor.use(bob(team), code_at(secret, now + 2 * STEP), now)
    assert not factor.use(Users(team).get(ADA).id, code_at(secret, now + 3 * STEP), now + 3 * STEP)


def test_recovery_codes_work_once_and_are_stored_hashed(team: Accounts) -> None:
    factor, _, codes = turned_on(team)
    user = bob(team)
    assert len(set(codes)) == RECOVERY_CODES == factor.codes_left(user)
    stored = [bytes(row[0]) for row in team.connection.execute("SELECT digest FROM recovery_code")]
    assert all(len(digest) == 32 and code.encode() not in digest for digest in stored for code in codes)
    assert not factor.use(Users(team).get(ADA).id, codes[0])
    assert factor.use(user, f" {codes[0].lower().replace('-', ' ')} ")
    assert not factor.use(user, codes[0])
    assert factor.codes_left(user) == RECOVERY_CODES - 1
    new = factor.new_codes(user)
    assert not factor.use(user, codes[1]) and factor.use(user, new[1])


def test_turn_off_forgets_secret_and_codes(team: Accounts) -> None:
    factor, secret, codes = turned_on(team)
    assert factor.turn_off(bob(team)) and not factor.turn_off(bob(team))
    assert factor.codes_left(bob(team)) == 0 and factor.new_codes(bob(team)) == []
    assert not factor.use(bob(team), codes[0])
    assert not factor.use(bob(team), code_at(secret, NOW + STEP), NOW + STEP)


def test_deleted_user_leaves_nothing(team: Accounts) -> None:
    turned_on(team)
    Users(team).delete(BOB)
    assert team.connection.execute("SELECT count(*) FROM recovery_code").fetchone() == (0,)


def test_totp_uri_names_program_and_user() -> None:
    secret = make_totp_secret()
    assert totp_uri(secret, BOB) == f"otpauth://totp/Letrics:{BOB.replace('@', '%40')}?secret={secret}&issuer=Letrics"
