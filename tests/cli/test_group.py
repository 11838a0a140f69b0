"""The command line as a whole: help, versions, wrong usage, and where the shared options may stand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from letrics.cli import COMMANDS, cli
from letrics.cli.context import CliSession, pass_session
from letrics.cli.group import LazyGroup, share_options


def test_help_imports_no_room() -> None:
    code = (
        "import sys\n"
        "from letrics.cli import cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit as end: assert end.code == 0\n"
        "heavy = {'numpy', 'apsw', 'rich', 'starlette', 'letrics.fields', 'letrics.settings'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(f"  {name} " in done.stdout for name in COMMANDS)


def test_default_installation_loads_no_driver(tmp_path: Path) -> None:
    """Neither those of PostgreSQL and OpenSearch nor what would use them."""
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "import letrics.app\n"
        "from letrics.backends import open_backends\n"
        "from letrics.settings import Home, Settings\n"
        "backends = open_backends(Home(Path(sys.argv[1])), Settings())\n"
        "backends.engine\n"
        "drivers = {'psycopg', 'aiohttp', 'letrics.engines.opensearch', 'letrics.store.postgres'} & set(sys.modules)\n"
        "assert not drivers, drivers\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_the_shared_options(name: str) -> None:
    result = CliRunner().invoke(cli, [name, "--help"])
    assert result.exit_code == 0
    assert "--home" in result.output
    assert "--json" in result.output


@pytest.mark.parametrize("word", ["--version", "-V", "version"])
def test_version(word: str) -> None:
    result = CliRunner().invoke(cli, [word])
    assert result.exit_code == 0
    assert result.output.startswith("letrics ")


@pytest.mark.parametrize("words", [[], ["import"], ["token"], ["token", "create"]])
def test_help_command_shows_what_the_option_shows(words: list[str]) -> None:
    asked = CliRunner().invoke(cli, ["help", *words], prog_name="letrics")
    option = CliRunner().invoke(cli, [*words, "--help"], prog_name="letrics")
    assert (asked.exit_code, asked.output) == (0, option.output)


@pytest.mark.parametrize(
    ("words", "says"),
    [(["imprt"], "did you mean import?"), (["import", "x"], "letrics import has no command x"),
     (["token", "creat"], "create")],
)  # fmt: skip
def test_help_of_an_unknown_command_is_wrong_usage(words: list[str], says: str) -> None:
    result = CliRunner().invoke(cli, ["help", *words], prog_name="letrics")
    assert result.exit_code == 2 and says in result.stderr


@pytest.mark.parametrize("name", ["import", "search", "export", "delete"])
def test_help_of_a_data_command_shows_examples(name: str) -> None:
    shown = CliRunner().invoke(cli, [name, "--help"], prog_name="letrics").output
    assert f"Examples:\n    letrics {name} " in shown


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["imprt"], "did you mean import?"),
        (["zzz"], "the commands are import, imports, undo, export"),
        (["--bogus"], "--bogus"),
        (["import"], "FILE"),
        (["export", "people"], "people"),
        (["completion", "tcsh"], "tcsh"),
        ([], "Usage"),
    ],
)
def test_wrong_usage_is_2_and_says_what_is_right(args: list[str], says: str) -> None:
    result = CliRunner().invoke(cli, args)
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("before", [True, False])
def test_home_and_json_stand_before_or_after_the_command(tmp_path: Path, before: bool) -> None:
    @click.command()
    @pass_session
    def where(session: CliSession) -> None:
        session.print_result({"home": str(session.home.path)}, "for people")

    group = LazyGroup("letrics", lazy={"where": ("unused:unused", "Where.")}, params=cli.params[:2])
    group.add_command(share_options(where))
    shared = ["--home", str(tmp_path), "--json"]
    result = CliRunner().invoke(group, [*shared, "where"] if before else ["where", *shared])
    assert json.loads(result.output) == {"home": str(tmp_path)}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shell: str) -> None:
    result = CliRunner().invoke(cli, ["completion", shell])
    assert result.exit_code == 0
    assert "_LETRICS_COMPLETE" in result.output
