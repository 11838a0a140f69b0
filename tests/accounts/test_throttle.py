"""Throttling of password attempts by account and by address."""

from __future__ import annotations

from letrics.accounts.base import Accounts
from letrics.accounts.throttle import FREE_BY_ACCOUNT, FREE_BY_ADDRESS, LONGEST_MS, Throttle
from tests.office import ADA, BOB


def test_waits_double_for_an_account_from_anywhere(team: Accounts) -> None:
    throttle, now, waits = Throttle(team), 1_000_000, []
    for number in range(FREE_BY_ACCOUNT):
        assert throttle.attempt(BOB, f"192.0.2.{number}", now) == 0
    for number in range(14):
        waits.append(throttle.attempt(BOB, f"198.51.100.{number}", now))
        now += waits[-1]
        assert throttle.attempt(BOB, f"203.0.113.{number}", now) == 0
    assert waits == [min(LONGEST_MS, 1000 << step) for step in range(14)]
    assert throttle.attempt(ADA, "192.0.2.200", now) == 0


def test_an_address_and_its_neighbours_in_ipv6(team: Accounts) -> None:
    throttle, now = Throttle(team), 1_000_000
    for number in range(FREE_BY_ADDRESS):
        assert throttle.attempt(f"user{number}", f"2001:db8::{number}", now) == 0
    assert throttle.attempt("another", "2001:db8::ffff", now) > 0
    assert throttle.attempt("another", "2001:db8:0:1::1", now) == 0
