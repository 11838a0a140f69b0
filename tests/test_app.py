"""The composition root: what is done in which process."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from letrics import app
from letrics.settings import Home, Settings


def test_serve_compiles_templates_before_forking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    class Workers:
        def __init__(self, *_: object) -> None:
            pass

        def run(self) -> bool:
            done.append("fork")
            return False

    monkeypatch.setattr(app, "prepare_pages", lambda: done.append("compile"))
    monkeypatch.setattr(app, "Workers", Workers)
    monkeypatch.setattr(app, "Metrics", lambda _: None)  # would set up shared counters for all further tests
    try:
        app.serve(Home(tmp_path / "home"), Settings(port=0, workers=2))
    finally:
        gc.unfreeze()
    assert done == ["compile", "fork"]
