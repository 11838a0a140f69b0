"""The settings that choose the back ends."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from letrics.backends import open_backends
from letrics.backends.opensearch import OpenSearchBackend
from letrics.backends.postgres import PostgresBackend
from letrics.settings import Home, Settings, SettingsError, load_settings
from letrics.store.base import Position


def test_usual_settings_open_back_ends_without_creating_any(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    backends = open_backends(home, Settings())
    assert not backends.store.exists() and backends.engine.describe(Position("log", 0, "")) is None
    assert asyncio.run(backends.engine.make().engine.position()) is None
    assert not home.path.exists()


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [("database", "mysql://db/letrics", "SQLite files in the home"), ("engine", "opensearch", "bitmap")],
)
def test_other_back_ends_are_refused_by_name(tmp_path: Path, name: str, value: str, allowed: str) -> None:
    with pytest.raises(SettingsError, match=rf"^{name} must be .*{allowed}.*{value}.*LETRICS_{name.upper()}"):
        load_settings(tmp_path, environ={f"LETRICS_{name.upper()}": value})
    with pytest.raises(SettingsError, match=value):
        open_backends(Home(tmp_path), replace(Settings(), **{name: value}))


def test_url_of_another_database_says_how_one_begins(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^'mysql://u@db/x' is not .* begins with postgresql://$"):
        open_backends(Home(tmp_path), Settings(database="mysql://u:secret@db/x"))


def test_postgresql_url_opens_its_back_end(tmp_path: Path) -> None:
    for scheme in ("postgresql", "postgres"):
        backends = open_backends(Home(tmp_path), Settings(database=f"{scheme}://db/letrics"))
        assert isinstance(backends.store, PostgresBackend)


def test_missing_driver_is_named_with_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "letrics.backends.postgres", raising=False)
    for module in [name for name in sys.modules if name.startswith("letrics.store.postgres")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(SettingsError, match=r"postgresql://u@db/x' needs .*: pip install 'letrics\[postgres\]'"):
        open_backends(Home(tmp_path), Settings(database="postgresql://u:secret@db/x"))


def test_opensearch_url_opens_its_back_end_on_use(tmp_path: Path) -> None:
    backends = open_backends(Home(tmp_path), Settings(engine="opensearch+https://u:secret@search.example/crm"))
    engine = backends.engine
    assert isinstance(engine, OpenSearchBackend)
    assert (engine.address.nodes, engine.address.prefix) == (("https://search.example:9200",), "crm")


@pytest.mark.parametrize("url", ["opensearch+https://u:secret@h:x", "opensearch+http://u:secret@h/Upper"])
def test_invalid_opensearch_url_is_refused_without_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match=r"^engine: ") as raised:
        open_backends(Home(tmp_path), Settings(engine=url))
    assert "secret" not in str(raised.value)


def test_missing_client_of_opensearch_is_named_with_its_extra(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['aiohttp'] = None\n"
        "from pathlib import Path\n"
        "from letrics.backends import open_backends\n"
        "from letrics.settings import Home, Settings, SettingsError\n"
        f"backends = open_backends(Home(Path({str(tmp_path)!r})), Settings(engine='opensearch+http://search.example'))\n"
        "try:\n    backends.engine\nexcept SettingsError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "the engine of OpenSearch needs a package: pip install 'letrics[opensearch]'\n"
