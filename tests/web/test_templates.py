"""Templates are compiled before a page is requested."""

from __future__ import annotations

from letrics.web.templates import compile_templates, environment


def test_compile_templates_leaves_nothing_to_compile() -> None:
    made = environment()
    assert made.cache is not None
    made.cache.clear()
    compile_templates()
    assert {name for _, name in made.cache} == set(made.list_templates())
