"""Keys and ids of companies without a domain."""

from __future__ import annotations

import pytest

from letrics.identity.company_keys import company_key, exact_company_id, generate_company_id, is_company_id, page_key
from letrics.identity.linkedin import linkedin_company


@pytest.mark.parametrize(
    "url",
    [
        "https://www.linkedin.com/company/acme",
        "http://de.linkedin.com/company/Acme/",
        "linkedin.com/company/acme/about/?trk=x#y",
        "https://www.linkedin.com/mwlite/company/acme",
        "https://www.linkedin.com/school/acme/people",
        "https://www.linkedin.com/sales/company/acme",
        "https://www.linkedin.com/company/%61cme",
    ],
)
def test_linkedin_company_is_one_for_all_forms(url: str) -> None:
    assert linkedin_company(url) == "linkedin.com/company/acme"
    assert page_key(url) == page_key("https://www.linkedin.com/company/acme")


@pytest.mark.parametrize(
    "url",
    [
        "https://www.linkedin.com/in/acme",
        "https://www.linkedin.com/company/",
        "https://www.linkedin.com/company/unavailable",
        "https://acme.example/company/acme",
        "",
    ],
)
def test_linkedin_company_of_other_urls_is_none(url: str) -> None:
    assert linkedin_company(url) is None
    assert page_key(url) is None


def test_company_key_ignores_the_legal_form() -> None:
    assert company_key("Acme GmbH") == company_key("ACME") != company_key("Other")
    assert company_key("?!") is company_key(None) is None


def test_generated_id_has_the_form_of_a_company_id() -> None:
    page, name = "https://www.linkedin.com/company/acme", "Acme"
    ids = {generate_company_id(page, name), generate_company_id(None, name), generate_company_id(None, name, 1)}
    assert len(ids) == 3 and all(map(is_company_id, ids))
    assert generate_company_id(page, "Other") == generate_company_id(f"{page}/about", None)


@pytest.mark.parametrize("text", ["acme.example", "co_", "co_0123456789aB", "co_0123456789abc", "c_0123456789ab"])
def test_is_company_id_of_other_texts_is_false(text: str) -> None:
    assert not is_company_id(text)


@pytest.mark.parametrize(
    ("text", "id"),
    [("acme.example", "acme.example"), ("ACME.example", "acme.example"), ("co_0123456789ab", "co_0123456789ab"),
     ("bücher.example", "xn--bcher-kva.example")],
)  # fmt: skip
def test_exact_company_id_of_an_id_or_domain(text: str, id: str) -> None:
    assert exact_company_id(text) == id


@pytest.mark.parametrize(
    ("text", "says"),
    [("shop.acme.example", "use the registrable domain of a company, here acme.example"),
     ("https://acme.example/x", "it is not a domain"), ("jane@acme.example", "it is not a domain"), ("acme", "it ")],
)  # fmt: skip
def test_exact_company_id_of_other_texts_is_refused(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        exact_company_id(text)
