"""The type of paths on the command line."""

from __future__ import annotations

import os
from typing import Any

import click


class GivenPath(click.Path):
    """A path that is not empty.

    `--home "$UNSET"` is an empty path, which Python takes for the current directory.
    """

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("the path is empty: pass one, such as . for the current directory", param, ctx)
        return super().convert(value, param, ctx)
