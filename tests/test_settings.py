"""Settings from the file, the environment and command line options."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from msgspec import inspect

from letrics.cli import cli
from letrics.settings import Settings, SettingsError, is_usual_home, load_settings, read_url


def test_list_is_a_toml_list_and_separated_by_commas_elsewhere(tmp_path: Path) -> None:
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


SOURCES = ("file", "environment", "flag")


def refusal(home: Path, source: str, name: str, value: Any) -> str:
    """The error of a setting from one of the three sources, without the text after the source."""
    file, variable, flag = home / "letrics.toml", f"LETRICS_{name.upper()}", f"--{name.replace('_', '-')}"
    flags: dict[str, Any] = {}
    environ: dict[str, str] = {}
    if source == "file":
        file.write_text(f"{name} = {json.dumps(value)}")
    elif source == "environment":
        environ[variable] = str(value)
    else:
        flags[name] = value
    with pytest.raises(SettingsError) as refused:
        load_settings(home, flags, environ)
    place = {"file": str(file), "environment": variable, "flag": flag}[source]
    said, found, _ = str(refused.value).partition(f" ({place})")
    assert found, said
    return said


def wrong_texts() -> list[tuple[str, str, str]]:
    """For every setting that does not accept any string: a malformed string, and the expected error."""
    cases = []
    for name, default in msgspec.structs.asdict(Settings()).items():
        if isinstance(default, bool):
            cases.append((name, "maybe", "must be true or false"))
        elif isinstance(default, int):
            cases += [(name, text, "must be a whole number") for text in ("x", "1.5", "", "8000 9000", "0x10")]
    cases += [
        ("cors_origins", "crm.example", "must be a list, each an origin such as https://crm.example, or *"),
        ("log_level", "loud", "must be debug, info, warning or error"),
        ("host", " ", "must be a host name or an address"),
    ]
    return cases


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(("name", "text", "says"), wrong_texts())
def test_setting_of_a_wrong_form_names_source_and_form(
    tmp_path: Path, source: str, name: str, text: str, says: str
) -> None:
    assert refusal(tmp_path, source, name, text) == f"{name} {says}: got {json.dumps(text)}"


@pytest.mark.parametrize("name", Settings.__struct_fields__)
@pytest.mark.parametrize("value", [{"a": 1}, [[1]], 1.5])
def test_setting_of_a_wrong_toml_type_is_refused_in_our_words(tmp_path: Path, name: str, value: object) -> None:
    if isinstance(value, dict):
        (tmp_path / "letrics.toml").write_text(f"[{name}]\na = 1")
        with pytest.raises(SettingsError) as refused:
            load_settings(tmp_path, environ={})
        said = str(refused.value)
    else:
        said = refusal(tmp_path, "file", name, value)
    assert said.startswith(f"{name} must be ") and json.dumps(value) in said
    assert "Expected" not in said and "`" not in said and "$" not in said


def limits() -> list[tuple[str, str, int]]:
    """The minimum and maximum of every number setting."""
    info = inspect.type_info(Settings)
    assert isinstance(info, inspect.StructType)
    kinds = {field.name: getattr(field.type, "type", None) for field in info.fields}
    numbers = {name: kind for name, kind in kinds.items() if isinstance(kind, inspect.IntType)}
    assert len(numbers) >= 7 and all(None not in (kind.ge, kind.le) for kind in numbers.values())
    ends = [(name, "least", kind.ge) for name, kind in numbers.items()]
    ends += [(name, "most", kind.le) for name, kind in numbers.items()]
    return [(name, bound, int(end)) for name, bound, end in ends if end is not None]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(("name", "bound", "limit"), limits())
def test_setting_out_of_range_names_the_bound(tmp_path: Path, source: str, name: str, bound: str, limit: int) -> None:
    for step in (1, 10**15):
        beyond = limit - step if bound == "least" else limit + step
        assert refusal(tmp_path, source, name, beyond) == f"{name} must be at {bound} {limit}: got {beyond}"


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(("name", "says"), [("portt", "did you mean port?"), ("zzz", "available are host, port, ")])
def test_setting_unknown_names_source_and_suggestion(tmp_path: Path, source: str, name: str, says: str) -> None:
    assert refusal(tmp_path, source, name, "1") == f"there is no setting {name}"
    with pytest.raises(SettingsError, match=says):
        load_settings(tmp_path, {name: "1"}, {})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"port = ", "is not valid TOML: invalid value, at "),
        (b"port = 1\nport = 2", "is not valid TOML: cannot overwrite a value, at"),
        (b"\xff", "is not UTF-8"),
    ],
)
def test_settings_file_not_toml_names_file_and_place(tmp_path: Path, text: bytes, says: str) -> None:
    (tmp_path / "letrics.toml").write_bytes(text)
    with pytest.raises(SettingsError) as refused:
        load_settings(tmp_path, environ={})
    assert f"{tmp_path / 'letrics.toml'} {says}" in str(refused.value)


@pytest.mark.parametrize("command", ["serve", "demo"])
@pytest.mark.parametrize(
    ("port", "says"), [("99999", "must be at most 65535: got 99999"), ("x", 'must be a whole number: got "x"')]
)
def test_port_wrong_on_the_command_line_is_wrong_usage(tmp_path: Path, command: str, port: str, says: str) -> None:
    result = CliRunner().invoke(cli, ["--home", str(tmp_path / "new"), command, "--port", port], prog_name="letrics")
    assert (result.exit_code, result.stderr) == (2, f"letrics: port {says} (--port)\n")


@pytest.mark.parametrize("url", ["https://crm.example", "http://intranet:8000", "https://[2001:db8::1]:8443"])
def test_public_url_of_a_site_is_taken(tmp_path: Path, url: str) -> None:
    assert load_settings(tmp_path, environ={"LETRICS_PUBLIC_URL": url}).public_url == url


@pytest.mark.parametrize("url", ["HTTPS://CRM.example/", "https://crm.example//", "https://crm.example?"])
def test_public_url_is_normalised(tmp_path: Path, url: str) -> None:
    assert load_settings(tmp_path, environ={"LETRICS_PUBLIC_URL": url}).public_url == "https://crm.example"
    assert read_url(url) == Settings(public_url=url).public_url == "https://crm.example"


def test_public_url_with_a_path_is_explained(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"without a path, as pages are served at /, .*: got .https://x/letrics"):
        load_settings(tmp_path, environ={"LETRICS_PUBLIC_URL": "https://x/letrics"})


@pytest.mark.parametrize(
    "url",
    ["crm.example", "ftp://crm.example", "https://", "https://a b", "https://crm.example/letrics", "https://u@crm.example",
     "https://crm.example?x", "https://crm.example#x", "https://crm.example:99999", "javascript:alert(1)",
     'https://crm.example"><script>', "https://crm.example\r\nX: y", "https://crm.éxample", "//crm.example"],
)  # fmt: skip
def test_public_url_that_is_no_site_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match=r"public_url must be the URL of a site .*letrics\.example\.com: got "):
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
    with pytest.raises(SettingsError, match=r"allowed_hosts must be a list, each a host name or address .*: got "):
        load_settings(tmp_path, environ={"LETRICS_ALLOWED_HOSTS": host})


def test_usual_home_does_not_depend_on_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LETRICS_HOME", "/var/lib/letrics")
    assert is_usual_home(tmp_path / ".local" / "share" / "letrics")
    assert not is_usual_home(Path("/var/lib/letrics")), "another shell need not have this environment"


@pytest.mark.parametrize("url", ["", "postgresql://ann:s%20cret@a:5432,b/letrics?sslmode=require", "postgres:///x"])
def test_database_is_a_url_or_empty(tmp_path: Path, url: str) -> None:
    assert load_settings(tmp_path, environ={"LETRICS_DATABASE": url}).database == url


@pytest.mark.parametrize("url", ["mysql://ann:s3cret@a/x", "postgresql://ann:s3cret@a/x y", "ann:s3cret@a"])
def test_a_refused_database_is_shown_without_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match="database must be empty") as caught:
        load_settings(tmp_path, environ={"LETRICS_DATABASE": url})
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("url", ["opensearch://ann:s3cret@a/x", "https://ann:s3cret@a"])
def test_a_refused_engine_is_shown_without_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match="engine must be bitmap, or a URL") as caught:
        load_settings(tmp_path, environ={"LETRICS_ENGINE": url})
    assert "s3cret" not in str(caught.value)
