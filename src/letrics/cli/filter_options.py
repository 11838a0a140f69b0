"""The fields of a filter as options, such as `--job-titles manager`. They are those of the field catalogue.

Array fields are repeated. A value is never split, because values contain commas. Booleans need no value.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

import click

from letrics.errors import INVALID_INPUT, LetricsError
from letrics.fields import CATALOGUE, Field
from letrics.query.request import field_named
from letrics.records import KINDS, Kind

_GIVEN: Final = "letrics.cli.filter_options"
"""The key of the given options in the `meta` of click's context."""
_FLAGS: Final = ("flag", "modifier")
"""The kinds of boolean fields."""

FILTER_OPTIONS: Final = (
    "Each field of a filter is also an option, such as --locations DACH --employees-min 50 --is-decision-maker. Repeat "
    "the option of a list for several values. Lists and booleans have a counterpart, such as --exclude-locations "
    "Berlin."
)
"""How the options are used. It is followed by their names."""


def option_name(field: str) -> str:
    """The option of a request field: `--job-titles` for `job_titles`."""
    return f"--{field.replace('_', '-')}"


class FieldOption(click.Option):
    """The option of a request field. All of them are summarised in `--help`, instead of one line for each."""

    def __init__(self, name: str, field: Field) -> None:
        extra: dict[str, Any] = {}
        if field.kind in _FLAGS:
            extra = {"type": click.Choice(["true", "false"]), "is_flag": False, "flag_value": "true"}
        super().__init__(
            [option_name(name)], multiple=True, expose_value=False, callback=_collect, help=field.help, **extra
        )

    def get_help_record(self, ctx: click.Context) -> None:
        """None: it has no line in the list of options."""


class FilterCommand(click.Command):
    """A command with an option for each field of a filter."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += field_options()

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the command line. A boolean option before the kind of records does not take the kind as its value."""
        flags = {name for option in self.params if isinstance(option, FieldOption) and option.flag_value == "true"
                 for name in option.opts}  # fmt: skip
        args = [f"{word}=true" if word in flags and after in KINDS else word
                for word, after in pairwise((*args, ""))]  # fmt: skip
        return super().parse_args(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        formatter.write_paragraph()
        formatter.write_heading("Filter options")
        indent = "  "
        formatter.write(_wrapped(FILTER_OPTIONS, formatter.width, indent))
        for records, names in options_by_kind().items():
            formatter.write(_wrapped(f"{records}: {', '.join(names)}.", formatter.width, indent, 2 * indent))


def field_options() -> list[FieldOption]:
    """Make the options of all fields of the catalogue, and of their `exclude_` counterparts."""
    options = [FieldOption(field.name, field) for field in CATALOGUE]
    return options + [FieldOption(f"exclude_{field.name}", field) for field in CATALOGUE if field.can_exclude]


def options_by_kind() -> dict[str, list[str]]:
    """The options of the fields by the records that have them, such as `Contacts only`."""
    kinds = {"Contacts and companies": KINDS, "Contacts only": ("contacts",), "Companies only": ("companies",)}
    return {
        records: [option_name(field.name) for field in CATALOGUE if _kinds(field) == of]
        for records, of in kinds.items()
    }


def given_options() -> Mapping[str, tuple[str, ...]]:
    """The options given to the running command: request field → values as written."""
    given: Mapping[str, tuple[str, ...]] = click.get_current_context().meta.get(_GIVEN, {})
    return given


def read_options(kind: Kind) -> dict[str, object]:
    """The options given to the running command, as fields of a request.

    Values that are not of the field's type stay strings, which `parse_request` rejects. Raises LetricsError for fields
    that records of this kind lack, and for several values of a field that takes one.
    """
    read: dict[str, object] = {}
    problems: list[tuple[str, str | None]] = []
    for name, values in given_options().items():
        field = field_named(kind, name)
        if field is None:
            other = next(each for each in KINDS if each != kind)
            problems.append((f"{option_name(name)} is a filter of {other} only: it does not apply to {kind}", name))
        elif field.is_array:
            read[name] = list(values)
        elif len(values) > 1:
            problems.append((f"{option_name(name)} takes one value and is given {len(values)} times", name))
        else:
            read[name] = _scalar(field, values[0])
    if problems:
        raise LetricsError(INVALID_INPUT, problems)
    return read


def _scalar(field: Field, value: str) -> object:
    from letrics.api.querystring import read_integer

    if field.kind in _FLAGS:
        return value == "true"
    number = read_integer(value) if field.kind == "number" else None
    return value if number is None else number


def _wrapped(text: str, width: int, first: str, rest: str | None = None) -> str:
    """The text in lines that do not break the names of options. click breaks lines at hyphens."""
    lines = textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=first if rest is None else rest, break_on_hyphens=False
    )
    return "\n".join(lines) + "\n"


def _kinds(field: Field) -> tuple[Kind, ...]:
    return tuple(kind for kind in KINDS if field.fact(kind) is not None)


def _collect(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> None:
    if values:
        context.meta.setdefault(_GIVEN, {})[parameter.name] = values
