"""What pages derive from an import of the API."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from letrics.web.importing.import_state import ShownImport
from tests.import_records import ended_import


def shown(interrupted: bool = False, **fields: Any) -> ShownImport:
    return ShownImport(msgspec.to_builtins(ended_import(1, **fields)) | {"interrupted": interrupted})


@pytest.mark.parametrize(
    ("status", "active", "undoable"),
    [("running", True, False), ("done", False, True), ("failed", False, True), ("cancelled", False, True),
     ("undoing", True, True), ("undone", False, False)],
)  # fmt: skip
def test_state_decides_what_can_be_done(status: str, active: bool, undoable: bool) -> None:
    state = shown(status=status)
    assert (state.state, state.is_active, state.is_undoable) == (status, active, undoable)


def test_interrupted_import_can_be_undone() -> None:
    state = shown(True, status="running")
    assert (state.state, state.is_active, state.is_undoable) == ("interrupted", False, True)


def test_merged_rows_are_those_that_the_import_counted() -> None:
    assert shown().count("merged") == 1
    assert shown(changes={"new": 3, "company_rows": 2}).count("merged") == 0


def test_only_uploads_have_a_file_of_rejected_rows() -> None:
    upserted = {"rows": 3, "rejected": 1, "warned": 1}
    assert shown(report=upserted | {"read": 9}).has_rejects_file
    assert not shown(report={"rows": 3, "read": 9}).has_rejects_file
    assert not shown(report=upserted).has_rejects_file
    assert not shown(report=upserted | {"read": 9}, user=None).has_rejects_file


def test_rate_is_of_the_import_not_of_its_undoing() -> None:
    report = {"rows": 8_000, "read": 10, "total": 40}
    assert shown(report=report).rate == 4_000
    assert shown(report=report | {"seconds": 4.0}).rate == 2_000
    assert shown(report=report | {"seconds": 0.1}).rate == 0
    assert shown(report=report).share == 0.25
    assert shown(report={"rows": 1, "read": 10, "total": None}).share is None


def test_undo_effect_names_records_and_companies() -> None:
    assert shown().undo_effect == (
        "This deletes 3 contacts and 1 company that the import added and restores 2 contacts that it changed. "
        "Records that changed since then stay as they are."
    )
    assert shown(changes={}).undo_effect == "It changed no records."


def test_import_of_the_command_line_says_so() -> None:
    assert shown(user=None).user == "command line"
    assert (shown().used, shown().ignored) == ([("Mail", "emails")], ["Shoe size"])
