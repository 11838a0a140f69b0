"""Role mailboxes: which names of mailboxes belong to a role."""

from __future__ import annotations

from letrics.normalize.mailbox_roles import role_names


def test_listed_roles_are_words_in_the_compared_form() -> None:
    assert len(role_names()) > 900
    assert all(name == name.casefold().strip() and not name.isdigit() for name in role_names())
