"""The form of a preview: what it passes to the import, and what it shows of the columns."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from letrics.web.forms import Form
from letrics.web.importing.mapping_form import AUTO, IGNORED, MappingForm, field_groups, shown_columns


def sent(*columns: tuple[str, str], **options: str) -> MappingForm:
    pairs = [pair for name, field in columns for pair in (("column", name), ("field", field))]
    return MappingForm.of(Form([*options.items(), *pairs]))


def column(name: str, field: str | None = None, reason: str = "alias", **others: Any) -> dict[str, Any]:
    return {"name": name, "field": field, "reason": reason, "looks_like": None, "samples": ["a"], **others}


def test_query_has_the_options_and_choices_of_the_user() -> None:
    columns = (("A=b", "emails"), ("B", AUTO), ("C\r\nd", IGNORED))
    form = sent(*columns, kind="", source=" crm ", strict="true", skip_lines="2", confirm_renames="true")
    assert parse_qsl(form.query("u1", preview="true"), keep_blank_values=True) == [
        ("upload", "u1"), ("source", "crm"), ("skip_lines", "2"), ("strict", "true"), ("confirm_renames", "true"),
        ("map", "A=b=emails"), ("map", "C\nd="), ("preview", "true"),
    ]  # fmt: skip


def test_choices_are_dropped_when_the_kind_changed() -> None:
    columns = ("A", "first_name")
    assert sent(columns, kind="companies", shown_kind="contacts").choices == {}
    assert sent(columns, kind="contacts", shown_kind="contacts").choices == {"A": "first_name"}
    assert sent(columns, kind="", auto_kind="contacts", shown_kind="contacts").choices == {"A": "first_name"}
    assert sent(columns, kind="", shown_kind="companies").choices == {}


def test_columns_that_need_a_look_are_first_of_the_ignored() -> None:
    shown = shown_columns(
        [
            column("Notes", reason="unknown"),
            column("Kontaktweg", reason="unknown", looks_like="emails"),
            column("LinkedIn", reason="ambiguous", looks_like="linkedin_profiles", choices=["linkedin_url", "phone"]),
            column("Mail", "emails"),
            column("Tel", "phone", "given"),
            column("Fax", None, "given", looks_like="phones"),
        ],
        {"Tel": "phone", "Fax": IGNORED},
    )
    assert [(each.name, each.chosen) for each in shown] == [
        ("Mail", AUTO), ("Tel", "phone"), ("Kontaktweg", AUTO), ("LinkedIn", AUTO), ("Notes", AUTO), ("Fax", IGNORED),
    ]  # fmt: skip
    assert [each.warning for each in shown[2:]] == [
        "values look like email addresses", "choose a field: LinkedIn URL or Phone", "", "",
    ]  # fmt: skip
    assert [each.auto for each in shown[:3]] == ["Emails (recognised)", "Recognise automatically", "Not used"]


def test_fields_are_grouped_by_record() -> None:
    fields = ["id", "email", "emails", "company_name", "company_derived"]
    assert field_groups("contacts", fields) == [
        ("Contact", [("id", "ID"), ("emails", "Emails")]), ("Company", [("company_name", "Company name")]),
    ]  # fmt: skip
    assert field_groups("companies", ["name"]) == [("Company", [("name", "Name")])]
