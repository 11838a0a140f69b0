"""Role mailboxes: which names of mailboxes belong to a role."""

from __future__ import annotations

import pytest

from letrics.normalize.mailbox_roles import is_role, role_names


def test_listed_roles_are_words_in_the_compared_form() -> None:
    assert len(role_names()) > 900
    assert all(name == name.casefold().strip() and not name.isdigit() for name in role_names())


@pytest.mark.parametrize("role", ["info", "sales", "kontakt"])
@pytest.mark.parametrize("form", ["{}", "{}2", "{}-2", "{}+tag", "{}.de", "emea_{}", "2_{}"])
def test_is_role_ignores_digits_tags_and_accompanying_words(role: str, form: str) -> None:
    assert is_role(form.format(role)) and is_role(form.format(role).upper())


@pytest.mark.parametrize("name", ["noreply", "no-reply-2", "do.not.reply", "mailer_daemon", "acme-noreply"])
def test_is_role_of_an_automatic_sender(name: str) -> None:
    assert is_role(name)


@pytest.mark.parametrize(
    "name", ["", "+info", "jane.info", "j-sales", "emea", "de.at", "123", "s.a.l.e.s", "info" * 100]
)
def test_is_role_is_false_for_a_person_or_nothing(name: str) -> None:
    assert not is_role(name)


def test_is_role_of_a_wide_letter_is_compared_folded() -> None:
    assert is_role("ＩＮＦＯ") and is_role("BÜRO")
