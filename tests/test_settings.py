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


@pytest.mark.parametrize("url", ["https://crm.example", "http://intranet:8000/", "https://[2001:db8::1]:8443"])
def test_public_url_of_a_site_is_taken(tmp_path: Path, url: str) -> None:
    assert load_settings(tmp_path, environ={"LETRICS_PUBLIC_URL": url}).public_url == url


@pytest.mark.parametrize(
    "url",
    ["crm.example", "ftp://crm.example", "https://", "https://a b", "https://crm.example/letrics", "https://u@crm.example",
     "https://crm.example?x", "https://crm.example#x", "https://crm.example:99999", "javascript:alert(1)",
     'https://crm.example"><script>', "https://crm.example\r\nX: y", "https://crm.éxample", "//crm.example"],
)  # fmt: skip
def test_public_url_that_is_no_site_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match=r"public_url = .*such as https://letrics\.example\.com"):
        load_settings(tmp_path, environ={"LETRICS_PUBLIC_URL": url})


@pytest.mark.parametrize(
    "host", ["*", "crm.example", ".crm.example", "letrics_web", "192.0.2.7", "2001:db8::1", "[::1]"]
)
def test_allowed_host_is_taken(tmp_path: Path, host: str) -> None:
    assert load_settings(tmp_path, environ={"LETRICS_ALLOWED_HOSTS": f"{host}, b"}).allowed_hosts == (host, "b")


@pytest.mark.parametrize(
    "host", ["https://crm.example", "crm.example:8000", "crm.example/", "*.crm.example", "a..b", "a b"]
)
def test_allowed_host_that_is_none_is_refused(tmp_path: Path, host: str) -> None:
    with pytest.raises(SettingsError, match=r"allowed_hosts = .* is not a host"):
        load_settings(tmp_path, environ={"LETRICS_ALLOWED_HOSTS": host})
