"""Throttling of password attempts by account and by address."""

from __future__ import annotations

from letrics.accounts.base import Accounts
from letrics.accounts.throttle import FREE_BY_ACCOUNT, FREE_BY_ADDRESS, FREE_CODES, LONGEST_MS, Throttle
from tests.office import ADA, BOB

HERE = "192.0.2.7"


def test_waits_double_for_an_account_and_an_address(team: Accounts) -> None:
    throttle, now, waits = Throttle(team), 1_000_000, []
    for _ in range(FREE_BY_ACCOUNT):
        assert throttle.attempt(BOB, HERE, now) == 0
    for _ in range(14):
        waits.append(throttle.attempt(BOB, HERE, now))
        now += waits[-1]
        assert throttle.attempt(BOB, HERE, now) == 0
    assert waits == [min(LONGEST_MS, 1000 << step) for step in range(14)]
    assert throttle.attempt(ADA, HERE, now) == 0


def test_attempts_from_elsewhere_never_make_the_owner_wait(team: Accounts) -> None:
    throttle, now = Throttle(team), 1_000_000
    for number in range(250):
        for _ in range(FREE_BY_ACCOUNT + 1):
            throttle.attempt(BOB, f"198.51.100.{number}", now)
    assert throttle.attempt(BOB, HERE, now) == 0


def test_known_browser_waits_for_its_own_failures_alone(team: Accounts) -> None:
    throttle, now = Throttle(team), 1_000_000
    for number in range(FREE_BY_ADDRESS + 1):
        throttle.attempt(f"user{number}", HERE, now)
    for _ in range(FREE_BY_ACCOUNT + 1):
        throttle.attempt(BOB, HERE, now)
    assert throttle.attempt(BOB, HERE, now) > 0
    for _ in range(FREE_BY_ACCOUNT):
        assert throttle.attempt(BOB, HERE, now, browser="b" * 43) == 0
    assert throttle.attempt(BOB, HERE, now, browser="b" * 43) > 0
    throttle.succeeded(BOB, HERE, browser="b" * 43)
    assert throttle.attempt(BOB, HERE, now, browser="b" * 43) == 0
    assert throttle.attempt(BOB, HERE, now) > 0


def test_codes_are_counted_from_all_addresses_together(team: Accounts) -> None:
    throttle, now = Throttle(team), 1_000_000
    for number in range(FREE_CODES):
        assert throttle.attempt_code(1, f"198.51.100.{number}", now) == 0
    assert throttle.attempt_code(1, HERE, now) > 0
    assert throttle.attempt_code(1, HERE, now, browser="b" * 43) == 0
    assert throttle.attempt_code(1, HERE, now, recovery=True) == 0
    throttle.succeeded_code(1, HERE)
    assert throttle.attempt_code(1, HERE, now) == 0


def test_an_address_and_its_neighbours_in_ipv6(team: Accounts) -> None:
    throttle, now = Throttle(team), 1_000_000
    for number in range(FREE_BY_ADDRESS):
        assert throttle.attempt(f"user{number}", f"2001:db8::{number}", now) == 0
    assert throttle.attempt("another", "2001:db8::ffff", now) > 0
    assert throttle.attempt("another", "2001:db8:0:1::1", now) == 0
