"""The user's choices of fields for columns."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.ingest.column_choices import (
    WrongChoice,
    apply_choices,
    check_headers,
    near_fields,
    parse_choice,
    read_choices,
    resolve_field,
)
from letrics.records import Kind


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("Work Email=email", ("Work Email", "email")),
        (" Work Email = email ", ("Work Email", "email")),
        ("Notes=", ("Notes", None)),
        ("a=b=phone", ("a=b", "phone")),
    ],
)
def test_parse_choice_reads_header_and_field(text: str, choice: tuple[str, str | None]) -> None:
    assert parse_choice(text) == choice


@pytest.mark.parametrize("text", ["Work Email", "", "=email", " =email"])
def test_parse_choice_without_a_header_is_wrong(text: str) -> None:
    with pytest.raises(WrongChoice, match="Column=field"):
        parse_choice(text)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("map.toml", '"Work Email" = "email"\nNotes = ""\n'),
        ("map.json", '{"Work Email": "email", "Notes": null}'),
        ("map.json", '\ufeff{"Work Email ": " email", "Notes": ""}'),
    ],
)
def test_read_choices_reads_toml_and_json(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert read_choices(tmp_path / name) == {"Work Email": "email", "Notes": None}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("map.json", b"[]"), ("map.json", b"{"), ("map.json", b'{"a": 1}'), ("map.toml", b"a = 1"),
        ("map.toml", b"[columns]\na = 'email'"), ("map.toml", b"a : b"), ("map.toml", b"\xff\xfe"),
        ("map.json", b"[" * 100_000),
    ],
)  # fmt: skip
def test_read_choices_of_other_content_is_wrong(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(WrongChoice, match=name):
        read_choices(tmp_path / name)


@pytest.mark.parametrize(
    ("kind", "field", "name"),
    [
        ("contacts", "email", "emails"),
        ("contacts", "company.name", "company_name"),
        ("contacts", "Company Website", "company_website"),
        ("contacts", "city", "city"),
        ("companies", "City", "city"),
        ("companies", "company_name", "name"),
        ("companies", None, None),
    ],
)
def test_resolve_field_finds_our_names(kind: Kind, field: str | None, name: str | None) -> None:
    assert resolve_field(kind, field) == name


@pytest.mark.parametrize(
    ("kind", "field", "says"),
    [
        ("contacts", "emial", "did you mean email"),
        ("contacts", "Vorname", "is not a field of contacts"),
        ("companies", "nmae", "did you mean name"),
        ("companies", "first_name", "is not a field of companies"),
        ("contacts", "zzz", "choose from id, first_name"),
    ],
)
def test_resolve_field_names_near_matches(kind: Kind, field: str, says: str) -> None:
    with pytest.raises(WrongChoice, match=says):
        resolve_field(kind, field)


def test_check_headers_accepts_other_spellings_only() -> None:
    check_headers(["work email", "Notes"], ["Work-Email", "Notes"])
    with pytest.raises(WrongChoice, match=r"did you mean Work-Email\?"):
        check_headers(["Wrok Email"], ["Work-Email", "Notes"])
    with pytest.raises(WrongChoice, match="choose from Work-Email, Notes"):
        check_headers(["#"], ["Work-Email", "Notes"])


def test_apply_choices_prefers_the_exact_header() -> None:
    assert apply_choices({"work email": "email"}, "contacts", ["Work-Email", "x"]) == {"Work-Email": "emails"}
    assert apply_choices({"Phone": "phone"}, "contacts", ["phone", "Phone"]) == {"Phone": "phone"}
    assert apply_choices({"Notes": None}, "contacts", ["Notes", "x"]) == {"Notes": None}


def test_near_fields_finds_misspelled_headers() -> None:
    assert near_fields("contacts", ["Emial Adress", "Fisrt Name", "zzz", "#"]) == {
        "Emial Adress": "emails", "Fisrt Name": "first_name",
    }  # fmt: skip


@given(st.text(max_size=20))
def test_parse_choice_of_any_text_is_a_choice_or_wrong(text: str) -> None:
    try:
        header, field = parse_choice(text)
    except WrongChoice:
        return
    assert header and field != ""
