"""What names a person in a request."""

from __future__ import annotations

import pytest

from letrics.identity.identities import read_identity
from letrics.identity.keys import id_key, linkedin_key, personal_keys
from letrics.records import Email


def test_read_identity_address_is_its_key_without_case() -> None:
    (key,) = personal_keys((Email("jane@acme.example", "personal"),))
    assert read_identity(" Jane@Acme.example ").keys[0] == key
    assert read_identity("Jane@Acme.example").text == "jane@acme.example"


def test_read_identity_profile_is_its_key() -> None:
    url = "https://de.linkedin.com/in/Jane-Roe/details"
    assert read_identity(url).keys[0] == linkedin_key(url)
    assert read_identity(url).text == "jane-roe"


def test_read_identity_other_text_is_an_id() -> None:
    assert read_identity("crm:1").keys == (id_key("crm:1"),)
    assert id_key("jane@acme.example") in read_identity("jane@acme.example").keys


@pytest.mark.parametrize("text", ["", "info@acme.example", "jane@", "linkedin.com/company/acme"])
def test_read_identity_of_no_person_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is"):
        read_identity(text)
