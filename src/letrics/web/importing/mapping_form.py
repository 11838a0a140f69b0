"""The form of a preview: the options of an import, and a field for each column of the file.

A column is `auto` (recognised by its name and values), ignored, or has the field that the user chose. Only choices of
the user are passed to the import, because a column that is recognised may be preferred to others of the same field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from letrics.web.explorer.words import label
from letrics.web.forms import Form

AUTO: Final = "auto"
"""The value of a column whose field the import recognises."""
IGNORED: Final = "ignore"
"""The value of a column that the user ignores."""
OPTIONS: Final = ("kind", "source", "encoding", "skip_lines", "list_separator", "date_order")
"""The options of an upload with one value."""
FLAGS: Final = ("strict", "confirm_renames")
"""The options of an upload that are true or false."""
MAX_SELECTS: Final = 200
"""The maximum number of columns with a select. Further ones, which are ignored ones, are listed."""

_LOOKS: Final = {
    "emails": "email addresses", "linkedin_profiles": "LinkedIn profiles", "urls": "web addresses",
    "linkedin_companies": "LinkedIn pages of companies", "domains": "domains", "phones": "phone numbers",
}  # fmt: skip
"""What the values of an ignored column look like."""
_REASONS: Final = {
    "values": "recognised by its values", "other_columns": "recognised by the other columns", "given": "chosen by you",
    "unknown": "not recognised", "unused": "records have no such field", "only": "another column has this field",
}  # fmt: skip
"""Why a column has its field or none, where its name does not show it."""


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column of the file. `chosen` is the value of its select, and `auto` the label of the automatic choice."""

    number: int
    name: str
    samples: list[str]
    field: str | None
    chosen: str
    auto: str
    note: str
    warning: str


@dataclass(frozen=True, slots=True)
class MappingForm:
    """The submitted options and choices."""

    options: dict[str, str]
    flags: frozenset[str]
    choices: dict[str, str]

    @classmethod
    def of(cls, sent: Form) -> MappingForm:
        """Read the form. Choices are dropped when the kind changed, since each kind has its own fields."""
        options = {name: sent.get(name).strip() for name in OPTIONS}
        pairs = zip(sent.all("column"), sent.all("field"), strict=False)
        same_kind = sent.get("shown_kind") in ("", options["kind"] or sent.get("auto_kind"))
        chosen = {column.replace("\r\n", "\n"): field for column, field in pairs if field and field != AUTO}
        flags = frozenset(name for name in FLAGS if sent.get(name))
        return cls(options, flags, chosen if same_kind else {})

    def query(self, upload: str, **further: str) -> str:
        """The query string of the API for a preview or import with these choices."""
        pairs = [("upload", upload), *((name, value) for name, value in self.options.items() if value)]
        pairs += [(name, "true") for name in FLAGS if name in self.flags]
        pairs += [("map", f"{column}={'' if field == IGNORED else field}") for column, field in self.choices.items()]
        return urlencode([*pairs, *further.items()])


def shown_columns(columns: Iterable[Mapping[str, Any]], choices: Mapping[str, str]) -> list[ShownColumn]:
    """The columns as the page lists them: used ones, ignored ones that need a look, the other ignored ones."""
    shown = [_shown(number, column, choices) for number, column in enumerate(columns)]
    return sorted(shown, key=lambda column: (column.field is None, not column.warning, column.number))


def field_groups(kind: str, fields: Iterable[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The fields for a select, in groups: those of the contact, and those of the company."""
    names = [name for name in fields if name.removeprefix("company_") not in ("email", "derived")]
    own = [name for name in names if kind == "companies" or not name.startswith("company_")]
    groups = [("Contact" if kind == "contacts" else "Company", own), ("Company", [n for n in names if n not in own])]
    return [(words, [(name, label(name)) for name in group]) for words, group in groups if group]


def _shown(number: int, column: Mapping[str, Any], choices: Mapping[str, str]) -> ShownColumn:
    field, reason = column["field"], column["reason"]
    chosen = choices.get(column["name"], AUTO) if reason == "given" else AUTO
    recognised = f"{label(field)} (recognised)" if field else "Not used"
    warning = ""
    if reason == "ambiguous":
        warning = f"choose a field: {' or '.join(map(label, column.get('choices', ())))}"
    elif field is None and reason != "given" and column["looks_like"]:
        warning = f"values look like {_LOOKS.get(column['looks_like'], column['looks_like'])}"
    auto, note = (
        recognised if chosen == AUTO else "Recognise automatically",
        "" if warning else _REASONS.get(reason, ""),
    )
    return ShownColumn(number, column["name"], list(column["samples"]), field, chosen, auto, note, warning)
