"""Email addresses: how they are read, when two are one, and whose they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.normalize.email import email_key, email_type, read_email


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("jane@acme.example", "jane@acme.example"),
        ("  Jane.Doe@ACME.Example ", "Jane.Doe@acme.example"),
        ("mailto:jane@acme.example?subject=Hello", "jane@acme.example"),
        ("MAILTO:jane%2Bx@acme.example", "jane+x@acme.example"),
        ("Jane Doe <jane@acme.example>", "jane@acme.example"),
        ("<jane@acme.example>", "jane@acme.example"),
        ("Jane <mailto:jane@acme.example>", "jane@acme.example"),
        ("Jane <" + " " * 6_400 + "jane@acme.example >", "jane@acme.example"),
        ("o'hara+x@acme.example", "o'hara+x@acme.example"),
        ("jürgen@münchen.example", "jürgen@xn--mnchen-3ya.example"),
        ("jane@mail.acme.example.", "jane@mail.acme.example"),
    ],
)
def test_an_address_is_read_and_its_domain_lowered(text: str, address: str) -> None:
    assert read_email(text) == address
    assert read_email(address) == address


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "blank"),
        ("mailto:", "blank"),
        ("jane", "no @"),
        ("@acme.example", "before the @"),
        ("jane doe@acme.example", "before the @"),
        (".jane@acme.example", "before the @"),
        ("ja..ne@acme.example", "before the @"),
        ("a@b@acme.example", "before the @"),
        ("jane@", "after the @"),
        ("jane@localhost", "after the @"),
        ("jane@127.0.0.1", "after the @"),
        ("jane@[127.0.0.1]", "after the @"),
        ("j" * 65 + "@acme.example", "too long"),
        ("<" + " " * 6_400 + "x", "too long"),
        ("<" + " " * 1_000 + "x", "no @"),
        ("a<b<jane@acme.example>", "before the @"),
        ("Jane <jane@acme.example> x", "before the @|after the @"),
    ],
)
def test_what_is_no_address_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_email(text)


def test_two_addresses_are_one_whatever_their_case() -> None:
    assert email_key("Jane.Doe@acme.example") == email_key("jane.doe@acme.example")
    assert email_key("jane.doe@acme.example") != email_key("janedoe@acme.example")


@pytest.mark.parametrize(
    "local",
    ["info", "INFO", "sales", "sales2", "info+berlin", "kontakt", "vertrieb", "datenschutz", "buchhaltung", "bewerbung",
     "contacto", "ventas", "comercial", "facturacion", "compta", "accueil", "rh", "recrutement", "ufficio",
     "amministrazione", "verkoop", "biuro", "post", "noreply", "no-reply", "invoices-noreply", "customer-service",
     "customerservice", "sales.team", "info.de", "support-emea", "hr_dept", "büro"],
)  # fmt: skip
def test_a_role_is_generic(local: str) -> None:
    assert email_type(f"{local}@acme.example") == "generic"


@pytest.mark.parametrize(
    "local",
    ["jane.doe", "jane", "jdoe", "j.sales", "sales.jane", "2015", "stripe", "denver", "alexa", "de", "anna.post", "h.r",
     ""],
)  # fmt: skip
@pytest.mark.parametrize("host", ["acme.example", "gmail.com"])
def test_all_else_is_personal_whatever_the_provider(local: str, host: str) -> None:
    assert email_type(f"{local}@{host}") == "personal"


@given(st.one_of(st.text(max_size=60), st.text(alphabet="aB1.+@<>: %-é", max_size=40)))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        address = read_email(text)
    except ValueError:
        return
    assert read_email(address) == address
    assert email_type(address) in ("generic", "personal")
