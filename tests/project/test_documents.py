"""The documents for people are true: they name what exists, every dependency and every command and setting."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from letrics.cli import COMMANDS
from letrics.settings import Settings

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "ARCHITECTURE.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
_PATH = re.compile(r"`((?:src|tests|docs|scripts|benchmarks|\.ci)(?:/[\w.-]+)*|Makefile)`")


def _project() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def _requirements() -> list[str]:
    project = msgspec.convert(_project(), dict[str, object])
    main = msgspec.convert(project["project"], dict[str, object])
    groups = msgspec.convert(project["dependency-groups"], dict[str, list[str]])
    extras = msgspec.convert(main["optional-dependencies"], dict[str, list[str]])
    build = msgspec.convert(project["build-system"], dict[str, list[str] | str])["requires"]
    wanted = msgspec.convert(main["dependencies"], list[str]) + msgspec.convert(build, list[str])
    return wanted + [requirement for group in (*groups.values(), *extras.values()) for requirement in group]


@pytest.mark.parametrize("requirement", _requirements())
def test_readme_names_each_dependency_with_version_and_reason(requirement: str) -> None:
    name, version = re.fullmatch(r"([\w.,\[\]-]+)>=([\w.]+)", requirement).groups()  # type: ignore[union-attr]
    text = " ".join((ROOT / "README.md").read_text("utf-8").split())
    row = re.search(rf"\| {re.escape(name)} \| ≥ {re.escape(version)} \| ([^|]+) \|", text)
    inline = re.search(rf"{re.escape(name)}(?: and [\w-]+)? ≥ {re.escape(version)}", text)
    assert row or inline, f"README.md does not name {name} ≥ {version}"
    assert row is None or len(row[1]) > 10


def test_readme_names_no_dependency_that_is_gone() -> None:
    known = {requirement.partition(">=")[0] for requirement in _requirements()}
    table = re.findall(r"^\| ([\w\[\]-]+) \| ≥", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert set(table) - known == set()


def test_every_path_the_architecture_names_exists() -> None:
    named = set(_PATH.findall((ROOT / "ARCHITECTURE.md").read_text("utf-8")))
    assert len(named) > 20
    assert {path for path in named if not (ROOT / path).exists()} == set()


def test_the_architecture_names_every_room() -> None:
    source = ROOT / "src" / "letrics"
    rooms = {f"src/letrics/{path.name}" for path in source.iterdir() if (path / "__init__.py").exists()}
    rooms |= {f"src/letrics/{path.name}" for path in source.glob("*.py") if path.name != "__init__.py"}
    named = set(_PATH.findall((ROOT / "ARCHITECTURE.md").read_text("utf-8")))
    assert rooms - named == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text("utf-8")):
        if "://" not in target:
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_settings_page_has_every_setting_with_its_default() -> None:
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| ([\w.]+) \|", text, re.MULTILINE))
    defaults = msgspec.to_builtins(Settings()).items()
    written = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in defaults}
    assert rows == {name: "none" if value in ("()", "") else value for name, value in written.items()}


def test_documents_speak_of_commands_that_exist() -> None:
    for document in DOCUMENTS:
        for command in re.findall(r"(?:^(?: {4})?|`|\$\()letrics ([a-z]+)", document.read_text("utf-8"), re.MULTILINE):
            assert command in COMMANDS, f"{document.name}: letrics {command}"


def test_every_make_target_in_a_document_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {"demo", "test", "check", "format", "lint", "types", "imports", "help"} <= targets
    for document in DOCUMENTS:
        for target in re.findall(r"(?:^ {4}|`)make ([a-z-]+)", document.read_text("utf-8"), re.MULTILINE):
            assert target in targets, f"{document.name}: make {target}"


def test_decisions_are_numbered_and_follow_the_template() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [page.name[:4] for page in pages]
    assert numbers == sorted(set(numbers))
    for page in pages:
        text = page.read_text("utf-8")
        assert text.startswith(f"# {page.name[:4]}: ") or page.name == "0000-template.md"
        for part in ("\nStatus: ", "\n## Context\n", "\n## Decision\n", "\n## Consequences\n"):
            assert part in text, f"{page.name}: {part.strip()}"
