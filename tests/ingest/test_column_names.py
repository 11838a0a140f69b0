"""Blank and repeated names of columns."""

from __future__ import annotations

from itertools import accumulate

import pytest

from letrics.ingest.column_names import distinct_names, join_groups, without_number
from letrics.ingest.kinds import is_column_name
from letrics.ingest.recognition import recognise


def test_name_that_occurs_twice_is_numbered() -> None:
    names = ["domain", "Tag", "Tag", "Tag (2)", "tag"]
    assert distinct_names(names) == ["domain", "Tag", "Tag (3)", "Tag (2)", "tag"]


def test_blank_name_is_the_place_of_its_column() -> None:
    assert distinct_names(["domain", "", "column 2", ""]) == ["domain", "column 2", "column 2 (2)", "column 4"]


def test_name_of_a_group_is_put_before_names_where_both_are_known() -> None:
    known = {"Company Name", "Contact Email"}.__contains__
    groups, names = ["", "Company", "Company", "Contact"], ["#", "Name", "Size", "Email", "Phone"]
    assert join_groups(groups, names, known) == ["#", "Company Name", "Size", "Contact Email", "Phone"]


def joined(groups: str, names: str) -> str | None:
    filled = list(accumulate(groups.split(","), _later))
    found = join_groups(filled, names.split(","), is_column_name)
    return None if found is None else ",".join(found)


def _later(group: str, name: str) -> str:
    return name or group


@pytest.mark.parametrize(
    ("groups", "names", "result"),
    [
        ("Lead,,Referred by,", "Name,Email,Name,Email", "Lead Name,Lead Email,Referred by Name,Referred by Email"),
        ("Lead,,Referred by", "Name,Email,Name,Email", "Lead Name,Lead Email,Referred by Name,Referred by Email"),
        ("Contact,,Account Owner,", "Name,Email,Name,EMAIL",
         "Contact Name,Contact Email,Account Owner Name,Account Owner EMAIL"),
        ("Company,,Parent Company,,Contact,", "Name,Website,Name,Website,Name,Email",
         "Company Name,Company Website,Parent Company Name,Parent Company Website,Contact Name,Contact Email"),
        ("Company,Contact,,Source", "Name,Email,Phone,Name", "Company Name,Contact Email,Contact Phone,Source Name"),
    ],
)  # fmt: skip
def test_name_of_an_unknown_group_is_put_before_names(groups: str, names: str, result: str) -> None:
    assert joined(groups, names) == result
    assert not any(is_column_name(name) for name in result.split(",") if name.startswith(("Ref", "Acc", "Par", "Sou")))


def test_name_in_two_groups_stays_in_none_alone() -> None:
    found = joined("Business,,Private,", "Email,Phone,Email,Phone")
    assert found == "Business Email,Business Phone,Private Email,Private Phone"


@pytest.mark.parametrize(
    ("groups", "names"),
    [
        ("Company,Globex,,", "Name,Email,Phone,City"),
        ("Account,,Acme GmbH,", "Name,Email,Phone,City"),
        ("Quarterly export,,Sales", "name,domain,email"),
        ("Quarterly export,,Sales", "name,domain,name"),
        ("a,,b,", "Name,Email,Name,Email"),
    ],
)
def test_line_of_a_key_and_a_value_is_no_groups(groups: str, names: str) -> None:
    assert joined(groups, names) is None


def test_one_group_of_a_company_after_a_person_is_joined() -> None:
    names = "First Name,Last Name,Name,Website,City"
    assert joined(",,Company,,", names) == "First Name,Last Name,Company Name,Company Website,Company City"
    assert joined(",,Sales report,,", names) is None
    assert joined(",,Company,,", "Tag,Email,Name,Website,City") is None
    assert joined(",,Company,Globex,", names) is None


def test_no_groups_join_nothing() -> None:
    assert join_groups((), ["Name"], is_column_name) is None


@pytest.mark.parametrize(
    "company", ["Account", "Company", "Firma", "Unternehmen", "Société", "Empresa", "Azienda", "Bedrijf",
                "Company details", "Account info", "Unternehmensdaten"],
)  # fmt: skip
@pytest.mark.parametrize(
    "person", ["Contact", "Ansprechpartner", "Contact details", "Person", "Kontakt", "Interlocuteur", "Contacto",
               "Contactpersoon", "Primary contact", "Kontaktdaten"],
)  # fmt: skip
def test_groups_of_a_company_and_a_person_own_columns(company: str, person: str) -> None:
    found = joined(f"{company},,,{person},", "Name,Website,Phone,Name,Email")
    names = [f"{company} Name", f"{company} Website", f"{company} Phone", f"{person} Name", f"{person} Email"]
    assert found == ",".join(names)
    meant = [recognise("contacts", name) for name in names]
    assert [() if one is None else one.fields for one in meant] == [
        ("company_name",),
        ("company_website",),
        (),
        ("full_name",),
        ("emails",),
    ]


def test_name_in_the_group_of_a_company_may_stand_alone() -> None:
    found = joined("Company,,,Contact,", "Name,Rating,Job count,Name,Email")
    assert found == "Company Name,Rating,Job count,Contact Name,Contact Email"


def test_without_number_is_the_name_of_the_file() -> None:
    assert [*map(without_number, distinct_names(["Tag", "Tag", "Tag", "Size (EU)"]))] == ["Tag"] * 3 + ["Size (EU)"]
