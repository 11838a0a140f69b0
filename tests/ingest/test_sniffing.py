"""What values look like."""

from __future__ import annotations

import pytest
from hypothesis import given

from letrics.ingest.sniffing import LOOKS, Look, look_of, look_of_values
from tests.hostile import texts


@pytest.mark.parametrize(
    ("value", "look"),
    [
        ("jane@acme.com", "emails"),
        (" Jane Doe <jane@acme.com> ", "emails"),
        ("mailto:jane@acme.com", "emails"),
        ("@jane", None),
        ("http://www.linkedin.com/in/jane", "linkedin_profiles"),
        ("de.linkedin.com/in/jane?x=1", "linkedin_profiles"),
        ("https://www.linkedin.com/sales/lead/ACw,NAME_SEARCH,a", "linkedin_profiles"),
        ("https://www.linkedin.com/company/acme", "linkedin_companies"),
        ("https://www.linkedin.com/sales/company/70000", "linkedin_companies"),
        ("https://www.linkedin.com/feed", "urls"),
        ("https://acme.com/about?x=1", "urls"),
        ("www.acme.com", "urls"),
        ("acme.com", "domains"),
        ("shop.acme.co.uk/start", "domains"),
        ("+1 555-0100", "phones"),
        ("'+1 555-0100", "phones"),
        ("(030) 123 45 67", "phones"),
        ("0301234567", None),
        ("030 123 45 67", "phones"),
        ("0049301234567", "phones"),
        ("555-123-4567", "phones"),
        ("2026-01-15", None),
        ("01/02/2026", None),
        ("15.01.2026", None),
        ("1200000", None),
        ("1001-5000", None),
        ("10115", None),
        ("Acme Inc.", None),
        ("saas, b2b", None),
        ("", None),
        ("x" * 1000 + "@acme.com", None),
    ],
)
def test_look_of_recognises_values(value: str, look: Look | None) -> None:
    assert look_of(value) == look


@given(texts())
def test_look_of_any_text_is_a_look_or_none(value: str) -> None:
    assert look_of(value) in (None, *LOOKS)


def test_look_of_values_needs_most_of_them() -> None:
    assert look_of_values(["a@acme.com", "b@acme.com", "-"]) == "emails"
    assert look_of_values(["a@acme.com", "Jane", "Joe"]) is None
    assert look_of_values([]) is None
    assert look_of_values(["Jane", "Joe"]) is None
