"""The catalogue of filters, and the fingerprint of an index, which changes with the rules of its values."""

from __future__ import annotations

import ast
import hashlib
import io
import tokenize
from pathlib import Path

import pytest
from msgspec.structs import replace

from letrics.fields import (
    CATALOGUE,
    EMPLOYEES,
    FACTS,
    LOCATIONS,
    MAX_NUMBER,
    RULES_VERSION,
    facet_fields,
    facts_of,
    fields_of,
    fingerprint,
)
from letrics.records import KINDS, Company, ContactBody, EmployeesRange, Kind

TIME = "2026-01-31T09:30:00.000Z"
COMPANY = Company(id="a.example", domain="a.example", first_seen_at=TIME, added_at=TIME, updated_at=TIME)
SOURCE = Path(__file__).parents[1] / "src" / "letrics"
RULES = [
    SOURCE / "fields.py",
    SOURCE / "records.py",
    *sorted((SOURCE / "normalize").rglob("*.py")),
    SOURCE / "engines" / "common" / "timestamps.py",
    SOURCE / "engines" / "bitmap" / "text" / "tokenizer.py",
]
"""The code between a stored document and the keys of an index."""

KNOWN = (7, "2aca9a087c39ad1d")
"""A version of the rules and the digest of their code."""


def code_of(source: str) -> str:
    """Source code without comments, docstrings and white space, which mean nothing to an index."""
    lines = source.splitlines(keepends=True)
    spans = [
        (token.start, token.end)
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    ]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            last = node.end_lineno or node.lineno
            spans.append(((node.lineno, node.col_offset), (last, len(lines[last - 1].rstrip("\n")))))
    for (first, start), (last, stop) in sorted(spans, reverse=True):
        lines[first - 1] = lines[first - 1][:start] + lines[last - 1][stop:]
        lines[first:last] = []
    return "".join("".join(lines).split())


def test_code_of_a_module_ignores_prose() -> None:
    plain = 'A = 1\n\n\ndef f(x: str) -> str:\n    return f"{x}#"\n'
    prose = '"""Doc."""\nA = 1  # why\n"""Sentence\nover lines."""\n\n\n' + plain[7:].replace(
        "    ", '    """Do."""\n    '
    )
    assert code_of(prose) == code_of(plain)
    assert code_of(plain.replace("#", "!")) != code_of(plain)


def test_rules_version_changes_with_the_code() -> None:
    digest = hashlib.blake2b(digest_size=8)
    for path in RULES:
        digest.update(code_of(path.read_text("utf-8")).encode())
    assert (RULES_VERSION, digest.hexdigest()) == KNOWN, (
        "code that makes index keys has changed. If a stored value can now give another key, raise RULES_VERSION in "
        "fields.py, so that saved indexes are rebuilt; then record the new pair as KNOWN."
    )


def test_fingerprint_depends_on_facts_and_rules() -> None:
    assert fingerprint(FACTS[:-1]) != fingerprint()
    assert fingerprint(rules=RULES_VERSION + 1) != fingerprint()


def test_facts_are_those_of_the_rows_each_once() -> None:
    asked = {fact for field in CATALOGUE for fact in (field.contacts, field.companies) if fact is not None}
    assert asked | {part for fact in asked for part in fact.parts} == set(FACTS)
    assert len(set(FACTS)) == len(FACTS) == len({fact.name for fact in FACTS})


def test_parts_of_a_fact_come_before_it() -> None:
    for at, fact in enumerate(FACTS):
        for part in fact.parts:
            assert part in FACTS[:at]


def test_fact_member_is_a_field_of_its_record() -> None:
    for fact in FACTS:
        record = Company if fact.owner == "company" else ContactBody
        assert fact.member in record.__struct_fields__


@pytest.mark.parametrize(
    ("band", "ends"),
    [
        (None, (None, None)),
        (EmployeesRange(11, 50), (11, 50)),
        (EmployeesRange(51, None), (51, MAX_NUMBER)),
        (EmployeesRange(None, 9), (0, 9)),
    ],
)
def test_band_of_employees_has_both_ends(band: EmployeesRange | None, ends: tuple[int | None, int | None]) -> None:
    company = replace(COMPANY, employees_range=band)
    assert EMPLOYEES.band is not None
    assert tuple(end.of(company) for end in EMPLOYEES.band) == ends


@pytest.mark.parametrize("kind", KINDS)
def test_fields_of_a_kind_have_a_fact_of_that_kind(kind: Kind) -> None:
    fields = fields_of(kind)
    assert [field for field in CATALOGUE if field in fields] == list(fields)
    names = [name for field in fields for name in (field.name, *field.aliases)]
    assert len(names) == len(set(names))
    asked = {fact for field in fields if (fact := field.fact(kind)) is not None}
    assert asked | {one for fact in asked for one in fact.companions} == set(facts_of(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_facet_fields_are_arrays_of_values_or_own_texts(kind: Kind) -> None:
    for field in facet_fields(kind):
        fact = field.fact(kind)
        assert fact is not None
        assert field.is_array
        assert fact.kind == "values" or (
            fact.kind == "text" and fact.owner == {"contacts": "contact"}.get(kind, "company")
        )


def test_field_stem_is_the_name_without_its_bound() -> None:
    stems = {field.name: field.stem for field in CATALOGUE}
    assert stems["added_after"] == stems["added_before"] == "added"
    assert stems["employees_min"] == stems["employees_max"] == "employees"
    assert stems["technologies_all"] == "technologies_all"


def test_both_ends_of_a_range_have_the_same_facts() -> None:
    ends: dict[str, list[tuple[object, object]]] = {}
    for field in CATALOGUE:
        if field.bound is not None:
            ends.setdefault(field.stem, []).append((field.contacts, field.companies))
    assert all(len(pair) == 2 and pair[0] == pair[1] for pair in ends.values())


def test_fact_of_a_record_is_the_strings_of_its_value() -> None:
    company = COMPANY
    assert LOCATIONS.primary is not None
    assert LOCATIONS.of(company) == LOCATIONS.primary.of(company) == []
    by_name = {fact.name: fact for fact in FACTS}
    assert by_name["company.domain"].of(company) == ("a.example",)
    assert by_name["company.employees"].of(company) is by_name["company.employees_least"].of(company) is None
    assert by_name["company.has_linkedin"].of(company) is False
