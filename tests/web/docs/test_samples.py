"""The samples run unchanged, against a real server, in each language, and every response is a 200."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.settings import Home
from letrics.web.docs.requests import SAMPLES
from letrics.web.docs.samples import LANGUAGES, Sample
from tests.contract.world import put
from tests.default_backends import open_store
from tests.reliability.running import Server, serving
from tests.web.docs.reading import PATHS, Page

LANGUAGE_NAMES = [name for name, _ in LANGUAGES]
PROGRAMS = {"curl": "curl", "python": sys.executable, "javascript": "node"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a few records."""
    home = Home(tmp_path_factory.mktemp("home")).make()
    store = open_store(home.database, create=True)
    put(store)
    store.close()
    with serving(home.path) as made:
        yield made


@pytest.fixture(scope="module")
def shown(server: Server) -> dict[str, str]:
    """The samples of all pages, by name and language."""
    found: dict[str, str] = {}
    for path in PATHS:
        found |= Page(server.client.get(path).text).samples
    return found


def test_pages_show_every_sample_in_every_language(shown: dict[str, str]) -> None:
    assert set(shown) == {f"{name}-{language}-text" for name in SAMPLES for language in LANGUAGE_NAMES}


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
@pytest.mark.parametrize("name", SAMPLES)
def test_sample_runs_unchanged(server: Server, shown: dict[str, str], name: str, language: str, tmp_path: Path) -> None:
    program = shutil.which(PROGRAMS[language])
    if program is None:
        pytest.skip(f"{PROGRAMS[language]} is not on this machine")
    text = shown[f"{name}-{language}-text"]
    assert server.url in text
    file = tmp_path / {"curl": "sample.sh", "python": "sample.py", "javascript": "sample.mjs"}[language]
    file.write_text(text, "utf-8")
    # Makes curl print the status of each response on standard error.
    (tmp_path / ".curlrc").write_text('write-out = "%{stderr}%{http_code}\\n"\n')
    environment = os.environ | {"LETRICS_TOKEN": server.token, "CURL_HOME": str(tmp_path), "NO_PROXY": "127.0.0.1"}
    command = ["bash", str(file)] if language == "curl" else [program, str(file)]
    done = subprocess.run(
        command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    if language == "curl":
        assert set(done.stderr.split()) == {"200"}, done.stdout
    sample = SAMPLES[name]
    if isinstance(sample, Sample) and sample.file:
        assert (tmp_path / sample.file).stat().st_size
    else:
        assert done.stdout.strip()
