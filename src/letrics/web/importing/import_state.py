"""An import as pages show it: its state in words, its figures, and what undoing it would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from letrics.normalize.time import parse_time
from letrics.plurals import counted
from letrics.records import SINGULAR, Kind
from letrics.web.importing.page_words import page_words

_TAGS: Final = {"done": "good", "running": "accent", "undoing": "accent", "failed": "bad", "interrupted": "bad",
                "cancelled": "warn"}  # fmt: skip
"""The colour of the tag of a state."""
_SETTLED: Final = frozenset({"done", "failed", "cancelled", "interrupted", "undoing"})
"""The states of imports that can be undone."""
_SECOND_MS: Final = 1_000
"""Milliseconds in a second."""


@dataclass(frozen=True, slots=True)
class ShownImport:
    """An import of the API with what the pages derive from it."""

    of: Mapping[str, Any]

    @property
    def id(self) -> int:
        return int(self.of["id"])

    @property
    def kind(self) -> Kind:
        return cast("Kind", self.of["kind"])

    @property
    def state(self) -> str:
        return "interrupted" if self.of["interrupted"] else str(self.of["status"])

    @property
    def tag(self) -> str:
        """The CSS class of the state."""
        return _TAGS.get(self.state, "")

    @property
    def is_active(self) -> bool:
        """Whether rows are being stored or restored now."""
        return self.state in ("running", "undoing")

    @property
    def is_undoable(self) -> bool:
        return self.state in _SETTLED

    @property
    def user(self) -> str:
        return str(self.of["user"] or "command line")

    def count(self, name: str) -> int:
        """A figure of the changes or of the report by its name in the API; 0 if it is absent."""
        value = self.of["changes"].get(name) or self.of["report"].get(name) or 0
        return int(value)

    @property
    def seconds(self) -> float:
        """How long it took, or has taken until its last report."""
        took = self.of["report"].get("seconds")
        so_far = parse_time(self.of["updated_at"]) - parse_time(self.of["started_at"])
        return float(took) if took is not None else max(0, so_far) / _SECOND_MS

    @property
    def rate(self) -> int:
        """Rows per second; 0 if that is too short to say."""
        return round(self.count("rows") / self.seconds) if self.seconds >= 1 else 0

    @property
    def share(self) -> float | None:
        """The part of the file that was read, from 0 to 1; None if its length is unknown."""
        read, total = self.of["report"].get("read"), self.of["report"].get("total")
        return min(1.0, read / total) if total and read is not None else None

    @property
    def has_rejects_file(self) -> bool:
        """Whether rejected rows can be downloaded. An upsert reports them to its caller, the command line in a file."""
        is_upload = self.of["user"] is not None and "read" in self.of["report"]
        return is_upload and bool(self.count("rejected") or self.count("warned"))

    @property
    def first_rejects(self) -> list[dict[str, Any]]:
        return list(self.of["report"].get("first_rejects", ()))

    @property
    def notes(self) -> list[str]:
        """The notices about the file."""
        return list(self.of["report"].get("notes", ()))

    @property
    def failure(self) -> str:
        """Why the import failed; empty if it did not, or if nothing is known."""
        return page_words(str(self.of["report"].get("problem", "")))

    @property
    def warnings(self) -> list[tuple[str, int, list[dict[str, Any]]]]:
        """The cells that were left out: column, number and examples, most frequent column first."""
        found = self.of["report"].get("warnings", {})
        listed = [(column, int(of["count"]), list(of["examples"])) for column, of in found.items()]
        return sorted(listed, key=lambda each: -each[1])

    @property
    def used(self) -> list[tuple[str, str]]:
        """The columns that set a field, with the field."""
        return [(column, field) for column, field in self.of["mapping"].items() if field is not None]

    @property
    def ignored(self) -> list[str]:
        return [column for column, field in self.of["mapping"].items() if field is None]

    @property
    def undo_effect(self) -> str:
        """What undoing it would do, as a sentence."""
        new = _listed((self.count("new"), SINGULAR[self.kind]), (self.count("companies_new"), "company"))
        changed = _listed((self.count("changed"), SINGULAR[self.kind]), (self.count("companies_changed"), "company"))
        effects = [f"deletes {new} that the import added" if new else "",
                   f"restores {changed} that it changed" if changed else ""]  # fmt: skip
        said = " and ".join(filter(None, effects))
        return f"This {said}. Records that changed since then stay as they are." if said else "It changed no records."


def _listed(*counts: tuple[int, str]) -> str:
    return " and ".join(counted(number, noun) for number, noun in counts if number)
