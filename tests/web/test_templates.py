"""Templates are compiled before anyone asks for a page."""

from __future__ import annotations

import jinja2
import pytest

from letrics.web import templates


def test_compile_templates_leaves_nothing_to_compile(monkeypatch: pytest.MonkeyPatch) -> None:
    templates.compile_templates()

    def compile_again(*_: object) -> None:
        raise AssertionError("a template was compiled by a request")

    monkeypatch.setattr(jinja2.Environment, "compile", compile_again)
    made = templates._environment()
    for name in made.list_templates():
        made.get_template(name)
