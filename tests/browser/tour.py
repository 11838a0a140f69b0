"""Every page there is, as the paths by which it is reached, for tests that are about all pages."""

from __future__ import annotations

from typing import Final

from letrics.web.docs.contents import chapters

OPEN: Final = ("/signin", "/signin?done=signed-out", "/invitation/none", *(chapter.path for chapter in chapters()))
"""Pages that need no session."""

OWN: Final = (
    "/overview", "/explore/contacts", "/explore/companies", "/explore/contacts?job_titles=manager&locations=NYC",
    "/explore/companies?domains=hostile.example&open=hostile.example", "/settings", "/settings/password",
    "/settings/sessions", "/settings/sessions/others/end", "/settings/tokens", "/settings/tokens/new", "/nowhere",
    "/settings/two-factor", "/settings/two-factor/on", "/settings/two-factor/off",
)  # fmt: skip
"""Pages of people who are signed in."""

ADMINS: Final = (
    "/duplicates", "/duplicates?status=merged", "/admin/users", "/admin/users?q=nobody-at-all", "/admin/users/invite",
    "/admin/tokens", "/import", "/import/1", "/import/1/undo", "/forget?id=hostile",
)  # fmt: skip
"""Pages for admins."""

WRONG: Final = (
    "/explore/contacts?job_title=manager&per_page=1000", "/explore/contacts?industries=Softwar",
    "/explore/contacts?job_titles=manager&seniorities=Intern&locations=NYC", "/explore/companies?page=100000",
    "/settings/tokens/999999", "/settings/sessions/999999/end",
)  # fmt: skip
"""Pages that say what is wrong, or that nothing was found."""


def with_token(id: int) -> tuple[str, ...]:
    """The pages of one of the user's tokens."""
    return tuple(f"/settings/tokens/{id}{rest}" for rest in ("", "/rotate", "/revoke"))


def of_user(id: int) -> tuple[str, ...]:
    """The pages of one user for admins."""
    return (f"/admin/users/{id}", f"/admin/users/{id}/disable", f"/admin/users/{id}/delete")
