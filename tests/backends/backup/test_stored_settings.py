"""The settings in a backup."""

from __future__ import annotations

from pathlib import Path

from letrics.backends.backup.stored_settings import settings_text
from letrics.settings import load_settings


def test_stored_settings_have_no_place_and_no_password(tmp_path: Path) -> None:
    (tmp_path / "letrics.toml").write_text(
        'database = "postgresql://ann:secret@db.example/l"\nport = 1\nallowed_hosts = ["a.example", "b.example"]\n'
        "https = true\n"
        'engine = "opensearch+https://ann:secret@search.example"\n'
    )
    text = settings_text(tmp_path)
    assert text is not None and b"secret" not in text
    (tmp_path / "restored").mkdir()
    (tmp_path / "restored" / "letrics.toml").write_bytes(text)
    loaded = load_settings(tmp_path / "restored", environ={})
    assert (loaded.port, loaded.database, loaded.engine, loaded.https) == (1, "", "bitmap", True)


def test_missing_or_malformed_settings_are_left_out(tmp_path: Path) -> None:
    assert settings_text(tmp_path) is None
    (tmp_path / "letrics.toml").write_text("= 1")
    assert settings_text(tmp_path) is None
