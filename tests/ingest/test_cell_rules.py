"""Rules for cells: what the columns of a file show in its first rows."""

from __future__ import annotations

import msgspec
import pytest

from letrics.ingest.cell_rules import CellRules, complete_rules
from letrics.ingest.column_mapping import make_mapping
from letrics.ingest.mapping import CompanyMapper
from letrics.ingest.rows import Members

NAMES = ["domain", "Added At", "first_seen_at", "name"]


def rules_of(rows: list[Members], rules: CellRules = CellRules()) -> CellRules:  # noqa: B008 (frozen)
    return complete_rules(rules, make_mapping("companies", NAMES, rows), rows)


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        (["1/5/2026", "1/31/2026"], "mdy"),
        (["1/5/2026", "31/1/2026", "x"], "dmy"),
        (["1/5/2026", "1/6/2026"], None),
        (["1/31/2026", "31/1/2026"], None),
        (["2026-01-05", "2026/01/31"], None),
        ([None, 5, ["1/31/2026"]], None),
    ],
)
def test_complete_rules_finds_the_order_of_dates(dates: list[object], order: str | None) -> None:
    rules = rules_of([{"domain": "a.example", "Added At": date, "name": "31/1/2026"} for date in dates])
    assert rules.order_of_dates("Added At") == order
    assert rules.order_of_dates("name") is rules.order_of_dates("first_seen_at") is None


def test_order_of_dates_given_by_the_user_is_preferred() -> None:
    rules = rules_of([{"domain": "a.example", "Added At": "1/31/2026"}], CellRules(date_order="dmy"))
    assert rules.order_of_dates("Added At") == rules.order_of_dates("first_seen_at") == "dmy"


def test_rules_of_columns_apply_to_their_cells() -> None:
    rows: list[Members] = [
        {"domain": "a.example", "Added At": "1/31/2026", "first_seen_at": "1/5/2026"},
        {"domain": "b.example", "Added At": "1/5/2026"},
        {"domain": "c.example", "Added At": "31/1/2026"},
    ]
    mapper = CompanyMapper(rules=rules_of(rows[:2]))
    assert [mapper.read(row).added_at for row in rows[:2]] == ["2026-01-31T00:00:00.000Z", "2026-01-05T00:00:00.000Z"]
    mapper.read(rows[0])
    (warning,) = mapper.warnings
    assert warning.field == "first_seen_at" and "pass --date-order dmy or mdy" in warning.reason
    mapper.read(rows[2])
    assert [warning.field for warning in mapper.warnings] == ["Added At"]


def test_rules_can_be_sent() -> None:
    rules = rules_of([{"domain": "a.example", "Added At": "1/31/2026"}], CellRules(strict=True, date_order="ymd"))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(rules), type=CellRules) == rules
