"""The secret of a token: its form, and how typos are detected."""

from __future__ import annotations

import zlib

from letrics.accounts import secret


class TestSecret:
    def test_form(self) -> None:
        made = secret.make_secret()
        assert made.startswith("ltr_") and len(made) == 40 and made[4:].isalnum() and made.isascii()
        value = 0
        for digit in made[-6:]:
            value = value * 62 + secret.ALPHABET.index(digit)
        assert value == zlib.crc32(made[:-6].encode())
        assert secret.well_formed(made)
        assert secret.make_secret() != made

    def test_every_change_of_one_character_is_seen(self) -> None:
        made = secret.make_secret()
        for position in range(4, len(made)):
            other = "a" if made[position] != "a" else "b"
            assert not secret.well_formed(made[:position] + other + made[position + 1 :])
        for damaged in (made[:-1], made[1:], made + "0", f" {made}", made.upper(), "", "ltr_", "é" * 40):
            assert not secret.well_formed(damaged)

    def test_longer_ones_are_tokens_too(self) -> None:
        body = "ltr_" + "x" * 50
        assert secret.well_formed(body + secret.checksum(body))
        body = "ltr_" + "x" * 29
        assert not secret.well_formed(body + secret.checksum(body))
