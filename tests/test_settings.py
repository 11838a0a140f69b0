"""Settings from the file, the environment and flags."""

from __future__ import annotations

from pathlib import Path

import pytest

from letrics.settings import SettingsError, load_settings


def test_a_list_is_a_list_in_the_file_and_separated_by_commas_elsewhere(tmp_path: Path) -> None:
    both = ("https://crm.example", "http://localhost:3000")
    environ = {"LETRICS_CORS_ORIGINS": "https://crm.example, http://localhost:3000,"}
    assert load_settings(tmp_path, environ=environ).cors_origins == both
    (tmp_path / "letrics.toml").write_text('cors_origins = ["https://crm.example", "http://localhost:3000"]')
    assert load_settings(tmp_path, environ={}).cors_origins == both
    assert load_settings(tmp_path, environ={"LETRICS_CORS_ORIGINS": "*"}).cors_origins == ("*",)
    assert load_settings(tmp_path, environ={"LETRICS_CORS_ORIGINS": ""}).cors_origins == ()


@pytest.mark.parametrize(
    "origin", ["crm.example", "https://crm.example/", "https://CRM.example", "https://*", "https://a b", "null"]
)
def test_what_is_no_origin_is_refused(tmp_path: Path, origin: str) -> None:
    with pytest.raises(SettingsError, match="cors_origins"):
        load_settings(tmp_path, environ={"LETRICS_CORS_ORIGINS": origin})


def test_later_places_win(tmp_path: Path) -> None:
    (tmp_path / "letrics.toml").write_text("port = 1\nworkers = 2\nhttps = true")
    settings = load_settings(tmp_path, {"port": 3, "host": None}, {"LETRICS_PORT": "2", "LETRICS_HOME": "x"})
    assert (settings.port, settings.workers, settings.https, settings.host) == (3, 2, True, "127.0.0.1")


@pytest.mark.parametrize(
    ("environ", "says"), [({"LETRICS_PORTT": "1"}, "there is no setting portt"), ({"LETRICS_PORT": "x"}, "port = 'x'")]
)
def test_what_is_unknown_or_wrong_is_named(tmp_path: Path, environ: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        load_settings(tmp_path, environ=environ)
